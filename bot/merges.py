"""Two tickets found to be one matter, and one found to be two. Nothing is lost: every report keeps where it was said.

A merged ticket is withdrawn and points to the one it lives on in; its reports stand there. A split gives a merged
ticket back with its own number and as it was; voices that joined by themselves get a ticket of their own.
The caller holds the community's lock.
"""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from bot import (
    alarms,
    cases,
    claims,
    confided,
    consequences,
    deadlines,
    hands,
    holders,
    orders,
    permits,
    storms,
    telling,
)
from bot.desk import Desk
from bot.events import write
from bot.moves import MERGED, OPEN, NotAllowed, Verb, target_of
from bot.permits import Actor
from bot.tickets import Matter, Voice, act, register
from models import (
    Account,
    Chat,
    Community,
    Inbound,
    Outgoing,
    OutgoingState,
    Report,
    Status,
    Ticket,
    TicketEvent,
    Urgency,
)


def merge(desk: Desk, ticket: Ticket, into: Ticket, actor: Actor) -> TicketEvent:
    """Make `ticket` part of `into`: its voices move there, it is withdrawn, its holder need not go.

    What is urgent stays so.
    Raises NotAllowed: cannot_merge where the two may not be one, not_yours where the actor may not handle both.
    """
    for one in (ticket, into):
        permits.check(desk, one, Verb.PROGRESS, actor)
    _require(ticket, into)
    old, ticket.status = ticket.status, target_of(MERGED, ticket.status)
    ticket.merged_into_id = into.id
    for report in _reports(desk.session, ticket):
        report.origin_ticket_id = report.origin_ticket_id or ticket.id
        report.ticket_id = into.id
    into.last_report_at = max(into.last_report_at, ticket.last_report_at)
    desk.session.flush()
    event = write(desk, ticket, MERGED.kind, actor, old=old, note=f"#{into.number}")
    absorbed = write(desk, into, "absorbed", actor, note=f"#{ticket.number}")
    hands.move_to(desk, ticket, into)
    cases.move_to(desk, ticket, into)
    if ticket.urgent and not into.urgent:
        into.urgent = True
        deadlines.hasten(desk, into)
        alarms.wind(desk, into, absorbed.id)
    storms.taken_out(desk, ticket)
    claims.close(desk, ticket)  # whoever was asked about it need not answer
    _tell_former(desk, ticket, into, event)
    _tell_moved(desk, ticket, into, event)
    return event


def split(desk: Desk, ticket: Ticket, reports: Sequence[Report], actor: Actor, matter: Matter) -> list[Ticket]:
    """Take these voices off `ticket`: those of a merged ticket back to it, the others to a new one of that `matter`.

    Voices that came with a merged ticket go back together. Returns the tickets they stand on now, oldest first.
    Raises NotAllowed: nothing_to_split where no voice would be left or none was named, not_yours.
    """
    permits.check(desk, ticket, Verb.PROGRESS, actor)
    every = _reports(desk.session, ticket)
    chosen = {report.id for report in reports}
    branches = {report.id: _branch(desk.session, report, ticket) for report in every}
    returning = {branch.id: branch for row_id, branch in branches.items() if branch is not None and row_id in chosen}
    own = [report for report in every if report.id in chosen and branches[report.id] is None]
    staying = [r for r in every if r not in own and getattr(branches[r.id], "id", None) not in returning]
    if not (own or returning) or not staying:
        raise NotAllowed("nothing_to_split")
    found = []
    for _, branch in sorted(returning.items()):
        back = [report for report in every if branches[report.id] is branch]
        found.append(_give_back(desk, branch, ticket, back, actor))
    if own:
        found.append(_set_apart(desk, ticket, own, actor, matter))
    return found


def latest_joined(desk: Desk, ticket: Ticket) -> list[Report]:
    """What a bare "这是两回事" means: the ticket merged in last, else the voice that joined last."""
    every = [report for report in _reports(desk.session, ticket) if report.withdrawn_at is None]
    merged = (
        select(Ticket)
        .join(TicketEvent, col(TicketEvent.ticket_id) == col(Ticket.id))
        .where(Ticket.merged_into_id == ticket.id, TicketEvent.kind == MERGED.kind)
        .order_by(col(TicketEvent.id).desc())
    )
    last = desk.session.exec(merged).first()
    if last is not None:
        return [report for report in every if _branch(desk.session, report, ticket) is last]
    return every[-1:] if len(every) > 1 else []


def _require(ticket: Ticket, into: Ticket) -> None:
    """Within one community, nothing that was told in confidence; an emergency lives on in another emergency alone."""
    if (
        ticket.id == into.id
        or ticket.community_id != into.community_id
        or ticket.private
        or into.private
        or into.status not in OPEN
        or (ticket.danger is not None and into.danger is None)
    ):
        raise NotAllowed("cannot_merge")


def _give_back(desk: Desk, origin: Ticket, ticket: Ticket, reports: Sequence[Report], actor: Actor) -> Ticket:
    """The merged ticket again, with its number, its voices and the status it had."""
    merged = (
        select(TicketEvent)
        .where(TicketEvent.ticket_id == origin.id, TicketEvent.kind == MERGED.kind)
        .order_by(col(TicketEvent.id).desc())
    )
    before = desk.session.exec(merged).first()
    old, origin.status = origin.status, (before.old if before and before.old else Status.DISPATCHED)
    origin.merged_into_id = None
    for report in reports:
        report.ticket_id = origin.id
    desk.session.flush()
    event = write(desk, origin, "split", actor, old=old, note=f"#{ticket.number}")
    write(desk, ticket, "parted", actor, note=f"#{origin.number}")
    text = desk.wording("card_split", **telling.matter_words(desk, origin))
    telling.tell_posts(desk, origin, event, holders.held_by(desk, origin), text)
    cases.give_back(desk, origin, ticket)
    deadlines.begin(desk, origin)
    alarms.wind(desk, origin, event.id)
    if origin.status in alarms.UNTAKEN:
        orders.offer(desk, origin, event)
    _tell_reporters(desk, origin, ticket, event)
    return origin


