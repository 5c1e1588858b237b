"""What was sent along with messages: all of it named on the message, and kept in rows of its own once fetched."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

REFUSED = "media_error = 'refused'"
OWED = "media_due_at IS NOT NULL AND ticket_id IS NOT NULL"

# A picture with words was kept as text; nothing else of it is known.
_NAMED = {
    "sqlite": """json_array(json_object('kind', CASE kind WHEN 'text' THEN 'image' ELSE kind END, 'id', media_id,
                                        'url', NULL, 'name', NULL))""",
    "postgresql": """json_build_array(json_build_object('kind', CASE kind WHEN 'text' THEN 'image' ELSE kind END,
                                                        'id', media_id, 'url', NULL, 'name', NULL))""",
}
_FIRST = {"sqlite": "json_extract(media, '$[0].id')", "postgresql": "media -> 0 ->> 'id'"}


def upgrade() -> None:
    op.add_column("inbound", sa.Column("media", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("inbound", sa.Column("media_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("inbound", sa.Column("media_attempts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("inbound", sa.Column("media_error", sa.String(length=16), nullable=True))
    named = _NAMED[op.get_bind().dialect.name]
    op.execute(f"UPDATE inbound SET media = {named} WHERE media_id IS NOT NULL")  # noqa: S608 - words of our own
    op.drop_column("inbound", "media_id")
    for name, column, where in (
        ("ix_inbound_media_due", "media_due_at", OWED),
        ("ix_inbound_media_refused", "received_at", REFUSED),
    ):
        op.create_index(name, "inbound", [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inbound_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("content_type", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erase_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["inbound_id"], ["inbound.id"], name=op.f("fk_attachment_inbound_id_inbound")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("inbound_id", "place", name=op.f("uq_attachment_inbound_id_place")),
    )
    op.create_index(op.f("ix_attachment_erase_at"), "attachment", ["erase_at"])
    op.create_table(
        "attachmentdata",
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_attachmentdata_attachment_id_attachment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_attachmentdata")),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("attachmentdata")
    op.drop_table("attachment")
    op.drop_index("ix_inbound_media_refused", table_name="inbound")
    op.drop_index("ix_inbound_media_due", table_name="inbound")
    op.add_column("inbound", sa.Column("media_id", sa.String(length=255), nullable=True))
    first = _FIRST[op.get_bind().dialect.name]
    op.execute(f"UPDATE inbound SET media_id = {first} WHERE media IS NOT NULL")  # noqa: S608 - words of our own
    for column in ("media_error", "media_attempts", "media_due_at", "media"):
        op.drop_column("inbound", column)
