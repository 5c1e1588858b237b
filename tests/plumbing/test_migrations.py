"""Migrations on filled databases: nothing is lost on the way up, nothing is left on the way down."""

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select, table, text
from sqlmodel import Session, SQLModel
from sqlmodel import select as sqlmodel_select

from bot import finding
from models import (
    Account,
    Announcement,
    Area,
    Chat,
    ChatKind,
    Community,
    Inbound,
    Intent,
    Level,
    Outgoing,
    Person,
    Post,
    Report,
    Review,
    Role,
    Ticket,
    TicketEvent,
    db,
)
from tests.conftest import START

# A revision that changes a table others point to. SQLite rebuilds it: what becomes of the children is the question.
REBUILD = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade() -> None:
    with op.batch_alter_table("ticket") as batch:
        batch.add_column(sa.Column("colour", sa.String(8), nullable=True))
        batch.alter_column("matter", existing_type=sa.String(200), type_=sa.String(300), existing_nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("ticket") as batch:
        batch.drop_column("colour")
        batch.alter_column("matter", existing_type=sa.String(300), type_=sa.String(200), existing_nullable=False)
"""

FTS = "ticketsearch_fts"  # SQLite's full-text index: tables of its own, which follow ticketsearch
BEFORE_ANNOUNCEMENTS = "0001"

ORPHAN = """
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade() -> None:
    op.execute("DELETE FROM area")


def downgrade() -> None:
    pass
"""


def fill(url: str) -> None:
    """A ticket with everything around it."""
    engine = db.connect(url)
    with Session(engine) as session:
        area = Area(level=Level.ESTATE, code="e", name="e")
        session.add(area)
        session.flush()
        community = Community(area_id=area.id, code="XF")
        person = Person(name="李")
        account = Account(channel="paper", user_id="u", created_at=START)
        session.add_all([community, person, account])
        session.flush()
        post = Post(person_id=person.id, role=Role.UNIT_LEADER, area_id=area.id, starts_on=START.date())
        chat = Chat(channel="paper", external_id="c", kind=ChatKind.PRIVATE, account_id=account.id, created_at=START)
        session.add_all([post, chat])
        session.flush()
        session.add_all(
            Inbound(
                channel="paper",
                external_id=f"h{number}",
                chat_id=chat.id,
                account_id=account.id,
                kind="text",
                text="水停了",
                said_at=START,
                received_at=START,
            )
            for number in range(2)
        )
        session.flush()
        session.add(
            Announcement(
                area_id=area.id,
                supplies=["water"],
                words="停水",
                starts_at=START,
                ends_at=START + timedelta(hours=2),
                said_at=START,
                account_id=account.id,
                post_id=post.id,
                chat_id=chat.id,
            )
        )
        for number in range(3):
            ticket = Ticket(
                ref=f"2026-XF-{number}",
                number=number,
                year=2026,
                community_id=community.id,
                intent=Intent.REPAIR,
                category="lift",
                area_id=area.id,
                matter="电梯停了",
                opened_at=START,
                last_report_at=START,
                holder_post_id=post.id,
            )
            session.add(ticket)
            session.flush()
            event = TicketEvent(ticket_id=ticket.id, at=START, kind="opened")
            session.add_all([event, Report(ticket_id=ticket.id, account_id=account.id, at=START)])
            session.add(
                Review(chat_id=chat.id, area_id=area.id, setting="group", text="灯不亮", said_at=START,
                       intent=Intent.REPAIR, category="light", score=0.6, ticket_id=ticket.id, decided_by=person.id)
            )  # fmt: skip
            session.flush()
            for line in range(2):
                session.add(
                    Outgoing(
                        key=f"{number}:{line}",
                        chat_id=chat.id,
                        text="x",
                        ticket_id=ticket.id,
                        event_id=event.id,
                        created_at=START,
                        due_at=START + timedelta(minutes=1),
                    )
                )
        finding.keep_up(session)
        session.commit()
    engine.dispose()


def counts(url: str) -> dict[str, int]:
    engine = db.connect(url)
    with engine.connect() as connection:
        found_there = inspect(connection).get_table_names()
        names = [name for name in found_there if name != "alembic_version" and not name.startswith(FTS)]
        found = {name: connection.execute(select(func.count()).select_from(table(name))).scalar_one() for name in names}
    engine.dispose()
    return found


def not_fts(name: str | None, _kind: str, _parents: object) -> bool:
    """What Alembic compares: SQLite's full-text index is no table of the models, nor is PostgreSQL's over words."""
    return name is None or (not name.startswith(FTS) and name != "ix_ticketsearch_words")


@pytest.fixture
def revision(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more revision on top of the head, in a copy of the migrations, for the length of the test."""
    folder = tmp_path / "migrations"
    shutil.copytree(db.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9999_test.py").write_text(request.param.format(head=db.head()), encoding="utf-8")
    monkeypatch.setattr(db, "MIGRATIONS", folder)


def test_the_head_is_the_one_that_alembic_finds() -> None:
    assert db.head() == ScriptDirectory(str(db.MIGRATIONS)).get_current_head()


@pytest.mark.parametrize("revision", [REBUILD], indirect=True)
def test_one_more_revision_is_the_head(revision: None) -> None:
    assert db.head() == "9999" == ScriptDirectory(str(db.MIGRATIONS)).get_current_head()


def test_the_head_is_what_the_models_say(database: str) -> None:
    engine = db.connect(database)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": not_fts})
        differences = compare_metadata(context, SQLModel.metadata)
    engine.dispose()
    assert differences == []


def test_partial_indexes_are_partial_on_both_databases(database: str) -> None:
    engine = db.connect(database)
    with engine.connect() as connection:
        partial = {
            index["name"]
            for table in ("outgoing", "inbound", "timer", "question")
            for index in inspect(connection).get_indexes(table)
            if index.get("dialect_options", {}).get(f"{connection.dialect.name}_where") is not None
        }
    engine.dispose()
    assert {"ix_outgoing_due", "ix_outgoing_chat_open", "ix_outgoing_late", "ix_inbound_pending"} <= partial


def test_a_filled_database_goes_down_to_nothing_and_up_again(database: str) -> None:
    fill(database)
    assert counts(database)["outgoing"] == 6
    db.downgrade(database, "base")
    assert counts(database) == {}
    db.migrate(database)
    assert set(counts(database).values()) == {0}


def test_the_review_list_comes_and_goes_and_takes_nothing_else_with_it(database: str) -> None:
    fill(database)
    before = counts(database)
    assert before.pop("review") == 3
    db.downgrade(database, "0002")
    without = counts(database)  # tables that came later have gone as well
    assert without == {name: before[name] for name in without}
    assert "review" not in without
    db.migrate(database)
    assert counts(database)["review"] == 0


def test_the_planned_outages_go_and_come_and_all_else_stays(database: str) -> None:
    fill(database)
    before = counts(database)
    db.downgrade(database, BEFORE_ANNOUNCEMENTS)
    without = counts(database)
    assert before.pop("announcement") == 1
    assert {name: without[name] for name in before if name in without} == {
        name: count for name, count in before.items() if name in without
    }
    assert "announcement" not in without
    db.migrate(database)
    assert counts(database)["announcement"] == 0
    assert counts(database)["outgoing"] == before["outgoing"]


@pytest.mark.parametrize("revision", [REBUILD], indirect=True, ids=["rebuild"])
def test_rebuilding_a_parent_table_keeps_every_child_row(database: str, revision: None) -> None:
    fill(database)
    before = counts(database)
    db.migrate(database)
    assert counts(database) == before
    db.downgrade(database, "-1")
    assert counts(database) == before
    fills_again = db.connect(database)  # and the keys hold afterwards
    with fills_again.connect() as connection, pytest.raises(Exception, match=r"(?i)foreign key"):
        connection.execute(text("DELETE FROM ticket"))
    fills_again.dispose()


@pytest.mark.parametrize("revision", [ORPHAN], indirect=True, ids=["orphan"])
def test_a_migration_that_would_leave_orphans_is_taken_back(sqlite: str, revision: None) -> None:
    fill(sqlite)
    before, at = counts(sqlite), db.current(db.connect(sqlite))
    with pytest.raises(db.DatabaseError, match="pointing nowhere"):
        db.migrate(sqlite)
    assert counts(sqlite) == before
    assert db.current(db.connect(sqlite)) == at


def test_what_was_heard_before_listening_was_known_was_acted_upon(database: str) -> None:
    fill(database)
    before = counts(database)
    db.downgrade(database, "0001")
    old = counts(database)  # tables that came later have gone with what was in them
    assert old == {name: before[name] for name in old}
    db.migrate(database)
    assert {name: count for name, count in counts(database).items() if name in old} == old
    engine = db.connect(database)
    with Session(engine) as session:
        assert [row.listened for row in session.exec(sqlmodel_select(Inbound))] == [False, False]
    with engine.connect() as connection:
        kept = {index["name"] for index in inspect(connection).get_indexes("inbound")}
    engine.dispose()
    assert {"ix_inbound_pending", "ix_inbound_chatter", "ix_inbound_chat_id"} <= kept


def test_an_old_schema_is_refused_with_the_name_of_the_command(database: str) -> None:
    db.downgrade(database, "base")
    engine = db.connect(database)
    with pytest.raises(db.DatabaseError, match="migrate"):
        db.require_head(engine)
    engine.dispose()
    db.migrate(database)
    engine = db.connect(database)
    db.require_head(engine)
    engine.dispose()


def test_two_who_migrate_at_once_both_succeed(database: str, python: str, environment: dict[str, str]) -> None:
    db.downgrade(database, "base")
    program = "import sys; from models import db; db.migrate(sys.argv[1])"
    both = [subprocess.Popen([python, "-c", program, database], env=environment) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert db.current(db.connect(database)) == db.head()


def test_an_unreachable_database_is_named_without_its_password() -> None:
    with pytest.raises(db.DatabaseError) as caught:
        db.current(db.connect("postgresql://someone:hidden@127.0.0.1:1/nothing"))
    assert "hidden" not in str(caught.value)
    assert "127.0.0.1" in str(caught.value)
