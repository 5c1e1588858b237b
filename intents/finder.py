"""Many words looked for in one pass: each place of the text is looked up by its first two characters."""

from collections import defaultdict
from collections.abc import Iterable
from operator import add
from typing import NamedTuple


class Hit(NamedTuple):
    """A word found: where it starts, where it ends (exclusive), and the word itself."""

    start: int
    end: int
    word: str


class Finder:
    """All words of the keyword files. Overlapping hits are all given, in the order of the text, the longest first."""

    def __init__(self, words: Iterable[str]) -> None:
        self._single: set[str] = set()
        self._longer: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(set(words), key=lambda word: (-len(word), word)):
            if len(word) == 1:
                self._single.add(word)
            elif word:
                self._longer[word[:2]].append(word)

    def find(self, text: str) -> list[Hit]:
        """Every occurrence of every word; time grows with the text's length only."""
        hits: list[Hit] = []
        single, longer = self._single, self._longer
        for start, two in enumerate(map(add, text, f"{text[1:]} ")):
            if two in longer:
                for word in longer[two]:
                    if text.startswith(word, start):
                        hits.append(Hit(start, start + len(word), word))
            if two[0] in single:
                hits.append(Hit(start, start + 1, two[0]))
        return hits
