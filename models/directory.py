"""Who is who and where: areas, communities, people, their accounts, chats and posts."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import Instant, Word


class Level(StrEnum):
    """The usual levels of the area tree, top down; a city may leave any of them out."""

    SUBDISTRICT = "subdistrict"
    COMMUNITY = "community"
    ESTATE = "estate"
    GRID = "grid"
    PATCH = "patch"
    BUILDING = "building"
    UNIT = "unit"
    PLACE = "place"  # a shop, a gate, a playground


class ChatKind(StrEnum):
    PRIVATE = "private"
    UNBOUND = "unbound"  # a group nobody has told us about: stored, silent, listed
    RESIDENTS = "residents"
    LEADERS = "leaders"
    STAFF = "staff"
    PHONE = "phone"  # a telephone: rung in an emergency through a gateway, never heard


class Role(StrEnum):
    UNIT_LEADER = "unit_leader"
    BUILDING_LEADER = "building_leader"
    YARD_SECRETARY = "yard_secretary"
    PATCH_LEADER = "patch_leader"
    GRID_LEADER = "grid_leader"
    SECRETARY = "secretary"
    STAFF = "staff"
    DUTY = "duty"
    PROPERTY = "property"
    OWNERS_COMMITTEE = "owners_committee"
    MEDIATOR = "mediator"
    VOLUNTEER = "volunteer"
    LINKED_MEMBER = "linked_member"
    DEPUTY = "deputy"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    LIAISON = "liaison"  # of an organisation: no right of its own, but on what the organisation is called to


class AccountState(StrEnum):
    ACTIVE = "active"
    FROZEN = "frozen"  # somebody says it is theirs now: no rights until a person has checked
    GONE = "gone"  # unfollowed: personal data erased


class Area(SQLModel, table=True):
    """A node of the one tree. `path` is "/1/4/9/" with its own id last, so a subtree is a prefix."""

    id: int = Field(default=None, primary_key=True)
    parent_id: int | None = Field(default=None, foreign_key="area.id", index=True)
    level: Level = Field(sa_type=Word(Level))
    code: str = Field(max_length=64, unique=True)
    name: str = Field(max_length=100)
    label: str | None = Field(default=None, max_length=20)  # "3" for 3栋, "2" for 2单元: what slots give
    aliases: list[str] = Field(default_factory=list, sa_type=JSON)  # how neighbours call it: 超市楼上
    path: str = Field(default="", max_length=255, index=True)
    phones: dict[str, str] = Field(default_factory=dict, sa_type=JSON)  # gas, lift, property_night, staff_duty
    co_area_id: int | None = Field(default=None, foreign_key="area.id", index=True)  # at a border: the other community


class Community(SQLModel, table=True):
    """The row that is locked before any ticket of the community is opened, joined or moved."""

    id: int = Field(default=None, primary_key=True)
    area_id: int = Field(foreign_key="area.id", unique=True)
    code: str = Field(max_length=32, unique=True)
    number_year: int = 0
    last_number: int = 0


class Organisation(SQLModel, table=True):
    id: int = Field(default=None, primary_key=True)
    code: str = Field(max_length=64, unique=True)
    name: str = Field(max_length=100)
    kind: str = Field(max_length=24)  # property, repair, police, hospital, member
    area_id: int = Field(foreign_key="area.id", index=True)
    phone: str | None = Field(default=None, max_length=40)


class Person(SQLModel, table=True):
    id: int = Field(default=None, primary_key=True)
    code: str | None = Field(default=None, max_length=64, unique=True)  # the roster's own key
    name: str | None = Field(default=None, max_length=100)  # None once erased
    phone: str | None = Field(default=None, max_length=40)
    area_id: int | None = Field(default=None, foreign_key="area.id")
    contact_note: str | None = Field(default=None, max_length=200)  # "我听不见，莫打电话"


class Account(SQLModel, table=True):
    """(channel, user id). Without a person it is a resident we know only by what they write."""

    __table_args__ = (UniqueConstraint("channel", "user_id"),)

    id: int = Field(default=None, primary_key=True)
    channel: str = Field(max_length=32)
    user_id: str = Field(max_length=128)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    area_id: int | None = Field(default=None, foreign_key="area.id")  # last place told or bound
    bound_area_id: int | None = Field(default=None, foreign_key="area.id")  # where somebody confirmed that they live
    bound_by: str | None = Field(default=None, max_length=12)  # leader, staff, scene (a code at the stairwell's door)
    bound_at: datetime | None = Field(default=None, sa_type=Instant)
    room: str | None = Field(default=None, max_length=20)
    display_name: str | None = Field(default=None, max_length=100)
    state: AccountState = Field(default=AccountState.ACTIVE, sa_type=Word(AccountState))
    created_at: datetime = Field(sa_type=Instant)
    greeted_at: datetime | None = Field(default=None, sa_type=Instant)
    code_tries: int = 0  # wrong binding codes since the last right one
    code_tried_at: datetime | None = Field(default=None, sa_type=Instant)


class Chat(SQLModel, table=True):
    """(channel, chat id). A private chat belongs to one account."""

    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: int = Field(default=None, primary_key=True)
    channel: str = Field(max_length=32)
    external_id: str = Field(max_length=128)
    kind: ChatKind = Field(sa_type=Word(ChatKind), index=True)
    name: str | None = Field(default=None, max_length=100)
    area_id: int | None = Field(default=None, foreign_key="area.id", index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    listen_only: bool = False
    wire: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # what the channel must remember to answer
    created_at: datetime = Field(sa_type=Instant)
    last_heard_at: datetime | None = Field(default=None, sa_type=Instant)
    last_sent_at: datetime | None = Field(default=None, sa_type=Instant)


class Slot(StrEnum):
    A = "A"
    B = "B"


class Post(SQLModel, table=True):
    """A person holds a role in an area (and, for companies, an organisation) from..to, as A or B."""

    __table_args__ = (UniqueConstraint("person_id", "role", "area_id", "slot", "starts_on"),)

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    role: Role = Field(sa_type=Word(Role), index=True)
    area_id: int = Field(foreign_key="area.id", index=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    slot: Slot = Field(default=Slot.A, sa_type=Word(Slot))
    starts_on: date
    ends_on: date | None = None
    duties: list[str] = Field(default_factory=list, sa_type=JSON)  # DutyTag values it is there for; empty: all of them
    end_told: date | None = None  # the end that staff have been warned of
    skills: list[str] = Field(default_factory=list, sa_type=JSON)  # models.order.Skill; of volunteers


class BindingCode(SQLModel, table=True):
    """A one-time code: said in a group it binds the group, written in private it binds the account."""

    id: int = Field(default=None, primary_key=True)
    code_hash: str = Field(max_length=64, unique=True)  # sha256 of the code; the code itself is shown once
    person_id: int | None = Field(default=None, foreign_key="person.id")
    chat_key: str | None = Field(default=None, max_length=180)  # "<channel>/<chat id>" of the group it was made for
    area_id: int | None = Field(default=None, foreign_key="area.id")
    chat_kind: ChatKind | None = Field(default=None, sa_type=Word(ChatKind))
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)
