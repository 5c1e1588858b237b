"""Many words looked for in one pass: each place of the text is looked up by its first two, then three characters."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
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
        known = sorted(set(words), key=lambda word: (-len(word), word))
        self._single = frozenset(word for word in known if len(word) == 1)
        # By the first two characters: the word of just these, "" where only longer words begin with them.
        self._begun: dict[str, str] = {}
        self._longer: defaultdict[str, list[str]] = defaultdict(list)  # by the first three
        for word in known:
            if word[2:]:
                self._begun[word[:2]] = ""
                self._longer[word[:3]].append(word)
            elif word[1:]:
                self._begun[word] = word  # after all longer words

    def find(self, text: str, twos: Sequence[str] | None = None) -> list[Hit]:
        """Every occurrence of every word; time grows with the text's length only. twos: `pairs` of the text, where they
        are known already.
        """
        hits: list[Hit] = []
        twos = pairs(text) if twos is None else twos
        single, longer = self._single, self._longer
        if self._begun.keys().isdisjoint(twos) and single.isdisjoint(text):
            return hits
        begun = map(self._begun.get, [*twos, ""])
        for start, (one, two) in enumerate(zip(text, begun, strict=False)):
            if two is not None:
                for word in longer.get(text[start : start + 3], ()):
                    if text.startswith(word, start):
                        hits.append(Hit(start, start + len(word), word))
                if two:
                    hits.append(Hit(start, start + 2, two))
            if one in single:
                hits.append(Hit(start, start + 1, one))
        return hits


def pairs(text: str) -> list[str]:
    """Each two characters of a text that stand together, in order."""
    return [*map(add, text, text[1:])]
