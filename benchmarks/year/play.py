"""The year as it passes: a clock that jumps to the next thing that is due, and never sleeps.

Whatever is said goes through bot.inbox.receive; what falls due happens at its own moment, by the very functions that
worker and clock call.
"""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, func, select

from benchmarks.year.phones import Doorbell, Phones, Sent
from benchmarks.year.town import GROUPS, PRIVATE
from bot import duties, inbox, jobs, owed, pending
from bot.channels import Incoming
from bot.services import Services
from bot.settings import Settings
from models import Absence, Chat, Inbound, InboundState, Outgoing, OutgoingState, Question, Timer
from models.base import Instant

AT_LEAST = timedelta(seconds=1)  # what could not be done at its moment is tried again a second later, as in life
FORGET = timedelta(
    hours=1
)  # chatter is forgotten within the day: an hour more or less is left to the clock's own sweep


class YearClock:
    """The time of the year: it stands still until it is moved, and never goes back."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, at: datetime) -> None:
        self.at = max(self.at, at)


@dataclass(frozen=True)
class Saying:
    """Something said. group: the chat it is said in, None: in private. quote: the id of a message it quotes."""

    user: str
    text: str
    group: str | None = None
    quote: str | None = None


@dataclass(order=True)
class _Planned:
    at: datetime
    number: int
    do: Callable[[], Saying | None] = field(compare=False)


class Play:
    """`plan` what people do, then `run`. What arrives on phones is given to `listener`, what happened to `watcher`."""

    def __init__(self, services: Services, clock: YearClock) -> None:
        self.clock = clock
        self.bell = Doorbell()
        self.phones = {
            PRIVATE: Phones(PRIVATE, clock, groups=False),
            GROUPS: Phones(GROUPS, clock, groups=True),
        }
        self.services = replace(services, channels=dict(self.phones), bell=self.bell)
        self.listener: Callable[[Session, list[Sent]], None] = lambda session, sent: None
        self.watcher: Callable[[Session], None] = lambda session: None
        self._plans: list[_Planned] = []
        self._numbers = itertools.count()
        self._forgotten = clock()

    def plan(self, at: datetime, do: Callable[[], Saying | None]) -> None:
        """Have `do` called at that moment (now, where it has passed): it gives what is said then, None for nothing."""
        heapq.heappush(self._plans, _Planned(max(at, self.clock()), next(self._numbers), do))

    def say(self, at: datetime, saying: Saying) -> None:
        self.plan(at, lambda: saying)

    def run(self, until: datetime) -> None:
        """Everything that is planned or falls due before `until`, each at its moment."""
        done_at: datetime | None = None
        while True:
            due = self._next_due()
            if due is not None and done_at is not None and due <= done_at:
                due = done_at + AT_LEAST
            planned = self._plans[0].at if self._plans else None
            coming = min((moment for moment in (due, planned) if moment is not None), default=until)
            if coming >= until:
                self.clock.move(until)
                return
            self.clock.move(coming)
            if planned is not None and planned <= coming:
                self._act(heapq.heappop(self._plans))
            else:
                self.tick()
                done_at = self.clock()

    def tick(self) -> None:
        """What worker and clock do once a second."""
        services, now = self.services, self.clock()
        with services.reading() as session:
            waiting = pending.due(session, now)
            late = owed.any_overdue(session, now)
        for row in waiting:
            inbox.resume(services, row)
        inbox.clockwork(services)
        if late:
            with services.transaction() as session:
                owed.overdue(services.desk(session))
        self._forget()
        self.bell.rung = True  # what was owed for this moment rings no bell
        self._follow()

    def restart(self, settings: Settings) -> None:
        """The processes are started anew with other settings, and count open promises again."""
        self.services = replace(self.services, settings=settings)
        self.recount()

    def recount(self) -> None:
        """What each clock process does after its start and once a day."""
        inbox.recount(self.services)
        self._follow()

    def hear(self, said: Saying) -> None:
        """Somebody says something, now."""
        name = GROUPS if said.group else PRIVATE
        number = next(self._numbers)
        line = Incoming(
            external_id=f"y{number}",
            chat_id=said.group or said.user,
            private=said.group is None,
            user_id=said.user,
            said_at=self.clock(),
            text=said.text,
            message_id=f"y{number}",
            reply_to=said.quote,
            to_me=said.group is None,
        )
        inbox.receive(self.services, self.phones[name], line)
        self._follow()

    def _act(self, planned: _Planned) -> None:
        said = planned.do()
        if said is not None:
            self.hear(said)

    def _follow(self) -> None:
        """What is owed is sent, whoever it reaches reads it, and what happened is looked at."""
        while self.bell.rung:
            self.bell.rung = False
            for name in self._due_lines():
                jobs.send_one(self.services, name)
        sent = [one for phones in self.phones.values() for one in phones.unread()]
        with self.services.reading() as session:
            if sent:
                self.listener(session, sent)
            self.watcher(session)

    def _due_lines(self) -> list[str]:
        """The channel of every line that is due, so that nothing is claimed in vain; the next in a chat ring again."""
        with self.services.reading() as session:
            due = list(session.execute(_DUE_LINES, {"now": self.clock()}))
        chats: set[int] = set()
        for _, chat_id in due:
            self.bell.rung = self.bell.rung or chat_id in chats
            chats.add(chat_id)
        return [channel for channel, _ in due]

    def _forget(self) -> None:
        if self.clock() < self._forgotten + FORGET:
            return
        self._forgotten = self.clock()
        with self.services.transaction() as session:
            owed.forget_chatter(session, self.clock())

    def _next_due(self) -> datetime | None:
        """When the next thing falls due, asked in one statement."""
        with self.services.reading() as session:
            moments = list(session.execute(_NEXT_DUE).one())
            moments.append(duties.next_moment(session, self.services.settings))
        return min((moment for moment in moments if moment is not None), default=None)


def _next_due() -> Select[Any]:
    away = col(Absence.closed_at).is_(None)
    asked = (
        select(func.min(Timer.due_at)).where(col(Timer.done_at).is_(None)),
        select(func.min(Question.expires_at)).where(col(Question.answered_at).is_(None)),
        select(func.min(Outgoing.due_at)).where(Outgoing.state == OutgoingState.QUEUED),
        select(func.min(Outgoing.overdue_at)),
        select(func.min(Absence.starts_at)).where(away, col(Absence.begun_at).is_(None)),
        select(func.min(Absence.ends_at)).where(away),
        select(func.min(Inbound.due_at)).where(Inbound.state == InboundState.PENDING),
    )
    return sa_select(*(one.scalar_subquery() for one in asked))


# Built once: a year asks some hundred thousand times.
_NEXT_DUE = _next_due()
_DUE_LINES = (
    sa_select(col(Chat.channel), col(Outgoing.chat_id))
    .join(Outgoing, col(Outgoing.chat_id) == col(Chat.id))
    .where(col(Outgoing.state) == OutgoingState.QUEUED, col(Outgoing.due_at) <= bindparam("now", type_=Instant()))
    .order_by(col(Outgoing.id))
)
