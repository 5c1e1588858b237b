"""The database: one engine a process, on SQLite or PostgreSQL, and the schema's migrations.

    migrate("sqlite:///data/danyuan.sqlite3")
    engine = connect("sqlite:///data/danyuan.sqlite3")
    with Session(engine) as session: ...             # a writing transaction (BEGIN IMMEDIATE on SQLite)
    with Session(reading(engine)) as session: ...    # a reading one: it cannot write on either database
    with Session(snapshot(engine)) as session: ...   # a reading one in which nothing changes meanwhile

Every wait for a lock ends after `wait_seconds`. On SQLite the writers of one process queue on one lock before they
ask the file, so threads do not poll it. An engine may be carried across a fork: the child starts with an empty pool.
"""

import ast
import importlib
import math
import os
import re
import sqlite3
import threading
import time
import weakref
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, inspect, make_url, text
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import ArgumentError, OperationalError

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 7301128  # any number, the same for everybody who migrates
READING = {"reading": True, "postgresql_readonly": True}
COUNTING = 30  # seconds that one question of a snapshot may take
REVISION = re.compile(r"^(revision|down_revision)\b[^=\n]*=(.+)$", re.MULTILINE)

_queues: dict[str, threading.Lock] = {}  # one a SQLite file: the writers of this process
_engines: "weakref.WeakSet[Engine]" = weakref.WeakSet()
_inherited: list[object] = []  # a parent's pools: closing its SQLite handles in a child would drop its locks


class DatabaseError(Exception):
    """The database cannot be used as it is; the message says why and what to do, without a password."""


class Writer(sqlite3.Connection):
    """A SQLite connection whose writing transactions queue within the process, then BEGIN IMMEDIATE.

    Read-then-write under a plain BEGIN fails under load whatever the busy time-out: the lock is taken first.
    """

    path: str
    wait_seconds: float
    _queue: "threading.Lock | None" = None  # quoted: a function, not a class, before Python 3.13

    def start(self, *, reading: bool) -> None:
        """Begin. Raises sqlite3.OperationalError where the lock is not had within wait_seconds in all."""
        self._allow_writing(not reading)
        if reading:
            self.execute("BEGIN")
            return
        until = time.monotonic() + self.wait_seconds
        self._join_queue()
        try:
            left = max(0, math.ceil((until - time.monotonic()) * 1000))
            self.execute(f"PRAGMA busy_timeout = {left}")
            self.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._leave_queue()
            raise

    def commit(self) -> None:
        try:
            super().commit()
        except BaseException:
            self.rollback()  # SQLAlchemy puts a connection whose COMMIT failed back as it is: locked, mid-transaction
            raise
        self._leave_queue()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._leave_queue()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._leave_queue()

    def _allow_writing(self, writing: bool) -> None:
        self.execute(f"PRAGMA query_only = {'OFF' if writing else 'ON'}")

    def _join_queue(self) -> None:
        queue = _queues.setdefault(self.path, threading.Lock())
        if not queue.acquire(timeout=self.wait_seconds):
            raise sqlite3.OperationalError("database is locked: another writer of this process holds it")
        self._queue = queue

    def _leave_queue(self) -> None:
        queue, self._queue = self._queue, None
        if queue is not None:
            queue.release()


def connect(url: str, synchronous: str = "FULL", wait_seconds: float | None = 2.0) -> Engine:
    """An engine for `url`: sqlite:///FILE, postgres://..., postgresql://... . No connection is made yet.

    synchronous: SQLite's FULL or NORMAL. wait_seconds: how long a lock or a statement may take (None: for ever, for
    migrations and imports). Raises DatabaseError for a URL that cannot be used.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        engine = _sqlite(parsed, synchronous, wait_seconds)
    else:
        engine = _postgresql(parsed, wait_seconds)
    _engines.add(engine)
    return engine


def reading(engine: Engine) -> Engine:
    """The same engine and pool for transactions that only read."""
    return engine.execution_options(**READING)


def snapshot(engine: Engine) -> Engine:
    """The same for transactions of which all questions see one moment (see `be_patient`).

    On SQLite every reading transaction is one; PostgreSQL is asked for it.
    """
    if engine.dialect.name == "sqlite":
        return reading(engine)
    return engine.execution_options(**READING, isolation_level="REPEATABLE READ")


def be_patient(connection: Connection) -> None:
    """The questions of this transaction may take longer than a message may wait: nobody waits for a lock of theirs."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL statement_timeout = '{COUNTING}s'"))


def current(engine: Engine) -> str | None:
    """The revision the database is at; None where it was never migrated. Raises DatabaseError if unreachable."""
    try:
        with reading(engine).connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    except OperationalError as error:
        raise DatabaseError(f"{engine.url.render_as_string()}: cannot be reached: {_cause(error)}") from error


