"""Processes are killed under load, at random and at named points: what was acknowledged is there, once.

DANYUAN_KILLS=20 pytest tests/faults/test_kills.py      twenty kills of each kind in place of five
"""

import json
import os
import random
import time
from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session

from intents.understanding import Understanding
from models import db
from tests.faults.reconcile import Outcome, reconcile, still_moving
from tests.faults.servers import answers
from tests.faults.town import Town, living
from tests.faults.voices import Neighbours, Sender, understood
from tests.plumbing.processes import ROOT, until

KILLS = int(os.environ.get("DANYUAN_KILLS", "5"))  # of each kind of process, at random moments
SEED = 20261
SENDERS = 8
WEB_MODES = ("child", "whole", "child", "parent")
# The worker's sender dies in a forked child: each time its leases have to run out.
POINTS = {
    "web": "before-commit:20,before-commit:90,before-commit:180,before-commit:300,before-commit:450,"
    "before-bell:4,before-bell:14,before-bell:28,before-bell:45,before-bell:65",
    "worker": "before-settle:3,before-settle:15,before-settle:30,before-settle:50,before-settle:75",
    "clock": "before-commit:4,before-commit:12,before-settle:2",
}

MUST, NAMED = ("web before-commit", "web before-bell", "worker before-settle"), 3  # at least so many at each of these

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240 + 60 * KILLS)]


def test_what_was_acknowledged_survives_the_kills_of_every_process(
    database: str, tmp_path: Path, environment: dict[str, str], redis_binary: str, understanding: Understanding
) -> None:
    assert understood(understanding), "the keywords have changed: choose other words in voices.py"
    kind = database.partition(":")[0]
    variables = {**environment, "DATABASE_URL": database}
    with living(tmp_path, variables, POINTS) as town:
        began = time.monotonic()
        neighbours = Neighbours(SEED)
        senders = [Sender(number, town.base, town.platforms, neighbours, SEED) for number in range(SENDERS)]
        for sender in senders:
            sender.start()
        random_kills = kill_at_random(town, random.Random(SEED))
        until(lambda: all(named(town)[point] >= NAMED for point in MUST), 60)  # a slow machine gets there later
        for sender in senders:
            sender.stopping.set()
        for sender in senders:
            sender.join(90)
        engine = db.connect(database)
        until(lambda: settled(engine), 90)
        town.phones.stop()
        with Session(db.reading(engine)) as session:
            outcome = reconcile(session, [told for sender in senders for told in sender.told], town.phones.seen)
        engine.dispose()
        killed = {"at random": dict(random_kills), "at named points": named(town)}
        report(kind, killed, outcome, time.monotonic() - began)
    assert outcome.wrong[:20] == []
    assert all(random_kills[name] >= KILLS for name in ("web", "worker", "clock", "redis"))
    assert all(killed["at named points"][point] >= NAMED for point in MUST)
    assert outcome.figures["told again without an answer"] > 0, "no sender ever felt a kill"


def kill_at_random(town: Town, dice: random.Random) -> Counter[str]:
    """KILLS of each kind in random order, each while the web server answers; how many of each kind there were."""
    plan = [name for name in town.processes for _ in range(KILLS)]
    dice.shuffle(plan)
    done: Counter[str] = Counter()
    for name in plan:
        until(lambda: answers(town.base), 60)
        time.sleep(dice.uniform(0.3, 1.5))
        until(partial(kill, town, name, done[name], dice), 60)
        done[name] += 1
    until(lambda: answers(town.base), 60)
    return done


def kill(town: Town, name: str, turn: int, dice: random.Random) -> bool:
    """One kill; False where the process is just not there."""
    process = town.processes[name]
    if name == "web":
        mode = WEB_MODES[turn % len(WEB_MODES)]
        return process.kill_parent() if mode == "parent" else process.kill(whole=mode == "whole")
    if name == "worker" and turn % 2:
        return process.kill_parent(8.0 if turn == 1 else 0.0)  # once so long that the clock takes over
    return process.kill(whole=True, away=dice.uniform(0.0, 2.0))


def named(town: Town) -> dict[str, int]:
    """How many processes ended at which point."""
    asked = {(kind, part.partition(":")[0]) for kind, parts in POINTS.items() for part in parts.split(",")}
    return {f"{kind} {point}": town.crashes(kind, point) for kind, point in sorted(asked)}


def settled(engine: Engine) -> bool:
    with Session(db.reading(engine)) as session:
        return still_moving(session) == 0


def report(database: str, killed: Mapping[str, object], outcome: Outcome, seconds: float) -> None:
    """Say what was counted, and keep it in artifacts/kill-test.json under the database's name."""
    figures = {"seconds": round(seconds), "kills": killed, **outcome.figures, "broken promises": len(outcome.wrong)}
    file = ROOT / "artifacts" / "kill-test.json"
    file.parent.mkdir(exist_ok=True)
    kept = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps({**kept, database: figures}, indent=1))
    print(f"\nkill test on {database}: {json.dumps(figures)}")  # noqa: T201 - to be quoted
