"""What was sent along before attachments were kept: named on its message as before, and back again."""

from sqlalchemy import text

from models import db
from tests.plumbing.test_migrations import counts, fill

BEFORE = "0017"


def asked(url: str, query: str) -> list[tuple[object, ...]]:
    engine = db.connect(url)
    with engine.begin() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return found


def test_what_was_sent_along_is_named_on_the_way_up_and_on_the_way_down(database: str) -> None:
    fill(database)
    before = counts(database)
    db.downgrade(database, BEFORE)
    engine = db.connect(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE inbound SET media_id = 'p-\"1', kind = 'image' WHERE external_id = 'h0'"))
        connection.execute(text("UPDATE inbound SET media_id = 'p2' WHERE external_id = 'h1'"))
    engine.dispose()
    db.migrate(database)
    assert counts(database) == before
    kinds = {"sqlite": "json_extract(media, '$[0].kind')", "postgresql": "media -> 0 ->> 'kind'"}
    kind = kinds[database.split(":", maxsplit=1)[0].split("+", maxsplit=1)[0]]
    found = asked(database, f"SELECT external_id, {kind}, media_due_at FROM inbound ORDER BY external_id")  # noqa: S608
    assert found[:2] == [("h0", "image", None), ("h1", "image", None)]
    db.downgrade(database, BEFORE)
    back = asked(database, "SELECT external_id, media_id FROM inbound WHERE media_id IS NOT NULL ORDER BY external_id")
    assert back == [("h0", 'p-"1'), ("h1", "p2")]
    db.migrate(database)
