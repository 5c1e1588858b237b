"""Playing one chat through the complete pipeline, with the chat's own clock.

Every message goes through bot.inbox.receive. Between two messages the clock runs: whatever falls due happens at its own
moment, by the very functions that worker and clock call. Nothing is sent anywhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from bot import duties, inbox, jobs, owed, pending
from bot.channels import Incoming
from bot.rehearse.channel import RehearsalChannel
from bot.rehearse.scene import Event, Scene
from bot.services import Services
from models import Absence, Inbound, InboundState, Outgoing, OutgoingState, Question, TicketEvent, Timer

AT_LEAST = timedelta(seconds=1)  # what could not be done at its moment is tried again a second later, as in life


class SceneClock:
    """The time of the chat: it stands still until it is moved, and never goes back."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, at: datetime) -> None:
        self.at = max(self.at, at)


@dataclass
class Causes:
    """Which message made which rows: row ids grow, so each message owns a stretch of them."""

    events: list[tuple[int, int, int]] = field(default_factory=list)
    lines: list[tuple[int, int, int]] = field(default_factory=list)

    def of_event(self, row_id: int) -> int | None:
        """The `i` of the message that caused a TicketEvent; None where it was the clock."""
        return _owner(self.events, row_id)

    def of_line(self, row_id: int) -> int | None:
        """The `i` of the message that an Outgoing answers; None where the clock said it."""
        return _owner(self.lines, row_id)


class Play:
    """One chat being played. `run()`, then read what is in the database, `channel.sent` and `causes`."""

    def __init__(self, services: Services, scene: Scene, clock: SceneClock, channel: RehearsalChannel) -> None:
        self.causes = Causes()
        self.channel = channel
        self._services = services
        self._scene = scene
        self._clock = clock
        self._start = clock()

    def run(self) -> None:
        """Everything that was said, in its order, with the clock running in between and stopping at the last."""
        for event in self._scene.events:
            self._wait_until(self._start + timedelta(minutes=event.at_minutes))
            with self._caused_by(event.i):
                inbox.receive(self._services, self.channel, self._heard(event))
            self._resume()
            self._deliver()

    def _wait_until(self, moment: datetime) -> None:
        done_at = None
        while (due := self._next_due()) is not None and due <= moment:
            if done_at is not None and due <= done_at:
                due = done_at + AT_LEAST
            self._clock.move(due)
            self._tick()
            done_at = self._clock()
        self._clock.move(moment)

    def _tick(self) -> None:
        """What worker and clock do once a second."""
        services = self._services
        self._resume()
        inbox.clockwork(services)
        with services.reading() as session:
            late = owed.any_overdue(session, services.now())
            stale = owed.any_chatter(session, services.now())
        if late or stale:
            with services.transaction() as session:
                owed.overdue(services.desk(session))
                owed.forget_chatter(session, services.now())
        self._deliver()

    def _deliver(self) -> None:
        """One after another, where the workers have threads: two rehearsals of one chat are the same."""
        while jobs.send_one(self._services, self.channel.name):
            pass

    def _resume(self) -> None:
        """What was only stored, each in the name of the message that it is."""
        services = self._services
        with services.reading() as session:
            waiting = [session.get_one(Inbound, found) for found in pending.due(session, services.now())]
        for row in waiting:
            with self._caused_by(number(row)):
                inbox.resume(services, row.id)

    def _next_due(self) -> datetime | None:
        """When the next thing falls due."""
        away = col(Absence.closed_at).is_(None)
        with self._services.reading() as session:
            moments = [
                session.exec(select(func.min(Timer.due_at)).where(col(Timer.done_at).is_(None))).one(),
                session.exec(select(func.min(Question.expires_at)).where(col(Question.answered_at).is_(None))).one(),
                session.exec(select(func.min(Outgoing.due_at)).where(Outgoing.state == OutgoingState.QUEUED)).one(),
                session.exec(select(func.min(Outgoing.overdue_at))).one(),
                session.exec(select(func.min(Absence.starts_at)).where(away, col(Absence.begun_at).is_(None))).one(),
                session.exec(select(func.min(Absence.ends_at)).where(away)).one(),
                session.exec(select(func.min(Inbound.due_at)).where(Inbound.state == InboundState.PENDING)).one(),
                session.exec(select(func.min(Inbound.erase_at))).one(),
                duties.next_moment(session, self._services.settings),
            ]
        return min((moment for moment in moments if moment is not None), default=None)

    @contextmanager
    def _caused_by(self, i: int) -> Iterator[None]:
        before = self._newest()
        yield
        after = self._newest()
        self.causes.events.append((before[0], after[0], i))
        self.causes.lines.append((before[1], after[1], i))

    def _newest(self) -> tuple[int, int]:
        with self._services.reading() as session:
            return _last(session, TicketEvent), _last(session, Outgoing)

    def _heard(self, event: Event) -> Incoming:
        now = self._clock()
        scene = self._scene
        name = self._services.settings.service.name
        return Incoming(
            external_id=external_id(event.i),
            chat_id=event.user_id if event.private else scene.chat_id,
            private=event.private,
            user_id=event.user_id,
            said_at=now,
            kind=event.kind,
            text=event.text,
            message_id=external_id(event.i),
            reply_to=None if event.reply_to is None else external_id(event.reply_to),
            chat_name=None if event.private else scene.group[:100],
            to_me=event.private or f"@{name}" in event.text,
        )


def external_id(i: int) -> str:
    """What the message `i` of a chat is called in the throw-away database."""
    return f"e{i}"


def number(row: Inbound) -> int:
    """The `i` of a stored message."""
    return int(row.external_id.removeprefix("e"))


def _owner(stretches: list[tuple[int, int, int]], row_id: int) -> int | None:
    return next((i for first, last, i in stretches if first < row_id <= last), None)


def _last(session: Session, table: type[TicketEvent] | type[Outgoing]) -> int:
    return session.exec(select(func.max(table.id))).one() or 0
