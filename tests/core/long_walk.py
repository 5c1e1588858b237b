"""A walk on which the clock really runs: timers and leaves fall due, people are away, companies are called."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, func, select

from bot import absences, hands, orders, permits, whistles
from bot.hands import Answer
from bot.inbox.ticking import FIRE
from bot.moves import NotAllowed
from bot.permits import Actor
from models import Absence, Person, Post, Role, Timer
from tests.core.walk import Walk

MOST = 200  # things that may fall due between two steps; more is a clock that goes round and round


@dataclass
class LongWalk(Walk):
    """`forward` lets everything fall due at its own moment, as bot.inbox.ticking does, in the walk's transaction."""

    fell_due: int = 0

    def forward(self, minutes: int) -> None:
        until = self.now + timedelta(minutes=minutes)
        for _ in range(MOST):
            due = self._next()
            if due is None or due > until:
                self.now = until
                return
            self.now = max(self.now, due)
            self._fire()
            self._turns()
        raise AssertionError("the clock goes round and round")

    def leave(self, who: str, days: int, in_hours: int) -> None:
        """Somebody will be away, from so many hours on."""
        starts = self.now + timedelta(hours=in_hours)
        absences.record(self.desk, self._person(who).id, starts, starts + timedelta(days=days) if days else None)

    def back(self, who: str) -> None:
        for absence in absences.running(self.desk, self._person(who).id):
            absences.end(self.desk, absence)

    def whistle(self, actor: Actor) -> None:
        """Raises NotAllowed."""
        whistles.whistle(self.desk, self.ticket, actor, ["物业", "派出所"])

    def heard(self, actor: Actor, said: Answer, note: str) -> None:
        """Somebody who was called answers. Raises NotAllowed, also where they were not."""
        row = permits.called(self.desk, self.ticket, actor.person_id)
        if row is None:
            raise NotAllowed("not_yours")
        whistles.heard(self.desk, self.ticket, row, said, actor, note)

    def assign(self, actor: Actor) -> None:
        """Staff choose the volunteer. Raises NotAllowed."""
        post = self.session.exec(select(Post).where(Post.role == Role.VOLUNTEER)).one()
        orders.assign(self.desk, self.ticket, post, actor)

    def calls(self) -> int:
        return len(hands.calls(self.session, self.ticket))

    def away(self) -> set[int]:
        """The persons who are away now."""
        return set(self.session.exec(select(Absence.person_id).where(*_running)))

    def timers(self) -> list[Timer]:
        """Those of the ticket that have not fired."""
        self.session.flush()
        query = select(Timer).where(Timer.ticket_id == self.ticket.id, col(Timer.done_at).is_(None))
        return list(self.session.exec(query.order_by(col(Timer.due_at), col(Timer.id))))

    def _next(self) -> datetime | None:
        self.session.flush()
        open_ = col(Absence.closed_at).is_(None)
        moments = [
            *(timer.due_at for timer in self.timers()[:1]),
            self.session.exec(select(func.min(Absence.starts_at)).where(open_, col(Absence.begun_at).is_(None))).one(),
            self.session.exec(select(func.min(Absence.ends_at)).where(open_)).one(),
        ]
        return min((moment for moment in moments if moment is not None), default=None)

    def _fire(self) -> None:
        """The timers that are due, as bot.inbox.ticking.fire does it."""
        for timer in self.timers():
            if timer.due_at <= self.now:
                self.fell_due += 1
                timer.done_at = self.now
                FIRE[timer.kind](self.desk, self.ticket)
        self.session.flush()

    def _turns(self) -> None:
        """The leaves that begin or end, as bot.inbox.turns does it."""
        for key in absences.due(self.session, self.now):
            absence = self.session.get_one(Absence, key)
            self.fell_due += 1
            if absence.ends_at is not None and absence.ends_at <= self.now:
                absences.end(self.desk, absence)
            else:
                absences.begin(self.desk, absence)
        self.session.flush()

    def _person(self, who: str) -> Person:
        return self.session.exec(select(Person).where(Person.name == who)).one()


_running = (col(Absence.begun_at).is_not(None), col(Absence.closed_at).is_(None))
