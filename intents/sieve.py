"""Which of many patterns may be found in a text at all, told from the pieces that each cannot do without."""

import re
from collections import defaultdict
from collections.abc import Iterable, Set
from operator import add
from typing import Generic, TypeVar

from intents.shapes import needed

T = TypeVar("T")


def pieces(text: str) -> set[str]:
    """Each character of a text, and each two that stand together."""
    return {*text, *map(add, text, text[1:])}


class Sieve(Generic[T]):
    """Patterns, each with what it stands for. `fitting` lets through all that can be found, and few others."""

    def __init__(self, rows: Iterable[tuple[re.Pattern[str], T]]) -> None:
        self._rows = tuple(rows)
        self._always: list[int] = []
        self._numbers: defaultdict[str, list[int]] = defaultdict(list)  # of the rows, by a piece that they need
        for number, (pattern, _) in enumerate(self._rows):
            if not (wanted := needed(pattern)):
                self._always.append(number)
            for piece in wanted:
                self._numbers[piece].append(number)

    def fitting(self, held: Set[str]) -> list[tuple[re.Pattern[str], T]]:
        """The rows whose pattern may be found in a text of these pieces, in the order given."""
        found = set(self._always)
        for piece in self._numbers.keys() & held:
            found.update(self._numbers[piece])
        return [self._rows[number] for number in sorted(found)]
