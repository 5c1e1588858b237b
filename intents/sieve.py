"""Which of many patterns may be found in a text at all, told from the pieces that each cannot do without."""

import re
from collections import defaultdict
from collections.abc import Iterable, Set
from typing import Generic, TypeVar

from intents.finder import pairs
from intents.shapes import needed

T = TypeVar("T")
FEW = 16  # with more pieces than this it takes as long to see whether a text holds one as to search it


def pieces(text: str) -> set[str]:
    """Each character of a text, and each two that stand together."""
    return {*text, *pairs(text)}


class Sieve(Generic[T]):
    """Patterns, each with what it stands for. `fitting` lets through all that can be found, and few others."""

    def __init__(self, rows: Iterable[tuple[re.Pattern[str], T]]) -> None:
        self._rows = tuple(rows)
        self._always: list[int] = []
        # By a piece of the first set that a pattern needs: its number, and the other sets.
        self._numbers: defaultdict[str, list[tuple[int, list[Set[str]]]]] = defaultdict(list)
        for number, (pattern, _) in enumerate(self._rows):
            first, *others = needed(pattern) or (None,)
            if first is None:
                self._always.append(number)
                continue
            for piece in first:
                self._numbers[piece].append((number, [other for other in others if len(other) <= FEW]))
        self._pieces = frozenset(self._numbers)

    def fitting(self, held: Set[str]) -> list[tuple[re.Pattern[str], T]]:
        """The rows whose pattern may be found in a text of these pieces, in the order given."""
        found = set(self._always)
        for piece in self._pieces & held:
            for number, others in self._numbers[piece]:
                for other in others:
                    if held.isdisjoint(other):
                        break
                else:
                    found.add(number)
        return [self._rows[number] for number in sorted(found)] if found else []
