"""Where the signs of danger stand in a text: words, words near one another, patterns."""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TypeVar

from intents.finder import Hit
from intents.sieve import Sieve
from intents.weigh import near, negated

SENTENCE = re.compile(r"[。!?;\n]")
Span = tuple[int, int]
T = TypeVar("T")


@dataclass(frozen=True)
class Pair:
    """Two lists of words: one of the first near one of the second, in either order unless `ordered`."""

    first: frozenset[str]
    second: frozenset[str]
    within: int
    ordered: bool
    unless: tuple[re.Pattern[str], ...]  # in the same sentence


@dataclass(frozen=True)
class Signs:
    """What tells one kind of danger."""

    words: frozenset[str]
    pairs: tuple[Pair, ...]
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]  # what makes it nothing: 笑死救命
    ambiguous: tuple[re.Pattern[str], ...]  # what makes it a question: 熏腊肉


class SignFinder:
    """The signs of all kinds of danger, in the rank of the kinds."""

    def __init__(self, signs: Mapping[str, Signs]) -> None:
        self._signs = signs
        self._kinds = _by_word((word, key) for key, own in signs.items() for word in own.words)
        # A pair is known by its kind and its number there.
        pairs = [((key, n), pair) for key, own in signs.items() for n, pair in enumerate(own.pairs)]
        self._first = _by_word((word, name) for name, pair in pairs for word in pair.first)
        self._second = _by_word((word, name) for name, pair in pairs for word in pair.second)
        self._patterns = Sieve((pattern, key) for key, own in signs.items() for pattern in own.patterns)

    def words(self) -> Iterable[str]:
        """Every literal word to be looked for."""
        return {*self._kinds, *self._first, *self._second}

    def spans(self, text: str, hits: Sequence[Hit], held: Set[str]) -> dict[str, list[Span]]:
        """Each kind whose signs stand in a folded text, in rank, with where they do: words first, then pairs, patterns.

        hits: the words found in it; held: its pieces (intents/sieve.py).
        """
        found: defaultdict[str, list[Span]] = defaultdict(list)
        said = {hit.word for hit in hits}
        if not self._kinds.keys().isdisjoint(said):
            for key in _of(self._kinds, said):
                words = self._signs[key].words
                found[key] += [(hit.start, hit.end) for hit in hits if hit.word in words and not negated(text, hit)]
        if not self._second.keys().isdisjoint(said):
            for key, number in sorted(_of(self._first, said) & _of(self._second, said)):
                found[key] += _near_pairs(text, hits, self._signs[key].pairs[number])
        for pattern, key in self._patterns.fitting(held):
            if match := pattern.search(text):
                found[key].append(match.span())
        return {key: found[key] for key in self._signs if found.get(key)} if found else {}


def _by_word(rows: Iterable[tuple[str, T]]) -> dict[str, frozenset[T]]:
    found: defaultdict[str, set[T]] = defaultdict(set)
    for word, name in rows:
        found[word].add(name)
    return {word: frozenset(names) for word, names in found.items()}


def _of(names: Mapping[str, frozenset[T]], words: Set[str]) -> set[T]:
    return {name for word in words if word in names for name in names[word]}


def _near_pairs(text: str, hits: Sequence[Hit], pair: Pair) -> Iterator[Span]:
    seconds = [hit for hit in hits if hit.word in pair.second and not negated(text, hit)]
    if not seconds:
        return
    for one in hits:
        if one.word not in pair.first:
            continue
        for two in seconds:
            if near(text, one, two, pair.within, -1 if pair.ordered else pair.within):
                start, end = min(one.start, two.start), max(one.end, two.end)
                if not found_in(pair.unless, text, *_sentence_around(text, start, end)):
                    yield start, end


def _sentence_around(text: str, start: int, end: int) -> Span:
    first = max((stop.end() for stop in SENTENCE.finditer(text, 0, start)), default=0)
    last = SENTENCE.search(text, end)
    return first, last.start() if last else len(text)


def found_in(patterns: Iterable[re.Pattern[str]], text: str, start: int = 0, end: int = sys.maxsize) -> bool:
    """Whether any of the patterns stands in a stretch of a text."""
    return any(pattern.search(text, start, end) for pattern in patterns)
