"""The shapes of the review list and of what is learned from it."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field

from bot.web.api_schemas import AreaRef, Input, Page, Plain, split
from models import Intent, Learning, ReviewState


class ReviewQuery(Page):
    state: Annotated[
        list[ReviewState], BeforeValidator(split), Field(default_factory=list, description="one or several")
    ]
    learning: Annotated[Learning | None, Field(description="asked: a leader decided, and staff may approve it")] = None


class DecisionBody(Input):
    decision: Annotated[
        Literal["ticket", "ignore", "intent"],
        Field(description="ticket: open it; ignore: it was chatter; intent: it was something else, open nothing"),
    ]
    intent: Annotated[Intent | None, Field(description="what it was, where the guess was wrong")] = None
    category: Annotated[Plain | None, Field(max_length=24, description="its category in the keyword files")] = None
    learn: Annotated[bool, Field(description="keep the masked text as an example to learn from")] = False


class LearnBody(Input):
    learn: Annotated[bool, Field(description="true: a leader's decision may be learned from; false: erase the text")]


class ExamplesQuery(Input):
    format: Annotated[Literal["tsv"], Field(description="the format that `train` reads")] = "tsv"


class ReviewItem(BaseModel):
    """A sentence that may have been a matter. `text` is masked and gone once nobody needs it."""

    id: int
    text: str | None
    said_at: AwareDatetime
    setting: str
    area: AreaRef
    intent: Intent
    category: str
    score: float
    state: ReviewState
    expires_at: AwareDatetime | None
    leader_asked_at: AwareDatetime | None
    decided_at: AwareDatetime | None
    label_intent: Intent | None
    label_category: str | None
    learning: Learning
    ticket: str | None


class ReviewPage(BaseModel):
    items: list[ReviewItem]
    next: str | None
