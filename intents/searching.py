"""The words a text is found by: what a ticket's index holds, and what somebody who searches for it means. Pure.

Words are jieba's, and of a long word its parts as well (电梯间 is found by 电梯), for a searcher's words are
shorter than a dictionary's. A place is one word (3栋, 2单元), so that "3栋" does not find every 栋 and every 3.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from intents.normalise import clean
from intents.tokens import STOP, Tokens

MOST_WORDS = 400  # of one ticket: a fire with a thousand voices says the same again and again
MOST_ASKED = 8  # of one search
_LONGEST = 24
_SHORT = 2  # a word of so many characters has no parts worth keeping
_PLACE = re.compile(r"\d{1,4}(?:栋|幢|座|单元|号楼|号|室|楼|层)")


def words_of(matter: str, location: str | None, building: str | None, unit: str | None, said: Iterable[str]) -> str:
    """The words of a ticket with single blanks between them, each once, in the order they came; at most MOST_WORDS."""
    found: dict[str, None] = {}
    places = (f"{building}栋" if building else "", f"{unit}单元" if unit else "")
    for text in (matter, location or "", *places, *said):
        found.update(dict.fromkeys(_indexed(text)))
        if len(found) >= MOST_WORDS:
            break
    return " ".join(list(found)[:MOST_WORDS])


def asked(text: str) -> tuple[str, ...]:
    """The words a ticket must hold to be found by `text`, at most MOST_ASKED; () where it asks for nothing.

    Each stands for every word that begins with it, but for places, which are meant as they are.
    """
    text = clean(text).lower()
    places = _PLACE.findall(text)
    rest = _PLACE.sub(" ", text)
    words = _cutter().words(rest) or [word for word in _cutter().cut(rest) if word.isalnum()]
    kept = [word[:_LONGEST] for word in (*places, *words)]
    return tuple(dict.fromkeys(kept))[:MOST_ASKED]


def exact(word: str) -> bool:
    """Whether a word that was asked for is meant as it is: 1栋 is not 10栋, nor 12 the beginning of 128."""
    return word.isdigit() or _PLACE.fullmatch(word) is not None


def _indexed(text: str) -> Iterator[str]:
    text = clean(text).lower()
    yield from _PLACE.findall(text)
    for word in _cutter().words(_PLACE.sub(" ", text)):
        yield word[:_LONGEST]
        yield from _parts(word)


def _parts(word: str) -> Iterator[str]:
    """The dictionary's shorter words within a long one, and its characters: 又坏了 is a word to jieba."""
    if len(word) <= _SHORT or word.isascii():
        return
    yield from (character for character in word if character not in STOP)
    for length in range(_SHORT, min(len(word), 4)):
        for start in range(len(word) - length + 1):
            part = word[start : start + length]
            if _cutter().frequency(part):
                yield part


@lru_cache(maxsize=1)
def _cutter() -> Tokens:
    """jieba's dictionary alone: a version of the words must not change what was written into the index before."""
    return Tokens()
