"""Forgetting somebody, and the register that says it was done (PIPL, article 47).

    tickets = account(desk, account, gone)         # one account: what unfollowing demands
    row = person(desk, somebody, order)            # everything, by order; None where nothing is left to erase

What goes: name, phone, home, wishes, accounts and what they said, and their name, phone and room wherever others' lines
and notes about their matters have them. What stays, without them: that there was a matter and what was done about it,
sentences that were masked and approved before, the audit log (which the law on cyber security wants kept), posts that
ended. An open matter stays with staff, who are told.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import CursorResult
from sqlalchemy.sql import Executable
from sqlmodel import Session, col, delete, func, or_, select, update

from bot import consequences, finding, held, ringing, takers, telling
from bot.attachments import keeping
from bot.desk import Desk
from bot.events import write
from bot.held import Subject
from bot.inbox import beginning, blotting, reviewing
from bot.moves import OPEN
from bot.people import posts_of
from bot.tickets import lock
from models import (
    Absence,
    Account,
    AccountState,
    AuditEntry,
    BindingCode,
    BindRequest,
    Chat,
    DutyShift,
    Erasure,
    Inbound,
    Kin,
    Offer,
    Outgoing,
    OutgoingState,
    Person,
    Post,
    Question,
    Rating,
    Report,
    Ticket,
    TicketEvent,
    User,
)


class Way(StrEnum):
    """How the order came."""

    CONSOLE = "console"
    COMMAND = "command"
    UNFOLLOW = "unfollow"  # they left; the platform demands it


class Needed(Exception):
    """They hold a post or may sign in: what they do there has to be answered for, so that is ended first."""


@dataclass(frozen=True)
class Order:
    """Who ordered it, how, and why, in a word that names nobody."""

    way: Way
    by: int | None = None
    reason: str = ""


def person(desk: Desk, somebody: Subject, order: Order) -> Erasure | None:
    """Erase all that may go, and enter it in the register. Twice is once: the second time None is returned.

    Raises Needed for somebody with a post in force or a user that may sign in.
    """
    session = desk.session
    if busy(desk, somebody):
        raise Needed
    tickets = held.tickets_of(session, somebody)
    for community in sorted({ticket.community_id for ticket in tickets}):
        lock(session, community)
    areas = held.areas_of(session, somebody, tickets)
    marks = blotting.marks_of(session, somebody)
    gone: Counter[str] = Counter(person=int(somebody.person is not None and _known(somebody.person)))
    left: list[Ticket] = []
    for one in somebody.accounts:
        beginning.left(desk, one.id)
        left += account(desk, one, gone)
        gone["accounts"] += _unrecognisable(session, one)
    ids = [ticket.id for ticket in tickets]
    gone["mentions"] += blotting.blot(session, ids, marks)
    finding.touch(session, ids)
    if somebody.person is not None:
        _whole_person(session, somebody.person)
    if not +gone:
        return None
    _leave_to_staff(desk, left)
    return register(desk, order, gone, kept=_kept(session, ids, somebody), area_id=areas[0].id if areas else None)


def account(desk: Desk, one: Account, gone: Counter[str]) -> list[Ticket]:
    """Erase what was kept under this account, counted in `gone`. Returns the tickets that now have nobody to answer to.

    Tickets stay, without the person. A person with a post keeps their record; their other accounts are untouched.
    """
    session = desk.session
    tickets = _voices_of(desk, one)
    _forget_on_tickets(session, one)
    finding.touch(session, session.exec(select(Report.ticket_id).where(Report.account_id == one.id)).all())
    reports = update(Report).where(col(Report.account_id) == one.id)
    gone["reports"] += _count(session, reports.values(account_id=None, words=None, room=None, phone=None))
    ratings = update(Rating).where(col(Rating.account_id) == one.id)
    gone["ratings"] += _count(session, ratings.values(account_id=None, words=None))
    heard = update(Inbound).where(col(Inbound.account_id) == one.id, col(Inbound.text).is_not(None))
    gone["messages"] += _count(session, heard.values(text=None))
    rest = update(Inbound).where(col(Inbound.account_id) == one.id)
    session.execute(rest.values(text=None, answer=None, line=None))
    gone["attachments"] += keeping.forget(session, col(Inbound.account_id) == one.id)
    photos = update(TicketEvent).where(col(TicketEvent.account_id) == one.id, col(TicketEvent.kind) == "photo")
    session.execute(photos.values(note=None))  # the platform's number of it
    reviewing.take_off(session, col(Inbound.account_id) == one.id)
    takers.forget(session, one.id)
    gone["lines"] += _forget_lines(desk, one)
    _forget_questions(session, one)
    _forget_person(session, one)
    one.state, one.display_name, one.person_id = AccountState.GONE, None, None
    one.area_id, one.room, one.greeted_at = None, None, None
    one.bound_area_id, one.bound_by, one.bound_at = None, None, None
    gone["wishes"] += _count(session, delete(BindRequest).where(col(BindRequest.account_id) == one.id))
    for ticket in tickets:
        ticket.need, ticket.room = None, None
    session.flush()
    return tickets


def register(
    desk: Desk, order: Order, gone: Counter[str], *, kept: Counter[str] | None = None, area_id: int | None = None
) -> Erasure:
    """Enter an erasure in the register and the audit log. Nothing in either says whose it was."""
    row = Erasure(
        at=desk.now,
        way=order.way,
        ordered_by=order.by,
        area_id=area_id,
        reason=order.reason,
        counts={key: count for key, count in sorted(gone.items()) if count},
        kept={key: count for key, count in sorted((kept or Counter()).items()) if count},
    )
    desk.session.add(row)
    desk.session.flush()
    detail: dict[str, Any] = {"way": order.way, "counts": row.counts}
    entry = AuditEntry(
        at=desk.now, person_id=order.by, action="person.erased", subject=f"erasure:{row.id}", detail=detail
    )
    desk.session.add(entry)
    return row


def busy(desk: Desk, somebody: Subject) -> bool:
    """Whether they hold a post in force, or may sign in: then that is ended first."""
    if somebody.person is None:
        return False
    today = desk.now.astimezone(desk.settings.zone).date()
    signs_in = select(User.id).where(User.person_id == somebody.person.id, col(User.disabled_at).is_(None))
    return bool(posts_of(desk.session, somebody.person.id, today)) or desk.session.exec(signs_in).first() is not None


def _leave_to_staff(desk: Desk, tickets: list[Ticket]) -> None:
    for ticket in tickets:
        if ticket.status in OPEN:
            event = write(desk, ticket, "reporter_left", consequences.SERVICE)
            text = desk.wording("card_forgotten", **telling.matter_words(desk, ticket))
            consequences.tell_office(desk, ticket, event, text)


def _unrecognisable(session: Session, one: Account) -> int:
    """The platform's own number for somebody is personal as well: with it goes the way to write to them."""
    blank = f"erased-{one.id}"
    if one.user_id == blank:
        return 0
    for chat in session.exec(select(Chat).where(Chat.account_id == one.id)):
        chat.external_id, chat.name, chat.wire, chat.listen_only = f"erased-{chat.id}", None, {}, True
    one.user_id = blank
    session.flush()
    return 1


