"""What somebody wants done with a ticket, in natural words: keywords/commands.toml.

A command is a message that is plainly one: the whole of it, or its start with a short note behind. A message that
brings a new matter is none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from intents.keyfile import Table, compiled, read_toml
from intents.verdict import Command

AROUND = " ,。.!?、;:~()…"
LONGEST = 40
NUMBER = re.compile(
    r"[(]?\s?(?:#|工单号?|单号|编号|第)\s?(?P<one>\d{1,6})\s?号?\s?[)]?"
    r"|^(?P<two>\d{1,6})号(?!楼|栋|院|门|单元|线|上午|下午|早上|晚上|来|去|再|之前|前|到)"
    r"|(?<=[^\d]) ?(?P<three>\d{1,6})号$"
)
BARE_NUMBER = re.compile(r"^(?P<one>\d{1,6})(?=[ ,。:、]|[^\d\W])|(?:(?<=[ ,。:、])|(?<=[^\d\W]))(?P<two>\d{1,6})$")
PLACE_AFTER = re.compile(r"^\d{1,6}\s?(?:栋|幢|单元|楼|号楼|室|层|点|块|元|个|天|次|月|日|-|分|楼道|门|梯|户)")
RATING = re.compile(r"(?:打|给|评)?(?P<score>[1-5一二两三四五])\s?(?:分|星|颗星)(?:好评)?")
RATINGS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}


@dataclass(frozen=True)
class Verb:
    """One thing that can be wanted, and how it is said."""

    key: str
    whole: tuple[re.Pattern[str], ...]  # the whole message; groups `note`, `target`, `rest` may be named
    start: tuple[re.Pattern[str], ...]  # the message starts so; what follows is the note
    anywhere: tuple[re.Pattern[str], ...]  # somewhere in a short message; the rest is the note
    bare: tuple[re.Pattern[str], ...]  # the whole message, and nothing but an acknowledgement
    never: tuple[re.Pattern[str], ...]
    longest: int
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


@dataclass(frozen=True)
class Commands:
    """The verbs of handlers and of residents, in the order of the file: the first that fits is it."""

    handlers: tuple[Verb, ...]
    residents: tuple[Verb, ...]
    never: tuple[re.Pattern[str], ...]

    def handler(self, text: str) -> Command | None:
        """What a leader, staff or property person wants in a folded text."""
        return self._found(self.handlers, text)

    def resident(self, text: str) -> Command | None:
        """What a resident wants in a folded text. 五星 alone is `confirm` with its score, a bare 3 `choice`."""
        return _rating(text.strip(AROUND)) or self._found(self.residents, text)

    def _found(self, verbs: tuple[Verb, ...], text: str) -> Command | None:
        if any(pattern.search(text) for pattern in self.never):
            return None
        for number, words in _readings(text):
            for verb in verbs:
                if command := _match(verb, words, number):
                    return command
        return None


def load(path: Path) -> Commands:
    """Read keywords/commands.toml. Raises KeywordError."""
    file = read_toml(path)
    never = file.patterns("never")
    handlers = tuple(_verb(key, table) for key, table in file.tables("handler").items())
    residents = tuple(_verb(key, table) for key, table in file.tables("resident").items())
    if not handlers or not residents:
        raise file.error("handler" if not handlers else "resident", "is missing")
    file.finish()
    return Commands(handlers, residents, never)


def _verb(key: str, table: Table) -> Verb:
    verb = Verb(
        key=key,
        whole=_phrases(table, "whole"),
        start=table.patterns("start"),
        anywhere=table.patterns("anywhere"),
        bare=_phrases(table, "bare"),
        never=table.patterns("never"),
        longest=int(table.number("longest", LONGEST)),
        examples=table.texts("examples", None),
        counter_examples=table.texts("counter_examples", None),
    )
    table.finish()
    return verb


def _phrases(table: Table, key: str) -> tuple[re.Pattern[str], ...]:
    """All of a list as one expression where no groups are named, else one by one."""
    items = table.texts(key)
    named = [item for item in items if "(?P<" in item]
    plain = [item for item in items if "(?P<" not in item]
    patterns = [compiled(table.file, key, item) for item in named]
    if plain:
        patterns.append(compiled(table.file, key, "|".join(f"(?:{item})" for item in plain)))
    return tuple(patterns)


def _readings(text: str) -> list[tuple[int | None, str]]:
    """The message with its number taken out: where it is plainly one, else where it stands alone at an end."""
    whole = text.strip(AROUND)
    if found := NUMBER.search(whole):
        value = next(group for group in found.groups() if group)
        return [(int(value), (whole[: found.start()] + whole[found.end() :]).strip(AROUND))]
    readings: list[tuple[int | None, str]] = [(None, whole)]
    found = BARE_NUMBER.search(whole)
    if found and not (found["one"] and PLACE_AFTER.match(whole)):
        value = found["one"] or found["two"]
        readings.insert(0, (int(value), (whole[: found.start()] + whole[found.end() :]).strip(AROUND)))
    return readings


def _match(verb: Verb, words: str, number: int | None) -> Command | None:
    if not words or len(words) > verb.longest or any(pattern.search(words) for pattern in verb.never):
        return None
    for pattern in verb.bare:
        if pattern.fullmatch(words):
            return Command(verb.key, number, bare=True)
    for pattern in verb.whole:
        if found := pattern.fullmatch(words):
            return _command(verb.key, number, found.groupdict(), "")
    for pattern in verb.start:
        if found := pattern.match(words):
            return _command(verb.key, number, found.groupdict(), words[found.end() :])
    for pattern in verb.anywhere:
        if found := pattern.search(words):
            return _command(verb.key, number, found.groupdict(), words)
    return None


def _command(verb: str, number: int | None, groups: Mapping[str, str | None], note: str) -> Command:
    return Command(
        verb=verb,
        number=number,
        note=(groups.get("note") or note).strip(AROUND),
        target=(groups.get("target") or "").strip(AROUND) or None,
        rest=(groups.get("rest") or "").strip(AROUND),
    )


def _rating(text: str) -> Command | None:
    found = RATING.fullmatch(text)
    if found is None:
        return None
    return Command("confirm", score=RATINGS.get(found["score"]) or int(found["score"]))
