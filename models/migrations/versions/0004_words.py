"""versions of the words, and which one is in force."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "keywordversion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["keywordversion.id"], name=op.f("fk_keywordversion_parent_id_keywordversion")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_keywordversion_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keywordversion")),
    )
    op.create_index(op.f("ix_keywordversion_digest"), "keywordversion", ["digest"])
    op.create_table(
        "currentwords",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["keywordversion.id"], name=op.f("fk_currentwords_version_id_keywordversion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_currentwords")),
    )


def downgrade() -> None:
    op.drop_table("currentwords")
    op.drop_table("keywordversion")
