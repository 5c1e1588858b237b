"""The doorbell: tells the workers that rows are due. The rows are the truth, so a lost ring only costs time.

A ring never blocks and never raises: it sets an event, and a daemon thread (started with the first ring, so after any
fork) does the talking with its own Redis client, without retries and with time-outs of 0.2 s. After a failure it is
quiet for 5 s; the clock finds what it missed. One pending bell a queue, however many rows became due.
"""

import logging
import os
import threading
import time
from collections.abc import Callable

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue

OUTGOING = "outgoing"  # lines are due
INBOUND = "inbound"  # stored messages wait to be understood
QUEUES = (OUTGOING, INBOUND)  # in the order a worker looks at them

TIMEOUT = 0.2
QUIET = 5.0
PENDING_SECONDS = 5  # a bell whose worker died is rung again after that
JOB_SECONDS = 60

log = logging.getLogger("danyuan.bell")


def client(redis_url: str, timeout: float = TIMEOUT) -> "Redis":
    """A client that gives up at once: no retry, short time-outs, no introduction round trips."""
    return Redis.from_url(
        redis_url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 0),
        driver_info=None,
        protocol=2,
    )


def pending_key(queue: str) -> str:
    """The key that stands while a bell of this queue waits for a worker; the job clears it first thing."""
    return f"danyuan:bell:{queue}"


class Bell:
    """`ring(queue)`; without a redis_url it is silent and the clock does the work."""

    def __init__(self, redis_url: str | None, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._url = redis_url or None
        self._monotonic = monotonic
        self._due: set[str] = set()
        self._wake = threading.Condition()
        self._busy = False
        self._pid = 0
        self._quiet_until = 0.0
        self._client: Redis | None = None
        os.register_at_fork(after_in_child=self._forget)

    @property
    def connected(self) -> bool:
        """Whether there is a queue at all."""
        return self._url is not None

    @property
    def quiet(self) -> bool:
        """Whether the last try failed less than 5 s ago."""
        return self._monotonic() < self._quiet_until

    def ring(self, queue: str) -> None:
        """Have a worker look at `queue` soon. Returns at once, whatever state Redis is in."""
        if self._url is None or self.quiet:
            return
        with self._wake:
            self._due.add(queue)
            self._start()
            self._wake.notify_all()

    def flush(self, timeout: float = 1.0) -> bool:
        """Wait until what was rung has been rung (for a process about to end). False: not within `timeout` seconds."""
        if self._url is None:
            return True
        with self._wake:
            return self._wake.wait_for(lambda: not self._due and not self._busy, timeout)

    def answered(self, queue: str) -> None:
        """A worker has come: the next ring is a new one. A failure only delays the next bell by a few seconds."""
        try:
            self._talk().delete(pending_key(queue))
        except (RedisError, OSError):
            self._hush()

    def _start(self) -> None:
        if self._pid != os.getpid():
            self._pid = os.getpid()
            threading.Thread(target=self._loop, name="bell", daemon=True).start()

    def _loop(self) -> None:
        while True:
            with self._wake:
                self._busy = False
                self._wake.notify_all()
                self._wake.wait_for(lambda: self._due)
                queues, self._due = sorted(self._due), set()
                self._busy = True
            for queue in queues:
                self._ring(queue)

    def _ring(self, queue: str) -> None:
        if self.quiet:
            return
        try:
            redis = self._talk()
            if redis.set(pending_key(queue), 1, nx=True, ex=PENDING_SECONDS):
                Queue(queue, connection=redis).enqueue(
                    f"bot.jobs.{queue}", job_timeout=JOB_SECONDS, result_ttl=0, failure_ttl=JOB_SECONDS
                )
        except (RedisError, OSError) as error:
            log.warning("the bell cannot be rung (%s): the clock does the work", type(error).__name__)
            self._hush()
        except Exception:  # the thread must outlive whatever a client library comes up with
            log.exception("the bell failed")
            self._hush()

    def _talk(self) -> "Redis":
        if self._client is None:
            self._client = client(self._url or "")
        return self._client

    def _hush(self) -> None:
        self._quiet_until = self._monotonic() + QUIET
        self._client = None

    def _forget(self) -> None:
        """In a forked child the thread is gone and the lock and the socket are the parent's."""
        self._wake = threading.Condition()
        self._due, self._busy, self._client = set(), False, None
