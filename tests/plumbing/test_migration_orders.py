"""The migration for orders on a filled database: every row stays, and posts get an empty list of skills."""

from alembic.script import ScriptDirectory
from sqlmodel import Session, select

from models import Mode, Offer, Order, Post, Ticket, db
from tests.conftest import START
from tests.plumbing.test_migrations import counts, fill


def test_orders_go_down_and_up_again_and_nothing_else_with_them(database: str) -> None:
    fill(database)
    _offer_one(database)
    before = counts(database)
    assert (before.pop("order_"), before.pop("offer")) == (1, 1)

    db.downgrade(database, str(ScriptDirectory(str(db.MIGRATIONS)).get_revision("0009").down_revision))
    without = counts(database)
    assert without == {name: before[name] for name in without}
    db.migrate(database)

    after = counts(database)
    assert (after.pop("order_"), after.pop("offer")) == (0, 0)
    assert after == before
    engine = db.connect(database)
    with Session(engine) as session:
        assert [post.skills for post in session.exec(select(Post))] == [[]]
    engine.dispose()


def _offer_one(database: str) -> None:
    engine = db.connect(database)
    with Session(engine) as session:
        ticket, post = session.exec(select(Ticket)).first(), session.exec(select(Post)).one()
        assert ticket is not None
        post.skills = ["errands"]
        session.add(Order(ticket_id=ticket.id, mode=Mode.CLAIM, skills=["errands"]))
        session.add(Offer(ticket_id=ticket.id, person_id=post.person_id, post_id=post.id, offered_at=START))
        session.commit()
    engine.dispose()
