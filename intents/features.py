"""What a message is weighed by beside the keyword files: its characters, its words, and what the lexicon found in it.

Each feature has a name that a person can read, since names are what an explanation shows:

    c:不动了     characters that stand together, one to three of them
    w:电梯       a word by jieba; w:电梯_停 two in a row
    k:repair=3   how much the keyword files found for an intent, in steps
    k:repair.lift  the category they found
    d:gas        a rule of danger.toml that fired, d:-gas one that was taken back
    s:group      where it was said; n:2 how long it is; q a question
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import sqrt

from intents.weigh import Weight

NUMBERS = re.compile(r"\d+")
BLANK = re.compile(r"[\s,.。:;、~…\-—_()\"'“”‘’《》<>\[\]【】/\\|*]+")
QUESTION = re.compile(r"\?|吗|呢$|么$|咋|怎么|怎样|多少|哪|几时|几点|是不是|能不能|可不可以|要不要|有没有")
STEPS = (0.3, 0.9, 1.6, 2.3, 3.2, 4.5, 6.5)  # the lexicon's weights, as steps
LENGTHS = (3, 6, 10, 16, 25, 40, 70, 120)
MOST = 160  # characters read: what a message is about stands in its first lines or is said twice
GRAMS = (1, 2, 3)
CHARACTERS, WORDS, FOUND, RULES = "c", "w", "k", "d"
# How much each group counts against the others, whatever its number of features.
SHARE = {CHARACTERS: 4.5, WORDS: 3.5, FOUND: 0.5, RULES: 1.5}


def of(
    text: str, tokens: Sequence[str], weights: Iterable[Weight], dangers: Mapping[str, bool], setting: str
) -> dict[str, float]:
    """The features of a folded text, by name with their values.

    tokens: the text cut by jieba; weights: what the keyword files found; dangers: the rules that fired, False for one
    that was taken back; setting: group or private.
    """
    said = BLANK.sub(" ", NUMBERS.sub("0", text[:MOST])).strip()
    found = dict.fromkeys(_grams(said), 0.0)
    values = _even(found, SHARE[CHARACTERS])
    words = dict.fromkeys(_words(tokens), 0.0)
    values.update(_even(words, SHARE[WORDS]))
    values.update(dict.fromkeys(_found(said, weights, setting), SHARE[FOUND]))
    values.update({f"d:{kind}" if meant else f"d:-{kind}": SHARE[RULES] for kind, meant in dangers.items()})
    return values


def _grams(said: str) -> Iterable[str]:
    framed = f"^{said}$"
    for n in GRAMS:
        for start in range(len(framed) - n + 1):
            yield f"c:{framed[start : start + n]}"


def _words(tokens: Sequence[str]) -> Iterable[str]:
    kept = [token if not token.isdigit() else "0" for token in tokens if not token.isspace()]
    for token in kept:
        yield f"w:{token}"
    for one, two in pairwise(kept):
        yield f"w:{one}_{two}"


def _found(said: str, weights: Iterable[Weight], setting: str) -> Iterable[str]:
    for weight in weights:
        step = sum(weight.score >= least for least in STEPS)
        for n in range(1, step + 1):
            yield f"k:{weight.intent}={n}"
        if step:
            yield f"k:{weight.intent}.{weight.category}"
    yield f"s:{setting}"
    yield f"n:{sum(len(said) >= least for least in LENGTHS)}"
    if QUESTION.search(said):
        yield "q"


def _even(names: dict[str, float], share: float) -> dict[str, float]:
    """The same value for each, so that a long message weighs no more than a short one."""
    return dict.fromkeys(names, share / sqrt(len(names))) if names else {}
