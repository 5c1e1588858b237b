"""GET /health: is the service whole? 200 or 503 with the same JSON, for a load balancer and for a person.

503: nobody is served as they should be (the database, its schema, the clock, something that lies too long).
200 with `degraded`: whole, but slower, because the clock does the work (no worker, a dead Redis), or speaking by
other words than those that were published, because these do not load.
Nothing secret and nothing personal, so no token. It answers within a second, whatever hangs.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify
from sqlmodel import Session, col, func, select

from bot import words
from bot.bell import TIMEOUT, client
from bot.services import Services
from models import ChannelState, Heartbeat, Inbound, InboundState, Outgoing, OutgoingState, db

UNSEEN = timedelta(seconds=30)  # of a clock or a worker
INBOUND_WAITS = timedelta(minutes=2)
OUTGOING_WAITS = timedelta(minutes=10)
PATIENCE = 0.8  # seconds for everything that is asked

_EMPTY: dict[str, Any] = {
    "clock": {"last_seen": None},
    "worker": {"last_seen": None},
    "oldest": {"inbound_pending_seconds": None, "outgoing_due_seconds": None},
    "channels": {},
    "words": {"current": None},
}


def blueprint(services: Services) -> Blueprint:
    """The blueprint to register on the application."""
    health = Blueprint("health", __name__)
    checks = Checks(services)

    def show() -> Response:
        report = checks.report()
        response = jsonify(report)
        response.status_code = 503 if report["failing"] else 200
        response.headers["Cache-Control"] = "no-store"
        return response

    health.add_url_rule("/health", "health", show, methods=["GET"])
    return health


class Checks:
    """Asks the database and Redis, each in a thread that may hang without taking the answer with it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._head = db.head()
        self._database, self._queue = Probe(self._rows), Probe(self._redis)

    def report(self) -> dict[str, Any]:
        """The state of everything, with the names of what fails and of what is merely degraded."""
        until = time.monotonic() + PATIENCE
        rows, redis = self._database.ask(), self._queue.ask()
        report: dict[str, Any] = {"status": "ok", "failing": [], "degraded": []}
        report |= _answer(rows, until, lambda kind: {"database": _database(error=kind), **_EMPTY})
        report["redis"] = _answer(redis, until, lambda _: "down")
        report["words"] = self._words() | report["words"]
        now = self._services.now()
        report["failing"], report["degraded"] = _failing(report, now), _degraded(report, now)
        report["status"] = "failing" if report["failing"] else "degraded" if report["degraded"] else "ok"
        return report

    def _rows(self) -> dict[str, Any]:
        schema = "head" if db.current(self._services.engine) == self._head else "other"
        if schema != "head":
            return {"database": _database(schema=schema), **_EMPTY}
        now = self._services.now()
        with self._services.reading() as session:
            return {
                "database": _database(schema=schema),
                "clock": _seen(session, "clock"),
                "worker": _seen(session, "worker"),
                "oldest": _oldest(session, now),
                "channels": self._channels(session),
                "words": {"current": words.current_id(session)},
            }

    def _words(self) -> dict[str, Any]:
        """What this process works with; another version may be in force for the seconds until it is loaded."""
        held = self._services.words
        return {"id": held.current.id, "version": held.current.understanding.version, "error": held.trouble}

    def _channels(self, session: Session) -> dict[str, Any]:
        states = {state.channel: state for state in session.exec(select(ChannelState))}
        names = sorted({*states, *self._services.settings.channels})
        return {name: _channel(states.get(name)) for name in names}

    def _redis(self) -> str:
        url = self._services.settings.redis.url
        if not url:
            return "absent"
        redis = client(url, TIMEOUT)
        try:
            redis.ping()
        finally:
            redis.close()
        return "ok"


class Probe:
    """Asks one thing in a daemon thread. Whoever asks while it is still being asked waits for the same answer, so a
    database that hangs holds one thread, however often a load balancer comes."""

    def __init__(self, question: Callable[[], Any]) -> None:
        self._question = question
        self._lock = threading.Lock()
        self._asked: Future[Any] | None = None

    def ask(self) -> "Future[Any]":
        """The answer to come."""
        with self._lock:
            if self._asked is None or self._asked.done():
                self._asked = Future()
                threading.Thread(target=self._run, args=(self._asked,), name="health", daemon=True).start()
            return self._asked

    def _run(self, asked: "Future[Any]") -> None:
        try:
            asked.set_result(self._question())
        except Exception as error:  # told to whoever waits
            asked.set_exception(error)


def _answer(asked: "Future[Any]", until: float, otherwise: Callable[[str], Any]) -> Any:
    """What was found, or `otherwise` of the kind of error: never its message, which may name an address."""
    try:
        return asked.result(max(0.0, until - time.monotonic()))
    except NotInTime:
        return otherwise("timeout")
    except Exception as error:  # whatever a driver comes up with: the answer is that it does not work
        return otherwise(type(error.__cause__ or error).__name__)


def _database(*, error: str | None = None, schema: str | None = None) -> dict[str, Any]:
    return {"ok": error is None and schema == "head", "error": error, "schema": schema}


def _seen(session: Session, kind: str) -> dict[str, Any]:
    last = session.exec(select(func.max(Heartbeat.seen_at)).where(col(Heartbeat.kind) == kind)).one()
    return {"last_seen": _text(last)}


def _oldest(session: Session, now: datetime) -> dict[str, Any]:
    pending = select(func.min(Inbound.received_at)).where(col(Inbound.state) == InboundState.PENDING)
    due = select(func.min(Outgoing.due_at)).where(
        col(Outgoing.state) == OutgoingState.QUEUED, col(Outgoing.due_at) <= now
    )
    return {
        "inbound_pending_seconds": _age(session.exec(pending).one(), now),
        "outgoing_due_seconds": _age(session.exec(due).one(), now),
    }


def _channel(state: ChannelState | None) -> dict[str, Any]:
    if state is None:
        return {"last_heard": None, "last_sent": None, "last_error": None}
    return {
        "last_heard": _text(state.last_heard_at),
        "last_sent": _text(state.last_sent_at),
        "last_error": _text(state.last_error_at),
    }


def _failing(report: dict[str, Any], now: datetime) -> list[str]:
    if not report["database"]["ok"]:
        return ["database"]
    oldest = report["oldest"]
    found = {
        "clock": _gone(report["clock"]["last_seen"], now),
        "inbound": (oldest["inbound_pending_seconds"] or 0) > INBOUND_WAITS.total_seconds(),
        "outgoing": (oldest["outgoing_due_seconds"] or 0) > OUTGOING_WAITS.total_seconds(),
    }
    return [name for name, bad in found.items() if bad]


def _degraded(report: dict[str, Any], now: datetime) -> list[str]:
    """Without any Redis configured there is no worker to miss: the clock does the work by design."""
    queue = report["redis"] != "absent"
    found = {
        "redis": report["redis"] == "down",
        "worker": queue and report["database"]["ok"] and _gone(report["worker"]["last_seen"], now),
        "words": report["words"]["error"] is not None,
    }
    return [name for name, bad in found.items() if bad]


def _gone(last_seen: str | None, now: datetime) -> bool:
    return last_seen is None or now - datetime.fromisoformat(last_seen) > UNSEEN


def _age(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else round((now - since).total_seconds(), 1)


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
