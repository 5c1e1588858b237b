"""Drafts of the words: what somebody is changing, before it is a version."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wordsdraft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("base_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_wordsdraft_person_id_person")),
        sa.ForeignKeyConstraint(["base_id"], ["keywordversion.id"], name=op.f("fk_wordsdraft_base_id_keywordversion")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["keywordversion.id"], name=op.f("fk_wordsdraft_version_id_keywordversion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wordsdraft")),
    )
    op.create_table(
        "wordschange",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("file", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["wordsdraft.id"], name=op.f("fk_wordschange_draft_id_wordsdraft")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_wordschange_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wordschange")),
    )
    op.create_index(op.f("ix_wordschange_draft_id"), "wordschange", ["draft_id"])


def downgrade() -> None:
    op.drop_table("wordschange")
    op.drop_table("wordsdraft")
