"""Who is told what after something happened to a ticket, and where. Owes lines, sends nothing."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlmodel import col, select

from bot import clocks, confided, deadlines, places, reach, remits, standins, storms
from bot.about import CONFIDENTIAL, PLIGHTS
from bot.desk import Desk
from bot.masking import fit_for_group
from bot.owed import owe
from bot.routing import Candidate
from models import (
    Account,
    AccountState,
    Area,
    Chat,
    ChatKind,
    Outgoing,
    Post,
    Report,
    Ticket,
    TicketEvent,
    Urgency,
)


def area_of(desk: Desk, ticket: Ticket) -> Area:
    return desk.session.get_one(Area, ticket.area_id)


def place_words(desk: Desk, ticket: Ticket) -> str:
    """The place as it may be said anywhere: building and unit, or the landmark, or the area's name. No room."""
    return places.said(desk.session, ticket)


def matter_words(desk: Desk, ticket: Ticket) -> dict[str, object]:
    """The blanks that every sentence about a ticket may use."""
    return {
        "place": place_words(desk, ticket),
        "matter": ticket.matter,
        "topic": topic(desk, ticket),
        "number": ticket.number,
        "due": deadlines.in_words(desk, ticket),
    }


def topic(desk: Desk, ticket: Ticket) -> str:
    """What a matter is called in passing: 电梯; a danger, and what has no name of its own, in its own words."""
    key = f"topic_{ticket.intent.value}_{ticket.category}"
    return desk.wording(key) if desk.wording.has(key) and not ticket.danger else ticket.matter


def lines_urgency(ticket: Ticket, ordinary: Urgency = Urgency.ANSWER) -> Urgency:
    """Everything about an emergency that nobody attends yet goes first."""
    return Urgency.EMERGENCY if ticket.danger and ticket.attended_at is None else ordinary


def say(
    desk: Desk,
    chat: Chat,
    key: str,
    text: str,
    *,
    ticket: Ticket | None = None,
    event: TicketEvent | None = None,
    urgency: Urgency = Urgency.ANSWER,
    reply_to: str | None = None,
) -> Outgoing | None:
    """Owe one line to one chat, with nobody else to turn to. Residents' groups sleep at night, danger apart."""
    if chat.listen_only or chat.kind == ChatKind.UNBOUND:
        return None
    return owe(
        desk,
        key=key,
        chat=chat,
        text=text,
        urgency=urgency,
        ticket=ticket,
        event=event,
        reply_to=reply_to,
        due_at=_not_before(desk, chat, urgency),
    )


def tell_posts(
    desk: Desk,
    ticket: Ticket,
    event: TicketEvent,
    told: Iterable[Candidate],
    text: str,
    *,
    urgency: Urgency | None = None,
    besides: Sequence[int] = (),
    tag: str = "",
    gathered: bool = False,
    area: Area | None = None,
) -> None:
    """Owe `text` to each post along its reach.

    besides: chats that know it already (the one it was said in). tag: tells two lines of one event to one chat apart.
    gathered: in a storm it may wait and go with other cards in one message. area: whose chats, if not the ticket's.
    """
    urgency = lines_urgency(ticket) if urgency is None else urgency
    after = timedelta(
        seconds=desk.settings.times.reach_emergency_seconds
        if urgency == Urgency.EMERGENCY
        else desk.settings.times.reach_seconds
    )
    heard_in = frozenset(reporters_chats(desk, ticket))
    area = area or area_of(desk, ticket)
    gathered = gathered and storms.running(desk, area, ticket.last_report_at)
    for candidate in told:
        chats = reach.reach(desk.session, desk.settings, candidate, area, private=ticket.private, heard_in=heard_in)
        if ticket.recused_person_ids or ticket.category in CONFIDENTIAL or confided.to_heads(desk.session, ticket):
            # About somebody who leads here, or a journalist: even the staff's chat would be too many ears.
            chats = [chat for chat in chats if chat.kind == ChatKind.PRIVATE]
        if chats and chats[0].id in besides:
            continue
        post = desk.session.get_one(Post, candidate.post_id)
        if gathered and chats:
            storms.gather(desk, chats, post, ticket, event, text)
            continue
        owed = False
        while not owed:
            first = chats[0] if chats else None
            line = owe(
                desk,
                key=f"event:{event.id}:{first.id}{tag}" if first else f"event:{event.id}:post{post.id}{tag}",
                chat=first,
                text=text,
                urgency=urgency,
                ticket=ticket,
                event=event,
                post=post,
                reach=[chat.id for chat in chats[1:]],
                overdue_after=after,
                due_at=_not_before(desk, first, urgency) if first else None,
            )
            # A chat that two posts share is told once; in an emergency the second is told on their own phone as well.
            chats = [chat for chat in chats[1:] if chat.kind == ChatKind.PRIVATE]
            owed = line is not None or urgency != Urgency.EMERGENCY or not chats


def owe_nobody(desk: Desk, ticket: Ticket, event: TicketEvent, text: str) -> None:
    """Nobody holds a post here: the line goes straight to the undelivered list, where staff see it."""
    owe(
        desk,
        key=f"event:{event.id}:nobody",
        chat=None,
        text=text,
        urgency=lines_urgency(ticket),
        ticket=ticket,
        event=event,
    )


