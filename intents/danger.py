"""Danger, looked for in every message before all else: keywords/danger.toml."""

import re
import string
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from intents.finder import Hit
from intents.keyfile import Table, read_toml
from intents.verdict import DangerCall
from intents.weigh import near, negated

BLANKS = frozenset({"gas", "lift", "property_night", "staff_duty", "sms_police", "contact"})
AUDIENCES = ("all", "trained")
WITHIN = 8
AROUND = 10
PARTS = ("anywhere", "stories", "around", "before", "after", "overrides", "pressing")
Lists = Mapping[str, tuple[str, ...]]  # the words of danger.toml that have a name
SENTENCE = re.compile(r"[。!?;\n]")


@dataclass(frozen=True)
class DangerKind:
    """One kind of danger, as keywords/danger.toml tells it."""

    key: str
    label: str  # 电梯困人
    matter: str  # neutral, fit for a group
    advice: str  # with blanks {gas} {lift} {property_night} {staff_duty} {sms_police} {contact}
    short: str  # one line for the later voices
    silent: bool  # nothing of it in a group
    audience: str  # "all": leader, deputy, duty and staff; "trained": trained staff only
    intent: str
    category: str
    numbers: tuple[str, ...] = ()
    question: str = ""  # what to ask in private where it is not certain


class Signal(NamedTuple):
    """Signs of one kind of danger: the words, and whether they mean it (False: a drill, a joke, long ago)."""

    words: str
    meant: bool


@dataclass(frozen=True)
class _Pair:
    """Two lists of words: one of the first near one of the second, in either order unless `ordered`."""

    first: frozenset[str]
    second: frozenset[str]
    within: int
    ordered: bool
    unless: tuple[re.Pattern[str], ...]  # in the same sentence


@dataclass(frozen=True)
class _Signs:
    words: frozenset[str]
    pairs: tuple[_Pair, ...]
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]  # what makes it nothing: 笑死救命
    ambiguous: tuple[re.Pattern[str], ...]  # what makes it a question: 熏腊肉
    looked_for: frozenset[str]  # all words above; most messages hold none of them


@dataclass(frozen=True)
class Dangers:
    """All kinds in the order of the file, which is their rank where a text tells several."""

    kinds: Mapping[str, DangerKind]
    signs: Mapping[str, _Signs]
    anywhere: tuple[re.Pattern[str], ...]  # drills, rumours, long ago
    stories: tuple[re.Pattern[str], ...]  # films, games, jokes, unless it presses
    around: tuple[re.Pattern[str], ...]  # a few characters before or after: 哈哈, 似的
    before: tuple[re.Pattern[str], ...]  # right before, in the same sentence: 要是, 听说, 小心
    after: tuple[re.Pattern[str], ...]  # later on: 已经救出来了
    overrides: tuple[re.Pattern[str], ...]  # 不是演习: no drill, no joke, no story after all
    pressing: tuple[re.Pattern[str], ...]  # 快叫人, 怎么办: whatever is told or laughed about beside it

    def words(self) -> Iterable[str]:
        """Every literal word to be looked for."""
        for signs in self.signs.values():
            yield from signs.looked_for

    def hear(self, text: str, hits: Iterable[Hit]) -> DangerCall | None:
        """The first kind of danger in one folded text; None where there is none."""
        return self.call(text, self.signals(text, hits))

    def signals(self, text: str, hits: Iterable[Hit]) -> dict[str, Signal]:
        """Every kind whose signs stand in a folded text, in rank, and whether it is meant or taken back."""
        found = list(hits)
        words = {hit.word for hit in found}
        return {key: signal for key in self.kinds if (signal := self._signal(key, text, found, words))}

    def call(self, text: str, signals: Mapping[str, Signal]) -> DangerCall | None:
        """The first kind that is meant."""
        key = next((key for key, signal in signals.items() if signal.meant), None)
        if key is None:
            return None
        certain = not any(pattern.search(text) for pattern in self.signs[key].ambiguous)
        return DangerCall(key, certain, self.kinds[key].silent, (signals[key].words,))

    def insisted(self, text: str) -> bool:
        """Whether a folded text says that it is meant: 不是演习."""
        return any(pattern.search(text) for pattern in self.overrides)

    def _signal(self, key: str, text: str, hits: list[Hit], words: set[str]) -> Signal | None:
        signal: Signal | None = None
        for start, end in _spans(self.signs[key], text, hits, words):
            if self._meant(key, text, (start, end)):
                return Signal(text[start:end], meant=True)
            signal = signal or Signal(text[start:end], meant=False)
        return signal

    def _meant(self, key: str, text: str, span: tuple[int, int]) -> bool:
        if _found(self.signs[key].unless, text) or _found(self.after, text, span[0]):
            return False
        if _found(self.overrides, text):
            return True
        start = max((stop.end() for stop in SENTENCE.finditer(text, 0, span[0])), default=0)
        if _found(self.anywhere, text) or _found(self.before, text, start, span[0]):
            return False
        if _found(self.pressing, text):
            return True
        beside = (max(0, span[0] - AROUND), span[1] + AROUND)
        return not (_found(self.stories, text) or _found(self.around, text, *beside))


