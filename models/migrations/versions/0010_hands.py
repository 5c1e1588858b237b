"""Who was called to a ticket, the numbers others know it by, and places at the border of two communities."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _co_handlers()
    _external_cases()
    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.add_column(sa.Column("co_area_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_area_co_area_id"), ["co_area_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_area_co_area_id_area"), "area", ["co_area_id"], ["id"])


def _co_handlers() -> None:
    op.create_table(
        "cohandler",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_by", sa.Integer(), nullable=True),
        sa.Column("caller_post_id", sa.Integer(), nullable=True),
        sa.Column("coming_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["called_by"], ["person.id"], name=op.f("fk_cohandler_called_by_person")),
        sa.ForeignKeyConstraint(["caller_post_id"], ["post.id"], name=op.f("fk_cohandler_caller_post_id_post")),
        sa.ForeignKeyConstraint(["event_id"], ["ticketevent.id"], name=op.f("fk_cohandler_event_id_ticketevent")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_cohandler_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_cohandler_post_id_post")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_cohandler_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohandler")),
    )
    with op.batch_alter_table("cohandler", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cohandler_called_at"), ["called_at"], unique=False)
        batch_op.create_index("ix_cohandler_organisation_called", ["organisation_id", "called_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_cohandler_post_id"), ["post_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cohandler_ticket_id"), ["ticket_id"], unique=False)


def _external_cases() -> None:
    op.create_table(
        "externalcase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("origin_ticket_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answer_event_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answer_event_id"], ["ticketevent.id"], name=op.f("fk_externalcase_answer_event_id_ticketevent")
        ),
        sa.ForeignKeyConstraint(
            ["origin_ticket_id"], ["ticket.id"], name=op.f("fk_externalcase_origin_ticket_id_ticket")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_externalcase_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_externalcase")),
        sa.UniqueConstraint("source", "number", name=op.f("uq_externalcase_source_number")),
    )
    with op.batch_alter_table("externalcase", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_externalcase_answered_at"), ["answered_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_externalcase_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_externalcase_ticket_id"), ["ticket_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_area_co_area_id_area"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_area_co_area_id"))
        batch_op.drop_column("co_area_id")
    op.drop_table("externalcase")
    op.drop_table("cohandler")
