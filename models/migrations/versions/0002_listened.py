"""what was heard in a group that is only listened to."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The default stays: what was heard before was acted upon, and so is whatever an older process still writes.
    with op.batch_alter_table("inbound") as batch_op:
        batch_op.add_column(sa.Column("listened", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("inbound") as batch_op:
        batch_op.drop_column("listened")
