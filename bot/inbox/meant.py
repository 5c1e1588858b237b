"""A message read as what a person says it is about."""

from dataclasses import replace

from intents.understanding import Understanding
from intents.verdict import Verdict
from models import Intent

OTHER = "other"


def verdict(understanding: Understanding, text: str, setting: str, intent: str, category: str | None = None) -> Verdict:
    """The reading of `text` as the given intent; without a category the likeliest of that intent.

    setting: group or private. The place and phone are those that the text says. Raises KeyError for an intent or a
    category that the keyword files do not have.
    """
    heard = understanding.read(text, setting, True)
    chosen = category or likeliest(understanding, heard, intent)
    known = understanding.intents[intent].categories[chosen]
    fits = heard.intent == intent and heard.category == chosen
    return replace(
        heard,
        intent=intent,
        category=chosen,
        sure=True,
        danger=None,
        perhaps=None,
        matter=heard.matter if fits else known.matter,
        wants_place=understanding.intents[intent].place,
    )


def likeliest(understanding: Understanding, heard: Verdict, intent: str) -> str:
    """The category that a message would have if it were of that intent."""
    categories = understanding.intents[intent].categories
    if heard.intent == intent and heard.category in categories:
        return heard.category
    return OTHER if OTHER in categories else next(iter(categories))


def named(understanding: Understanding, verdict: Verdict) -> Verdict:
    """A repair of no known kind that names one thing is about that thing: "电梯坏出新高度" is about the lift."""
    if verdict.intent != Intent.REPAIR or verdict.category != "other":
        return verdict
    things = understanding.things(verdict.text)
    if len(things) != 1:
        return verdict
    category = understanding.intents[Intent.REPAIR.value].categories.get(next(iter(things)))
    return verdict if category is None else replace(verdict, category=category.key, matter=category.matter)
