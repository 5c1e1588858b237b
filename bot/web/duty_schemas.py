"""The shapes of recurring duties, and of looking again."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from bot.web.api_schemas import AreaRef, Input, Page, Plain
from models import Role

_Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]


class DutyQuery(Page):
    area: Annotated[Plain | None, Field(max_length=64, description="an area's code; its whole subtree")] = None
    over: Annotated[bool, Field(description="those that never fall due again, too")] = False


class DutyBody(Input):
    """Exactly one of every_days, weekdays and month_days. To change a duty, send it whole."""

    area: Annotated[Plain | None, Field(max_length=64, description="an area's code; else the ticket's")] = None
    ticket: Annotated[Plain | None, Field(max_length=64, description="the ref of the ticket it was decided on")] = None
    title: Annotated[Plain, Field(max_length=200, description="fit for a group; else the ticket's matter")] = ""
    category: Annotated[Plain | None, Field(max_length=24, description="of repair; else as the title is read")] = None
    every_days: Annotated[int | None, Field(ge=1, le=366)] = None
    weekdays: Annotated[
        list[Annotated[int, Field(ge=0, le=6)]], Field(default_factory=list, max_length=7, description="0 is Monday")
    ]
    month_days: Annotated[
        list[Annotated[int, Field(ge=1, le=31)]],
        Field(default_factory=list, max_length=31, description="past the end of a month: its last day"),
    ]
    starts_on: Annotated[_Day | None, Field(description="the days are counted from here; else tomorrow")] = None
    ends_on: _Day | None = None
    role: Annotated[Role | None, Field(description="who does it; else whoever a repair there goes to")] = None


class DutyItem(BaseModel):
    """A recurring duty. next_due_on null: it never falls due again."""

    id: int
    area: AreaRef
    title: str
    category: str
    every_days: int | None
    weekdays: list[int]
    month_days: list[int]
    starts_on: date
    ends_on: date | None
    next_due_on: date | None
    role: Role | None
    made_from: str | None


class DutyPage(BaseModel):
    items: list[DutyItem]
    next: str | None


class EmptyBody(Input):
    """Nothing need be said."""


class LookAgainBody(Input):
    on: Annotated[_Day, Field(description="the day on which whoever handled it is reminded")]
    note: Annotated[Plain, Field(max_length=200)] = ""