def tell_reporters(
    desk: Desk,
    ticket: Ticket,
    event: TicketEvent,
    kind: str,
    *,
    besides_account: int | None = None,
    note: str = "",
    title: str = "",
) -> None:
    """Tell those who reported it where they reported it: sentences told.<kind>_group and told.<kind>_private.

    A group hears who comes, the cause and that it is done, each once until it is reopened, and nothing that was said
    in that very group; what is past that goes to the reporters in private. Of a silent matter nobody hears another
    word: who else holds that phone is not known.
    """
    if ticket.silent or ticket.category in PLIGHTS:
        return
    groups: set[int] = set()
    for report, account in _voices(desk, ticket):
        if account.id == besides_account:
            continue
        chat = desk.session.get(Chat, report.chat_id) if report.chat_id else None
        if chat is None:
            continue
        if chat.kind != ChatKind.PRIVATE and not ticket.private:
            if chat.id in groups or event.chat_id == chat.id:
                continue
            if _in_storm(desk, ticket, chat):
                groups.add(chat.id)
                storms.summarise(desk, chat)
                continue
            if _group_may_hear(desk, ticket, chat, event):
                groups.add(chat.id)
                text = _sentence(desk, ticket, chat, f"{kind}_group", fit_for_group(note), title)
                say(
                    desk,
                    chat,
                    f"event:{event.id}:{chat.id}",
                    text,
                    ticket=ticket,
                    event=event,
                    urgency=lines_urgency(ticket),
                )
                continue
        own = chat if chat.kind == ChatKind.PRIVATE else private_chat(desk, account)
        if own is not None and own.id != event.chat_id:
            text = _sentence(desk, ticket, own, f"{kind}_private", note.strip()[:60], title)
            say(
                desk, own, f"event:{event.id}:{own.id}", text, ticket=ticket, event=event, urgency=lines_urgency(ticket)
            )


def private_chat(desk: Desk, account: Account) -> Chat | None:
    """A private chat with whoever holds this account, on any of their channels; None where there is none."""
    if account.person_id is not None:
        own = reach.private_chats(desk.session, account.person_id)
        if own:
            return own[0]
    query = select(Chat).where(Chat.account_id == account.id, Chat.kind == ChatKind.PRIVATE)
    return desk.session.exec(query).first()


def reporters_chats(desk: Desk, ticket: Ticket) -> set[int]:
    """The chats in which a ticket was reported."""
    query = select(Report.chat_id).where(Report.ticket_id == ticket.id, col(Report.withdrawn_at).is_(None))
    return {chat_id for chat_id in desk.session.exec(query) if chat_id is not None}


def reporters_chats_before(desk: Desk, ticket: Ticket, inbound_id: int) -> set[int]:
    """The chats in which it had been reported before this message."""
    query = select(Report.chat_id).where(Report.ticket_id == ticket.id, Report.inbound_id != inbound_id)
    return {chat_id for chat_id in desk.session.exec(query) if chat_id is not None}


def voices(desk: Desk, ticket: Ticket) -> int:
    """How many different people reported it."""
    return len({report.account_id or -report.id for report, _ in _voices(desk, ticket)})


def title_of(desk: Desk, person_id: int | None, post_id: int | None = None) -> str:
    """How a handler is called before residents: by office, never by name."""
    if post_id is not None:
        return remits.title(desk.session, desk.session.get_one(Post, post_id))
    if person_id is None:
        return "社区"
    post = desk.session.exec(select(Post).where(Post.person_id == person_id).order_by(col(Post.id))).first()
    return remits.title(desk.session, post) if post else "邻居"


def _voices(desk: Desk, ticket: Ticket) -> list[tuple[Report, Account]]:
    query = (
        select(Report, Account)
        .join(Account, col(Account.id) == col(Report.account_id))
        .where(Report.ticket_id == ticket.id, col(Report.withdrawn_at).is_(None), Account.state != AccountState.GONE)
        .order_by(col(Report.id))
    )
    return list(desk.session.exec(query))


def _group_may_hear(desk: Desk, ticket: Ticket, chat: Chat, event: TicketEvent) -> bool:
    if chat.listen_only or chat.kind == ChatKind.UNBOUND:
        return False
    reopened = desk.session.exec(
        select(TicketEvent.id)
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == "reopened")
        .order_by(col(TicketEvent.id).desc())
    ).first()
    told = (
        select(Outgoing.id)
        .join(TicketEvent, col(TicketEvent.id) == col(Outgoing.event_id))
        .where(
            Outgoing.ticket_id == ticket.id,
            Outgoing.chat_id == chat.id,
            TicketEvent.kind == event.kind,
            col(TicketEvent.id) > (reopened or 0),
            col(TicketEvent.id) != event.id,
        )
    )
    return event.kind == "resolved" or desk.session.exec(told).first() is None


def _in_storm(desk: Desk, ticket: Ticket, chat: Chat) -> bool:
    """behaviour.md: in a storm a group hears one line per half hour; danger apart."""
    if lines_urgency(ticket) == Urgency.EMERGENCY:
        return False
    return storms.over(desk, chat, area_of(desk, ticket), ticket.last_report_at)


def _sentence(desk: Desk, ticket: Ticket, chat: Chat, key: str, note: str, title: str) -> str:
    said = note.rstrip().rstrip("。.")  # the sentence brings its own full stop
    noted = desk.wording("noted", note=said) if said else ""
    return standins.said(desk, ticket, chat) + desk.wording(key, **matter_words(desk, ticket), note=noted, title=title)


def _not_before(desk: Desk, chat: Chat, urgency: Urgency) -> datetime | None:
    if urgency == Urgency.EMERGENCY or chat.kind in (ChatKind.PRIVATE, ChatKind.STAFF):
        return None
    return clocks.after_silence(desk.now, desk.settings.hours, desk.settings.zone)


def first_time(desk: Desk, key: str) -> bool:
    """Whether nothing was owed or said under this key yet."""
    return desk.session.exec(select(Outgoing.id).where(Outgoing.key == key)).first() is None
