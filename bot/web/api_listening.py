"""The shapes of listening only: the switch, and what was heard while it was on."""

from pydantic import AwareDatetime, BaseModel, Field

from bot.web.api_schemas import Input
from models import Intent


class ListenBody(Input):
    listen_only: bool = Field(description="true: understand and keep what is said there, say nothing, tell nobody")


class HeardItem(BaseModel):
    """One message and what was understood. text: none where it has been forgotten, or was told in confidence."""

    id: int
    said_at: AwareDatetime
    intent: Intent | None
    category: str | None
    score: float | None
    text: str | None


class HeardPage(BaseModel):
    items: list[HeardItem]
    next: str | None
