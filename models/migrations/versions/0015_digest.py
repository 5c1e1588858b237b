"""Digests, kept as they were told; and indexes by which a community's days are counted without reading its years."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BY_DAYS = (("ix_ticket_community_opened", "opened_at"), ("ix_ticket_community_resolved", "resolved_at"))


def upgrade() -> None:
    op.create_table(
        "keptdigest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_keptdigest_community_id_community")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keptdigest")),
        sa.UniqueConstraint(
            "community_id", "period", "told_on", name=op.f("uq_keptdigest_community_id_period_told_on")
        ),
    )
    for name, column in BY_DAYS:
        op.create_index(name, "ticket", ["community_id", column])


def downgrade() -> None:
    for name, _ in BY_DAYS:
        op.drop_index(name, table_name="ticket")
    op.drop_table("keptdigest")
