"""By when a ticket is due, and the hours that were counted for it."""

from pydantic import AwareDatetime, BaseModel, Field

from bot import deadlines
from bot.settings import Settings
from models import Ticket


class Span(BaseModel):
    """From when until when."""

    begins_at: AwareDatetime
    ends_at: AwareDatetime


class DueItem(BaseModel):
    """How the word promised on a ticket (`resolve_due_at`) was counted."""

    counted_from: AwareDatetime
    hours: float = Field(description="of working time, as promised for its kind and urgency")
    counted: list[Span] = Field(description="the stretches of working time that make up those hours")
    stood: list[Span] = Field(description="when the clock stood: waiting for a resident, or paused")
    ends_at: AwareDatetime = Field(
        description="the promise: the last stretch's end, rounded up to noon or that day's end"
    )
    day_and_night: bool = Field(description="an emergency ignores the calendar")
    provisional: bool = Field(description="over days of a year whose holidays are not published yet (暂按平日计算)")


def due_item(settings: Settings, ticket: Ticket) -> DueItem | None:
    """The promise on a ticket, in the community's own offset; None where none was made."""
    promise = deadlines.promise(settings, ticket)
    if promise is None:
        return None
    return DueItem(
        counted_from=promise.begins,
        hours=promise.hours,
        counted=[Span(begins_at=begin, ends_at=end) for begin, end in promise.stretches],
        stood=[Span(begins_at=since, ends_at=until) for since, until in promise.pauses],
        ends_at=promise.due,
        day_and_night=promise.always,
        provisional=promise.provisional,
    )