def _known(someone: Person) -> bool:
    return any((someone.name, someone.phone, someone.contact_note, someone.code, someone.area_id))


def _whole_person(session: Session, someone: Person) -> None:
    """The roster's row, and what hangs on it alone."""
    ringing.forget(session, someone.phone)
    someone.name = someone.phone = someone.contact_note = someone.code = someone.area_id = None
    users = session.exec(select(User).where(User.person_id == someone.id))
    for user in users:
        user.name, user.password_hash, user.totp_sealed = f"erased-{user.id}", None, None
    session.execute(update(Offer).where(col(Offer.person_id) == someone.id).values(person_id=None))
    for statement in (
        delete(Kin).where(or_(col(Kin.person_id) == someone.id, col(Kin.kin_id) == someone.id)),
        delete(BindingCode).where(col(BindingCode.person_id) == someone.id),
        delete(Absence).where(col(Absence.person_id) == someone.id),
        delete(DutyShift).where(col(DutyShift.person_id) == someone.id),
    ):
        session.execute(statement)
    session.flush()


def _kept(session: Session, tickets: list[int], somebody: Subject) -> Counter[str]:
    """What had to stay, by kind."""
    kept = Counter(tickets=len(tickets))
    kept["steps"] = session.exec(
        select(func.count(col(TicketEvent.id))).where(col(TicketEvent.ticket_id).in_(tickets))
    ).one()
    if somebody.person is not None:
        for name, column in (("posts", col(Post.person_id)), ("audit", col(AuditEntry.person_id))):
            kept[name] = session.exec(select(func.count()).where(column == somebody.person.id)).one()
    return kept


def _forget_on_tickets(session: Session, one: Account) -> None:
    """What a ticket others stand by as well has taken over from this person's own words: the need, the room."""
    query = select(Ticket, Report).join(Report, col(Report.ticket_id) == col(Ticket.id))
    for ticket, report in session.exec(query.where(Report.account_id == one.id)):
        takers.forget_visit(session, ticket.id)
        if ticket.need and (report.words or "").startswith(ticket.need):
            ticket.need = None
        if ticket.room == report.room:
            ticket.room = None


def _forget_questions(session: Session, one: Account) -> None:
    """What we asked them about stays, so that it still ends with staff; their words in it do not."""
    for question in session.exec(select(Question).where(Question.account_id == one.id)):
        kept = {**question.payload, **({"words": ""} if "words" in question.payload else {})}
        if "verdict" in kept:
            slots = {**kept["verdict"]["slots"], "room": None, "phone": None}
            kept["verdict"] = {**kept["verdict"], "text": "", "slots": slots}
        question.payload = kept


def _forget_lines(desk: Desk, one: Account) -> int:
    """What was said to them. What still waits for them as the holder of a post goes the next way instead, at once."""
    own_chat, forgotten = select(Chat.id).where(Chat.account_id == one.id), 0
    for line in desk.session.exec(select(Outgoing).where(col(Outgoing.chat_id).in_(own_chat))):
        waits = line.state in (OutgoingState.QUEUED, OutgoingState.PARKED)
        if waits:
            line.state = OutgoingState.CANCELLED if line.post_id is None else OutgoingState.GIVEN_UP
        if waits and line.post_id is not None and line.overdue_at is not None:
            line.overdue_at = desk.now
            continue
        forgotten += line.text != ""
        line.text, line.overdue_at = "", None
    desk.session.flush()
    return forgotten


def _voices_of(desk: Desk, one: Account) -> list[Ticket]:
    query = select(Ticket).where(col(Ticket.id).in_(select(Report.ticket_id).where(Report.account_id == one.id)))
    return [ticket for ticket in desk.session.exec(query) if telling.voices(desk, ticket) <= 1]


def _forget_person(session: Session, one: Account) -> None:
    if one.person_id is None:
        return
    posts = session.exec(select(Post.id).where(Post.person_id == one.person_id)).first()
    others = select(Account.id).where(Account.person_id == one.person_id, Account.id != one.id)
    if posts is None and session.exec(others).first() is None:
        someone = session.get_one(Person, one.person_id)
        ringing.forget(session, someone.phone)
        someone.name = someone.phone = someone.contact_note = None


def _count(session: Session, statement: Executable) -> int:
    return cast(CursorResult[Any], session.execute(statement)).rowcount
