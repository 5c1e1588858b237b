"""The migration for merges on a filled database: nothing is lost on the way down, nothing on the way up again."""

from alembic.script import ScriptDirectory
from sqlmodel import Session, col, select

from models import Outgoing, Report, Ticket, db
from tests.plumbing.test_migrations import counts, fill


def test_merges_go_down_and_up_again_with_every_row(database: str) -> None:
    fill(database)
    _merge_two(database)
    before = counts(database)

    db.downgrade(database, str(ScriptDirectory(str(db.MIGRATIONS)).get_revision("0006").down_revision))
    without = counts(database)  # tables that came later have gone as well
    assert without == {name: before[name] for name in without}
    db.migrate(database)

    assert counts(database) == before
    engine = db.connect(database)
    with Session(engine) as session:
        assert {ticket.merged_into_id for ticket in session.exec(select(Ticket))} == {None}
        assert {line.gathers for line in session.exec(select(Outgoing))} == {None}
        assert all(report.ticket_id for report in session.exec(select(Report)))
    engine.dispose()


def _merge_two(database: str) -> None:
    engine = db.connect(database)
    with Session(engine) as session:
        first, second = session.exec(select(Ticket).order_by(col(Ticket.ref)).limit(2)).all()
        second.merged_into_id = first.id
        session.exec(select(Outgoing)).first().gathers = [first.id, second.id]  # type: ignore[union-attr]  # filled
        session.commit()
    engine.dispose()
