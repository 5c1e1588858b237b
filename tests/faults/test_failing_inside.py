"""The database is locked, gone or full; understanding or acting fails: nothing is lost, nothing happens twice."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event, make_url, text
from sqlmodel import col, select

from bot import inbox, jobs
from bot.wording import Wording
from intents.understanding import Understanding
from intents.verdict import Verdict
from models import InboundState, Outgoing, TicketEvent, db
from tests.faults.conftest import House

HANGS_UP = 5.0  # seconds: WeChat's patience
IN_ALL = 3.5  # the configured two for a lock on SQLite, and a slow machine
REPAIR = "3栋2单元电梯又坏了"
GIVES_UP_AFTER = 8


class Baffled(Understanding):
    """An understanding that fails on every text."""

    version = "baffled"

    def __init__(self) -> None:
        """Nothing is loaded."""

    def read(self, text: str, setting: str, to_me: bool = False) -> Verdict:
        raise RecursionError("understanding failed")


class Speechless(Wording):
    """A wording that fails at one sentence and says the others."""

    def __init__(self, whole: Wording, missing: str) -> None:
        self._whole, self._missing = whole, missing

    def __call__(self, key: str, **blanks: object) -> str:
        if key == self._missing:
            raise KeyError(key)
        return self._whole(key, **blanks)


@contextmanager
def locked(database: str) -> Iterator[None]:
    """Somebody else holds the whole database for writing."""
    if database.startswith("sqlite"):
        path = make_url(database).database
        with closing(sqlite3.connect(str(path), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    engine = create_engine(database.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as other:
        other.execute(text("LOCK TABLE inbound IN ACCESS EXCLUSIVE MODE"))
        yield
    engine.dispose()


def test_a_locked_database_is_an_empty_503_in_time_and_nothing_is_broken_afterwards(
    house: House, database: str
) -> None:
    messages = [house.message(REPAIR, user="o-1", group=None), house.message("哈哈哈", user="u-1")]
    with locked(database):
        for message in messages:
            began = time.monotonic()
            response = house.tell(message)
            assert (response.status_code, response.data) == (503, b"")
            assert time.monotonic() - began < (IN_ALL if database.startswith("sqlite") else HANGS_UP)
    assert house.rows() == []
    assert [house.tell(message).status_code for message in messages] == [200, 204]
    assert [row.state for row in house.rows()] == [InboundState.DONE] * 2
    assert len(house.tickets()) == 1


def test_a_database_that_is_gone_is_an_empty_503_in_time(house: House, tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:9/gone" if "postgresql" in str(house.services.engine.url) else (
        f"sqlite:///{tmp_path / 'no-such-folder' / 'x.sqlite3'}"
    )  # fmt: skip
    gone = house.but(engine=db.connect(url))
    message = house.message(REPAIR, user="o-1", group=None)
    began = time.monotonic()
    response = gone.tell(message)
    assert (response.status_code, response.data) == (503, b"")
    assert time.monotonic() - began < HANGS_UP
    assert house.tell(message).status_code == 200
    assert len(house.tickets()) == 1


def test_a_commit_that_fails_costs_only_time(house: House, database: str) -> None:
    sqlite = database.startswith("sqlite")
    ended = refuse_commit_once(house) if sqlite else end_session_once(house, database)
    message = house.message(REPAIR, user="o-1", group=None)
    response = house.tell(message)
    assert ended == [True]
    assert (response.status_code, house.answer(response)) == (200, None)
    assert [row.state for row in house.rows()] == [InboundState.PENDING]
    assert (house.tickets(), effects(house)) == ([], (0, 0))
    settle(house)
    assert [row.state for row in house.rows()] == [InboundState.DONE]
    assert len(house.tickets()) == 1


def refuse_commit_once(house: House) -> list[bool]:
    """SQLite refuses the next COMMIT, as on a full or broken disk."""
    done: list[bool] = []

    def refuse(action: int, word: str | None, *rest: str | None) -> int:
        if action == sqlite3.SQLITE_TRANSACTION and word == "COMMIT" and not done:
            done.append(True)
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    event.listen(house.services.engine, "commit", lambda it: it.connection.dbapi_connection.set_authorizer(refuse))
    return done


def end_session_once(house: House, database: str) -> list[bool]:
    """An operator ends the session of the next commit, as a restarted server does."""
    done: list[bool] = []
    operator = create_engine(database.replace("postgresql://", "postgresql+psycopg://"))

    def end(connection: Any) -> None:
        if not done:
            done.append(True)
            pid = connection.connection.dbapi_connection.info.backend_pid
            with operator.begin() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            operator.dispose()

    event.listen(house.services.engine, "commit", end)
    return done


def test_whatever_keeps_even_the_row_from_being_stored_is_an_empty_503(house: House) -> None:
    def broken_clock() -> datetime:
        raise RuntimeError("no time")

    message = house.message(REPAIR, user="o-1", group=None)
    response = house.but(now=broken_clock).tell(message)
    assert (response.status_code, response.data) == (503, b"")
    assert house.tell(message).status_code == 200
    assert len(house.tickets()) == 1


@pytest.mark.parametrize("room", [0, 1, 2, 3, 4, 6, 9, 13])
def test_a_disk_that_is_full_somewhere_on_the_way_loses_and_doubles_nothing(sqlite_house: House, room: int) -> None:
    """room: pages that can still be written. SQLite says "database or disk is full", just as on a real one."""
    house = sqlite_house
    limit: list[int | None] = [None]
    event.listen(house.services.engine, "checkout", lambda raw, record, proxy: narrow(raw, limit[0]))
    with house.session() as session:
        pages = int(session.exec(text("PRAGMA page_count")).one()[0])  # type: ignore[call-overload]  # plain SQL
    limit[0] = pages + room
    said = [house.message(f"{n}栋1单元电梯又坏了{'，' + '好' * 900}", user=f"o-{n}", group=None) for n in range(1, 9)]
    first = [house.tell(message) for message in said]
    assert {response.status_code for response in first} <= {200, 503}
    assert 503 in {response.status_code for response in first} or room > 4, "the disk was never full"
    assert all(response.data == b"" for response in first if response.status_code == 503)
    stored = [len(house.rows(message)) for message in said]
    assert stored == [int(response.status_code == 200) for response in first]
    limit[0] = None
    again = [house.tell(message) for message in said]
    assert {response.status_code for response in again} == {200}
    settle(house)
    assert [[row.state for row in house.rows(message)] for message in said] == [[InboundState.DONE]] * len(said)
    assert [house.reports(ticket) for ticket in house.tickets()] == [1] * len(said)


def narrow(raw: Any, pages: int | None) -> None:
    """How large the file may grow from now on."""
    raw.execute(f"PRAGMA max_page_count = {pages or 1_000_000}")


def without_understanding(house: House) -> House:
    return house.but(understanding=Baffled())


def without_a_receipt(house: House) -> House:
    return house.but(wording=Speechless(house.services.wording, "receipt_private"))


def without_a_card(house: House) -> House:
    return house.but(wording=Speechless(house.services.wording, "card_repair"))


@pytest.mark.parametrize("break_it", [without_understanding, without_a_card, without_a_receipt])
def test_what_fails_inside_is_kept_alone_and_completed_later_exactly_once(
    house: House, break_it: Callable[[House], House]
) -> None:
    broken = break_it(house)
    message = broken.message(REPAIR, user="o-1", group=None)
    response = broken.tell(message)
    assert (response.status_code, house.answer(response)) == (200, None)
    (row,) = house.rows()
    assert (row.state, row.text, row.ticket_id) == (InboundState.PENDING, REPAIR, None)
    assert house.tickets() == []
    assert effects(house) == (0, 0), "half of a message's effects were kept"
    assert broken.tell(message).status_code == 200  # told again while it waits: still one row
    settle(house)
    assert house.tell(message).status_code == 200  # and once more when it is done
    (row,) = house.rows()
    (ticket,) = house.tickets()
    assert (row.state, row.ticket_id, house.reports(ticket)) == (InboundState.DONE, ticket.id, 1)
    with house.session() as session:  # nobody waits on the callback any more: the receipt is a line of its own
        lines = session.exec(select(Outgoing).where(col(Outgoing.key).startswith("answer:"))).all()
    assert [str(ticket.number) in line.text for line in lines] == [True]


def test_what_fails_for_ever_is_tried_eight_times_and_then_shown(house: House) -> None:
    broken = without_understanding(house)
    broken.tell(broken.message(REPAIR, user="o-1", group=None))
    for tried in range(1, GIVES_UP_AFTER + 1):
        (row,) = house.rows()
        assert (row.state, row.attempts) == (InboundState.PENDING, tried - 1)
        house.clock.forward(hours=2)
        jobs.resume_pending(broken.services, 5)
    (row,) = house.rows()
    assert (row.state, row.attempts, row.error) == (InboundState.GIVEN_UP, GIVES_UP_AFTER, "RecursionError")
    assert row.text == REPAIR
    settle(house)
    assert house.tickets() == []


def effects(house: House) -> tuple[int, int]:
    with house.session() as session:
        return len(session.exec(select(TicketEvent.id)).all()), len(session.exec(select(Outgoing.id)).all())


def settle(house: House) -> None:
    """Workers come by, for as long as it takes."""
    for _ in range(3):
        house.clock.at += timedelta(minutes=1)
        jobs.resume_pending(house.services, 10)
        inbox.clockwork(house.services)
