"""What leaders, staff and companies are to be reminded of, gathered for one line a day."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_reminder_post_id_post")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_reminder_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "ticket_id", "post_id", "kind", "since", name=op.f("uq_reminder_ticket_id_post_id_kind_since")
        ),
    )
    with op.batch_alter_table("reminder") as batch:
        batch.create_index(op.f("ix_reminder_ticket_id"), ["ticket_id"])
        batch.create_index(op.f("ix_reminder_post_id"), ["post_id"])
        batch.create_index(op.f("ix_reminder_settled_at"), ["settled_at"])
        batch.create_index(
            "ix_reminder_waiting",
            ["post_id"],
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )


def downgrade() -> None:
    op.drop_table("reminder")
