"""The bell never holds anybody up and never rings twice for one visit."""

import threading
import time
from pathlib import Path

import pytest
from rq import Queue

from bot import jobs
from bot.bell import INBOUND, OUTGOING, Bell, pending_key
from tests.conftest import RedisServer, StandingClock
from tests.plumbing.conftest import Hand, Platform, build


def jobs_in(server: RedisServer, queue: str) -> int:
    return len(Queue(queue, connection=server.client()))


def test_a_hundred_rings_are_one_job_until_a_worker_has_come(redis: RedisServer) -> None:
    bell = Bell(redis.url)
    for _ in range(100):
        bell.ring(OUTGOING)
    assert bell.flush()
    assert jobs_in(redis, OUTGOING) == 1
    bell.answered(OUTGOING)
    bell.ring(OUTGOING)
    bell.ring(INBOUND)
    assert bell.flush()
    assert (jobs_in(redis, OUTGOING), jobs_in(redis, INBOUND)) == (2, 1)


def test_a_pending_bell_is_forgotten_when_its_worker_died(redis: RedisServer) -> None:
    bell = Bell(redis.url)
    bell.ring(OUTGOING)
    assert bell.flush()
    assert 0 < redis.client().ttl(pending_key(OUTGOING)) <= 5


@pytest.mark.parametrize("trouble", ["kill", "pause"])
def test_a_ring_returns_at_once_whatever_redis_does_and_is_then_quiet(redis: RedisServer, trouble: str) -> None:
    now = [0.0]
    bell = Bell(redis.url, monotonic=lambda: now[0])
    bell.ring(OUTGOING)
    assert bell.flush()
    bell.answered(OUTGOING)
    getattr(redis, trouble)()
    began = time.monotonic()
    bell.ring(OUTGOING)
    assert time.monotonic() - began < 0.05
    assert bell.flush(3)
    assert bell.quiet
    began = time.monotonic()
    for _ in range(1000):
        bell.ring(OUTGOING)
    assert time.monotonic() - began < 0.1
    if trouble == "kill":
        redis.start()
    else:
        redis.resume()
    now[0] += 6  # five seconds on, it rings again
    redis.client().delete(pending_key(OUTGOING))
    before = jobs_in(redis, OUTGOING)
    bell.ring(OUTGOING)
    assert bell.flush(3)
    assert jobs_in(redis, OUTGOING) == before + 1


def test_a_bell_without_redis_is_silent() -> None:
    bell = Bell(None)
    bell.ring(OUTGOING)
    assert bell.flush()
    assert not bell.connected


def test_a_bell_that_nobody_can_reach_starts_no_thread_before_it_is_rung(redis: RedisServer) -> None:
    before = threading.active_count()
    Bell(redis.url)
    assert threading.active_count() == before


def test_the_bell_rings_after_the_commit_and_not_before(
    sqlite: str, tmp_path: Path, redis: RedisServer, clock: StandingClock
) -> None:
    hand = Hand(build(sqlite, tmp_path, {"paper": Platform()}, clock, Bell(redis.url)))
    hand.owe("x", hand.chat("a"))
    assert hand.services.bell.flush()
    assert jobs_in(redis, OUTGOING) == 1
    redis.client().delete(pending_key(OUTGOING))
    hand.owe("x", hand.chat("a2"))  # owed already: nothing new to ring for
    assert hand.services.bell.flush()
    assert jobs_in(redis, OUTGOING) == 1


def test_a_job_that_has_no_time_for_all_rings_for_the_rest(
    sqlite: str, tmp_path: Path, redis: RedisServer, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = Platform(before=lambda line: time.sleep(0.3))
    services = build(sqlite, tmp_path, {"paper": paper}, clock, Bell(redis.url))
    hand = Hand(services)
    for number in range(4):
        hand.owe(f"x{number}", hand.chat(f"c{number}"))
    assert services.bell.flush()
    monkeypatch.setattr(jobs, "SECONDS", 0.2)
    jobs.equip(services)
    assert jobs.outgoing() < 4
    assert jobs_in(redis, OUTGOING) == 2
