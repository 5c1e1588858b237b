"""The migration for due times on a filled database: nothing is lost on the way down, nothing on the way up again."""

from datetime import timedelta

from sqlmodel import Session, col, select

from models import Ticket, db
from tests.conftest import START
from tests.plumbing.test_migrations import counts, fill

OWN, BEFORE = "0007", "0006"


def test_what_due_times_are_counted_from_comes_and_goes_with_every_row_kept(database: str) -> None:
    fill(database)
    _count_one(database)
    db.downgrade(database, OWN)  # tables that came later are not asked about here
    before = counts(database)

    db.downgrade(database, BEFORE)
    assert counts(database) == before
    db.migrate(database)

    assert before.items() <= counts(database).items()
    engine = db.connect(database)
    with Session(engine) as session:
        rows = session.exec(select(Ticket).order_by(col(Ticket.id))).all()
        assert [row.stood for row in rows] == [[], [], []]
        assert {(row.calendar, row.resolve_hours) for row in rows} == {(None, None)}
        assert rows[0].resolve_due_at == START + timedelta(hours=7)  # the promise itself is older than this
    engine.dispose()


def _count_one(database: str) -> None:
    engine = db.connect(database)
    with Session(engine) as session:
        ticket = session.exec(select(Ticket).order_by(col(Ticket.id))).all()[0]
        ticket.resolve_from_at, ticket.resolve_hours, ticket.calendar = START, 7.0, "always"
        ticket.resolve_due_at = START + timedelta(hours=7)
        ticket.stood = [[START.isoformat(), START.isoformat()]]
        session.commit()
    engine.dispose()
