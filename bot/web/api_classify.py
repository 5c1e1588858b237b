"""What a sentence would be understood as, and why: for whoever asks "why did it open a ticket?"."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from bot.services import Services
from bot.web.api_routes import Routes
from bot.web.api_schemas import Input
from bot.web.auth import Allow, Caller
from intents.explain import as_json, explain


class Sentence(Input):
    text: Annotated[str, Field(min_length=1, max_length=4000)]
    setting: Literal["group", "private"] = "group"


class Reading(BaseModel):
    """The reading of a sentence. `why` holds words, rules, learned features and both versions, as `classify --explain`
    prints them; examples are told by that command alone.
    """

    intent: str
    category: str
    urgent: bool
    danger: str | None
    score: float
    sure: bool
    perhaps: str | None
    matter: str
    building: str | None
    unit: str | None
    room: str | None
    why: dict[str, Any]


class Classify:
    """POST /classify."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def enter(self, routes: Routes) -> None:
        routes.add("POST", "/classify", self.classify, allow=Allow.READERS, body=Sentence, answer=Reading)

    def classify(self, caller: Caller, body: Sentence) -> Reading:
        """Understand a sentence without keeping it, and say which words, rules and learned features decided."""
        del caller  # any reader may ask: nothing of anybody is shown
        found = explain(self._services.understanding, body.text, body.setting)
        verdict = found.verdict
        return Reading(
            intent=verdict.intent,
            category=verdict.category,
            urgent=verdict.urgent,
            danger=verdict.danger.kind if verdict.danger else None,
            score=verdict.score,
            sure=verdict.sure,
            perhaps=verdict.perhaps,
            matter=verdict.matter,
            building=verdict.slots.building,
            unit=verdict.slots.unit,
            room=verdict.slots.room,
            why=as_json(found),
        )
