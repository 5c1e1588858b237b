"""What a roster says, row by row, before anything of it is in the database. Plain frozen values.

An optional field that is None was left blank: on a row that is already imported it leaves what is there. "" (and
`OPEN_END` for a date) was written as 无: it clears what is there.
"""

from dataclasses import dataclass
from datetime import date, time
from typing import TypeAlias

from bot.roster.words import OrganisationKind
from models import ChatKind, Level, Role, Skill, Slot

OPEN_END = date.max


@dataclass(frozen=True)
class AreaRow:
    code: str
    level: Level
    name: str
    parent: str | None = None
    label: str | None = None
    aliases: tuple[str, ...] | None = None
    gas: str | None = None
    lift: str | None = None
    property_night: str | None = None
    staff_duty: str | None = None
    co_area: str | None = None  # at a border: the other community
    at: int = 0  # the row in the sheet


@dataclass(frozen=True)
class OrganisationRow:
    code: str
    name: str
    kind: OrganisationKind
    area: str
    phone: str | None = None
    at: int = 0


@dataclass(frozen=True)
class ChatRow:
    channel: str
    chat: str  # the platform's id of the group
    kind: ChatKind
    area: str
    name: str | None = None
    at: int = 0


@dataclass(frozen=True)
class PersonRow:
    code: str
    name: str
    phone: str | None = None
    contact_note: str | None = None
    area: str | None = None
    kin: tuple[str, ...] | None = None  # the codes of their family, as far as they are on the roster
    at: int = 0


@dataclass(frozen=True)
class AccountRow:
    person: str
    channel: str
    user: str  # the platform's id of the account
    at: int = 0


@dataclass(frozen=True)
class PostRow:
    person: str
    role: Role
    area: str
    starts_on: date
    organisation: str | None = None
    slot: Slot = Slot.A
    ends_on: date | None = None
    duties: tuple[str, ...] | None = None  # DutyTag values; (): for everything
    skills: tuple[Skill, ...] | None = None
    at: int = 0


@dataclass(frozen=True)
class ShiftRow:
    """A line of the duty roster. weekdays: 0 is Monday; (-1,): every day. ends not after starts: on the next day."""

    person: str
    area: str
    starts: time
    ends: time
    from_on: date
    weekdays: tuple[int, ...] = (-1,)
    to_on: date | None = None
    at: int = 0


Row: TypeAlias = AreaRow | OrganisationRow | ChatRow | PersonRow | AccountRow | PostRow | ShiftRow


@dataclass(frozen=True)
class Roster:
    """A whole workbook. Rows stand in the order of their sheets."""

    areas: tuple[AreaRow, ...] = ()
    organisations: tuple[OrganisationRow, ...] = ()
    chats: tuple[ChatRow, ...] = ()
    people: tuple[PersonRow, ...] = ()
    accounts: tuple[AccountRow, ...] = ()
    posts: tuple[PostRow, ...] = ()
    shifts: tuple[ShiftRow, ...] = ()

    def empty(self) -> bool:
        before_posts = self.areas or self.organisations or self.chats or self.people or self.accounts
        return not (before_posts or self.posts or self.shifts)


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong: where (row 0 is the sheet as a whole) and why, in words for whoever keeps the sheet."""

    sheet: str
    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.sheet} 第{self.row}行" if self.row else self.sheet
        return f"{place} {self.column}：{self.reason}" if self.column else f"{place}：{self.reason}"


class RosterRefused(Exception):
    """Nothing was imported. `problems` holds everything that is wrong, in the order of the sheets."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
