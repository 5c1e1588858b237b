"""Which ticket a merged one lives on in, what a line of a storm stands for, and reports found by their time."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ticket") as batch:
        batch.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_ticket_merged_into_id_ticket"), "ticket", ["merged_into_id"], ["id"])
        batch.create_index(op.f("ix_ticket_merged_into_id"), ["merged_into_id"])
    with op.batch_alter_table("report") as batch:
        batch.create_index("ix_report_at", ["at"])
    with op.batch_alter_table("outgoing") as batch:
        batch.add_column(sa.Column("gathers", sa.JSON(none_as_null=True), nullable=True))
        batch.create_index(
            "ix_outgoing_gathered",
            ["chat_id", "id"],
            sqlite_where=sa.text("gathers IS NOT NULL"),
            postgresql_where=sa.text("gathers IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("outgoing") as batch:
        batch.drop_index("ix_outgoing_gathered")
        batch.drop_column("gathers")
    with op.batch_alter_table("report") as batch:
        batch.drop_index("ix_report_at")
    with op.batch_alter_table("ticket") as batch:
        batch.drop_index(op.f("ix_ticket_merged_into_id"))
        batch.drop_constraint(op.f("fk_ticket_merged_into_id_ticket"), type_="foreignkey")
        batch.drop_column("merged_into_id")
