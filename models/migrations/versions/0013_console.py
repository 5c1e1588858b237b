"""The console: passwords and second factors, who is signed in, saved views, and the words tickets are found by."""

import sqlalchemy as sa
from alembic import op

from intents.searching import words_of

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OPEN = "status IN ('new', 'dispatched', 'accepted', 'waiting', 'paused', 'transferred', 'reopened')"
BATCH = 500  # tickets whose words are in memory at once

# The index follows the table by itself, whoever writes it.
FTS = (
    "CREATE VIRTUAL TABLE ticketsearch_fts USING fts5("
    "tokens, content='ticketsearch', content_rowid='ticket_id', tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER ticketsearch_added AFTER INSERT ON ticketsearch BEGIN "
    "INSERT INTO ticketsearch_fts(rowid, tokens) VALUES (new.ticket_id, new.tokens); END",
    "CREATE TRIGGER ticketsearch_removed AFTER DELETE ON ticketsearch BEGIN "
    "INSERT INTO ticketsearch_fts(ticketsearch_fts, rowid, tokens) VALUES ('delete', old.ticket_id, old.tokens); END",
    "CREATE TRIGGER ticketsearch_changed AFTER UPDATE ON ticketsearch BEGIN "
    "INSERT INTO ticketsearch_fts(ticketsearch_fts, rowid, tokens) VALUES ('delete', old.ticket_id, old.tokens); "
    "INSERT INTO ticketsearch_fts(rowid, tokens) VALUES (new.ticket_id, new.tokens); END",
)
# Not to_tsvector: the words are cut already, and its parser would cut some of them again.
GIN = "CREATE INDEX ix_ticketsearch_words ON ticketsearch USING gin (array_to_tsvector(string_to_array(tokens, ' ')))"


def upgrade() -> None:
    with op.batch_alter_table("user_") as batch:
        batch.add_column(sa.Column("password_hash", sa.String(length=255), nullable=True))
        batch.add_column(sa.Column("password_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("totp_sealed", sa.String(length=255), nullable=True))
        batch.add_column(sa.Column("totp_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("totp_step", sa.Integer(), nullable=False, server_default="0"))
    _signed_in()
    _views()
    _lists()
    _searching()


def _signed_in() -> None:
    op.create_table(
        "usersession",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("browser", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_.id"], name=op.f("fk_usersession_user_id_user_")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usersession")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_usersession_token_hash")),
    )
    op.create_index(op.f("ix_usersession_user_id"), "usersession", ["user_id"])
    op.create_index(op.f("ix_usersession_expires_at"), "usersession", ["expires_at"])
    op.create_table(
        "recoverycode",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_.id"], name=op.f("fk_recoverycode_user_id_user_")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recoverycode")),
    )
    op.create_index(op.f("ix_recoverycode_user_id"), "recoverycode", ["user_id"])
    op.create_table(
        "loginfailure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loginfailure")),
    )
    op.create_index("ix_loginfailure_key_at", "loginfailure", ["key", "at"])
    op.create_index(op.f("ix_loginfailure_at"), "loginfailure", ["at"])


def _views() -> None:
    op.create_table(
        "savedview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_.id"], name=op.f("fk_savedview_user_id_user_")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_savedview")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_savedview_user_id_name")),
    )


def _lists() -> None:
    """A page of tickets is read from an index in its order, however many are closed."""
    op.create_index("ix_rating_at", "rating", ["at"])
    op.create_index("ix_ticket_newest", "ticket", ["opened_at", "id"])
    for name, column in (("ix_ticket_open_due", "resolve_due_at"), ("ix_ticket_open_newest", "opened_at")):
        op.create_index(name, "ticket", [column, "id"], sqlite_where=sa.text(OPEN), postgresql_where=sa.text(OPEN))


def _searching() -> None:
    op.create_table(
        "ticketsearch",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticketsearch_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_ticketsearch")),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in FTS if sqlite else (GIN,):
        op.execute(statement)
    _fill()


def _fill() -> None:
    """The words of the tickets there are, some hundred at a time: neither memory nor one statement holds them all."""
    bind, last = op.get_bind(), 0
    while True:
        rows = bind.execute(
            sa.text("SELECT id, matter, location, building, unit FROM ticket WHERE id > :last ORDER BY id LIMIT :most"),
            {"last": last, "most": BATCH},
        ).all()
        if not rows:
            return
        said: dict[int, list[str]] = {row.id: [] for row in rows}
        voices = bind.execute(
            sa.text("SELECT ticket_id, words FROM report WHERE ticket_id > :last AND ticket_id <= :end ORDER BY id"),
            {"last": last, "end": rows[-1].id},
        )
        for voice in voices:
            said[voice.ticket_id].append(voice.words or "")
        filled = [
            {"ticket_id": r.id, "tokens": words_of(r.matter, r.location, r.building, r.unit, said[r.id])} for r in rows
        ]
        bind.execute(sa.text("INSERT INTO ticketsearch (ticket_id, tokens) VALUES (:ticket_id, :tokens)"), filled)
        last = rows[-1].id


def downgrade() -> None:
    op.drop_index("ix_rating_at", table_name="rating")
    for name in ("ix_ticket_open_newest", "ix_ticket_open_due", "ix_ticket_newest"):
        op.drop_index(name, table_name="ticket")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE ticketsearch_fts")
    for table in ("ticketsearch", "savedview", "loginfailure", "recoverycode", "usersession"):
        op.drop_table(table)
    with op.batch_alter_table("user_") as batch:
        for column in ("totp_step", "totp_at", "totp_sealed", "must_change", "password_at", "password_hash"):
            batch.drop_column(column)
