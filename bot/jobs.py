"""What the workers and the clock do: deliver what is due, understand what was only stored.

A job is a bell, not a row: `outgoing` and `inbound` (named by bot.bell, run by RQ) work on whatever is due for a
couple of seconds. `drain` does everything at once, for one process without a queue and for tests. Nothing is sent
inside a transaction.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from bot import crash, delivery, fetching, inbox, owed, pending
from bot.bell import INBOUND, OUTGOING
from bot.channels import Channel, DeliveryError, Line
from bot.desk import Desk
from bot.services import Services
from models import Chat, Outgoing, Urgency

SECONDS = 2.0  # how long one bell works before it makes room for the next
SENDERS = 2  # at the same time a channel: a slow platform does not hold the others
SETTLE_TRIES = 3
AT_ONCE = timedelta(0)

log = logging.getLogger("danyuan.jobs")
_equipment: list[Services] = []


def equip(services: Services) -> None:
    """Give the jobs of this process (and of its forked children) what they work with."""
    _equipment[:] = [services]


def outgoing() -> int:
    """The job behind the bell for lines. Returns how many were settled."""
    return _answer_bell(OUTGOING, deliver, lambda session, now: bool(delivery.due_channels(session, now)))


def inbound() -> int:
    """The job behind the bell for stored messages. Returns how many were tried."""
    return _answer_bell(INBOUND, resume_pending, lambda session, now: bool(pending.due(session, now, 1)))


def drain(services: Services, seconds: float) -> int:
    """Everything that is due, once through and for at most `seconds`: lines, stored messages, timers, their lines,
    what was sent along.

    Returns how many lines and messages were settled and timers fired: 0 says that nothing was due.
    """
    until = time.monotonic() + seconds
    done = deliver(services, seconds)
    done += resume_pending(services, until - time.monotonic())
    done += inbox.clockwork(services)
    with services.transaction() as session:
        owed.overdue(services.desk(session))
    if fetching.due(services):
        done += fetching.fetch(services, until - time.monotonic())
    return done + deliver(services, until - time.monotonic())


def deliver(services: Services, seconds: float) -> int:
    """Send what is due until nothing is left or the time is up. Returns how many lines were settled."""
    until = time.monotonic() + seconds
    senders = Senders(services)
    try:
        while time.monotonic() < until:
            senders.sweep(until)
            if not senders.busy:
                break
            senders.wait(until)
    finally:
        senders.close()
    return senders.settled


def resume_pending(services: Services, seconds: float, grace: timedelta = AT_ONCE) -> int:
    """Understand stored messages, oldest first, each once (what fails is put off). Returns how many were tried."""
    until = time.monotonic() + seconds
    tried: set[int] = set()
    while time.monotonic() < until:
        with services.reading() as session:
            ids = [found for found in pending.due(session, services.now() - grace) if found not in tried]
        if not ids:
            break
        for inbound_id in ids:
            inbox.resume(services, inbound_id)
            tried.add(inbound_id)
    return len(tried)


class Senders:
    """A few threads that deliver due lines, at most SENDERS a channel, and one more for emergencies alone."""

    def __init__(self, services: Services, grace: timedelta = AT_ONCE) -> None:
        """grace: leave alone what became due less than that ago (somebody quicker may have heard the bell)."""
        self.settled = 0
        self._services = services
        self._grace = grace
        channels = max(1, len(services.channels))
        self._pool = ThreadPoolExecutor(max_workers=channels * (SENDERS + 1) + 1, thread_name_prefix="sender")
        self._at_work: dict[tuple[str, Urgency, int], Future[int]] = {}

    @property
    def busy(self) -> bool:
        return bool(self._at_work)

    def sweep(self, until: float) -> None:
        """Start senders for the channels that have due lines; does not wait. until: as time.monotonic()."""
        self._collect()
        with self._services.reading() as session:
            channels = delivery.due_channels(session, self._services.now() - self._grace)
        for channel, urgency in channels.items():
            places = [(channel, Urgency.NOTICE, number) for number in range(SENDERS)]
            if urgency == Urgency.EMERGENCY:
                places.append((channel, Urgency.EMERGENCY, 0))
            for place in places:
                if place not in self._at_work:
                    self._at_work[place] = self._pool.submit(self._send_all, channel, place[1], until)

    def wait(self, until: float) -> None:
        """Until one of them has nothing left to do."""
        if self._at_work:
            wait(self._at_work.values(), max(0.0, until - time.monotonic()), FIRST_COMPLETED)
        self._collect()

    def close(self) -> None:
        """Wait for what is being sent at this moment."""
        self._pool.shutdown(wait=True)
        self._collect()

    def _collect(self) -> None:
        for place, future in list(self._at_work.items()):
            if future.done():
                del self._at_work[place]
                self.settled += future.result()

    def _send_all(self, channel: str, least: Urgency, until: float) -> int:
        settled = 0
        try:
            while time.monotonic() < until and send_one(self._services, channel, least, self._grace):
                settled += 1
        except OperationalError as error:  # the database is away: the lease ends and the line is sent again
            log.warning("delivery to %s stopped: %s", channel, type(error.orig).__name__)
        except Exception:
            log.exception("delivery to %s stopped", channel)
        return settled


def send_one(services: Services, channel: str, least: Urgency = Urgency.NOTICE, grace: timedelta = AT_ONCE) -> bool:
    """Claim, send and settle the next due line of a channel, of urgency `least` or above. False where none is due."""
    with services.transaction() as session:
        line = delivery.claim(session, services.now() - grace, owed.LEASE + grace, channel=channel, least=least)
        chat = None if line is None else session.get(Chat, line.chat_id)
    if line is None or chat is None:
        return False
    outcome = attempt(services.channels.get(channel), line, chat)
    crash.point("before-settle")
    settle(services, line, outcome)
    return True


def attempt(channel: Channel | None, line: Outgoing, chat: Chat) -> DeliveryError | str | None:
    """Send one line. Returns the platform's message id (or None), or the DeliveryError that tells why not."""
    if channel is None:
        return DeliveryError(f"channel {chat.channel} is not configured")
    if not channel.pushes:
        return DeliveryError("this channel can only answer", parked=True)
    if chat.listen_only:  # owed before it was switched on: the last gate, so that nothing is said there
        return DeliveryError("this group is only listened to", permanent=True)
    private = chat.account_id is not None
    try:
        return channel.send(Line(line.key, chat.external_id, private, line.text, line.reply_to, chat.wire))
    except DeliveryError as error:
        return error
    except Exception as error:  # a fault in a channel must not take the other lines with it
        log.exception("channel %s failed with line %d", chat.channel, line.id)
        return DeliveryError(type(error).__name__)


