"""Passages being written, rosters looked at, the register of erasures, and when a token was last used."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("token", sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "policydraft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("passage", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("base_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["base_id"], ["keywordversion.id"], name=op.f("fk_policydraft_base_id_keywordversion")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_policydraft_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policydraft")),
        sa.UniqueConstraint("passage", name=op.f("uq_policydraft_passage")),
    )
    op.create_table(
        "rosterupload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_.id"], name=op.f("fk_rosterupload_user_id_user_")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rosterupload")),
        sa.UniqueConstraint("user_id", name=op.f("uq_rosterupload_user_id")),
    )
    op.create_index(op.f("ix_rosterupload_uploaded_at"), "rosterupload", ["uploaded_at"])
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("ordered_by", sa.Integer(), nullable=True),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_erasure_area_id_area")),
        sa.ForeignKeyConstraint(["ordered_by"], ["person.id"], name=op.f("fk_erasure_ordered_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index(op.f("ix_erasure_area_id"), "erasure", ["area_id"])
    op.create_index(op.f("ix_erasure_at"), "erasure", ["at"])


def downgrade() -> None:
    op.drop_table("erasure")
    op.drop_table("rosterupload")
    op.drop_table("policydraft")
    with op.batch_alter_table("token") as batch:
        batch.drop_column("last_used_at")
