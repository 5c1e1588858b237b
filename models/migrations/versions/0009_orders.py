"""Requests for help as orders: how each is offered, to whom, who has it; what volunteers can do."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

HELD = "claimed_at IS NOT NULL AND released_at IS NULL"


def upgrade() -> None:
    op.create_table(
        "order_",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=True),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("taker_id", sa.Integer(), nullable=True),
        sa.Column("visit", sa.Boolean(), nullable=False),
        sa.Column("visit_who", sa.Text(), nullable=True),
        sa.Column("visit_papers", sa.Text(), nullable=True),
        sa.Column("visit_when", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_order__ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_order__ticket_id")),
    )
    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("assigned", sa.Boolean(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_offer_account_id_account")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_offer_person_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_offer_post_id_post")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_offer_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("ticket_id", "person_id", "round", name=op.f("uq_offer_ticket_id_person_id_round")),
    )
    op.create_index(op.f("ix_offer_ticket_id"), "offer", ["ticket_id"])
    op.create_index(op.f("ix_offer_account_id"), "offer", ["account_id"])
    op.create_index("ix_offer_person_state", "offer", ["person_id", "state"])
    op.create_index("uq_offer_held", "offer", ["ticket_id"], unique=True,
                    sqlite_where=sa.text(HELD), postgresql_where=sa.text(HELD))  # fmt: skip
    with op.batch_alter_table("post") as batch:
        batch.add_column(sa.Column("skills", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("post") as batch:
        batch.alter_column("skills", server_default=None, existing_type=sa.JSON(), existing_nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("post") as batch:
        batch.drop_column("skills")
    op.drop_table("offer")
    op.drop_table("order_")
