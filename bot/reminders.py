"""Reminders: gathered, and said once a day to each person, three matters at most, only in their hours.

    note(desk, ticket, kind, whom)         somebody is to be reminded, at the next hour in which they may be
    waiting(session, settings, now)        whom to remind now: person ids
    say(desk, person_id)                   one line for all that still has its reason

Leaders are volunteers: their hours are narrower, nothing is said on a day off or around the Spring Festival, and their
line holds no deadline (behaviour.md, "Leaders are volunteers"). Staff and companies are reminded in working hours.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, or_, select

from bot import alarms, clocks, confided, consequences, deadlines, estates, festivals, holders, reach, telling
from bot.about import CONFIDENTIAL
from bot.desk import Desk
from bot.events import write
from bot.moves import OPEN
from bot.owed import owe
from bot.routing import LADDER, OFFICE, Candidate
from bot.settings import Settings
from bot.tickets import lock
from models import Chat, ChatKind, Post, Reminder, Role, Status, Ticket, Urgency

MOST = 3
TOP = "top"  # the word promised is overdue, and nobody stands above whoever holds it
NOON = 12
# A company and staff are bound by clocks; all others help.
VOLUNTEERS = frozenset(Role) - holders.BOUND


def note(desk: Desk, ticket: Ticket, kind: str, whom: Iterable[Candidate]) -> None:
    """They are to be reminded, once in each round of the clock: one set again after a pause must not say it twice.

    What is overdue at the top comes again and again; while it waits to be said, it waits once.
    """
    since = desk.now if kind == TOP else _since(ticket, kind)
    for one in whom:
        known = select(Reminder.id).where(
            Reminder.ticket_id == ticket.id,
            Reminder.post_id == one.post_id,
            Reminder.kind == kind,
            or_(Reminder.since == since, col(Reminder.settled_at).is_(None)),
        )
        if desk.session.exec(known).first() is None:
            desk.session.add(
                Reminder(ticket_id=ticket.id, post_id=one.post_id, kind=kind, since=since, noted_at=desk.now)
            )


def waiting(session: Session, settings: Settings, now: datetime) -> list[int]:
    """Whom there is something to remind of, who may be told so at `now`, and has not been told anything today."""
    roles = _awake(settings, now)
    if not roles:
        return []
    local = now.astimezone(settings.zone)
    today = local.replace(hour=0, minute=0, second=0, microsecond=0)
    told = (
        select(Post.person_id)
        .join(Reminder, col(Reminder.post_id) == col(Post.id))
        .where(col(Reminder.said).is_(True), col(Reminder.settled_at) >= today)
    )
    query = (
        select(Post.person_id)
        .join(Reminder, col(Reminder.post_id) == col(Post.id))
        .where(col(Reminder.settled_at).is_(None), col(Post.role).in_(roles), col(Post.person_id).not_in(told))
        .distinct()
        .order_by(col(Post.person_id))
    )
    return list(session.exec(query))


def say(desk: Desk, person_id: int) -> bool:
    """Remind one person. Returns whether a line is owed; what has lost its reason is settled without one.

    What does not fit in three stays for the next day.
    """
    found = _stands(desk, person_id, _awake(desk.settings, desk.now))
    if not found:
        return False
    chat = found[0][2]
    chosen = [(reminder, ticket) for reminder, ticket, where in found if where.id == chat.id][:MOST]
    bound = desk.session.get_one(Post, chosen[0][0].post_id).role in holders.BOUND
    tickets = [ticket for _, ticket in chosen]
    line = owe(
        desk,
        key=f"remind:{person_id}:{desk.now.astimezone(desk.settings.zone).date()}",
        chat=chat,
        text=_text(desk, chat, tickets, bound),
        urgency=Urgency.NOTICE,
        ticket=tickets[0] if len(tickets) == 1 else None,
    )
    if line is None:
        return False
    for reminder, ticket in chosen:
        reminder.settled_at, reminder.said = desk.now, True
        write(desk, ticket, "reminded", consequences.SERVICE, note=reminder.kind)
    return True


def _awake(settings: Settings, now: datetime) -> frozenset[Role]:
    """The roles that may be reminded at that moment."""
    local, hours = now.astimezone(settings.zone), settings.hours
    if not settings.calendar.day(local.date()).working:
        return frozenset()
    roles: frozenset[Role] = frozenset()
    if clocks.within(now, hours.work, settings.zone):
        roles |= holders.BOUND
    if clocks.within(now, hours.leaders, settings.zone) and not festivals.at_new_year(local.date(), settings.calendar):
        roles |= VOLUNTEERS
    return roles


def _since(ticket: Ticket, kind: str) -> datetime:
    """When the clock began of which they are reminded."""
    begun = ticket.accept_from_at if kind == alarms.REMIND_ACCEPT else ticket.resolve_from_at
    return begun or ticket.opened_at


def _stands(desk: Desk, person_id: int, roles: Iterable[Role]) -> list[tuple[Reminder, Ticket, Chat]]:
    """What they are still to be reminded of, and where, what is due first before the rest. The communities are locked:
    nobody moves what is being written about.
    """
    query = (
        select(Reminder, Ticket)
        .join(Ticket, col(Ticket.id) == col(Reminder.ticket_id))
        .join(Post, col(Post.id) == col(Reminder.post_id))
        .where(col(Reminder.settled_at).is_(None), Post.person_id == person_id, col(Post.role).in_(list(roles)))
    )
    for community_id in sorted({ticket.community_id for _, ticket in desk.session.exec(query)}):
        lock(desk.session, community_id)
    rows = desk.session.exec(query.execution_options(populate_existing=True)).all()
    found: dict[int, tuple[Reminder, Ticket, Chat]] = {}
    for reminder, ticket in rows:
        chats = _chats(desk, ticket, _whom(desk, ticket, reminder))
        if not chats or ticket.id in found:
            reminder.settled_at = desk.now
        else:
            found[ticket.id] = (reminder, ticket, chats[0])
    return sorted(found.values(), key=lambda row: (row[1].resolve_due_at or desk.now, row[1].id))


def _whom(desk: Desk, ticket: Ticket, reminder: Reminder) -> Candidate | None:
    """Whoever is to be reminded, where there still is a reason to."""
    if ticket.danger or ticket.status not in OPEN:
        return None
    if reminder.kind != TOP and reminder.since != _since(ticket, reminder.kind):
        return None
    asked = ticket.status in alarms.ASKED
    late = deadlines.is_late(desk, ticket)
    if reminder.kind == alarms.REMIND_ACCEPT and (late or not asked):
        return None
    if reminder.kind == alarms.REMIND_RESOLVE and (asked or deadlines.stands(ticket, desk.now)):
        return None
    if reminder.kind == TOP and not late:
        return None
    return next((c for c in concerned(desk, ticket) if c.post_id == reminder.post_id and not c.away), None)


def concerned(desk: Desk, ticket: Ticket) -> Sequence[Candidate]:
    """Who is reminded of a ticket: whom its clock binds, else whoever holds it. An organisation that our clocks do not
    bind (the police) is asked after instead (bot.hands).
    """
    if ticket.status == Status.TRANSFERRED:
        return holders.bound(desk, ticket)
    return holders.held_by(desk, ticket)


def _chats(desk: Desk, ticket: Ticket, whom: Candidate | None) -> list[Chat]:
    """Where they are reminded: never in a residents' group, it would put them on trial; of what was told in confidence
    on their own phone alone.
    """
    if whom is None:
        return []
    area = telling.area_of(desk, ticket)
    chats = reach.reach(desk.session, desk.settings, whom, area, private=ticket.private)
    own = [chat for chat in chats if chat.kind == ChatKind.PRIVATE]
    if ticket.recused_person_ids or ticket.category in CONFIDENTIAL or confided.to_heads(desk.session, ticket):
        return own
    shared = [chat for chat in chats if chat.kind in (ChatKind.LEADERS, ChatKind.STAFF)]
    if whom.role in OFFICE:
        return [*shared, *own]
    return [*own, *(chat for chat in shared if chat.kind == ChatKind.LEADERS and whom.role in LADDER)]


def _text(desk: Desk, chat: Chat, tickets: Sequence[Ticket], bound: bool) -> str:
    morning = desk.now.astimezone(desk.settings.zone).hour < NOON
    hello = desk.wording("hello_morning" if morning else "hello_afternoon")
    if len(tickets) == 1:
        return _said_alone(desk, tickets[0], bound, hello)
    lines = "\n".join(estates.told(desk, chat, ticket, _said_among(desk, ticket, bound)) for ticket in tickets)
    if bound:
        return desk.wording("reminder_some_bound", hello=hello, count=len(tickets), lines=lines)
    return desk.wording("reminder_some", hello=hello, count=len(tickets), lines=lines)


def _said_alone(desk: Desk, ticket: Ticket, bound: bool, hello: str) -> str:
    words = telling.matter_words(desk, ticket)
    if not bound:
        return desk.wording("reminder_one", **words, hello=hello)
    if deadlines.is_late(desk, ticket):
        return desk.wording("reminder_late", **words, hello=hello)
    return desk.wording("reminder_bound", **words, hello=hello)


def _said_among(desk: Desk, ticket: Ticket, bound: bool) -> str:
    words = telling.matter_words(desk, ticket)
    if not bound:
        return desk.wording("reminder_line", **words)
    if deadlines.is_late(desk, ticket):
        return desk.wording("reminder_line_late", **words)
    return desk.wording("reminder_line_bound", **words)
