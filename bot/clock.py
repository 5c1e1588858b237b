"""The clock: a short loop over rows. Any number of clocks may run; each row is claimed, so each thing happens once.

Every second: timers, questions and erasures fall due, lines nobody could deliver go the next way, chatter is
forgotten, pictures are fetched, digests are told at their hour, the bell is rung where rows are due. What is overdue by
5 s it handles itself, so an hour without Redis or without a worker is slower, not silent; without any Redis configured
it sweeps every 0.2 s and handles all at once.
"""

import logging
import time
from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy.exc import DBAPIError

from bot import delivery, digesting, heartbeat, inbox, owed, pending
from bot.attachments import keeping
from bot.bell import INBOUND, OUTGOING
from bot.fetching import Fetcher
from bot.heartbeat import claim_run
from bot.jobs import AT_ONCE, SECONDS, Senders, resume_pending
from bot.services import Services

__all__ = ["Clock", "claim_run"]

TICK = 1.0
SWEEP = 0.2
GRACE = timedelta(seconds=5)
BEAT = 2.0
FORGET = 60.0
FETCH = 20.0  # seconds that one round of fetching may begin something new
DIGEST = 20.0

log = logging.getLogger("danyuan.clock")


class Clock:
    """`run()` until `stop()`; `tick()` and `sweep()` are its two hands, for tests."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._grace = GRACE if services.bell.connected else AT_ONCE
        self._senders = Senders(services, self._grace)
        self._fetcher = Fetcher(services)
        self._stopping = False
        self._last: dict[str, float] = {}
        self._recounted: date | None = None

    def run(self) -> None:
        """Tick and sweep until stopped. A failure is logged and the next turn tries again."""
        self._services.words.watch()
        try:
            while not self._stopping:
                began = time.monotonic()
                self._safely(self.tick_if_due)
                self._safely(self.sweep)
                pause = SWEEP if self._grace == AT_ONCE else TICK
                while not self._stopping and (left := began + pause - time.monotonic()) > 0:
                    time.sleep(min(left, SWEEP))
        finally:
            self._senders.close()
            self._fetcher.close()
            self._safely(self._say_goodbye)

    def stop(self) -> None:
        """May be called from a signal handler: it only sets a flag, an Event's own lock might be held."""
        self._stopping = True

    def tick_if_due(self) -> None:
        self._every("tick", TICK, self.tick)

    def tick(self) -> None:
        """The once-a-second duties, each on its own: one that fails does not hold the others."""
        self._every("beat", BEAT, lambda: self._safely(self._beat))
        self._safely(self._clockwork)
        self._safely(self._pass_on)
        self._safely(self._recount)
        self._safely(lambda: self._fetcher.sweep(FETCH))
        self._every("forget", FORGET, lambda: self._safely(self._forget))
        self._every("digest", DIGEST, lambda: self._safely(self._digest))

    def sweep(self) -> None:
        """Ring for what is due; handle what is overdue (or, without a queue, due) here."""
        services, now = self._services, self._services.now()
        with services.reading() as session:
            lines = bool(delivery.due_channels(session, now))
            messages = bool(pending.due(session, now, 1))
        if lines:
            services.bell.ring(OUTGOING)
            self._senders.sweep(time.monotonic() + SECONDS)
        if messages:
            services.bell.ring(INBOUND)
            resume_pending(services, SECONDS, self._grace)

    def _clockwork(self) -> None:
        inbox.clockwork(self._services)

    def _pass_on(self) -> None:
        with self._services.reading() as session:
            late = owed.any_overdue(session, self._services.now())
        if late:
            with self._services.transaction() as session:
                owed.overdue(self._services.desk(session))

    def _recount(self) -> None:
        """Once after the start and once a day: what a process with an older calendar opened is counted again, too."""
        today = self._services.now().astimezone(self._services.settings.zone).date()
        if self._recounted != today:
            inbox.recount(self._services)
            self._recounted = today

    def _digest(self) -> None:
        digesting.tell_due(self._services)

    def _forget(self) -> None:
        with self._services.reading() as session:
            stale = owed.any_chatter(session, self._services.now())
        while stale:
            with self._services.transaction() as session:
                stale = owed.forget_chatter(session, self._services.now()) > 0
        with self._services.reading() as session:
            over = keeping.any_over(session, self._services.now())
        while over:
            with self._services.transaction() as session:
                over = keeping.expire(session, self._services.now()) > 0

    def _beat(self) -> None:
        with self._services.transaction() as session:
            heartbeat.beat(session, "clock", self._services.now())

    def _say_goodbye(self) -> None:
        with self._services.transaction() as session:
            heartbeat.stop(session, "clock")

    def _every(self, duty: str, seconds: float, act: Callable[[], None]) -> None:
        if time.monotonic() >= self._last.get(duty, 0.0) + seconds:
            self._last[duty] = time.monotonic()
            act()

    def _safely(self, duty: Callable[[], None]) -> None:
        try:
            duty()
        except DBAPIError as error:
            log.warning("the database refused (%s): trying again", type(error.orig).__name__)
        except Exception:
            log.exception("a duty of the clock failed: trying again")
