"""A storm: much reported at once, over many kinds. Groups and leaders then hear of it in one line, danger apart.

It begins where one estate has made, within [storm] minutes, at least so many reports by so many people of so many
kinds, by the time they were said: twenty broken lifts are twenty lifts, and one matter told by all is one matter. In
a chat it lasts until line_minutes after the last such line: a lull does not bring the single receipts back at once.

A line of a storm is a row like any other. While it is not due yet, what comes to it is written into it, so nothing
is counted anywhere else: the row is the truth.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, literal_column
from sqlmodel import col, select

from bot import clocks, estates, places
from bot.desk import Desk
from bot.moves import OPEN
from bot.owed import owe
from models import (
    Area,
    Chat,
    ChatKind,
    Intent,
    Outgoing,
    OutgoingState,
    Post,
    Report,
    Status,
    Ticket,
    TicketEvent,
)

MOST_KINDS = 6  # in one line to a group: more than that nobody reads
MOST_CARDS = 20  # in one message to a leader
TAKEN = (Status.ACCEPTED, Status.TRANSFERRED)
DONE = (Status.RESOLVED, Status.CLOSED)

# Written out, not bound: only so do both databases see that the partial index applies.
_GATHERED: ColumnElement[bool] = literal_column("outgoing.gathers IS NOT NULL")


def running(desk: Desk, area: Area, at: datetime) -> bool:
    """Whether the estate of `area` was in a storm at that moment (of saying, not of arriving)."""
    rules = desk.settings.storm
    estate = _estate(desk, area)
    query = (
        select(
            func.count(),
            func.count(col(Report.account_id).distinct()),
            func.count(col(Ticket.category).distinct()),
        )
        .select_from(Report)
        .join(Ticket, col(Ticket.id) == col(Report.ticket_id))
        .join(Area, col(Area.id) == col(Ticket.area_id))
        .where(
            col(Report.at) >= at - timedelta(minutes=rules.minutes),
            col(Report.at) <= at,
            col(Area.path).startswith(estate.path),
        )
    )
    reports, people, kinds = desk.session.exec(query).one()
    return reports >= rules.reports and people >= rules.people and kinds >= rules.kinds


def over(desk: Desk, chat: Chat, area: Area, at: datetime) -> bool:
    """Whether what is said about `area` reaches this chat in the line of a storm."""
    last = _last(desk, chat, cards=False)
    return (last is not None and last.due_at > desk.now - _gap(desk)) or running(desk, area, at)


def summarise(desk: Desk, chat: Chat) -> None:
    """Owe a residents' group its one line on all that is reported; where one waits already, bring that up to date."""
    if chat.listen_only or chat.area_id is None:
        return
    tickets = _near(desk, chat)
    if not tickets:
        return
    last = _last(desk, chat, cards=False)
    ids, text = [ticket.id for ticket in tickets], _summary(desk, tickets)
    if last is not None and _waits(desk, last):
        last.gathers, last.text = ids, text
        return
    due = _turn(desk, chat, last)
    owe(desk, key=f"storm:{chat.id}:{int(due.timestamp())}", chat=chat, text=text, due_at=due, gathers=ids)


def gather(desk: Desk, chats: Sequence[Chat], post: Post, ticket: Ticket, event: TicketEvent, card: str) -> None:
    """Bring a card to this post's first chat: at once where none came lately, else in the message that waits there."""
    chat, last = chats[0], _last(desk, chats[0], cards=True)
    if last is not None and ticket.id in (last.gathers or []) and last.due_at > desk.now - _gap(desk):
        return  # told there already, by way of somebody else's post
    if last is not None and _waits(desk, last):
        _fill(desk, last, [*(last.gathers or []), ticket.id])
        return
    due = _turn(desk, chat, last)
    owe(
        desk,
        key=f"cards:{chat.id}:{int(due.timestamp())}",
        chat=chat,
        text=card,
        ticket=ticket,
        event=event,
        post=post,
        reach=[other.id for other in chats[1:]],
        due_at=due,
        gathers=[ticket.id],
    )


def may_wait(ticket: Ticket, event: TicketEvent) -> bool:
    """Whether this card may go with others: the first card of an ordinary repair. All else is told at once."""
    return event.kind == "dispatched" and ticket.intent == Intent.REPAIR and not (ticket.private or ticket.urgent)


def taken_out(desk: Desk, ticket: Ticket) -> None:
    """Nobody need be asked about this ticket any more: it leaves the messages that were not sent yet."""
    waiting = select(Outgoing).where(
        _GATHERED,
        Outgoing.state == OutgoingState.QUEUED,
        Outgoing.due_at > desk.now,
        col(Outgoing.post_id).is_not(None),
    )
    for line in desk.session.exec(waiting):
        if ticket.id in (line.gathers or []) and _waits(desk, line):
            _fill(desk, line, [known for known in line.gathers or [] if known != ticket.id])


