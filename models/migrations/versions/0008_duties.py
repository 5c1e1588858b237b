"""Absences, duty rosters, kin, who asked to be bound to a place, and what a post is there for."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _absences()
    _shifts()
    _kin()
    _bind_requests()
    with op.batch_alter_table("post") as batch:
        batch.add_column(sa.Column("duties", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
        batch.add_column(sa.Column("end_told", sa.Date(), nullable=True))
    with op.batch_alter_table("post") as batch:
        batch.alter_column("duties", existing_type=sa.JSON(), existing_nullable=False, server_default=None)
    with op.batch_alter_table("account") as batch:
        batch.add_column(sa.Column("bound_area_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("bound_by", sa.String(length=12), nullable=True))
        batch.add_column(sa.Column("bound_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(op.f("fk_account_bound_area_id_area"), "area", ["bound_area_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("account") as batch:
        batch.drop_constraint(op.f("fk_account_bound_area_id_area"), type_="foreignkey")
        for column in ("bound_at", "bound_by", "bound_area_id"):
            batch.drop_column(column)
    with op.batch_alter_table("post") as batch:
        batch.drop_column("end_told")
        batch.drop_column("duties")
    for table in ("bindrequest", "kin", "dutyshift", "absence"):
        op.drop_table(table)


def _absences() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_absence_post_id_post")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_absence_recorded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_person_id"), "absence", ["person_id"])
    still = sa.text("closed_at IS NULL")
    op.create_index("ix_absence_to_do", "absence", ["starts_at"], sqlite_where=still, postgresql_where=still)


def _shifts() -> None:
    op.create_table(
        "dutyshift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_dutyshift_area_id_area")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dutyshift_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dutyshift")),
        sa.UniqueConstraint(
            "person_id",
            "area_id",
            "weekday",
            "from_on",
            "starts",
            name=op.f("uq_dutyshift_person_id_area_id_weekday_from_on_starts"),
        ),
    )
    op.create_index(op.f("ix_dutyshift_area_id"), "dutyshift", ["area_id"])


def _kin() -> None:
    op.create_table(
        "kin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kin_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["kin_id"], ["person.id"], name=op.f("fk_kin_kin_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_kin_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kin")),
        sa.UniqueConstraint("person_id", "kin_id", name=op.f("uq_kin_person_id_kin_id")),
    )
    op.create_index(op.f("ix_kin_person_id"), "kin", ["person_id"])
    op.create_index(op.f("ix_kin_kin_id"), "kin", ["kin_id"])


def _bind_requests() -> None:
    op.create_table(
        "bindrequest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_bindrequest_account_id_account")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_bindrequest_area_id_area")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_bindrequest_decided_by_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_bindrequest_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bindrequest")),
    )
    op.create_index(op.f("ix_bindrequest_account_id"), "bindrequest", ["account_id"])
    op.create_index(op.f("ix_bindrequest_area_id"), "bindrequest", ["area_id"])
