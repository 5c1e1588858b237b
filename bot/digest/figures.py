"""What stands in a digest: numbers, and the few matters that somebody should look at. Pure shapes.

They are kept as JSON as they were told, answered by the API and drawn on pages, so a change of them has to read the old
ones as well. Names are those of the moment.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from bot.digest.periods import Period
from models import Intent, Role

Number = Annotated[int, Field(ge=0)]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class KindLine(Part):
    """Of one intent (category ""), or one category of it. solved: in the time covered, whenever it came up."""

    intent: Intent
    category: str
    name: str
    new: Number
    solved: Number
    open: Number


class AreaLine(Part):
    """Of one building, or of a larger area where no building was said."""

    code: str
    name: str
    new: Number
    solved: Number
    open: Number


class Rate(Part):
    """numerator of denominator, counted as `rule` says."""

    name: Literal["response", "solution", "satisfaction"]
    numerator: Number
    denominator: Number
    rule: str

    @property
    def percent(self) -> int | None:
        """None where there was nothing to count."""
        return round(100 * self.numerator / self.denominator) if self.denominator else None


class Repeat(Part):
    """The same kind of matter at the same place again. times: within the last four weeks."""

    place: str
    kind: str
    times: Number


class Topic(Part):
    """A kind of matter that comes up more than it used to. week: the last seven days; before: the four weeks before
    them, the newest first.
    """

    intent: Intent
    category: str
    name: str
    week: Number
    before: tuple[Number, Number, Number, Number]


class Unhappy(Part):
    """A matter that somebody says is not solved, or rated poorly."""

    ref: str
    number: int
    place: str
    matter: str
    why: Literal["reopened", "rated"]


class Quiet(Part):
    """A channel or a residents' group of which nothing is heard. refused: it takes nothing that is sent."""

    kind: Literal["channel", "group"]
    name: str
    since: AwareDatetime | None
    refused: bool = False

    @property
    def is_new(self) -> bool:
        """A channel that was never heard may be one that nobody has used yet."""
        return self.kind == "channel" and self.since is None and not self.refused


class Burden(Part):
    """A post that carries much more than others like it. usual: what those have on average."""

    role: Role
    area: str
    open: Number
    usual: float


class Day(Part):
    on: date
    new: Number
    solved: Number


class Digest(Part):
    """All of it. open, overdue, due_today, undelivered, quiet and burdens are as of `as_of`, the rest of
    starts..ends.
    """

    community: str
    name: str
    period: Period
    told_on: date
    starts: AwareDatetime
    ends: AwareDatetime
    as_of: AwareDatetime
    whole: bool  # False: the time it covers goes on
    new: Number
    solved: Number
    open: Number
    overdue: Number  # emergencies apart, as due_today is
    due_today: Number
    emergencies: Number  # open ones
    intents: tuple[KindLine, ...]
    categories: tuple[KindLine, ...]
    areas: tuple[AreaLine, ...]
    rates: tuple[Rate, ...]
    repeats: tuple[Repeat, ...]
    topics: tuple[Topic, ...]
    unhappy: tuple[Unhappy, ...]
    unhappy_count: Number  # of all, those told in confidence too
    undelivered: Number
    quiet: tuple[Quiet, ...]
    burdens: tuple[Burden, ...]
    days: tuple[Day, ...]
    hours: Annotated[tuple[Number, ...], Field(min_length=24, max_length=24)]  # new ones, by the hour they came up

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all to tell."""
        counts = (self.new, self.solved, self.open, self.unhappy_count, self.undelivered)
        return not any(counts) and all(one.is_new for one in self.quiet)