def settle(services: Services, line: Outgoing, outcome: DeliveryError | str | None) -> None:
    """Write down what became of a line. A busy database is asked again: an unsettled line is sent twice."""
    for left in reversed(range(SETTLE_TRIES)):
        try:
            with services.transaction() as session:
                settled = _settle(services.desk(session), line, outcome)
        except OperationalError:
            if not left:
                raise
        else:
            if not settled:
                log.warning("line %d was settled by somebody else: its lease was over", line.id)
            return


def _settle(desk: Desk, line: Outgoing, outcome: DeliveryError | str | None) -> bool:
    if not isinstance(outcome, DeliveryError):
        return delivery.settle_done(desk, line, outcome)
    log.warning("line %d was not taken: %s", line.id, outcome)
    if outcome.permanent:
        return delivery.settle_given_up(desk, line, str(outcome))
    if outcome.parked:
        return delivery.settle_parked(desk, line, str(outcome))
    return delivery.settle_later(desk, line, str(outcome), outcome.retry_after)


def _answer_bell(queue: str, act: Callable[[Services, float], int], more: Callable[[Session, datetime], bool]) -> int:
    """Work for SECONDS, and ring for the rest. This process is about to end, so it waits for its own bell."""
    services = _equipment[0]
    services.bell.answered(queue)
    done = 0
    try:
        done = act(services, SECONDS)
        with services.reading() as session:
            if more(session, services.now()):
                services.bell.ring(queue)
    except DBAPIError as error:
        log.warning("the database refused (%s): the clock asks again", type(error.orig).__name__)
    services.bell.flush()
    return done
