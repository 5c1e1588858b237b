"""The migration for many hands on a filled database: nothing else is lost, down and up again."""

from datetime import timedelta

from alembic.script import ScriptDirectory
from sqlmodel import Session, col, select

from models import Area, CallKind, CoHandler, ExternalCase, Level, Organisation, Post, Ticket, db
from tests.conftest import START
from tests.plumbing.test_migrations import counts, fill

OURS = {"cohandler", "externalcase"}


def test_hands_and_cases_go_and_come_and_all_else_stays(database: str) -> None:
    fill(database)
    _many_hands(database)
    before = counts(database)
    assert {before[name] for name in OURS} == {1, 2}

    db.downgrade(database, str(ScriptDirectory(str(db.MIGRATIONS)).get_revision("0010").down_revision))
    older = counts(database)  # tables that came later have gone as well
    assert older.items() <= before.items()
    assert not OURS & set(older)
    db.migrate(database)

    after = counts(database)
    assert after.keys() == before.keys()
    assert {after[name] for name in OURS} == {0}
    engine = db.connect(database)
    with Session(engine) as session:
        assert {area.co_area_id for area in session.exec(select(Area))} == {None}
    engine.dispose()
    _many_hands(database)
    assert counts(database)["externalcase"] == 2


def _many_hands(database: str) -> None:
    engine = db.connect(database)
    with Session(engine) as session:
        ticket = session.exec(select(Ticket).order_by(col(Ticket.id))).first()
        area = session.exec(select(Area)).first()
        post = session.exec(select(Post)).first()
        assert ticket is not None
        assert area is not None
        assert post is not None
        organisation = session.exec(select(Organisation)).first() or Organisation(
            code="o", name="o", kind="police", area_id=area.id
        )
        gate = session.exec(select(Area).where(Area.code == "g")).first() or Area(
            level=Level.PLACE, code="g", name="g", parent_id=area.id
        )
        gate.co_area_id = area.id
        session.add_all([organisation, gate])
        session.flush()
        session.add(
            CoHandler(
                ticket_id=ticket.id,
                organisation_id=organisation.id,
                kind=CallKind.WHISTLE,
                called_at=START,
                caller_post_id=post.id,
            )
        )
        session.add_all(
            ExternalCase(
                ticket_id=ticket.id, source="12345", number=str(n), received_at=START, due_at=START + timedelta(days=n)
            )
            for n in range(2)
        )
        session.commit()
    engine.dispose()
