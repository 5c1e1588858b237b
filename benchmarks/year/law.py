"""What must be true at every moment of the year, looked at after whatever happened; and what happened, noted down.

The days that are worked are taken from chinesecalendar itself here, not from bot.calendar, and the moves are looked
up in the table one by one.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

import chinese_calendar
from sqlalchemy import bindparam
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from benchmarks.year.play import Play
from bot import deadlines
from bot.moves import MERGED, MOVES, OPEN
from bot.people import in_force
from bot.routing import LADDER, OFFICE
from models import Absence, Outgoing, Post, Question, Role, Status, Ticket, TicketEvent

LEADERS = frozenset(LADDER) - OFFICE
# The kinds of event that change a status, beside the moves of the table.
BESIDE = frozenset({"opened", "undone", "split", "parted"})


_SINCE = (
    sa_select(TicketEvent, Ticket)
    .join(Ticket, col(Ticket.id) == col(TicketEvent.ticket_id))
    .where(col(TicketEvent.id) > bindparam("last"))
    .order_by(col(TicketEvent.id))
)


class Broken(Exception):
    """Something that must never be was: one line for each."""


@dataclass
class Story:
    """What became of one ticket. accept_due, promise: as they stood until they ran out."""

    opened: datetime
    danger: bool = False
    accept_due: datetime | None = None
    promise: datetime | None = None
    holder: Role | None = None
    accepted: datetime | None = None
    answered: bool = False  # by the service itself
    off_leaders: int = 0  # how often the clock took it off a leader
    at_office: bool = False  # and to the office at last
    off_office: int = 0  # how often it was late with staff, and went up
    rungs: int = 0
    attended: datetime | None = None
    resolved: datetime | None = None  # the first time
    in_time: bool = False  # that time
    closed_by_clock: bool = False
    reopened: int = 0
    status: Status = Status.NEW


@dataclass
class Day:
    """What happened on one day of the calendar."""

    counts: Counter[str] = field(default_factory=Counter)
    due: set[int] = field(default_factory=set)  # the tickets on which a word was promised until that day
    open: int = 0  # at its end


class Law:
    """`look` is given to Play as its watcher; `sweep` is called at the end of each day. Raises Broken from `sweep`."""

    def __init__(self, play: Play) -> None:
        self.stories: dict[int, Story] = {}
        self.days: dict[date, Day] = defaultdict(Day)
        self.dues: set[tuple[int, datetime]] = set()  # every moment that was promised
        self.provisional: set[tuple[int, datetime]] = set()  # those of them that holidays may yet change
        self.broken: Counter[str] = Counter()
        self.lines: list[str] = []  # one for each that was broken
        self.looked = 0  # how many events
        self._play = play
        self._last = 0
        self._histories: dict[int, list[tuple[str, Status]]] = defaultdict(list)

    def look(self, session: Session) -> None:
        """Look at whatever happened since the last time."""
        touched: dict[int, Ticket] = {}
        for event, ticket in session.execute(_SINCE, {"last": self._last}):
            self._last = event.id
            self.looked += 1
            self._moved(event, ticket)
            self._note(event, ticket)
            touched[ticket.id] = ticket
        for ticket in touched.values():
            self._keep(session, ticket)
            self._check(session, ticket)

    def sweep(self, session: Session) -> None:
        """The end of a day: every open ticket once more. Raises Broken with all that was found since the last time."""
        everything = list(session.exec(select(Ticket).where(col(Ticket.status).in_(list(OPEN)))))
        away = set(session.exec(select(Absence.person_id).where(col(Absence.begun_at).is_not(None),
                                                                col(Absence.closed_at).is_(None))))  # fmt: skip
        for ticket in everything:
            self._check(session, ticket, away)
        self.days[self._today()].open = len(everything)
        if self.lines:
            raise Broken("\n".join(self.lines[:20]))

    # --- the moves

    def _moved(self, event: TicketEvent, ticket: Ticket) -> None:
        """Every step is in the table and begins where the one before it ended."""
        history = self._histories[ticket.id]
        before = history[-1][1] if history else None
        if event.new is None or (before is not None and event.old != before):
            self._breaks("move", ticket, f"{event.kind} from {event.old}, it was {before}")
        moves = [move for move in (*MOVES.values(), MERGED) if move.kind == event.kind]
        fits = any(event.old in move.sources and event.new in (move.target or event.old,) for move in moves)
        if moves and not fits:
            self._breaks("move", ticket, f"{event.kind} from {event.old} to {event.new}")
        if not moves and event.old != event.new and event.kind not in BESIDE:
            self._breaks("move", ticket, f"{event.kind} changed {event.old} to {event.new}")
        if event.new is not None:
            history.append((event.kind, event.new))

    # --- what is true of a ticket

    def _check(self, session: Session, ticket: Ticket, away: frozenset[int] | set[int] = frozenset()) -> None:
        if ticket.status not in OPEN:
            return
        self._responsible(session, ticket, away)
        settings = self._play.services.settings
        if ticket.danger or ticket.calendar != deadlines.work(settings).fingerprint:
            return
        for due in (ticket.accept_due_at, ticket.resolve_due_at):
            local = due.astimezone(settings.zone) if due is not None else None
            if local is None or not self.works(local.date()):
                self._breaks("day off", ticket, f"due at {local}")
            elif not any(begin <= local.time() <= end for begin, end in settings.hours.work):
                self._breaks("day off", ticket, f"due out of hours, at {local}")

    def _responsible(self, session: Session, ticket: Ticket, away: frozenset[int] | set[int]) -> None:
        """Somebody in office holds it, or it is on the undelivered list, or its reporter is still being asked whom."""
        if ticket.holder_post_id is None:
            asked = session.exec(select(Question).where(col(Question.answered_at).is_(None), Question.kind == "whom"))
            listed = select(Outgoing.id).where(
                Outgoing.ticket_id == ticket.id, col(Outgoing.undelivered_at).is_not(None)
            )
            if not (any(one.payload.get("ticket") == ticket.id for one in asked) or session.exec(listed).first()):
                self._breaks("nobody", ticket, "open, and nobody holds it")
            return
        post = session.get_one(Post, ticket.holder_post_id)
        if not in_force(post, self._today()) or post.person_id in ticket.recused_person_ids:
            self._breaks("nobody", ticket, "open, and whoever holds it may not")
        if (
            post.person_id in away
            and ticket.status in (Status.NEW, Status.DISPATCHED, Status.REOPENED)
            and not ticket.recused_person_ids
        ):
            self._breaks("nobody", ticket, f"open, and {post.role} who should take it is away")

    def works(self, on: date) -> bool:
        """Whether that day is worked: by chinesecalendar where it knows, else by the calendar in force."""
        try:
            return bool(chinese_calendar.is_workday(on))
        except NotImplementedError:
            return self._play.services.settings.calendar.day(on).working

    # --- what happened

    def _note(self, event: TicketEvent, ticket: Ticket) -> None:
        story = self.stories.setdefault(ticket.id, Story(ticket.opened_at))
        today = self.days[event.at.astimezone(self._play.services.settings.zone).date()]
        by_clock = event.account_id is None and event.person_id is None
        today.counts[event.kind] += 1
        if event.kind == "accepted" and story.accepted is None:
            story.accepted = event.at
        elif event.kind == "escalated" and by_clock:
            self._went_up(story, ticket, today)
        elif event.kind == "alarmed":
            story.rungs += 1
        elif event.kind in ("resolved", "closed"):
            self._ended(story, event, by_clock=by_clock)
        elif event.kind == "reopened":
            story.reopened += 1
            story.promise = None
        elif event.kind == "undone" and event.note == "resolved" and story.resolved is not None:
            story.resolved = None

    def _went_up(self, story: Story, ticket: Ticket, today: Day) -> None:
        if story.holder in LEADERS:
            story.off_leaders += 1
            today.counts["taken off"] += 1
        else:
            story.off_office += 1

    def _ended(self, story: Story, event: TicketEvent, *, by_clock: bool) -> None:
        story.answered = story.answered or (event.kind == "resolved" and event.old == Status.NEW and by_clock)
        story.closed_by_clock = story.closed_by_clock or (event.kind == "closed" and by_clock)
        if story.resolved is None:
            story.resolved = event.at
            story.in_time = story.promise is None or event.at <= story.promise

    def _keep(self, session: Session, ticket: Ticket) -> None:
        """How it stands now: its due times as far as they had not run out, and whose it is."""
        story, now = self.stories[ticket.id], self._play.clock()
        story.status, story.danger, story.attended = ticket.status, ticket.danger is not None, ticket.attended_at
        if story.accepted is None and (story.accept_due is None or now < story.accept_due):
            story.accept_due = ticket.accept_due_at
        if story.promise is None or now < story.promise:
            story.promise = ticket.resolve_due_at
        post = session.get(Post, ticket.holder_post_id) if ticket.holder_post_id else None
        story.holder = post.role if post is not None else None
        story.at_office = story.at_office or (story.off_leaders > 0 and story.holder in OFFICE)
        self._promised(ticket)

    def _promised(self, ticket: Ticket) -> None:
        due, settings = ticket.resolve_due_at, self._play.services.settings
        if due is None or (ticket.id, due) in self.dues:
            return
        self.dues.add((ticket.id, due))
        self.days[due.astimezone(settings.zone).date()].due.add(ticket.id)
        promise = deadlines.promise(settings, ticket)
        if promise is not None and promise.provisional:
            self.provisional.add((ticket.id, due))

    def _today(self) -> date:
        return self._play.clock().astimezone(self._play.services.settings.zone).date()

    def _breaks(self, law: str, ticket: Ticket, words: str) -> None:
        self.broken[law] += 1
        self.lines.append(f"{self._play.clock():%Y-%m-%d %H:%M} {law}: {ticket.ref} ({ticket.status}): {words}")
