"""The table of a ticket's moves (domain.md, "A ticket's life"). Pure. Nothing else sets a status."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.ticket import Status


class Verb(StrEnum):
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    ATTEND = "attend"
    PROGRESS = "progress"  # a note; no change of status
    WAIT = "wait"
    PAUSE = "pause"
    TRANSFER = "transfer"
    REFUSE = "refuse"  # a transferred ticket handed back, with the reason
    RELEASE = "release"  # a request for help given back by whoever had it
    ESCALATE = "escalate"
    GIVE = "give"  # staff give it to a post of their choice
    RESOLVE = "resolve"
    ANSWER = "answer"
    CONFIRM = "confirm"  # a reporter says it is fixed: resolve + close
    CLOSE = "close"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    DECLINE = "decline"
    UNDO = "undo"


OPEN = frozenset(
    {
        Status.NEW,
        Status.DISPATCHED,
        Status.ACCEPTED,
        Status.WAITING,
        Status.PAUSED,
        Status.TRANSFERRED,
        Status.REOPENED,
    }
)


@dataclass(frozen=True)
class Move:
    """From where, to where (None: stays), and the kind written into the ticket's events."""

    sources: frozenset[Status]
    target: Status | None
    kind: str


MOVES: Mapping[Verb, Move] = {
    Verb.DISPATCH: Move(frozenset({Status.NEW, Status.REOPENED, Status.TRANSFERRED}), Status.DISPATCHED, "dispatched"),
    Verb.ACCEPT: Move(
        frozenset({Status.NEW, Status.DISPATCHED, Status.WAITING, Status.PAUSED, Status.TRANSFERRED, Status.REOPENED}),
        Status.ACCEPTED,
        "accepted",
    ),
    Verb.ATTEND: Move(OPEN, None, "attended"),
    Verb.PROGRESS: Move(OPEN, None, "progressed"),
    Verb.WAIT: Move(OPEN, Status.WAITING, "waiting"),
    Verb.PAUSE: Move(OPEN, Status.PAUSED, "paused"),
    Verb.TRANSFER: Move(OPEN, Status.TRANSFERRED, "transferred"),
    Verb.REFUSE: Move(frozenset({Status.TRANSFERRED}), Status.DISPATCHED, "refused"),
    Verb.RELEASE: Move(frozenset({Status.ACCEPTED, Status.WAITING, Status.PAUSED}), Status.DISPATCHED, "released"),
    Verb.ESCALATE: Move(OPEN, None, "escalated"),
    Verb.GIVE: Move(OPEN, Status.DISPATCHED, "given"),
    Verb.RESOLVE: Move(OPEN, Status.RESOLVED, "resolved"),
    Verb.ANSWER: Move(frozenset({Status.NEW}), Status.RESOLVED, "resolved"),
    Verb.CONFIRM: Move(OPEN | {Status.RESOLVED}, Status.CLOSED, "closed"),
    Verb.CLOSE: Move(frozenset({Status.RESOLVED}), Status.CLOSED, "closed"),
    Verb.REOPEN: Move(frozenset({Status.RESOLVED, Status.CLOSED}), Status.REOPENED, "reopened"),
    Verb.WITHDRAW: Move(OPEN, Status.WITHDRAWN, "withdrawn"),
    Verb.DECLINE: Move(frozenset({Status.NEW, Status.DISPATCHED}), Status.DECLINED, "declined"),
}


# Two tickets found to be one (bot.merges): the one that is given up. Its split puts back what it was.
MERGED = Move(OPEN, Status.WITHDRAWN, "merged")


class NotAllowed(Exception):
    """The move is not in the table, or not for this person. `reason` is a key of the wording file."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


def target(verb: Verb, status: Status) -> Status:
    """The status after `verb`. Raises NotAllowed where the table has no such pair."""
    move = MOVES.get(verb)
    if move is None:
        raise NotAllowed("move_not_possible", f"{verb} from {status}")
    return target_of(move, status)


def target_of(move: Move, status: Status) -> Status:
    """The status after `move`. Raises NotAllowed where it does not start from `status`."""
    if status not in move.sources:
        raise NotAllowed("move_not_possible", f"{move.kind} from {status}")
    return status if move.target is None else move.target


def may_reopen(closed_at: datetime | None, now: datetime, days: int) -> bool:
    """A closed ticket may be reopened for `days` days; a resolved one (closed_at None) always."""
    return closed_at is None or now - closed_at <= timedelta(days=days)
