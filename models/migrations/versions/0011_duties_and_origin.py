"""Recurring duties, how a ticket came up, and solved matters that are to be looked at again."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recurringduty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=24), nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=True),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("month_days", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("role", sa.String(length=24), nullable=True),
        sa.Column("made_from", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_recurringduty_area_id_area")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_recurringduty_created_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recurringduty")),
    )
    with op.batch_alter_table("recurringduty") as batch:
        batch.create_index(op.f("ix_recurringduty_area_id"), ["area_id"])
        batch.create_index(
            "ix_recurringduty_due",
            ["next_due_on"],
            sqlite_where=sa.text("next_due_on IS NOT NULL"),
            postgresql_where=sa.text("next_due_on IS NOT NULL"),
        )
    with op.batch_alter_table("ticket") as batch:
        batch.add_column(sa.Column("origin", sa.String(length=24), nullable=False, server_default="report"))
        batch.add_column(sa.Column("duty_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("look_again_on", sa.Date(), nullable=True))
        batch.create_foreign_key(op.f("fk_ticket_duty_id_recurringduty"), "recurringduty", ["duty_id"], ["id"])
        batch.create_index(op.f("ix_ticket_duty_id"), ["duty_id"])


def downgrade() -> None:
    with op.batch_alter_table("ticket") as batch:
        batch.drop_index(op.f("ix_ticket_duty_id"))
        batch.drop_constraint(op.f("fk_ticket_duty_id_recurringduty"), type_="foreignkey")
        batch.drop_column("look_again_on")
        batch.drop_column("duty_id")
        batch.drop_column("origin")
    op.drop_table("recurringduty")