def _set_apart(desk: Desk, ticket: Ticket, reports: Sequence[Report], actor: Actor, matter: Matter) -> Ticket:
    """A ticket of their own for voices that had joined by themselves, with a card like any other."""
    community = desk.session.get_one(Community, ticket.community_id)
    first = reports[0]
    account = desk.session.get(Account, first.account_id) if first.account_id else None
    chat = desk.session.get(Chat, first.chat_id) if first.chat_id else None
    voice = Voice(account, chat, None, first.words or "", first.at, first.room, first.phone)
    new = register(desk, community, matter, voice)
    deadlines.begin(desk, new)  # a matter of its own from now on, however long ago it was first told
    for report in reports:
        _bring_along(desk, report, ticket, new)
        report.ticket_id = report.origin_ticket_id = new.id
    write(desk, new, "opened", Actor(account_id=first.account_id, chat_id=first.chat_id, inbound_id=first.inbound_id))
    event = write(desk, new, "split", actor, note=f"#{ticket.number}")
    write(desk, ticket, "parted", actor, note=f"#{new.number}")
    act(desk, new, Verb.DISPATCH, consequences.SERVICE, target_name=confided.whom(desk.session, ticket))
    _tell_reporters(desk, new, ticket, event)
    return new


def _bring_along(desk: Desk, report: Report, ticket: Ticket, to: Ticket) -> None:
    """What else that person said on the ticket belongs to the new one, so that quoting it means that."""
    heard = select(Inbound).where(Inbound.ticket_id == ticket.id, col(Inbound.account_id) == report.account_id)
    for row in desk.session.exec(heard):
        row.ticket_id = to.id


def _tell_former(desk: Desk, ticket: Ticket, into: Ticket, event: TicketEvent) -> None:
    """Whoever held the merged ticket hears that it is one matter with the other, unless they hold that too."""
    former = [c for c in holders.held_by(desk, ticket) if c.post_id != into.holder_post_id]
    text = desk.wording("card_merged", **telling.matter_words(desk, ticket), other=into.number)
    telling.tell_posts(desk, ticket, event, former, text, urgency=Urgency.NOTICE,
                       besides=[event.chat_id] if event.chat_id else [])  # fmt: skip


def _tell_moved(desk: Desk, ticket: Ticket, into: Ticket, event: TicketEvent) -> None:
    """Whose matter goes on under another number hears that once, in private where there is a way."""
    for report in _reports(desk.session, into):
        account = desk.session.get(Account, report.account_id) if report.account_id else None
        if account is None or report.withdrawn_at is not None or _branch(desk.session, report, into) is not ticket:
            continue
        own = telling.private_chat(desk, account)
        if own is not None:
            words = telling.matter_words(desk, into)
            before = _told_before(desk, report, into)
            text = desk.wording("merged_own", **words) if before else desk.wording("merged_private", **words)
            telling.say(desk, own, f"event:{event.id}:{own.id}", text, ticket=into, event=event)


def _told_before(desk: Desk, report: Report, into: Ticket) -> bool:
    """Whether that very person stands on the other ticket as well: then theirs is no one matter with a neighbour's."""
    own = permits.accounts_of_same_person(desk, report.account_id) if report.account_id else []
    branch = _branch(desk.session, report, into)
    return any(
        other.account_id in own and other.withdrawn_at is None and _branch(desk.session, other, into) is not branch
        for other in _reports(desk.session, into)
    )


def _tell_reporters(desk: Desk, ticket: Ticket, parted: Ticket, event: TicketEvent) -> None:
    """In private, once: their matter goes on under this number. What they were to hear of the other is not said."""
    if ticket.silent:
        return
    for report in _reports(desk.session, ticket):
        account = desk.session.get(Account, report.account_id) if report.account_id else None
        own = telling.private_chat(desk, account) if account is not None and report.withdrawn_at is None else None
        if own is None or own.id in telling.reporters_chats(desk, parted):
            continue
        _cancel(desk, parted, own)
        text = desk.wording("split_private", **telling.matter_words(desk, ticket))
        telling.say(desk, own, f"event:{event.id}:{own.id}", text, ticket=ticket, event=event)


def _cancel(desk: Desk, ticket: Ticket, chat: Chat) -> None:
    unsent = select(Outgoing).where(
        Outgoing.ticket_id == ticket.id,
        Outgoing.chat_id == chat.id,
        col(Outgoing.state).in_([OutgoingState.QUEUED, OutgoingState.PARKED]),
        Outgoing.attempts == 0,
        col(Outgoing.post_id).is_(None),
    )
    for line in desk.session.exec(unsent):
        line.state, line.overdue_at = OutgoingState.CANCELLED, None


def _branch(session: Session, report: Report, ticket: Ticket) -> Ticket | None:
    """The ticket with which this report came to `ticket`: the one merged directly into it. None: said on it."""
    origin = session.get(Ticket, report.origin_ticket_id) if report.origin_ticket_id else None
    while origin is not None and ticket.id not in (origin.id, origin.merged_into_id):
        origin = session.get(Ticket, origin.merged_into_id) if origin.merged_into_id else None
    return None if origin is None or origin.id == ticket.id else origin


def _reports(session: Session, ticket: Ticket) -> list[Report]:
    return list(session.exec(select(Report).where(Report.ticket_id == ticket.id).order_by(col(Report.id))))
