"""Danger, looked for in every message before all else: keywords/danger.toml."""

import re
import string
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from intents.finder import Hit
from intents.keyfile import Table, read_toml
from intents.signs import SENTENCE, Pair, SignFinder, Signs, found_in
from intents.verdict import DangerCall

BLANKS = frozenset({"gas", "lift", "property_night", "staff_duty", "sms_police", "contact"})
AUDIENCES = ("all", "trained")
WITHIN = 8
AROUND = 10
PARTS = ("anywhere", "stories", "around", "before", "after", "overrides", "pressing")
Lists = Mapping[str, tuple[str, ...]]  # the words of danger.toml that have a name


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
class Dangers:
    """All kinds in the order of the file, which is their rank where a text tells several."""

    kinds: Mapping[str, DangerKind]
    signs: Mapping[str, Signs]
    anywhere: tuple[re.Pattern[str], ...]  # drills, rumours, long ago
    stories: tuple[re.Pattern[str], ...]  # films, games, jokes, unless it presses
    around: tuple[re.Pattern[str], ...]  # a few characters before or after: 哈哈, 似的
    before: tuple[re.Pattern[str], ...]  # right before, in the same sentence: 要是, 听说, 小心
    after: tuple[re.Pattern[str], ...]  # later on: 已经救出来了
    overrides: tuple[re.Pattern[str], ...]  # 不是演习: no drill, no joke, no story after all
    pressing: tuple[re.Pattern[str], ...]  # 快叫人, 怎么办: whatever is told or laughed about beside it
    finder: SignFinder

    def words(self) -> Iterable[str]:
        """Every literal word to be looked for."""
        return self.finder.words()

    def signals(self, text: str, hits: Sequence[Hit], held: Set[str]) -> dict[str, Signal]:
        """Every kind whose signs stand in a folded text, in rank, and whether it is meant or taken back.

        hits: the words found in it; held: its pieces (intents/sieve.py).
        """
        signals: dict[str, Signal] = {}
        for key, spans in self.finder.spans(text, hits, held).items():
            if signal := self._signal(key, text, spans):
                signals[key] = signal
        return signals

    def call(self, text: str, signals: Mapping[str, Signal]) -> DangerCall | None:
        """The first kind that is meant."""
        key = next((key for key, signal in signals.items() if signal.meant), None) if signals else None
        if key is None:
            return None
        certain = not any(pattern.search(text) for pattern in self.signs[key].ambiguous)
        return DangerCall(key, certain, self.kinds[key].silent, (signals[key].words,))

    def insisted(self, text: str) -> bool:
        """Whether a folded text says that it is meant: 不是演习."""
        return any(pattern.search(text) for pattern in self.overrides)

    def _signal(self, key: str, text: str, spans: Iterable[tuple[int, int]]) -> Signal | None:
        signal: Signal | None = None
        for start, end in spans:
            if self._meant(key, text, (start, end)):
                return Signal(text[start:end], meant=True)
            signal = signal or Signal(text[start:end], meant=False)
        return signal

    def _meant(self, key: str, text: str, span: tuple[int, int]) -> bool:
        if found_in(self.signs[key].unless, text) or found_in(self.after, text, span[0]):
            return False
        if found_in(self.overrides, text):
            return True
        start = max((stop.end() for stop in SENTENCE.finditer(text, 0, span[0])), default=0)
        if found_in(self.anywhere, text) or found_in(self.before, text, start, span[0]):
            return False
        if found_in(self.pressing, text):
            return True
        beside = (max(0, span[0] - AROUND), span[1] + AROUND)
        return not (found_in(self.stories, text) or found_in(self.around, text, *beside))


def load(path: Path) -> Dangers:
    """Read keywords/danger.toml. Raises KeywordError."""
    file = read_toml(path)
    lists = _lists(file)
    exclusions = file.table("exclusions")
    kinds = file.tables("kinds")
    if not kinds:
        raise file.error("kinds", "is missing")
    signs = {key: _signs(table, lists) for key, table in kinds.items()}
    dangers = Dangers(
        kinds={key: _kind(key, table) for key, table in kinds.items()},
        signs=signs,
        finder=SignFinder(signs),
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


def _signs(table: Table, lists: Lists) -> Signs:
    return Signs(
        words=frozenset(_words(table, "words", lists, ())),
        pairs=tuple(_pair(row, lists) for row in table.rows("pairs")),
        patterns=table.patterns("patterns", lists),
        unless=table.patterns("unless", lists),
        ambiguous=table.patterns("ambiguous", lists),
    )


def _pair(row: Table, lists: Lists) -> Pair:
    pair = Pair(
        first=frozenset(_words(row, "a", lists)),
        second=frozenset(_words(row, "b", lists)),
        within=int(row.number("within", WITHIN)),
        ordered=row.flag("ordered"),
        unless=row.patterns("unless", lists),
    )
    row.finish()
    return pair
