"""The migration for duties on a filled database: what was there stays, and counts as reported."""

from datetime import timedelta

from alembic.script import ScriptDirectory
from sqlmodel import Session, select

from models import Area, Origin, RecurringDuty, Ticket, db
from tests.conftest import START
from tests.plumbing.test_migrations import counts, fill


def test_duties_go_down_and_up_again_and_every_ticket_stays(database: str) -> None:
    fill(database)
    _with_a_duty(database)
    before = counts(database)
    assert before.pop("recurringduty") == 1

    db.downgrade(database, str(ScriptDirectory(str(db.MIGRATIONS)).get_revision("0011").down_revision))
    without = counts(database)
    assert "recurringduty" not in without
    assert without == {name: before[name] for name in without}
    db.migrate(database)

    after = counts(database)
    assert after.pop("recurringduty") == 0
    assert {name: after[name] for name in without} == without
    engine = db.connect(database)
    with Session(engine) as session:
        tickets = session.exec(select(Ticket)).all()
        assert {(ticket.origin, ticket.duty_id, ticket.look_again_on) for ticket in tickets} == {
            (Origin.REPORT, None, None)
        }
    engine.dispose()


def _with_a_duty(database: str) -> None:
    engine = db.connect(database)
    with Session(engine) as session:
        today = START.date()
        area = session.exec(select(Area)).one()
        duty = RecurringDuty(area_id=area.id, title="清理", every_days=7, starts_on=today, created_at=START)
        session.add(duty)
        session.flush()
        ticket = session.exec(select(Ticket)).first()
        assert ticket is not None
        ticket.duty_id, ticket.origin, ticket.look_again_on = duty.id, Origin.DUTY, today + timedelta(days=9)
        session.commit()
    engine.dispose()