def load(path: Path) -> Dangers:
    """Read keywords/danger.toml. Raises KeywordError."""
    file = read_toml(path)
    lists = _lists(file)
    exclusions = file.table("exclusions")
    kinds = file.tables("kinds")
    if not kinds:
        raise file.error("kinds", "is missing")
    dangers = Dangers(
        kinds={key: _kind(key, table) for key, table in kinds.items()},
        signs={key: _signs(table, lists) for key, table in kinds.items()},
        **{part: exclusions.patterns(part, lists) for part in PARTS},
    )
    for table in (exclusions, *kinds.values(), file):
        table.finish()
    return dangers


def _kind(key: str, table: Table) -> DangerKind:
    audience = table.text("audience", "all")
    if audience not in AUDIENCES:
        raise table.error("audience", f"must be one of {', '.join(AUDIENCES)}")
    return DangerKind(
        key=key,
        label=table.text("label"),
        matter=table.text("matter"),
        advice=_sentence(table, "advice"),
        short=_sentence(table, "short"),
        silent=table.flag("silent"),
        audience=audience,
        intent=table.text("intent"),
        category=table.text("category"),
        numbers=table.texts("numbers"),
        question=table.text("question", ""),
    )


def _sentence(table: Table, key: str) -> str:
    text = table.text(key)
    try:
        blanks = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise table.error(key, str(error)) from error
    if blanks - BLANKS:
        raise table.error(key, f"unknown blank: {', '.join(sorted(blanks - BLANKS))}")
    return text


def _lists(file: Table) -> Lists:
    """The named lists, each of words and of the lists above it."""
    lists: dict[str, tuple[str, ...]] = {}
    if file.has("lists"):
        table = file.table("lists")
        for name in table.names():
            lists[name] = _words(table, name, lists)
    return lists


def _words(table: Table, key: str, lists: Lists, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """The words of one key, with "@name" standing for those of that list."""
    words: list[str] = []
    for word in table.texts(key, default):
        if not word.startswith("@"):
            words.append(word)
        elif word[1:] in lists:
            words += lists[word[1:]]
        else:
            raise table.error(key, f"no such list: {word}")
    return tuple(dict.fromkeys(words))


def _signs(table: Table, lists: Lists) -> _Signs:
    words = frozenset(_words(table, "words", lists, ()))
    pairs = tuple(_pair(row, lists) for row in table.rows("pairs"))
    return _Signs(
        words=words,
        pairs=pairs,
        patterns=table.patterns("patterns", lists),
        unless=table.patterns("unless", lists),
        ambiguous=table.patterns("ambiguous", lists),
        looked_for=words.union(*(pair.first | pair.second for pair in pairs)),
    )


def _pair(row: Table, lists: Lists) -> _Pair:
    pair = _Pair(
        first=frozenset(_words(row, "a", lists)),
        second=frozenset(_words(row, "b", lists)),
        within=int(row.number("within", WITHIN)),
        ordered=row.flag("ordered"),
        unless=row.patterns("unless", lists),
    )
    row.finish()
    return pair


def _spans(signs: _Signs, text: str, hits: list[Hit], words: set[str]) -> Iterable[tuple[int, int]]:
    """Where the signs of one kind stand in a text."""
    if not signs.looked_for.isdisjoint(words):
        for hit in hits:
            if hit.word in signs.words and not negated(text, hit):
                yield hit.start, hit.end
        for pair in signs.pairs:
            if not pair.first.isdisjoint(words):
                yield from _near_pairs(text, hits, pair)
    for pattern in signs.patterns:
        if match := pattern.search(text):
            yield match.span()


def _near_pairs(text: str, hits: list[Hit], pair: _Pair) -> Iterable[tuple[int, int]]:
    seconds = [hit for hit in hits if hit.word in pair.second and not negated(text, hit)]
    if not seconds:
        return
    for one in hits:
        if one.word not in pair.first:
            continue
        for two in seconds:
            if near(text, one, two, pair.within, -1 if pair.ordered else pair.within):
                start, end = min(one.start, two.start), max(one.end, two.end)
                if not _found(pair.unless, text, *_sentence_around(text, start, end)):
                    yield start, end


def _sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    first = max((stop.end() for stop in SENTENCE.finditer(text, 0, start)), default=0)
    last = SENTENCE.search(text, end)
    return first, last.start() if last else len(text)


def _found(patterns: Iterable[re.Pattern[str]], text: str, start: int = 0, end: int = sys.maxsize) -> bool:
    return any(pattern.search(text, start, end) for pattern in patterns)
