"""What the due times of a ticket are counted from: moments, hours, pauses, and the calendar they were counted by."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ticket") as batch:
        batch.add_column(sa.Column("accept_from_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("accept_hours", sa.Float(), nullable=True))
        batch.add_column(sa.Column("resolve_from_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("resolve_hours", sa.Float(), nullable=True))
        batch.add_column(sa.Column("stood", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("calendar", sa.String(16), nullable=True))
    with op.batch_alter_table("ticket") as batch:
        batch.alter_column("stood", existing_type=sa.JSON(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("ticket") as batch:
        for name in ("calendar", "stood", "resolve_hours", "resolve_from_at", "accept_hours", "accept_from_at"):
            batch.drop_column(name)
