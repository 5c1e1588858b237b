"""models.db: transactions that wait, and end waiting, as they should."""

import os
import threading
import time

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session, col, select

from bot import delivery, owed, pending
from models import Area, Level, db
from tests.conftest import START


def area(code: str) -> Area:
    return Area(level=Level.ESTATE, code=code, name=code)


def test_read_then_write_by_many_threads_never_fails(database: str) -> None:
    engine = db.connect(database)
    with Session(engine) as session:
        session.add(area("0"))
        session.commit()
    failures: list[Exception] = []

    def work() -> None:
        for _ in range(20):
            try:
                with Session(engine) as session:
                    row = session.exec(select(Area).with_for_update()).one()
                    row.name = str(int(row.code) + 1)
                    row.code = row.name
                    session.commit()
            except OperationalError as error:
                failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(engine) as session:
        assert session.exec(select(Area)).one().code == "120"
    assert failures == []


@pytest.mark.parametrize("same_engine", [True, False], ids=["within one process", "from another connection pool"])
def test_a_wait_for_a_lock_ends_in_time(database: str, same_engine: bool) -> None:
    engine = db.connect(database, wait_seconds=0.4)
    other = engine if same_engine else db.connect(database, wait_seconds=0.4)
    with Session(engine) as first:
        first.add(area("a"))
        first.commit()
        first.exec(select(Area).with_for_update()).all()
        began = time.monotonic()
        with Session(other) as second, pytest.raises(OperationalError):
            second.exec(select(Area).with_for_update()).all()
        assert 0.3 < time.monotonic() - began < 1.5
    with Session(other) as second:  # and afterwards the lock is free again
        assert len(second.exec(select(Area).with_for_update()).all()) == 1


def test_a_reading_transaction_cannot_write_and_does_not_wait_for_a_writer(database: str) -> None:
    engine = db.connect(database, wait_seconds=0.4)
    with Session(engine) as writer:
        writer.add(area("a"))
        writer.flush()
        with Session(db.reading(engine)) as reader:
            assert reader.exec(select(Area)).all() == []
            reader.add(area("b"))
            with pytest.raises(DBAPIError):
                reader.flush()
        writer.commit()
    with Session(engine) as writer:  # the same pooled connection writes again
        writer.add(area("c"))
        writer.commit()
        assert len(writer.exec(select(Area).order_by(col(Area.id))).all()) == 2


def test_foreign_keys_hold(database: str) -> None:
    with Session(db.connect(database)) as session:
        session.add(Area(level=Level.ESTATE, code="x", name="x", parent_id=99))
        with pytest.raises(DBAPIError):
            session.commit()


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "sqlite://", "oracle://u:secret@h/d"])
def test_an_address_that_cannot_be_used_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(db.DatabaseError) as caught:
        db.connect(url)
    assert "secret" not in str(caught.value)


def test_both_spellings_of_postgresql_are_understood(postgresql: str) -> None:
    for scheme in ("postgres://", "postgresql://", "postgresql+psycopg://"):
        engine = db.connect(postgresql.replace("postgresql://", scheme))
        assert db.current(engine) == db.head()
        engine.dispose()


def test_an_engine_may_be_carried_across_a_fork(database: str) -> None:
    engine = db.connect(database)
    with Session(engine) as session:
        session.add(area("parent"))
        session.commit()
    with Session(engine) as held:  # the parent's connection and its lock are in use while it forks
        held.add(area("held"))
        held.flush()
        child = os.fork()
        if child == 0:
            with Session(db.reading(engine)) as session:
                seen = len(session.exec(select(Area)).all())
            os._exit(seen)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
        held.commit()
    child = os.fork()
    if child == 0:
        with Session(engine) as session:
            session.add(area("child"))
            session.commit()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    with Session(engine) as session:
        assert sorted(session.exec(select(Area.code)).all()) == ["child", "held", "parent"]


def test_what_people_said_does_not_stand_in_an_error(database: str) -> None:
    with Session(db.connect(database)) as session:
        session.add(Area(level=Level.ESTATE, code="x", name="李奶奶家漏水", parent_id=99))
        with pytest.raises(DBAPIError) as caught:
            session.commit()
    assert "李奶奶" not in str(caught.value)


def test_what_is_asked_every_second_walks_no_table(sqlite: str) -> None:
    engine = db.connect(sqlite)
    asked: list[tuple[str, tuple[object, ...]]] = []
    event.listen(engine, "before_cursor_execute", lambda *call: asked.append((call[2], call[3])))
    with Session(engine) as session:
        delivery.claim(session, START, channel="x")
        delivery.due_channels(session, START)
        owed.any_overdue(session, START)
        owed.any_chatter(session, START)
        pending.due(session, START)
        statements = list(asked)
        assert len(statements) >= 5
        for statement, values in statements:
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
            assert not [step[3] for step in plan if str(step[3]).startswith("SCAN")]
