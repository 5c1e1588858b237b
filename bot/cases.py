"""A ticket under somebody else's number (12345, ...): its legal deadline, and the one answer that is given to both.

behaviour.md: "12345: never discouraged, never canvassed; a case has its external number and legal deadline, the
stricter clock wins, one answer, counted once."
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot import alarms, clocks, consequences, deadlines, permits
from bot.desk import Desk
from bot.events import write
from bot.masking import masked
from bot.moves import OPEN, NotAllowed, Verb
from bot.permits import Actor
from bot.stricter import warn_at
from bot.telling import matter_words
from models import ExternalCase, Status, Ticket, TicketEvent

SOON, DUE = "case_soon", "case_due"  # timers; their step is the id of the case
HOTLINE = "12345"
EXTERNAL = "external"  # the event that keeps the number in the ticket's history
ANSWERS = frozenset({Verb.RESOLVE, Verb.ANSWER, Verb.CONFIRM, Verb.DECLINE, Verb.WITHDRAW})
_DONE = (Status.RESOLVED, Status.CLOSED, Status.DECLINED)


@dataclass(frozen=True)
class Told:
    """A case as somebody tells it. due_at None: no deadline was named."""

    source: str
    number: str
    received_at: datetime
    due_at: datetime | None = None


def normal(number: str) -> str:
    """A number as it is kept: in capitals, without blanks, full-width letters and digits made plain."""
    return "".join(unicodedata.normalize("NFKC", number).split()).upper()


def of(session: Session, ticket: Ticket) -> list[ExternalCase]:
    """The cases of a ticket, the oldest first."""
    query = select(ExternalCase).where(ExternalCase.ticket_id == ticket.id).order_by(col(ExternalCase.id))
    return list(session.exec(query))


def find(session: Session, source: str, number: str) -> ExternalCase | None:
    """The case of that number; a number is given once by each source."""
    query = select(ExternalCase).where(ExternalCase.source == source, ExternalCase.number == number)
    return session.exec(query).first()


def attach(desk: Desk, ticket: Ticket, told: Told, actor: Actor, *, move: bool = False) -> tuple[ExternalCase, bool]:
    """Keep a number on a ticket; the same again only brings its deadline up to date. Returns it and whether it is new.

    move: it was put on another ticket by mistake. The caller holds the community's lock. Raises NotAllowed: not_yours
    (staff of the place alone), case_elsewhere where another matter has that number, move_not_possible on what was
    withdrawn.
    """
    _office(desk, ticket, actor)
    known = find(desk.session, told.source, told.number)
    if known is not None and known.ticket_id != ticket.id:
        if not move:
            raise NotAllowed("case_elsewhere")
        _take_over(desk, known, ticket, actor)
    if known is None and ticket.status not in (*OPEN, *_DONE):
        raise NotAllowed("move_not_possible")
    case = known or ExternalCase(
        ticket_id=ticket.id, source=told.source, number=told.number, received_at=told.received_at
    )
    case.due_at = told.due_at or case.due_at
    desk.session.add(case)
    desk.session.flush()
    if known is None:
        event = write(desk, ticket, EXTERNAL, actor, note=f"{told.source} {told.number}")
        if ticket.status in _DONE:
            _answer(desk, ticket, case, event)
    _wind(desk, ticket, case)
    tighten(desk, ticket)
    return case, known is None


def _office(desk: Desk, ticket: Ticket, actor: Actor) -> None:
    if not actor.service and permits.handler_post(desk, ticket, actor.person_id, office=True) is None:
        raise NotAllowed("not_yours", "an external number without an office post")


def _take_over(desk: Desk, case: ExternalCase, ticket: Ticket, actor: Actor) -> None:
    """Staff say that a number stands on the wrong ticket: it goes to this one, and both histories say so."""
    former = desk.session.get_one(Ticket, case.ticket_id)
    _office(desk, former, actor)
    if former.community_id != ticket.community_id or ticket.status not in OPEN:
        raise NotAllowed("case_elsewhere")
    write(desk, former, "external_left", actor, note=f"{case.source} {case.number}")
    write(desk, ticket, EXTERNAL, actor, note=f"{case.source} {case.number}")
    case.ticket_id, case.origin_ticket_id = ticket.id, None
    case.answered_at = case.answer = case.answer_event_id = None
    desk.session.flush()
    tighten(desk, former)


def tighten(desk: Desk, ticket: Ticket) -> None:
    """Let the stricter clock win: ours, or the nearest legal deadline that is still ahead and unanswered. Where none
    binds us any more it is what we promise by ourselves.
    """
    desk.session.flush()
    deadlines.count(desk, ticket)


def after(desk: Desk, ticket: Ticket, verb: Verb, event: TicketEvent) -> None:
    """What a move that was just made means for the cases of the ticket."""
    if verb in ANSWERS:
        for case in of(desk.session, ticket):
            if _pending(case):
                _answer(desk, ticket, case, event)
    elif verb == Verb.REOPEN:
        # Said to be done, and it is not: that answer holds no longer, here or there.
        for case in of(desk.session, ticket):
            case.answered_at = case.answer = case.answer_event_id = None
            _wind(desk, ticket, case)
        tighten(desk, ticket)


def undone(desk: Desk, ticket: Ticket) -> None:
    """The last move was taken back: what is open again has not been answered."""
    if ticket.status in OPEN:
        for case in of(desk.session, ticket):
            case.answered_at = case.answer = case.answer_event_id = None
    tighten(desk, ticket)


def move_to(desk: Desk, ticket: Ticket, into: Ticket) -> None:
    """Two tickets became one matter: its numbers stand together, and one answer goes to all of them."""
    for case in of(desk.session, ticket):
        case.origin_ticket_id = case.origin_ticket_id or ticket.id
        case.ticket_id = into.id
        _wind(desk, into, case)
    desk.session.flush()
    tighten(desk, into)


def give_back(desk: Desk, origin: Ticket, ticket: Ticket) -> None:
    """They were two matters after all: what came with `origin` goes back to it."""
    for case in of(desk.session, ticket):
        if case.origin_ticket_id == origin.id:
            case.ticket_id = origin.id
            _wind(desk, origin, case)


def warn(desk: Desk, ticket: Ticket) -> None:
    """Four fifths of a legal term are over: staff hear of it once."""
    for case in of(desk.session, ticket):
        if not _pending(case) or case.due_at is None or warn_at(case.received_at, case.due_at) > desk.now:
            continue
        if ticket.status not in OPEN or _warned(desk, ticket, case):
            continue
        event = write(desk, ticket, SOON, consequences.SERVICE, note=f"{case.source} {case.number}")
        until = clocks.in_words(case.due_at, desk.now, desk.settings.zone, closing=desk.settings.hours.closing)
        text = desk.wording(
            "card_case_soon", **matter_words(desk, ticket), source=case.source, external=case.number, until=until
        )
        consequences.tell_office(desk, ticket, event, text)


def overdue(desk: Desk, ticket: Ticket) -> bool:
    """Whether a legal deadline of an open ticket is over: then it goes up a level (bot.inbox.casework does it)."""
    late = [case for case in of(desk.session, ticket) if _pending(case) and case.due_at and case.due_at <= desk.now]
    return bool(late) and ticket.status in OPEN


def _warned(desk: Desk, ticket: Ticket, case: ExternalCase) -> bool:
    said = select(TicketEvent.id).where(
        TicketEvent.ticket_id == ticket.id, TicketEvent.kind == SOON, TicketEvent.note == f"{case.source} {case.number}"
    )
    return desk.session.exec(said).first() is not None


def _pending(case: ExternalCase) -> bool:
    return case.answered_at is None


def _ahead(case: ExternalCase, now: datetime) -> bool:
    return case.due_at is not None and case.due_at > now


def _answer(desk: Desk, ticket: Ticket, case: ExternalCase, event: TicketEvent) -> None:
    """The one answer: what was done, in the words that were given here, without phone or identity numbers."""
    said = ticket.outcome or event.note or ""
    if ticket.status == Status.WITHDRAWN:
        said = desk.wording("case_withdrawn")
    elif ticket.status == Status.DECLINED:
        said = event.note or said
    if event.kind == EXTERNAL:
        said = ticket.outcome or ""
    case.answered_at = desk.now
    case.answer = masked(said) if said else desk.wording("case_done")
    case.answer_event_id = event.id


def _wind(desk: Desk, ticket: Ticket, case: ExternalCase) -> None:
    """The clocks of a case. A deadline that was corrected moves them."""
    if case.due_at is None or not _ahead(case, desk.now) or not _pending(case):
        return
    for kind, at in ((SOON, max(desk.now, warn_at(case.received_at, case.due_at))), (DUE, case.due_at)):
        alarms.move_timer(desk, ticket, kind, at, case.id)
