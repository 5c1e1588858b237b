"""The test bench: a message, where it is said, and what a version of the words makes of it, with what spoke for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from bot import contradictions, places
from bot.console.forms import text
from bot.places import Place
from bot.tokens import READERS
from bot.web.auth import Caller, within
from intents.explain import Explanation, explain
from intents.understanding import Understanding
from models import Area

LONGEST = 1000  # characters of a message
MOST_WORDS = 8
SETTINGS = ("group", "private")
FEATURES = 6
LEAST = 0.005  # a chance below that is none
# What a feature's name begins with (intents/features.py), and what the page calls it.
CHARACTERS, FOUND, RULES = "c:", "k:", "d:"


@dataclass(frozen=True)
class BenchForm:
    """What was typed. area: the code of where it is said; "" for nowhere in particular."""

    text: str = ""
    setting: str = "group"
    area: str = ""

    @classmethod
    def sent(cls) -> "BenchForm":
        setting = text("setting", 8)
        return cls(text("text", LONGEST), setting if setting in SETTINGS else "group", text("area", 64))


@dataclass(frozen=True)
class Reason:
    """What spoke for or against an intent. kind: word, thing (something near a sign), cue."""

    intent: str
    category: str
    weight: float
    found: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """A message understood, ready to be drawn. step: what would follow, a key of the page's words."""

    intent: str
    category: str
    step: str
    danger: str | None
    danger_label: str
    urgent: bool
    matter: str
    place: str
    slots: tuple[tuple[str, str], ...]
    said: str
    restored: str | None
    reasons: tuple[Reason, ...]
    signals: tuple[tuple[str, str, bool], ...]  # kind's label, words, whether they are meant
    chances: tuple[tuple[str, int], ...]  # of a hundred
    learned: tuple[tuple[str, float], ...]  # characters and rules, and how much they weigh


def placed_in(session: Session, caller: Caller) -> list[Area]:
    """Where a message may be said to be from: the caller's areas."""
    query = select(Area).where(within(caller.paths(READERS))).order_by(col(Area.path)).limit(500)
    return list(session.exec(query))


def read(session: Session, form: BenchForm, areas: Sequence[Area], understanding: Understanding) -> Reading:
    """Understand what was typed as if it had been said there."""
    found = explain(understanding, form.text, form.setting)
    base = next((area for area in areas if area.code == form.area), None)
    verdict = found.verdict
    place = places.resolve(session, base, verdict.slots, verdict.text)
    if form.setting == "group":
        place = contradictions.by_the_chat(session, base, place)
    danger = verdict.danger
    kind = understanding.danger.get(danger.kind) if danger is not None else None
    return Reading(
        intent=verdict.intent,
        category=verdict.category,
        step=_step(found, form.setting),
        danger=danger.kind if danger is not None else None,
        danger_label=kind.label if kind is not None else "",
        urgent=verdict.urgent,
        matter=verdict.matter,
        place=_said_place(session, place),
        slots=tuple((name, str(value)) for name in _SLOTS if (value := getattr(verdict.slots, name))),
        said=found.said,
        restored=found.restored,
        reasons=_reasons(found),
        signals=tuple((understanding.danger[kind].label, one.words, one.meant) for kind, one in found.signals),
        chances=tuple((intent, round(chance * 100)) for intent, chance in found.chances if chance >= LEAST),
        learned=_learned(found, understanding),
    )


_SLOTS = ("building", "unit", "floor", "room", "landmark", "time", "phone")


def _step(found: Explanation, setting: str) -> str:
    """What would follow, as far as the words decide it."""
    verdict = found.verdict
    if verdict.danger is not None:
        return "silent_danger" if verdict.danger.silent else "danger" if verdict.danger.certain else "ask_danger"
    if verdict.intent == "other":
        return "review" if verdict.perhaps and setting == "group" else "nothing"
    if setting == "group":
        return "ticket" if verdict.sure else "review"
    return {"dispute": "ask_whom", "policy": "answer"}.get(verdict.intent, "ticket")


def _said_place(session: Session, place: Place) -> str:
    if place.area is None:
        return place.location or ""
    label = places.label_of(session, place.area)
    return f"{label} {place.location}" if place.location and place.location != label else label


def _reasons(found: Explanation) -> tuple[Reason, ...]:
    rows = []
    for weight in found.words:
        hits = [" + ".join(dict.fromkeys(finding.words)) for finding in weight.findings] + list(weight.cues)
        if hits and weight.score:
            rows.append(Reason(weight.intent, weight.category, round(weight.score, 1),
                               tuple(dict.fromkeys(hits))[:MOST_WORDS]))  # fmt: skip
    return tuple(rows)


def _learned(found: Explanation, understanding: Understanding) -> tuple[tuple[str, float], ...]:
    """The learned characters that spoke most for the likeliest intent; what repeats the words above is left out."""
    rows = []
    for reason in found.reasons:
        name = reason.feature[2:]
        if reason.feature.startswith(CHARACTERS):
            rows.append((name.strip("^$") or name, round(reason.weight, 1)))
        elif reason.feature.startswith(RULES) and name.lstrip("-") in understanding.danger:
            rows.append((understanding.danger[name.lstrip("-")].label, round(reason.weight, 1)))
    return tuple(rows[:FEATURES])
