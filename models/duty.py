"""Who is away, whose turn it is, who is kin, and who asked to be taken for a resident of a place."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import Instant, Word


class DutyTag(StrEnum):
    """The ten duties of a unit leader (domain.md, practice 1): a post may be there for some of them only."""

    LIAISON = "liaison"
    RELATIONS = "relations"
    ACTIVITIES = "activities"
    CONDUCT = "conduct"
    HYGIENE = "hygiene"
    FACILITIES = "facilities"
    MUTUAL_HELP = "mutual_help"
    SAFETY = "safety"
    EMERGENCIES = "emergencies"
    RIGHTS = "rights"


class Absence(SQLModel, table=True):
    """Somebody is away from..to, with one post or (post_id None) with all they hold. Why is nobody's business."""

    __table_args__ = (
        Index(
            "ix_absence_to_do",
            "starts_at",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    post_id: int | None = Field(default=None, foreign_key="post.id")
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime | None = Field(default=None, sa_type=Instant)  # None: until they say that they are back
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: int | None = Field(default=None, foreign_key="person.id")  # staff; None: their own word
    begun_at: datetime | None = Field(default=None, sa_type=Instant)  # what they held was handed over
    closed_at: datetime | None = Field(default=None, sa_type=Instant)  # over, and both sides were told; or taken back


class DutyShift(SQLModel, table=True):
    """A turn on the duty roster: who has it hears first in danger and out of hours. Rights come from posts alone."""

    __table_args__ = (UniqueConstraint("person_id", "area_id", "weekday", "from_on", "starts"),)

    id: int = Field(default=None, primary_key=True)
    area_id: int = Field(foreign_key="area.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    weekday: int = Field(default=-1)  # 0 is Monday, every week; -1: every day from from_on to to_on
    starts: time
    ends: time  # not after `starts`: it ends on the next day
    from_on: date  # the first day on which a turn begins
    to_on: date | None = None  # the last one


class Kin(SQLModel, table=True):
    """Two people of one family, as far as the roster says so: where one is a party, the other does not handle it."""

    __table_args__ = (UniqueConstraint("person_id", "kin_id"),)

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)  # the smaller id of the two
    kin_id: int = Field(foreign_key="person.id", index=True)


class BindState(StrEnum):
    ASKED = "asked"  # a leader has been asked; until `expires_at`
    STAFF = "staff"  # on the staff's list
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class BindRequest(SQLModel, table=True):
    """Somebody says that they live there (绑定 3栋2单元); a leader or staff confirm it."""

    id: int = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    area_id: int = Field(foreign_key="area.id", index=True)
    asked_at: datetime = Field(sa_type=Instant)
    post_id: int | None = Field(default=None, foreign_key="post.id")  # the leader who was asked
    state: BindState = Field(default=BindState.STAFF, sa_type=Word(BindState))
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decided_by: int | None = Field(default=None, foreign_key="person.id")
