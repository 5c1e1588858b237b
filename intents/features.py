"""What a message is weighed by beside the keyword files: its characters, and what the lexicon found in it.

Each feature has a name that a person can read, since names are what an explanation shows:

    c:不动了          characters that stand together, one to three of them
    k:repair=3        how much the keyword files found for an intent, in steps
    k:repair.lift     the category they found
    k:setting=group   where it was said; k:length=2 how long it is; k:question
    d:gas             a rule of danger.toml that fired, d:-gas one that was taken back
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Set
from functools import lru_cache
from math import sqrt
from operator import add
from typing import NamedTuple

from intents.shapes import eager
from intents.weigh import Weight

NUMBERS = re.compile(r"\d+")
BLANK = re.compile(r"[\s,.。:;、~…\-—_()\"'“”‘’《》<>\[\]【】/\\|*]+")
QUESTION = eager(r"\?|吗|呢$|么$|咋|怎么|怎样|多少|哪|几时|几点|是不是|能不能|可不可以|要不要|有没有")
STEPS = (0.3, 0.9, 1.6, 2.3, 3.2, 4.5, 6.5)  # the lexicon's weights, as steps
LENGTHS = (3, 6, 10, 16, 25, 40, 70, 120)
MOST = 160  # characters read: what a message is about stands in its first lines or is said twice
CHARACTERS, FOUND, RULES = "c", "k", "d"
# How much each group counts against the others. The characters share it out among themselves, so that a long message
# weighs no more than a short one.
SHARE = {CHARACTERS: 7.5, FOUND: 0.5, RULES: 1.5}


class Features(NamedTuple):
    """What was found in a message. Its features are the runs of one to three characters of `said`, and the names of the
    two other groups as they are; a feature's full name is "group:name".
    """

    said: str  # the text, with ^ before and $ after it
    found: Set[str]
    rules: Set[str]


def of(text: str, weights: Iterable[Weight], dangers: Mapping[str, bool], setting: str) -> Features:
    """The features of a folded text.

    weights: what the keyword files found; dangers: the rules that fired, False for one that was taken back; setting:
    group or private.
    """
    said = BLANK.sub(" ", NUMBERS.sub("0", text[:MOST])).strip()
    return Features(
        said=f"^{said}$",
        found=_found(said, weights, setting),
        rules={kind if meant else f"-{kind}" for kind, meant in dangers.items()},
    )


def value(group: str, names: int) -> float:
    """What each of a group's features counts, where it has so many."""
    return SHARE[group] / sqrt(names) if group == CHARACTERS and names else SHARE[group]


def named(features: Features) -> dict[str, float]:
    """Each feature's full name with its value."""
    groups = {CHARACTERS: _grams(features.said), FOUND: features.found, RULES: features.rules}
    return {f"{group}:{name}": value(group, len(names)) for group, names in groups.items() for name in names}


def _grams(framed: str) -> set[str]:
    twos = [*map(add, framed, framed[1:])]
    return {*framed, *twos, *map(add, twos, framed[2:])}


def _found(said: str, weights: Iterable[Weight], setting: str) -> set[str]:
    found = {f"setting={setting}", f"length={bisect_right(LENGTHS, len(said))}"}
    for weight in weights:
        if step := bisect_right(STEPS, weight.score):
            found.update(_steps(weight.intent, step))
            found.add(f"{weight.intent}.{weight.category}")
    if QUESTION.search(said):
        found.add("question")
    return found


@lru_cache(1000)
def _steps(intent: str, step: int) -> tuple[str, ...]:
    return tuple(f"{intent}={n}" for n in range(1, step + 1))
