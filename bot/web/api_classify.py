"""What a sentence would be understood as, and why: for whoever asks "why did it open a ticket?"."""

import logging
import threading
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from bot.masking import impersonal
from bot.services import Services
from bot.web.api_routes import Routes
from bot.web.api_schemas import Input
from bot.web.auth import Allow, Caller
from intents import examples
from intents.explain import as_json, explain
from intents.keyfile import KeywordError
from intents.likest import Likest
from intents.understanding import Understanding

log = logging.getLogger("danyuan.api")


class Sentence(Input):
    text: Annotated[str, Field(min_length=1, max_length=4000)]
    setting: Literal["group", "private"] = "group"


class LikeExample(BaseModel):
    """An example of the training data that is like the sentence."""

    voice: str = Field(description="The file it stands in, below keywords/examples.")
    line: int
    label: str = Field(description="What it was labelled as: intent.category.")
    text: str = Field(description="Masked: no phone, room or name.")
    like: float = Field(description="How like: the share of neighbouring characters that both have, from 0 to 1.")


class Why(BaseModel):
    """What led to a reading, as `classify --explain` prints it."""

    said: str = Field(description="The sentence in the form in which words are looked for.")
    restored: str | None = Field(description="The same with mishearings of voice input put right, where that decided.")
    words: list[dict[str, Any]] = Field(description="What the keyword files found, the heaviest intent first.")
    danger: list[dict[str, Any]] = Field(description="Rules of danger that fired; `meant` is false where taken back.")
    chances: dict[str, float] = Field(description="Each intent's probability; empty where nothing was learned.")
    risk: float | None = Field(description="The probability that life, safety or a great loss is at stake.")
    learned: list[dict[str, Any]] = Field(description="The learned features that spoke most for the likeliest intent.")
    examples: list[LikeExample] = Field(description="The likest examples, at most three.")
    version: str = Field(description="The version of the keyword files.")
    model: str | None = Field(description="The version of the learned weights.")


class Reading(BaseModel):
    """The reading of a sentence, and the words, rules, learned features and examples that led to it."""

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
    why: Why


class Classify:
    """POST /classify."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._known = KnownExamples(services.settings.keyword_files / "examples")

    def enter(self, routes: Routes) -> None:
        routes.add("POST", "/classify", self.classify, allow=Allow.READERS, body=Sentence, answer=Reading)

    def classify(self, caller: Caller, body: Sentence) -> Reading:
        """Understand a sentence without keeping it, and say which words, rules, features and examples decided."""
        del caller  # any reader may ask: nothing of anybody is shown
        understanding = self._services.understanding
        found = explain(understanding, body.text, body.setting, likest=self._known.under(understanding))
        verdict = found.verdict
        why = Why.model_validate(as_json(found))
        for example in why.examples:
            example.text = impersonal(example.text)  # who added examples of their own may have left somebody in them
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
            why=why,
        )


class KnownExamples:
    """The examples of this installation, read when somebody first asks, and once for each version of the words."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._likest: tuple[str, Likest] | None = None  # beside the version that folded them

    def under(self, understanding: Understanding) -> Likest:
        """Them as this understanding folds texts. None of them where their files cannot be used: that is logged."""
        with self._lock:
            if self._likest is None or self._likest[0] != understanding.version:
                self._likest = understanding.version, Likest(self._read(understanding), understanding.fold)
            return self._likest[1]

    def _read(self, understanding: Understanding) -> list[examples.Example]:
        try:
            return examples.load(self._folder, understanding.labels, understanding.danger)
        except KeywordError as error:
            log.warning("classify goes without examples: %s", error)
            return []
