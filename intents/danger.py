"""Danger, looked for in every message before all else: keywords/danger.toml."""

import re
import string
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


@dataclass(frozen=True)
class _Signs:
    words: frozenset[str]
    pairs: tuple[_Pair, ...]
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]  # what makes it nothing: 笑死救命
    ambiguous: tuple[re.Pattern[str], ...]  # what makes it a question: 熏腊肉


@dataclass(frozen=True)
class Dangers:
    """All kinds in the order of the file, which is their rank where a text tells several."""

    kinds: Mapping[str, DangerKind]
    signs: Mapping[str, _Signs]
    anywhere: tuple[re.Pattern[str], ...]  # drills, news, stories, jokes
    before: tuple[re.Pattern[str], ...]  # right before, in the same sentence: 要是, 听说, 小心
    after: tuple[re.Pattern[str], ...]  # later on: 已经救出来了
    overrides: tuple[re.Pattern[str], ...]  # 不是演习

    def words(self) -> Iterable[str]:
        """Every literal word to be looked for."""
        for signs in self.signs.values():
            yield from signs.words
            for pair in signs.pairs:
                yield from pair.first
                yield from pair.second

    def hear(self, text: str, hits: Iterable[Hit]) -> DangerCall | None:
        """The first kind of danger in one folded text; None where there is none."""
        return self.call(text, self.signals(text, hits))

    def signals(self, text: str, hits: Iterable[Hit]) -> dict[str, Signal]:
        """Every kind whose signs stand in a folded text, in rank, and whether it is meant or taken back."""
        found = list(hits)
        return {key: signal for key in self.kinds if (signal := self._signal(key, text, found))}

    def call(self, text: str, signals: Mapping[str, Signal]) -> DangerCall | None:
        """The first kind that is meant."""
        key = next((key for key, signal in signals.items() if signal.meant), None)
        if key is None:
            return None
        certain = not any(pattern.search(text) for pattern in self.signs[key].ambiguous)
        return DangerCall(key, certain, self.kinds[key].silent, (signals[key].words,))

    def _signal(self, key: str, text: str, hits: list[Hit]) -> Signal | None:
        signal: Signal | None = None
        for start, end in self._spans(key, text, hits):
            if self._meant(key, text, (start, end)):
                return Signal(text[start:end], meant=True)
            signal = signal or Signal(text[start:end], meant=False)
        return signal

    def _spans(self, key: str, text: str, hits: list[Hit]) -> Iterable[tuple[int, int]]:
        signs = self.signs[key]
        for hit in hits:
            if hit.word in signs.words and not negated(text, hit):
                yield hit.start, hit.end
        for pair in signs.pairs:
            yield from _near_pairs(text, hits, pair)
        for pattern in signs.patterns:
            if match := pattern.search(text):
                yield match.span()

    def _meant(self, key: str, text: str, span: tuple[int, int]) -> bool:
        if any(pattern.search(text) for pattern in self.overrides):
            return True
        if any(pattern.search(text) for pattern in (*self.anywhere, *self.signs[key].unless)):
            return False
        start = max((stop.end() for stop in SENTENCE.finditer(text, 0, span[0])), default=0)
        if any(pattern.search(text, start, span[0]) for pattern in self.before):
            return False
        return not any(pattern.search(text, span[0]) for pattern in self.after)


def load(path: Path) -> Dangers:
    """Read keywords/danger.toml. Raises KeywordError."""
    file = read_toml(path)
    exclusions = file.table("exclusions")
    kinds = file.tables("kinds")
    if not kinds:
        raise file.error("kinds", "is missing")
    dangers = Dangers(
        kinds={key: _kind(key, table) for key, table in kinds.items()},
        signs={key: _signs(table) for key, table in kinds.items()},
        anywhere=exclusions.patterns("anywhere"),
        before=exclusions.patterns("before"),
        after=exclusions.patterns("after"),
        overrides=exclusions.patterns("overrides"),
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


def _signs(table: Table) -> _Signs:
    return _Signs(
        words=frozenset(table.texts("words")),
        pairs=tuple(_pair(row) for row in table.rows("pairs")),
        patterns=table.patterns("patterns"),
        unless=table.patterns("unless"),
        ambiguous=table.patterns("ambiguous"),
    )


def _pair(row: Table) -> _Pair:
    pair = _Pair(
        first=frozenset(row.texts("a", None)),
        second=frozenset(row.texts("b", None)),
        within=int(row.number("within", WITHIN)),
        ordered=row.flag("ordered"),
    )
    row.finish()
    return pair


def _near_pairs(text: str, hits: list[Hit], pair: _Pair) -> Iterable[tuple[int, int]]:
    firsts = [hit for hit in hits if hit.word in pair.first]
    if not firsts:
        return
    seconds = [hit for hit in hits if hit.word in pair.second and not negated(text, hit)]
    for one in firsts:
        for two in seconds:
            if near(text, one, two, pair.within, -1 if pair.ordered else pair.within):
                yield min(one.start, two.start), max(one.end, two.end)
