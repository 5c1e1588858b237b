"""the review list."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inbound_id", sa.Integer(), nullable=True),
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("setting", sa.String(length=8), nullable=False),
        sa.Column("about_office", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("intent", sa.String(length=24), nullable=False),
        sa.Column("category", sa.String(length=24), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("leader_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leader_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("label_intent", sa.String(length=24), nullable=True),
        sa.Column("label_category", sa.String(length=24), nullable=True),
        sa.Column("learning", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_review_area_id_area")),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_review_chat_id_chat")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_review_decided_by_person")),
        sa.ForeignKeyConstraint(["inbound_id"], ["inbound.id"], name=op.f("fk_review_inbound_id_inbound")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_review_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("inbound_id", name=op.f("uq_review_inbound_id")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index("ix_review_area_state", ["area_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_chat_id"), ["chat_id"], unique=False)
        batch_op.create_index(
            "ix_review_expiry",
            ["expires_at"],
            unique=False,
            sqlite_where=sa.text("expires_at IS NOT NULL"),
            postgresql_where=sa.text("expires_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_review_leader",
            ["leader_due_at"],
            unique=False,
            sqlite_where=sa.text("leader_due_at IS NOT NULL"),
            postgresql_where=sa.text("leader_due_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_review_ticket_id"), ["ticket_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_ticket_id"))
        batch_op.drop_index(
            "ix_review_leader",
            sqlite_where=sa.text("leader_due_at IS NOT NULL"),
            postgresql_where=sa.text("leader_due_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_review_expiry",
            sqlite_where=sa.text("expires_at IS NOT NULL"),
            postgresql_where=sa.text("expires_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_review_chat_id"))
        batch_op.drop_index("ix_review_area_state")

    op.drop_table("review")