def head() -> str | None:
    """The revision this program works with: the one that no other is made upon. Read from the files: Alembic takes
    longer to load than most commands have to do.
    """
    files = (path.read_text(encoding="utf-8") for path in (MIGRATIONS / "versions").glob("[!_]*.py"))
    said = [(key, ast.literal_eval(value.strip())) for file in files for key, value in REVISION.findall(file)]
    below = {revision for key, revision in said if key == "down_revision"}
    return next((revision for key, revision in said if key == "revision" and revision not in below), None)


def require_head(engine: Engine) -> None:
    """Refuse a database at another revision. Raises DatabaseError naming `migrate`."""
    found, needed = current(engine), head()
    if found != needed:
        at = f"is at revision {found}" if found else "has no tables yet"
        raise DatabaseError(f"the database {at}, this program needs {needed}: run `python app.py migrate` first")


def migrate(url: str, revision: str = "head") -> None:
    """Bring the schema to `revision`, creating what is missing. Two at once wait for each other."""
    _run(url, "upgrade", revision)


def downgrade(url: str, revision: str) -> None:
    """Take the schema back to `revision` ("base": no table)."""
    _run(url, "downgrade", revision)


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseError("DATABASE_URL: not an address of a database") from error
    if parsed.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername in {"sqlite", "sqlite+pysqlite"} and parsed.database:
        return parsed.set(drivername="sqlite+pysqlite")
    raise DatabaseError(f"DATABASE_URL: {parsed.drivername}: use sqlite:///FILE or postgresql://...")


def _sqlite(url: URL, synchronous: str, wait_seconds: float | None) -> Engine:
    path = str(Path(str(url.database)).resolve())
    wait = 60.0 if wait_seconds is None else wait_seconds
    engine = create_engine(
        url,
        connect_args={"factory": Writer, "isolation_level": None, "timeout": wait, "check_same_thread": False},
        hide_parameters=True,  # people's words and phones never reach a log with an error
        pool_size=8,
        max_overflow=64,
        pool_timeout=wait,
    )

    def prepare(connection: Writer, record: object) -> None:
        connection.path, connection.wait_seconds = path, wait
        _write_ahead(connection, wait)
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA foreign_keys = ON")

    def begin(connection: Connection) -> None:
        raw: Any = connection.connection.dbapi_connection
        try:
            raw.start(reading=bool(connection.get_execution_options().get("reading")))
        except sqlite3.OperationalError as error:
            raise OperationalError("BEGIN", None, error) from error

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def _write_ahead(connection: sqlite3.Connection, wait: float) -> None:
    """Switch the file to WAL once. The busy time-out does not cover the switch, so two at once try again."""
    until = time.monotonic() + wait
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)


def _postgresql(url: URL, wait_seconds: float | None) -> Engine:
    options = ["-c timezone=UTC", "-c idle_in_transaction_session_timeout=60000"]
    arguments: dict[str, object] = {"connect_timeout": max(2, math.ceil(wait_seconds or 10))}  # libpq's least is 2 s
    if wait_seconds is not None:
        wait = round(wait_seconds * 1000)
        options += [f"-c lock_timeout={wait}", f"-c statement_timeout={wait}"]
        arguments["tcp_user_timeout"] = wait
    arguments["options"] = " ".join(options)
    return create_engine(
        url,
        connect_args=arguments,
        hide_parameters=True,
        pool_pre_ping=True,  # a server that was restarted costs a new connection, not an error
        pool_recycle=1800,
        pool_size=8,
        max_overflow=64,
        pool_timeout=wait_seconds or 30,
    )


def _run(url: str, step: str, revision: str) -> None:
    schema = importlib.import_module("models.schema")
    engine = connect(url, wait_seconds=None)
    try:
        with engine.connect() as connection:
            sqlite = connection.dialect.name == "sqlite"
            if sqlite:  # with them on, a rebuilt parent table silently takes its children with it
                _pragma(connection, "foreign_keys = OFF")
            with connection.begin():
                if not sqlite:
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
                getattr(schema, step)(connection, MIGRATIONS, revision)
                if sqlite:
                    _check_foreign_keys(connection)
    except OperationalError as error:
        raise DatabaseError(f"{engine.url.render_as_string()}: {_cause(error)}") from error
    finally:
        engine.dispose()


def _pragma(connection: Connection, words: str) -> None:
    """Some pragmas are silently ignored within a transaction: this one goes to the driver, outside of any."""
    raw: Any = connection.connection.dbapi_connection
    raw.execute(f"PRAGMA {words}")


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        raise DatabaseError(f"the migration would leave {len(broken)} rows pointing nowhere in {tables}: taken back")


def _cause(error: OperationalError) -> str:
    return str(error.orig).strip().splitlines()[0]


def _after_fork() -> None:
    """A child has its own lock queue and its own pools; it never touches a handle of its parent's."""
    _queues.clear()
    for engine in list(_engines):
        _inherited.append(engine.pool)
        engine.dispose(close=False)


os.register_at_fork(after_in_child=_after_fork)
