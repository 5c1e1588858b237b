"""The migration for duties on a filled database: what is its own goes, everything else stays, down and up again."""

from datetime import date, time

from alembic.script import ScriptDirectory
from sqlmodel import Session, select

from models import Absence, Account, Area, BindRequest, DutyShift, Kin, Person, Post, db
from tests.conftest import START
from tests.plumbing.test_migrations import counts, fill

OURS = {"absence", "bindrequest", "dutyshift", "kin"}


def test_duties_go_and_come_and_all_else_stays(database: str) -> None:
    fill(database)
    _people_on_duty(database)
    before = counts(database)
    assert {before[name] for name in OURS} == {1}

    db.downgrade(database, str(ScriptDirectory(str(db.MIGRATIONS)).get_revision("0008").down_revision))
    older = counts(database)
    assert older.items() <= before.items()
    assert not OURS & set(older)
    db.migrate(database)

    after = counts(database)
    assert {after[name] for name in OURS} == {0}
    assert after.items() >= older.items()
    engine = db.connect(database)
    with Session(engine) as session:
        assert [(post.duties, post.end_told) for post in session.exec(select(Post))] == [([], None)]
        assert [account.bound_by for account in session.exec(select(Account))] == [None]
    engine.dispose()


def _people_on_duty(database: str) -> None:
    engine = db.connect(database)
    with Session(engine) as session:
        area, person = session.exec(select(Area)).one(), session.exec(select(Person)).one()
        account, post = session.exec(select(Account)).one(), session.exec(select(Post)).one()
        other = Person(name="陈")
        session.add(other)
        session.flush()
        post.duties, post.end_told = ["safety"], date(2026, 12, 31)
        account.bound_area_id, account.bound_by, account.bound_at = area.id, "staff", START
        session.add_all([
            Absence(person_id=person.id, post_id=post.id, starts_at=START, recorded_at=START),
            DutyShift(area_id=area.id, person_id=person.id, starts=time(18), ends=time(8), from_on=START.date()),
            Kin(person_id=person.id, kin_id=other.id),
            BindRequest(account_id=account.id, area_id=area.id, asked_at=START, post_id=post.id),
        ])  # fmt: skip
        session.commit()
    engine.dispose()
