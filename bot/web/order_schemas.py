"""The shapes of requests for help as the staff's API shows them: how they are offered, to whom, and how it was."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from bot.web.api_schemas import Input
from models import Mode, OfferState


class AssignBody(Input):
    post: Annotated[int, Field(ge=1, le=2**31 - 1, description="`post` of one of the candidates")]


class Helper(BaseModel):
    """A volunteer, or a neighbour who came forward (then without a post)."""

    post: int | None
    name: str | None
    skills: list[str]


class Candidate(Helper):
    """Somebody who could be asked, the one to be asked first in front. `why` says for and against, readable."""

    why: list[str]


class OfferItem(Helper):
    """One person asked in one round, or coming forward."""

    state: OfferState
    round: int
    wave: int
    assigned: bool
    why: list[str]
    offered_at: AwareDatetime
    expires_at: AwareDatetime | None
    answered_at: AwareDatetime | None
    claimed_at: AwareDatetime | None
    released_at: AwareDatetime | None


class Visit(BaseModel):
    """Door-to-door handling: for whom, which papers, when; null where it was not said."""

    who: str | None
    papers: str | None
    when: str | None


class OrderDetail(BaseModel):
    """How a request for help is offered. reason: why it is assigned (`home`) or no volunteer's (`lock`, `gas`, ...)."""

    ref: str
    mode: Mode
    reason: str | None
    skills: list[str]
    round: int
    wave: int
    taker: Helper | None
    visit: Visit | None
    offers: list[OfferItem]
    candidates: list[Candidate]


class RatingItem(BaseModel):
    """What one person said. `by` is the user id on the channel; null once erased."""

    by: str | None
    at: AwareDatetime
    score: Annotated[int, Field(ge=1, le=5)]
    words: str | None


class RatingList(BaseModel):
    """label: as people read it, 未评价 where it is done and nobody said anything; empty while it is open."""

    ref: str
    label: str
    asked: Annotated[int, Field(ge=0, description="how many were asked; each is asked once")]
    items: list[RatingItem]
