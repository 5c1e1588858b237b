"""/health tells what works; 503 only where somebody is not served."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlmodel import Session

from bot import heartbeat
from bot.services import Services
from bot.settings import Settings
from bot.web import health
from models import ChannelState, Inbound, InboundState, Outgoing, OutgoingState, db
from tests.conftest import RedisServer, StandingClock

KEYS = {"status", "failing", "degraded", "database", "redis", "worker", "clock", "oldest", "channels", "words"}


def with_redis(services: Services, url: str) -> Services:
    raw = services.settings.model_dump() | {"redis": {"url": url}}
    return Services(**{**vars(services), "settings": Settings.model_validate(raw)})


def ask(services: Services) -> tuple[int, dict[str, Any]]:
    app = Flask("test")
    app.register_blueprint(health.blueprint(services))
    began = time.monotonic()
    response = app.test_client().get("/health")
    assert time.monotonic() - began < 1.0
    assert response.json is not None
    assert set(response.json) == KEYS
    return response.status_code, response.json


def beat(services: Services, *kinds: str) -> None:
    with services.transaction() as session:
        for kind in kinds:
            heartbeat.beat(session, kind, services.now())


def owe(session: Session, key: str, **columns: Any) -> None:
    session.add(Outgoing(key=key, text="x", **columns))


@pytest.fixture
def alive(services: Services) -> Services:
    """The services with a clock that beats."""
    beat(services, "clock", "worker")
    return services


def test_all_is_well(alive: Services) -> None:
    status, report = ask(alive)
    assert (status, report["status"]) == (200, "ok")
    assert report["database"] == {"ok": True, "error": None, "schema": "head"}
    assert report["redis"] == "absent"


def test_without_a_clock_nobody_is_served(services: Services) -> None:
    assert ask(services)[0] == 503
    assert ask(services)[1]["failing"] == ["clock"]


def test_a_clock_not_seen_for_half_a_minute_fails(alive: Services, clock: StandingClock) -> None:
    clock.forward(seconds=30)
    assert ask(alive)[0] == 200
    clock.forward(seconds=1)
    assert ask(alive)[1]["failing"] == ["clock"]


def test_a_worker_that_is_gone_degrades_but_the_clock_does_the_work(services: Services, redis: RedisServer) -> None:
    beat(services, "clock")
    status, report = ask(with_redis(services, redis.url))
    assert (status, report["status"], report["degraded"]) == (200, "degraded", ["worker"])
    assert report["redis"] == "ok"


def test_where_no_queue_is_configured_no_worker_is_missed(services: Services) -> None:
    beat(services, "clock")
    assert ask(services)[1]["degraded"] == []


def test_a_dead_redis_degrades(alive: Services, redis: RedisServer) -> None:
    redis.kill()
    status, report = ask(with_redis(alive, redis.url))
    assert (status, report["redis"], report["degraded"]) == (200, "down", ["redis"])


def test_a_redis_that_hangs_degrades_and_holds_nobody(alive: Services, redis: RedisServer) -> None:
    redis.pause()
    try:
        status, report = ask(with_redis(alive, redis.url))
    finally:
        redis.resume()
    assert (status, report["redis"]) == (200, "down")


@pytest.mark.parametrize(("minutes", "failing"), [(9, []), (11, ["outgoing"])])
def test_a_line_that_is_due_too_long_fails(alive: Services, minutes: int, failing: list[str]) -> None:
    now = alive.now()
    since = now - timedelta(minutes=minutes)
    with alive.transaction() as session:
        owe(session, "late", created_at=since, due_at=since)
        owe(session, "later", created_at=since, due_at=now + timedelta(hours=9))
        owe(session, "parked", created_at=since, due_at=now - timedelta(days=1), state=OutgoingState.PARKED)
    status, report = ask(alive)
    assert report["failing"] == failing
    assert status == (503 if failing else 200)
    assert report["oldest"]["outgoing_due_seconds"] == minutes * 60


@pytest.mark.parametrize(("seconds", "failing"), [(119, []), (121, ["inbound"])])
def test_a_message_that_waits_too_long_to_be_understood_fails(
    alive: Services, seconds: int, failing: list[str]
) -> None:
    at = alive.now() - timedelta(seconds=seconds)
    with alive.transaction() as session:
        for name, state in (("a", InboundState.PENDING), ("b", InboundState.GIVEN_UP), ("c", InboundState.DONE)):
            received = at if state == InboundState.PENDING else at - timedelta(days=1)
            session.add(
                Inbound(channel="wechat", external_id=name, kind="text", said_at=at, received_at=received, state=state)
            )
    status, report = ask(alive)
    assert report["failing"] == failing
    assert status == (503 if failing else 200)


def test_each_channel_is_told_with_when_it_was_heard(alive: Services) -> None:
    with alive.transaction() as session:
        session.add(ChannelState(channel="wechat", last_heard_at=alive.now(), last_error="45015 secret-token"))
    report = ask(alive)[1]
    assert report["channels"]["wechat"]["last_heard"] == alive.now().isoformat()
    assert "secret-token" not in str(report)


def test_a_schema_of_another_version_fails(alive: Services) -> None:
    with alive.transaction() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = 'older'"))
    status, report = ask(alive)
    assert (status, report["database"]["schema"], report["failing"]) == (503, "other", ["database"])


@pytest.fixture
def unreachable(services: Services) -> Iterator[Services]:
    engine = db.connect("postgresql://nobody:secret-password@127.0.0.1:1/none")
    yield Services(**{**vars(services), "engine": engine})
    engine.dispose()


def test_a_database_that_is_not_there_fails_without_telling_its_address(unreachable: Services) -> None:
    status, report = ask(unreachable)
    assert (status, report["failing"], report["database"]["ok"]) == (503, ["database"], False)
    assert report["database"]["error"] == "OperationalError"
    assert "secret-password" not in str(report)
    assert "127.0.0.1" not in str(report)


def test_a_question_that_hangs_holds_one_thread_however_often_one_asks() -> None:
    free = threading.Event()
    probe = health.Probe(free.wait)
    asked = {id(probe.ask()) for _ in range(20)}
    assert len(asked) == 1
    free.set()
    assert probe.ask().result(5) is True


def test_a_database_that_hangs_is_a_503_within_a_second(alive: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    free = threading.Event()
    monkeypatch.setattr(db, "current", lambda _: free.wait(20))
    try:
        status, report = ask(alive)
    finally:
        free.set()
    assert (status, report["database"]["error"]) == (503, "timeout")