def _fill(desk: Desk, line: Outgoing, ids: list[int]) -> None:
    """Write a waiting message anew for these tickets. Nothing left to say: it is not sent."""
    tickets = [desk.session.get_one(Ticket, ticket_id) for ticket_id in ids]
    line.gathers, line.ticket_id, line.event_id = ids, None, None
    if not tickets:
        line.state, line.overdue_at = OutgoingState.CANCELLED, None
        return
    chat = desk.session.get_one(Chat, line.chat_id)
    rows = [
        estates.told(desk, chat, ticket, desk.wording("choice_ticket", n=n, place=places.said(desk.session, ticket),
                                                      matter=ticket.matter, number=ticket.number))
        for n, ticket in enumerate(tickets[:MOST_CARDS], 1)
    ]  # fmt: skip
    line.text = desk.wording("card_several", count=len(tickets), choices="\n".join(rows), number=tickets[0].number)


def _summary(desk: Desk, tickets: Sequence[Ticket]) -> str:
    """What is reported, by kind, and where one is in hand or done."""
    kinds: dict[str, list[Ticket]] = {}
    for ticket in tickets:
        kinds.setdefault(ticket.matter, []).append(ticket)
    said = []
    for matter, alike in list(kinds.items())[:MOST_KINDS]:
        if all(ticket.status in DONE for ticket in alike):
            said.append(desk.wording("storm_done", matter=matter))
        elif any(ticket.status in (*TAKEN, *DONE) or ticket.attended_at for ticket in alike):
            said.append(desk.wording("storm_taken", matter=matter))
        else:
            said.append(matter)
    return desk.wording("storm_group", matters="、".join(said))


def _near(desk: Desk, chat: Chat) -> list[Ticket]:
    """What this group's line is about: said in it, or at, above or below its place; else all of the estate's."""
    area = desk.session.get_one(Area, chat.area_id)
    rules = desk.settings.storm
    since = desk.now - timedelta(minutes=rules.minutes + rules.line_minutes)
    query = (
        select(Ticket, Area, Report.chat_id)
        .join(Area, col(Area.id) == col(Ticket.area_id))
        .join(Report, col(Report.ticket_id) == col(Ticket.id))
        .where(
            col(Report.at) >= since,
            col(Report.withdrawn_at).is_(None),
            col(Area.path).startswith(_estate(desk, area).path),
            col(Ticket.private).is_(False),
            col(Ticket.status).in_([*OPEN, *DONE]),
        )
        .order_by(col(Ticket.id))
    )
    every: dict[int, Ticket] = {}
    near: dict[int, Ticket] = {}
    for ticket, at, heard_in in desk.session.exec(query):
        every[ticket.id] = ticket
        if heard_in == chat.id or at.path.startswith(area.path) or area.path.startswith(at.path):
            near[ticket.id] = ticket
    return list((near if len({ticket.matter for ticket in near.values()}) > 1 else every).values())


def _estate(desk: Desk, area: Area) -> Area:
    return places.around(desk.session, area)


def _last(desk: Desk, chat: Chat, *, cards: bool) -> Outgoing | None:
    """The latest line of a storm for this chat, sent or not: one of cards, or one for those who live there."""
    query = (
        select(Outgoing)
        .where(
            col(Outgoing.chat_id) == chat.id,
            _GATHERED,
            col(Outgoing.post_id).is_not(None) if cards else col(Outgoing.post_id).is_(None),
            Outgoing.state != OutgoingState.CANCELLED,
        )
        .order_by(col(Outgoing.id).desc())
    )
    return desk.session.exec(query).first()


def _waits(desk: Desk, line: Outgoing) -> bool:
    """Whether it may still be changed: nobody sends what is not due."""
    return line.state == OutgoingState.QUEUED and line.attempts == 0 and line.due_at > desk.now


def _turn(desk: Desk, chat: Chat, last: Outgoing | None) -> datetime:
    """When the next line of a storm is due in this chat. Groups sleep at night, as always."""
    due = desk.now if last is None else max(desk.now, last.due_at + _gap(desk))
    if last is not None and due == last.due_at:
        due += timedelta(seconds=1)
    if chat.kind in (ChatKind.PRIVATE, ChatKind.STAFF):
        return due
    return max(due, clocks.after_silence(due, desk.settings.hours, desk.settings.zone))


def _gap(desk: Desk) -> timedelta:
    return timedelta(minutes=desk.settings.storm.line_minutes)
