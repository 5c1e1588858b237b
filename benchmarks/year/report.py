"""The command: a throw-away database, the year, its tables, and one JSON object as the last line."""

import gc
import json
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from benchmarks.year import running, table
from benchmarks.year.law import Broken
from benchmarks.year.life import Length
from benchmarks.year.talk import UnfitTalk
from bot import services as building
from intents.understanding import load
from models import db

__all__ = ["Broken", "UnfitTalk", "run"]

MEMORY = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a private folder in it; nothing here outlives the command


def run(length: Length, database: str = "") -> None:
    """Play it and print it. database: of an empty database, "" for a SQLite file. Raises Broken, UnfitTalk."""
    understanding = load(building.KEYWORDS)
    gc.freeze()  # what has been loaded stays until the end
    began = time.monotonic(), time.process_time()
    with tempfile.TemporaryDirectory(prefix="dyyear", dir=MEMORY if MEMORY.is_dir() else None) as name:
        folder = Path(name)
        url = database or f"sqlite:///{folder / 'year.sqlite3'}"
        db.migrate(url)
        outcome = running.run(url, folder, length, understanding, _begins)
        print(table.tables(outcome))
        totals = table.totals(outcome)
        outcome.play.services.engine.dispose()
    print()
    spent = {"seconds": round(time.monotonic() - began[0]), "processor_seconds": round(time.process_time() - began[1])}
    print(json.dumps({"days": length.days, "per_day": length.per_day, "seed": length.seed, **totals, **spent},
                     ensure_ascii=False))  # fmt: skip


def _begins(on: date) -> None:
    if on.day == 1:
        print(f"{on:%Y-%m} begins", file=sys.stderr, flush=True)
