"""/metrics in figures that Prometheus reads, and nothing personal."""

import os
import subprocess
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from bot.services import Services
from bot.web import metrics
from models import Status, db
from tests.conftest import StandingClock
from tests.web.world import PHONE, World


def figures(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def figure(world: World, name: str, **labels: str) -> float:
    return figures(world.client.get("/metrics").text)[(name, frozenset(labels.items()))]


def test_rows_are_counted_by_what_they_are(world: World, clock: StandingClock) -> None:
    world.ticket(status=Status.NEW)
    world.ticket(status=Status.CLOSED)
    world.lost()
    assert figure(world, "danyuan_tickets", status="new", intent="repair") == 1
    assert figure(world, "danyuan_tickets", status="paused", intent="help") == 0
    assert figure(world, "danyuan_inbound", state="done") == 2
    assert figure(world, "danyuan_outgoing", **{"state": "queued", "class": "answer"}) == 1
    assert figure(world, "danyuan_undelivered") == 1
    clock.forward(seconds=90)
    assert figure(world, "danyuan_oldest_unsettled_seconds", kind="outgoing") == 90


def test_rows_are_not_counted_again_for_everyone_who_asks(world: World, clock: StandingClock) -> None:
    assert figure(world, "danyuan_tickets", status="dispatched", intent="repair") == 0
    world.ticket()
    assert figure(world, "danyuan_tickets", status="dispatched", intent="repair") == 0
    clock.forward(seconds=5)
    assert figure(world, "danyuan_tickets", status="dispatched", intent="repair") == 1


def test_hooks_are_counted_by_channel_and_status_in_the_process_that_answered(world: World) -> None:
    world.app.add_url_rule("/hooks/<name>", "hook", lambda name: ("", 403))
    for path in ("/hooks/invented-by-a-stranger", "/hooks/another", "/health"):
        world.client.get(path)
    text = world.client.get("/metrics").text
    found = figures(text)
    labels = {"channel": "unknown", "status": "403", "process": str(os.getpid())}
    assert found[("danyuan_hook_requests_total", frozenset(labels.items()))] >= 2
    assert "invented-by-a-stranger" not in text
    assert ("danyuan_hook_seconds_count", frozenset({("channel", "unknown"), ("process", str(os.getpid()))})) in found


def test_nothing_personal_is_in_the_figures(world: World) -> None:
    # No bare "302": a count or a process id may happen to hold it.
    world.ticket(words="王奶奶家", room="三零二室")
    text = world.client.get("/metrics").text
    assert not any(word in text for word in (PHONE, "王奶奶", "三零二室"))


def test_without_a_database_that_is_what_the_figures_say(services: Services) -> None:
    engine = db.connect("postgresql://nobody:x@127.0.0.1:1/none")
    app = Flask("test")
    app.register_blueprint(metrics.blueprint(Services(**{**vars(services), "engine": engine})))
    found = figures(app.test_client().get("/metrics").text)
    assert found[("danyuan_database_up", frozenset())] == 0


COUNT = """
import os, time
from bot.web import metrics
metrics.count_hook("wechat", 200, time.perf_counter())
if os.environ["LAST"]:
    from prometheus_client import generate_latest
    print(generate_latest(metrics._request_registry()).decode())
"""


@pytest.mark.parametrize("shared", [True, False])
def test_several_processes_tell_their_sum_only_where_they_share_a_folder(
    tmp_path: Path, python: str, environment: dict[str, str], shared: bool
) -> None:
    folder = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)} if shared else {}
    printed = ""
    for last in ("", "", "yes"):
        run = subprocess.run(
            [python, "-c", COUNT], env=environment | folder | {"LAST": last}, capture_output=True, text=True, check=True
        )
        printed = run.stdout
    counted = {
        labels: value for (name, labels), value in figures(printed).items() if name == "danyuan_hook_requests_total"
    }
    assert list(counted.values()) == [3.0 if shared else 1.0]
    assert ("process", "all") in next(iter(counted)) if shared else ("process", "all") not in next(iter(counted))
