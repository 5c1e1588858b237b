"""Indexes for what the console asks for: what was given up or opened again, and a ticket by its number."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

GIVEN_UP = "state = 'given_up'"
REOPENED = "status = 'reopened'"
TROUBLED = "state IN ('parked', 'given_up')"


def upgrade() -> None:
    op.create_index("ix_ticket_number", "ticket", ["number", "id"])
    for name, table, columns, where in (
        ("ix_ticket_reopened", "ticket", ["last_report_at", "id"], REOPENED),
        ("ix_inbound_given_up", "inbound", ["received_at"], GIVEN_UP),
        ("ix_outgoing_troubled", "outgoing", ["created_at"], TROUBLED),
    ):
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    op.drop_index("ix_outgoing_troubled", table_name="outgoing")
    op.drop_index("ix_inbound_given_up", table_name="inbound")
    op.drop_index("ix_ticket_reopened", table_name="ticket")
    op.drop_index("ix_ticket_number", table_name="ticket")
