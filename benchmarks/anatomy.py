"""Where the time of one message goes, taken apart in this process: no HTTP, one message after the other."""

import sqlite3
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sqlalchemy import event

from benchmarks.letters import Letter
from benchmarks.town import CHANNEL
from bot import inbox
from bot.channels import Hook
from bot.services import Services

COMMITS = 50


@dataclass
class Anatomy:
    """Milliseconds a message. statements: those that were sent to the database, whose time is `database`.

    processor: what of the whole was this process's own work; on a busy machine the parts also hold waiting for it.
    """

    signature_and_parsing: float = 0.0
    understanding: float = 0.0
    database: float = 0.0
    commit: float = 0.0
    our_code: float = 0.0  # the rest of the transaction: the ORM and what it decides
    answer: float = 0.0
    processor: float = 0.0
    statements: float = 0.0

    @property
    def whole(self) -> float:
        """All parts."""
        return float(sum(getattr(self, part) for part in PARTS))


PARTS = ("signature_and_parsing", "understanding", "database", "commit", "our_code", "answer")


class Watch:
    """Listens at an engine: what its statements and commits took, since the last `reset`."""

    def __init__(self, services: Services) -> None:
        self.statements, self.database, self.commit = 0, 0.0, 0.0
        event.listen(services.engine, "before_cursor_execute", self._before)
        event.listen(services.engine, "after_cursor_execute", self._after)
        dialect: Any = services.engine.dialect
        self._do_commit, dialect.do_commit = dialect.do_commit, self._timed_commit

    def reset(self) -> None:
        self.statements, self.database, self.commit = 0, 0.0, 0.0

    def _before(self, connection: Any, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
        context.began = time.perf_counter()

    def _after(self, connection: Any, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
        self.database += time.perf_counter() - context.began
        self.statements += 1

    def _timed_commit(self, connection: Any) -> None:
        began = time.perf_counter()
        self._do_commit(connection)
        self.commit += time.perf_counter() - began


def dissect(services: Services, watch: Watch, letters: Sequence[Letter]) -> Anatomy:
    """The mean of these messages, each heard for the first time."""
    found, began = Anatomy(), time.process_time()
    for letter in letters:
        _one(services, watch, letter, found)
    found.processor = time.process_time() - began
    for part in fields(found):
        scale = 1 if part.name == "statements" else 1000
        setattr(found, part.name, getattr(found, part.name) * scale / max(1, len(letters)))
    return found


def _one(services: Services, watch: Watch, letter: Letter, found: Anatomy) -> None:
    channel = services.channels[CHANNEL]
    began = time.perf_counter()
    reading = channel.read(Hook("POST", letter.query, {"content-type": "text/xml"}, letter.body))
    read = time.perf_counter()
    services.understanding.read(reading.lines[0].text, "private", True)
    understood = time.perf_counter()
    watch.reset()
    answer = inbox.receive(services, channel, reading.lines[0])  # understands it once more: taken off below
    received = time.perf_counter()
    reading.reply(answer)
    found.signature_and_parsing += read - began
    found.understanding += understood - read
    found.database += watch.database
    found.commit += watch.commit
    found.our_code += received - understood - (understood - read) - watch.database - watch.commit
    found.answer += time.perf_counter() - received
    found.statements += watch.statements


def bare_commit(folder: Path) -> float:
    """Milliseconds for one row and its commit on this disk with nothing of ours: SQLite, WAL, synchronous=FULL."""
    connection = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE line (id INTEGER PRIMARY KEY, text TEXT)")
    took = []
    for n in range(COMMITS):
        began = time.perf_counter()
        connection.execute("INSERT INTO line (text) VALUES (?)", (f"line {n}",))
        took.append(time.perf_counter() - began)
    connection.close()
    return statistics.median(took) * 1000
