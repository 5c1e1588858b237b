"""The shapes of the ledger."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field

from bot.web.api_schemas import AreaRef, Input, Plain
from models import Intent, Origin, Status


class LedgerQuery(Input):
    area: Annotated[Plain, Field(min_length=1, max_length=64, description="an area's code; its whole subtree")]
    since: Annotated[
        date | None,
        Field(ge=date(2000, 1, 1), le=date(2100, 1, 1), description="struck off then or later; else this year"),
    ] = None
    format: Annotated[
        Literal["json", "xlsx", "html"], Field(description="html: a page to print, large, black on white")
    ] = "json"


class LedgerEntry(BaseModel):
    """One matter with its five questions. Nothing in it is personal."""

    ref: str
    number: int
    place: str
    matter: str
    category: str
    origin: Origin
    opened_on: date
    holder: str | None  # the office
    status: Status
    overdue: bool
    struck_off_on: date | None
    need: str | None
    cause: str | None
    plan: str | None
    progress: str | None
    outcome: str | None


class ConfidentialEntry(BaseModel):
    """For the office: a matter told in confidence, by its kind alone."""

    ref: str
    number: int
    intent: Intent
    category: str
    opened_on: date
    status: Status
    struck_off_on: date | None


class LedgerItem(BaseModel):
    """The ledger of an area, from open (oldest first) to struck off (latest first)."""

    area: AreaRef
    as_of: AwareDatetime
    since: date
    open: list[LedgerEntry]
    struck_off: list[LedgerEntry]
    confidential_open: int
    confidential_struck_off: int
    confidential: list[ConfidentialEntry]
    left_off: bool
