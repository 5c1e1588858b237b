"""Fetching what came with messages, once they belong to a ticket: claim, fetch outside of any transaction, keep.

Only the clock does it, in a thread of its own: a picture may come a second later than a line, and a slow platform must
hold neither a worker nor the clock's other duties. Any number of clocks may run; each message is claimed.
"""

import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor

from sqlalchemy.exc import OperationalError

from bot.attachments import Lost, keeping, owed
from bot.attachments.fit import Fitted, Unfit, fitted
from bot.attachments.owed import Owed
from bot.channels import Channel, DeliveryError, Gone, Media, TooLarge
from bot.services import Services

log = logging.getLogger("danyuan.fetching")

Outcome = Fitted | Lost | DeliveryError


class Fetcher:
    """One thread that fetches what is due, beside whatever its owner does."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="fetcher")
        self._at_work: Future[int] | None = None

    def sweep(self, seconds: float) -> None:
        """Begin where something is due and nothing is being fetched; does not wait."""
        if self._at_work is not None and not self._at_work.done():
            return
        if due(self._services):
            self._at_work = self._pool.submit(self._fetch, seconds)

    def close(self) -> None:
        """Wait for what is being fetched at this moment."""
        self._pool.shutdown(wait=True)

    def _fetch(self, seconds: float) -> int:
        try:
            return fetch(self._services, seconds)
        except OperationalError as error:  # the database is away: the lease ends and it is fetched again
            log.warning("fetching stopped: %s", type(error.orig).__name__)
        except Exception:
            log.exception("fetching stopped")
        return 0


def due(services: Services) -> bool:
    """Whether something is to be fetched now."""
    with services.reading() as session:
        return owed.any_due(session, services.now())


def fetch(services: Services, seconds: float) -> int:
    """Fetch what is due until nothing is left or the time is up. Returns for how many messages."""
    until, done = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        with services.transaction() as session:
            claimed = owed.claim(session, services.now(), services.settings.media.most_bytes)
        if claimed is None:
            break
        outcomes = [(place, media, _fetched(services, claimed, media)) for place, media in claimed.things]
        settle(services, claimed, outcomes)
        done += 1
    return done


def settle(services: Services, claimed: Owed, outcomes: list[tuple[int, Media, Outcome]]) -> None:
    """Keep what came, and write down what did not; nothing where it was taken back or forgotten meanwhile."""
    waits = [outcome for _, _, outcome in outcomes if isinstance(outcome, DeliveryError)]
    lost = next((outcome for _, _, outcome in outcomes if isinstance(outcome, Lost)), None)
    with services.transaction() as session:
        now = services.now()
        held = (
            owed.later(session, claimed, now, max((error.retry_after or 0.0 for error in waits), default=0.0) or None)
            if waits
            else owed.done(session, claimed, lost)
        )
        if not held:
            return
        for place, media, outcome in outcomes:
            if isinstance(outcome, Fitted):
                days = services.settings.media.keep_days
                keeping.keep(session, claimed.inbound_id, place, media, outcome, now, days)


def _fetched(services: Services, claimed: Owed, media: Media) -> Outcome:
    """One thing: made fit, or why it is not here, or what to try again after. Causes go to the log."""
    channel = services.channels.get(claimed.channel)
    try:
        most = min(services.settings.media.most_bytes, claimed.room)
        return fitted(media, _from(channel, media, claimed, most))
    except DeliveryError as error:
        log.warning("media of message %d was not had from %s: %s", claimed.inbound_id, claimed.channel, error)
        return _lost(error)
    except Unfit as error:
        log.warning("media of message %d is not fit to be kept: %s", claimed.inbound_id, error)
        return Lost.UNFIT
    except Exception as error:  # a fault in a channel must not stop the others
        log.exception("channel %s failed with the media of message %d", claimed.channel, claimed.inbound_id)
        return DeliveryError(type(error).__name__)


def _from(channel: Channel | None, media: Media, claimed: Owed, most: int) -> bytes:
    if most <= 0:
        raise TooLarge(0)
    if channel is None or not channel.fetches:
        raise DeliveryError("this channel is not configured, or hands nothing out", permanent=True)
    return channel.fetch(media, claimed.wire, most)


def _lost(error: DeliveryError) -> Outcome:
    if isinstance(error, TooLarge):
        return Lost.LARGE
    if isinstance(error, Gone):
        return Lost.GONE
    return Lost.REFUSED if error.permanent or error.parked else error
