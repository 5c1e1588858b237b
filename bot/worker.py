"""The worker: RQ's forking worker behind the bell. Everything is loaded before the first fork.

It outlives a Redis that dies and returns, shows its pulse in the heartbeat table whether or not Redis is there, and
ends after the job at hand on SIGTERM or Ctrl-C.
"""

import logging
import os
import signal
import socket
import time
from types import FrameType
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.exceptions import StopRequested
from rq.job import Job
from rq.worker import WorkerStatus
from sqlalchemy.exc import DBAPIError

from bot import heartbeat, jobs
from bot.bell import QUEUES
from bot.services import Services

BEAT = 2.0
TTL = 17  # RQ waits for a job TTL - 15 s at a time: 2 s, so that the pulse is seen between
MONITOR = 5  # seconds between two pulses while a job is running
RETRY = 1.0

log = logging.getLogger("danyuan.worker")


class Horseman(Worker):
    """RQ's worker with our pulse in its own heartbeat and a memory of having been asked to stop.

    The pulse is written by the main thread with all connections closed after it: no thread of ours and no handle of
    the database is there when a job is forked.
    """

    max_connection_wait_time = 2.0
    services: Services
    asked_to_stop = False
    last_beat = 0.0

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        take_up_words(self.services)
        super().fork_work_horse(job, queue)

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """Show that we live. Raises StopRequested where we were asked to stop and no job is at hand.

        RQ looks whether it was asked before it waits for the next job, not after: a signal between its look and its
        waiting, or one whose exception some library swallowed, would be heard by nobody.
        """
        if self.asked_to_stop and self.get_state() != WorkerStatus.BUSY:
            raise StopRequested
        self.show_pulse()
        super().heartbeat(timeout, pipeline)

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        self.asked_to_stop = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]  # RQ leaves it untyped

    def show_pulse(self) -> None:
        if time.monotonic() < self.last_beat + BEAT:
            return
        type(self).last_beat = time.monotonic()
        take_up_words(self.services)  # while there is nothing to do, so that a job need not wait for jieba
        beat(self.services)


def work(services: Services) -> None:
    """Work until SIGTERM or Ctrl-C. Raises ValueError where no Redis is configured: then the clock does the work."""
    if not services.settings.redis.url:
        raise ValueError("REDIS_URL: missing, a worker needs a queue; without one `clock` does the work")
    jobs.equip(services)
    Horseman.services = services
    quiet_rq()
    stopping: list[int] = []
    try:
        while not stopping:
            listen_for_signals(stopping)
            beat(services)
            if _work_until_trouble(services):
                break
            time.sleep(RETRY)
    finally:
        _say_goodbye(services)


def _work_until_trouble(services: Services) -> bool:
    """One life of RQ's worker. True where it was asked to stop, False where Redis went away."""
    worker: Horseman | None = None
    try:
        redis = Redis.from_url(services.settings.redis.url)
        queues = [Queue(name, connection=redis) for name in QUEUES]
        worker = Horseman(
            queues,
            connection=redis,
            name=_name(),
            worker_ttl=TTL,
            job_monitoring_interval=MONITOR,
            log_job_description=False,
        )
        worker.log_result_lifespan = False
        worker.work(logging_level="WARNING")
    except (RedisError, OSError) as error:
        log.warning("Redis is away (%s): looking again every second", type(error).__name__)
    return worker is not None and worker.asked_to_stop


def beat(services: Services) -> None:
    """Show that this worker is alive; a database that is away must not stop it."""
    try:
        with services.transaction() as session:
            heartbeat.beat(session, "worker", services.now())
    except DBAPIError as error:
        log.warning("the pulse could not be written: %s", type(error.orig).__name__)
    finally:
        services.engine.dispose()


def take_up_words(services: Services) -> None:
    """What is in force is loaded here, not in the children: each lives for one job."""
    try:
        services.words.look()
    finally:
        services.engine.dispose()  # no handle of the database is there when a job is forked


def listen_for_signals(stopping: list[int]) -> None:
    """Between RQ's lives its signal handlers are not there: a request to stop must still be heard."""

    def stop(signum: int, frame: FrameType | None) -> None:
        stopping.append(signum)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def quiet_rq() -> None:
    """A line a job would say nothing: only warnings, through our own handler."""
    for name in ("rq", "rq.worker", "rq.job"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        logger.addHandler(logging.NullHandler())  # else RQ installs its own


def _name() -> str:
    """Unique for each life: RQ refuses a name that seems to be at work."""
    return f"danyuan:{socket.gethostname()}:{os.getpid()}:{time.monotonic_ns()}"


def _say_goodbye(services: Services) -> None:
    try:
        with services.transaction() as session:
            heartbeat.stop(session, "worker")
    except DBAPIError:
        log.warning("the database is away: the worker ends without a goodbye")
