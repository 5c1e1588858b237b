"""The migration for the words on a filled database: what else is there stays, down and up again."""

from pathlib import Path

from alembic.script import ScriptDirectory
from sqlmodel import Session, select

from bot.words import bundle, current_id
from models import CurrentWords, KeywordVersion, Ticket, db
from tests.conftest import START
from tests.plumbing.test_migrations import counts, fill

OURS = {"keywordversion", "currentwords"}
KEYWORDS = Path(__file__).parents[2] / "keywords"


def test_versions_of_the_words_go_and_everything_else_stays(database: str) -> None:
    fill(database)
    content = bundle.pack(KEYWORDS)
    _publish_two(database, content)
    before = counts(database)
    assert (before["keywordversion"], before["currentwords"]) == (2, 1)

    db.downgrade(database, str(ScriptDirectory(str(db.MIGRATIONS)).get_revision("0004").down_revision))
    older = counts(database)  # tables that came later have gone as well
    assert older.items() <= before.items()
    assert not OURS & set(older)
    db.migrate(database)

    after = counts(database)
    assert after.keys() == before.keys()
    assert after.items() >= older.items()
    assert {after[name] for name in OURS} == {0}
    _publish_two(database, content)
    engine = db.connect(database)
    with Session(engine) as session:
        assert current_id(session) == max(session.exec(select(KeywordVersion.id)))
        assert {row.content for row in session.exec(select(KeywordVersion))} == {content}
        assert len(session.exec(select(Ticket)).all()) == before["ticket"]
    engine.dispose()


def _publish_two(database: str, content: bytes) -> None:
    engine = db.connect(database)
    with Session(engine) as session:
        parent: int | None = None
        for _ in range(2):
            row = KeywordVersion(
                created_at=START, author="x", parent_id=parent, digest="d", content=content, published_at=START
            )
            session.add(row)
            session.flush()
            parent = row.id
        session.add(CurrentWords(version_id=parent, since=START, by="x"))
        session.commit()
    engine.dispose()
