"""What can be told of a regular expression without searching for it: what each match holds, and how it begins.

Nearly every pattern of the keyword files is found in hardly any message. Read once as a tree, by the parser that `re`
itself reads it with, it says which few pieces of text it cannot do without; a text without them need not be searched.
What is not understood here gives no condition, so that at worst a search is made for nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from re import _constants as c  # type: ignore[attr-defined]  # not public; the tests compare what it says with searching
from re import _parser  # type: ignore[attr-defined]  # likewise
from typing import Any

Pieces = frozenset[str]
PIECE = 2  # characters of a piece at most
MOST_TEXTS = 3000  # above so many a part counts as one that can be anything
SINGLE_COSTS = 12  # a single character stands in about so many times more messages than two together
REPEATS = (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT)
NO_WIDTH = (c.AT, c.ASSERT, c.ASSERT_NOT)
CATEGORIES = {c.CATEGORY_DIGIT: r"\d", c.CATEGORY_SPACE: r"\s", c.CATEGORY_WORD: r"\w"}
NOTHING = frozenset({""})


@lru_cache(4096)
def needed(pattern: re.Pattern[str]) -> tuple[Pieces, ...]:
    """Sets of pieces of one or two characters: every match holds at least one of each set. The set likely in the
    fewest messages comes first; none where none can be told.
    """
    if pattern.flags != re.UNICODE:
        return ()
    return tuple(sorted(dict.fromkeys(_said(_of_sequence(_parser.parse(pattern.pattern)))), key=_cost))


def eager(pattern: str) -> re.Pattern[str]:
    """The pattern compiled so that it gives up at once wherever the text's next character cannot begin a match."""
    tree = _parser.parse(pattern)
    first, empty = _first(tree)
    if first is None or empty or tree.state.flags != re.UNICODE:
        return re.compile(pattern)
    return re.compile(f"(?=[{''.join(sorted(first))}])(?:{pattern})")


@dataclass(frozen=True)
class _Part:
    """A part of a pattern: all texts that it matches, where they are few, else sets of pieces: it needs one of each."""

    texts: Pieces | None
    needed: tuple[Pieces, ...] = ()


ANYTHING = _Part(None)


def _of_sequence(nodes: Iterable[tuple[Any, Any]]) -> _Part:
    """Parts one after the other: joined as long as all their texts are known, else all that each says counts."""
    said: list[Pieces] = []
    texts: Pieces = NOTHING
    whole = True
    for op, value in nodes:
        part = _of(op, value)
        if part.texts is not None and len(part.texts) * len(texts) <= MOST_TEXTS:
            texts = frozenset(one + two for one in texts for two in part.texts)
            continue
        whole = False
        said += [*_starts(texts), *_said(part)]
        texts = NOTHING
    return _Part(texts) if whole else _Part(None, (*said, *_starts(texts)))


def _of(op: Any, value: Any) -> _Part:
    if op is c.LITERAL:
        return _Part(frozenset({chr(value)}))
    if op is c.IN:
        return _of_class(value)
    if op in NO_WIDTH:
        return _Part(NOTHING)
    if op is c.SUBPATTERN:
        _, added, removed, nodes = value
        return ANYTHING if added or removed else _of_sequence(nodes)
    if op is c.ATOMIC_GROUP:
        return _of_sequence(value)
    if op is c.BRANCH:
        return _of_branches([_of_sequence(nodes) for nodes in value[1]])
    if op in REPEATS:
        return _of_repeat(*value)
    return ANYTHING


def _of_class(items: Sequence[tuple[Any, Any]]) -> _Part:
    characters: set[str] = set()
    for op, value in items:
        if op is c.LITERAL:
            characters.add(chr(value))
        elif op is c.RANGE and value[1] - value[0] <= MOST_TEXTS:
            characters.update(map(chr, range(value[0], value[1] + 1)))
        else:
            return ANYTHING
    return _Part(frozenset(characters))


def _of_branches(parts: Sequence[_Part]) -> _Part:
    texts = [part.texts for part in parts]
    if None not in texts and sum(map(len, filter(None, texts))) <= MOST_TEXTS:
        return _Part(frozenset().union(*filter(None, texts)))
    each = [min(_said(part), key=_cost, default=None) for part in parts]
    return ANYTHING if None in each else _Part(None, (frozenset().union(*filter(None, each)),))


def _of_repeat(least: int, most: int, nodes: Any) -> _Part:
    part = _of_sequence(nodes)
    if part.texts is not None and most == 1:
        return part if least else _Part(part.texts | NOTHING)
    return _Part(None, _said(part)) if least else ANYTHING


def _said(part: _Part) -> tuple[Pieces, ...]:
    return (*_starts(part.texts), *part.needed)


def _starts(texts: Pieces | None) -> tuple[Pieces, ...]:
    """How the texts begin. Nothing where one of them is empty, so that nothing is needed."""
    return () if texts is None or "" in texts else (frozenset(text[:PIECE] for text in texts),)


def _cost(pieces: Pieces) -> int:
    """In how many messages one of the pieces is likely to be."""
    return sum(SINGLE_COSTS if len(piece) == 1 else 1 for piece in pieces)


First = tuple[frozenset[str] | None, bool]  # what may stand in [] for the first character, None: anything; may be empty


def _first(nodes: Iterable[tuple[Any, Any]]) -> First:
    """With what a sequence can begin, and whether it can be empty."""
    found: frozenset[str] = frozenset()
    for op, value in nodes:
        first, empty = _first_of(op, value)
        if first is None:
            return None, empty
        found |= first
        if not empty:
            return found, False
    return found, True


def _first_of(op: Any, value: Any) -> First:
    if op is c.LITERAL:
        return frozenset({re.escape(chr(value))}), False
    if op is c.IN:
        return _first_of_class(value), False
    if op in NO_WIDTH:
        return frozenset(), True
    if op is c.SUBPATTERN and not (value[1] or value[2]):
        return _first(value[3])
    if op is c.ATOMIC_GROUP:
        return _first(value)
    if op is c.BRANCH:
        return reduce(_either, map(_first, value[1]))
    if op in REPEATS:
        first, empty = _first(value[2])
        return first, empty or not value[0]
    return None, True


def _either(one: First, other: First) -> First:
    firsts = None if one[0] is None or other[0] is None else one[0] | other[0]
    return firsts, one[1] or other[1]


def _first_of_class(items: Sequence[tuple[Any, Any]]) -> frozenset[str] | None:
    found = set()
    for op, value in items:
        if op is c.LITERAL:
            found.add(re.escape(chr(value)))
        elif op is c.RANGE:
            found.add(f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}")
        elif op is c.CATEGORY and value in CATEGORIES:
            found.add(CATEGORIES[value])
        else:
            return None
    return frozenset(found)
