"""GET /metrics: the service in figures, as Prometheus text. No personal data, no token.

What rows say (how many wait, how long, who is alive) is the same whichever process is asked. Requests are counted in
the process that answered them: with several web processes set PROMETHEUS_MULTIPROC_DIR to an empty folder before the
start, and every process tells the sum (`process="all"`); without it each tells its own, labelled with its number.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from flask import Blueprint, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, func, select

from bot.services import Services
from models import (
    ChannelState,
    Heartbeat,
    Inbound,
    InboundState,
    Intent,
    Outgoing,
    OutgoingState,
    Status,
    Ticket,
    Urgency,
)

SHARED = bool(os.environ.get("PROMETHEUS_MULTIPROC_DIR"))  # prometheus_client decides once, when it is imported
HOOKS = "/hooks/"
KEPT = timedelta(seconds=5)  # rows are counted at most that often: anybody may ask

_requests = CollectorRegistry()
_answered = Counter(
    "danyuan_hook_requests",
    "Requests to the hooks, by channel and status, answered by this process (or all, see `process`).",
    ["channel", "status", "process"],
    registry=_requests,
)
_seconds = Histogram(
    "danyuan_hook_seconds",
    "Seconds from a hook's request to its answer, by channel.",
    ["channel", "process"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5),
    registry=_requests,
)


def blueprint(services: Services) -> Blueprint:
    """The blueprint to register on the application; it also times every request below /hooks/."""
    metrics = Blueprint("metrics", __name__)
    rows = CollectorRegistry()
    rows.register(Rows(services))

    def show() -> Response:
        text = generate_latest(rows) + generate_latest(_request_registry())
        return Response(text, content_type=CONTENT_TYPE_LATEST)

    def begin() -> None:
        if request.path.startswith(HOOKS):
            g.hook_began = time.perf_counter()

    def end(response: Response) -> Response:
        began = g.pop("hook_began", None)
        if began is not None:
            name = request.path[len(HOOKS) :].strip("/")
            # Anybody may invent an address: only those configured become a series.
            count_hook(name if name in services.channels else "unknown", response.status_code, began)
        return response

    metrics.before_app_request(begin)
    metrics.after_app_request(end)
    metrics.add_url_rule("/metrics", "metrics", show, methods=["GET"])
    return metrics


def count_hook(channel: str, status: int, began: float) -> None:
    """Count one answered hook request; `began` is its time.perf_counter()."""
    process = "all" if SHARED else str(os.getpid())
    _answered.labels(channel, str(status), process).inc()
    _seconds.labels(channel, process).observe(time.perf_counter() - began)


def _request_registry() -> CollectorRegistry:
    if not SHARED:
        return _requests
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library leaves it untyped
    return registry


class Rows(Collector):
    """Counts rows when asked, at most every few seconds. An unusable database is a figure, too."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = threading.Lock()
        self._counted: tuple[datetime, list[Metric]] | None = None

    def describe(self) -> list[Metric]:
        """Nothing in advance: registering asks no database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """All figures, from the database or from a few seconds ago."""
        now = self._services.now()
        with self._lock:
            if self._counted is None or not timedelta(0) <= now - self._counted[0] < KEPT:
                self._counted = (now, self._count(now))
            yield from self._counted[1]

    def _count(self, now: datetime) -> list[Metric]:
        try:
            with self._services.reading() as session:
                found = [metric for figure in FIGURES for metric in figure(session, now)]
            return [_gauge("danyuan_database_up", "Whether the database answers.", 1), *found]
        except SQLAlchemyError:
            return [_gauge("danyuan_database_up", "Whether the database answers.", 0)]


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(name, says, value=value)


def _inbound(session: Session, _now: datetime) -> Iterator[Metric]:
    family = GaugeMetricFamily("danyuan_inbound", "Messages heard, by state.", labels=["state"])
    found = dict(session.exec(select(Inbound.state, func.count()).group_by(col(Inbound.state))).all())
    for state in InboundState:
        family.add_metric([state], found.get(state, 0))
    yield family


def _outgoing(session: Session, _now: datetime) -> Iterator[Metric]:
    family = GaugeMetricFamily("danyuan_outgoing", "Lines owed, by state and class.", labels=["state", "class"])
    query = select(Outgoing.state, Outgoing.urgency, func.count()).group_by(col(Outgoing.state), col(Outgoing.urgency))
    found = {(state, urgency): count for state, urgency, count in session.exec(query)}
    for state in OutgoingState:
        for urgency in Urgency:
            family.add_metric([state, urgency.name.lower()], found.get((state, int(urgency)), 0))
    yield family
    lost = session.exec(select(func.count()).where(col(Outgoing.undelivered_at).is_not(None))).one()
    yield _gauge("danyuan_undelivered", "Lines that reached nobody and that nobody has seen to.", lost)


def _tickets(session: Session, _now: datetime) -> Iterator[Metric]:
    family = GaugeMetricFamily("danyuan_tickets", "Tickets, by status and intent.", labels=["status", "intent"])
    query = select(Ticket.status, Ticket.intent, func.count()).group_by(col(Ticket.status), col(Ticket.intent))
    found = {(status, intent): count for status, intent, count in session.exec(query)}
    for status in Status:
        for intent in Intent:
            family.add_metric([status, intent], found.get((status, intent), 0))
    yield family


def _oldest(session: Session, now: datetime) -> Iterator[Metric]:
    family = GaugeMetricFamily(
        "danyuan_oldest_unsettled_seconds", "Age of the oldest unsettled row, 0 without one.", labels=["kind"]
    )
    pending = select(func.min(Inbound.received_at)).where(col(Inbound.state) == InboundState.PENDING)
    due = select(func.min(Outgoing.due_at)).where(
        col(Outgoing.state) == OutgoingState.QUEUED, col(Outgoing.due_at) <= now
    )
    for kind, query in (("inbound", pending), ("outgoing", due)):
        since = session.exec(query).one()
        family.add_metric([kind], 0 if since is None else (now - since).total_seconds())
    yield family


def _alive(session: Session, _now: datetime) -> Iterator[Metric]:
    family = GaugeMetricFamily(
        "danyuan_last_seen_timestamp_seconds", "When a clock or a worker was last seen.", labels=["kind"]
    )
    for kind, seen_at in session.exec(
        select(Heartbeat.kind, func.max(Heartbeat.seen_at)).group_by(col(Heartbeat.kind))
    ):
        family.add_metric([kind], seen_at.timestamp())
    yield family


def _channels(session: Session, _now: datetime) -> Iterator[Metric]:
    heard = GaugeMetricFamily("danyuan_channel_heard_timestamp_seconds", "Last heard, by channel.", labels=["channel"])
    sent = GaugeMetricFamily("danyuan_channel_sent_timestamp_seconds", "Last sent, by channel.", labels=["channel"])
    failed = GaugeMetricFamily("danyuan_channel_error_timestamp_seconds", "Last error, by channel.", labels=["channel"])
    for state in session.exec(select(ChannelState)):
        for family, at in ((heard, state.last_heard_at), (sent, state.last_sent_at), (failed, state.last_error_at)):
            if at is not None:
                family.add_metric([state.channel], at.timestamp())
    yield from (heard, sent, failed)


FIGURES: tuple[Callable[[Session, datetime], Iterator[Metric]], ...] = (
    _inbound,
    _outgoing,
    _tickets,
    _oldest,
    _alive,
    _channels,
)
