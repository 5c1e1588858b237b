"""The console's migration on a filled database: old tickets are found by their words, and nothing else is touched."""

from sqlalchemy import text
from sqlmodel import Session, col, select

from bot import finding
from models import Report, Ticket, db
from tests.plumbing.test_migrations import counts, fill

BEFORE = "0012"


def found(url: str, words: str) -> list[str]:
    engine = db.connect(url)
    with Session(engine) as session:
        condition = finding.found_by(session, words)
        assert condition is not None
        refs = [ticket.ref for ticket in session.exec(select(Ticket).where(condition).order_by(col(Ticket.id)))]
    engine.dispose()
    return refs


def test_what_was_there_before_is_found_by_its_words(database: str) -> None:
    fill(database)
    engine = db.connect(database)
    with Session(engine) as session:
        voice = session.exec(select(Report).where(Report.ticket_id == 2)).one()
        voice.words = "楼道灯不亮"
        session.add(voice)
        session.commit()
    engine.dispose()
    before = counts(database)
    db.downgrade(database, BEFORE)
    without = counts(database)
    assert without == {name: before[name] for name in without}
    assert "usersession" not in without
    db.migrate(database)
    assert found(database, "电梯") == ["2026-XF-0", "2026-XF-1", "2026-XF-2"]
    assert found(database, "楼道 灯") == ["2026-XF-1"]
    assert found(database, "下水道") == []
    assert counts(database) == before | {"ticketsearch": 3}


def test_the_index_follows_the_table_by_itself(database: str) -> None:
    fill(database)
    db.downgrade(database, BEFORE)
    db.migrate(database)
    engine = db.connect(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE ticketsearch SET tokens = '水管 漏水' WHERE ticket_id = 1"))
        connection.execute(text("DELETE FROM ticketsearch WHERE ticket_id = 2"))
    engine.dispose()
    assert found(database, "漏水") == ["2026-XF-0"]
    assert found(database, "电梯") == ["2026-XF-2"]
