"""A worker behind a queue that dies and comes back."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.exceptions import StopRequested
from rq.worker import WorkerStatus
from sqlmodel import Session, select

from bot.bell import OUTGOING, Bell
from bot.services import system_now
from bot.worker import Horseman
from models import Heartbeat, OutgoingState, db
from tests.conftest import RedisServer
from tests.plumbing.conftest import Hand, build
from tests.plumbing.processes import APP, gone, until


@pytest.fixture
def worker(
    database: str, tmp_path: Path, redis: RedisServer, environment: dict[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    """`work` on this database and Redis."""
    process = subprocess.Popen(
        [sys.executable, APP, "work", "--data", str(tmp_path)],
        env={**environment, "DATABASE_URL": database, "REDIS_URL": redis.url},
        cwd=tmp_path,
    )
    yield process
    if process.poll() is None:
        process.kill()
        process.wait()


@pytest.fixture
def talking(database: str, tmp_path: Path, redis: RedisServer) -> Hand:
    """Owes lines and rings; has no channel, and neither has the worker: an attempt is seen on the row."""
    return Hand(build(database, tmp_path, {}, system_now, Bell(redis.url)))


def tried(hand: Hand, key: str) -> bool:
    line = hand.line(key)
    return line.attempts > 0 and line.error is not None and line.state == OutgoingState.QUEUED


def alive(url: str) -> bool:
    engine = db.connect(url)
    with Session(db.reading(engine)) as session:
        return session.exec(select(Heartbeat).where(Heartbeat.kind == "worker")).first() is not None


@pytest.mark.slow
def test_a_worker_hears_the_bell_shows_its_pulse_and_ends_on_sigterm(
    worker: "subprocess.Popen[bytes]", talking: Hand, database: str
) -> None:
    until(lambda: alive(database))
    talking.owe("x", talking.chat("a"))
    until(lambda: tried(talking, "x"), 10)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    assert not alive(database)


@pytest.mark.slow
def test_a_worker_outlives_a_redis_that_dies_and_returns_empty(
    worker: "subprocess.Popen[bytes]", talking: Hand, database: str, redis: RedisServer
) -> None:
    until(lambda: alive(database))
    for turn in range(2):
        redis.kill()
        subprocess.run(["sleep", "3"], check=True)
        assert worker.poll() is None
        redis.start()
        bell = Bell(redis.url)
        key = f"x{turn}"
        talking.owe(key, talking.chat(key))

        def heard(bell: Bell = bell, key: str = key) -> bool:
            bell.ring(OUTGOING)
            return tried(talking, key)

        until(heard, 20)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0


@pytest.mark.slow
def test_a_worker_ends_on_sigterm_while_redis_is_away(
    worker: "subprocess.Popen[bytes]", database: str, redis: RedisServer
) -> None:
    until(lambda: alive(database))
    redis.kill()
    subprocess.run(["sleep", "2"], check=True)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    assert gone([worker.pid])


def test_a_request_that_came_after_the_look_at_it_ends_the_waiting_but_no_job(
    talking: Hand, redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Horseman, "services", talking.services, raising=False)
    client = Redis.from_url(redis.url)
    worker = Horseman([Queue(OUTGOING, connection=client)], connection=client, worker_ttl=17)
    worker.asked_to_stop = True  # as though the signal had come while a job was just ending

    worker.set_state(WorkerStatus.BUSY)
    worker.heartbeat()

    with pytest.raises(StopRequested):
        worker.dequeue_job_and_maintain_ttl(1)  # sets the state to idle and waits for a job
