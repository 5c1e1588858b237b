"""A draft of the words over what people decided on: what would be understood otherwise, and how often it is right.

What people decided: sentences of the review list whose masked text is still there (the approved samples for good), and
messages of tickets that somebody took in hand. Chatter is not kept, so of what was rightly passed over in silence
only approved samples tell; and tickets are there because they were understood as such. Figures of old and new words
over the same messages can be compared with one another, and with nothing else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from bot.masking import BLOT
from intents.understanding import Understanding
from models import Area, Chat, ChatKind, Inbound, Intent, Report, Review, ReviewState, Ticket, TicketEvent

MOST = 1000  # messages, the newest; two thousand are understood in a second
TAKEN = ("accepted", "attended", "progressed", "transferred", "resolved", "closed", "reviewed")
DANGER = "danger"  # beside the intents, in the scores
DECIDED = (ReviewState.TICKET, ReviewState.IGNORED, ReviewState.INTENT)


class Source(StrEnum):
    """How people decided on it."""

    SAMPLE = "sample"  # on the review list
    TICKET = "ticket"  # they took it in hand


@dataclass(frozen=True)
class Case:
    """A message and what it was. ref: the ticket it belongs to; danger: the kind of its emergency."""

    text: str
    setting: str
    intent: str
    category: str
    at: datetime
    source: Source
    ref: str | None = None
    danger: str | None = None


@dataclass(frozen=True)
class Heard:
    """What a case was understood as."""

    intent: str
    category: str
    danger: str | None


@dataclass(frozen=True)
class Flip:
    """A case that the draft understands as something else."""

    case: Case
    old: Heard
    new: Heard

    @property
    def better(self) -> int:
        """1 where it becomes right, -1 where it becomes wrong, 0 where it is neither: danger first, then the intent."""
        old, new = _rights(self.case, self.old), _rights(self.case, self.new)
        return next(((after - before) for before, after in zip(old, new, strict=True) if before != after), 0)


@dataclass
class Score:
    """Of one intent, or of danger: how many are, how many were understood as such, how many of these rightly."""

    decided: int = 0
    understood: int = 0
    right: int = 0

    @property
    def precision(self) -> float | None:
        """Of what was understood as this, the share that is; None of nothing."""
        return self.right / self.understood if self.understood else None

    @property
    def recall(self) -> float | None:
        """Of what is this, the share that was understood so; None of nothing."""
        return self.right / self.decided if self.decided else None


@dataclass(frozen=True)
class Outcome:
    """Flips: what becomes wrong first, then what becomes right, then the rest. scores: (before, after) by intent, and
    of DANGER.
    """

    cases: int
    flips: tuple[Flip, ...]
    scores: dict[str, tuple[Score, Score]]


def cases(session: Session, reviews: ColumnElement[bool], tickets: ColumnElement[bool], most: int = MOST) -> list[Case]:
    """The newest messages that people decided on. reviews, tickets: which of them may be seen, conditions on Review
    and Ticket, each with its Area.
    """
    found = [*_reviewed(session, reviews, most), *_handled(session, tickets, most)]
    return sorted(found, key=lambda case: case.at, reverse=True)[:most]


def replay(cases: Sequence[Case], old: Understanding, new: Understanding) -> Outcome:
    """Understand each case twice. Pure."""
    flips = []
    scores = {name: (Score(), Score()) for name in (*(intent.value for intent in Intent), DANGER)}
    for case in cases:
        before, after = _understood(old, case), _understood(new, case)
        for n, heard in enumerate((before, after)):
            _count(scores, n, case.intent, heard.intent)
            _count(scores, n, DANGER if case.danger else None, DANGER if heard.danger else None)
        if before != after:
            flips.append(Flip(case, before, after))
    order = {-1: 0, 1: 1, 0: 2}
    return Outcome(len(cases), tuple(sorted(flips, key=lambda flip: order[flip.better])), scores)


def _understood(understanding: Understanding, case: Case) -> Heard:
    verdict = understanding.read(case.text, case.setting)
    return Heard(verdict.intent, verdict.category, verdict.danger.kind if verdict.danger else None)


def _rights(case: Case, heard: Heard) -> tuple[bool, bool, bool]:
    return bool(heard.danger) == bool(case.danger), heard.intent == case.intent, heard.category == case.category


def _count(scores: dict[str, tuple[Score, Score]], n: int, decided: str | None, understood: str | None) -> None:
    if decided is not None:
        scores[decided][n].decided += 1
        scores[decided][n].right += understood == decided
    if understood is not None:
        scores[understood][n].understood += 1


def _reviewed(session: Session, where: ColumnElement[bool], most: int) -> Iterable[Case]:
    query = (
        select(Review, Ticket.ref)
        .join(Area, col(Area.id) == col(Review.area_id))
        .join(Ticket, col(Ticket.id) == col(Review.ticket_id), isouter=True)
        .where(col(Review.state).in_(DECIDED), col(Review.text).is_not(None), where)
        .order_by(col(Review.said_at).desc())
        .limit(most)
    )
    for row, ref in session.exec(query):
        if row.text and row.label_intent is not None:
            said = row.text.replace(BLOT, "0")  # as training has it: digits that were blotted out are digits again
            category = row.label_category or ""
            yield Case(said, row.setting, row.label_intent.value, category, row.said_at, Source.SAMPLE, ref)


def _handled(session: Session, where: ColumnElement[bool], most: int) -> Iterable[Case]:
    taken = select(TicketEvent.ticket_id).where(
        TicketEvent.ticket_id == Ticket.id,
        col(TicketEvent.kind).in_(TAKEN),
        col(TicketEvent.person_id).is_not(None) | col(TicketEvent.account_id).is_not(None),
    )
    known = select(Review.inbound_id).where(col(Review.inbound_id).is_not(None), col(Review.text).is_not(None))
    query = (
        select(Inbound.text, Chat.kind, Inbound.said_at, Ticket)
        .join(Report, col(Report.inbound_id) == col(Inbound.id))
        .join(Ticket, col(Ticket.id) == col(Report.ticket_id))
        .join(Area, col(Area.id) == col(Ticket.area_id))
        .join(Chat, col(Chat.id) == col(Inbound.chat_id))
        .where(
            col(Inbound.text).is_not(None),
            col(Report.withdrawn_at).is_(None),
            taken.exists(),
            col(Inbound.id).not_in(known),
            where,
        )
        .order_by(col(Report.at).desc(), col(Report.id).desc())
        .limit(most)
    )
    for text, kind, at, ticket in session.exec(query):
        setting = "private" if kind == ChatKind.PRIVATE else "group"
        what = ticket.intent.value, ticket.category
        yield Case(text or "", setting, *what, at, Source.TICKET, ticket.ref, ticket.danger)
