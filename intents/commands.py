"""What somebody wants done with a ticket, in natural words: keywords/commands.toml.

A command is a message that is plainly one: the whole of it, or its start with a short note behind. A message that
brings a new matter is none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from intents.finder import Finder
from intents.keyfile import Table, compiled, read_toml
from intents.normalise import in_chinese
from intents.verdict import Command

AROUND = " ,。.!?、;:~()…"
LONGEST = 40
NUMBER = re.compile(
    r"[(]?\s?(?:#|工单号?|单号|编号|第)\s?(?P<one>\d{1,6})\s?号?\s?[)]?"
    r"|^(?P<two>\d{1,6})号(?!楼|栋|院|门|单元|线|上午|下午|早上|晚上|来|去|再|之前|前|到)"
    r"|(?<=[^\d]) ?(?P<three>\d{1,6})号$"
)
CALLED = r"(?!(?:11\d|12[02]|12\d{3}|96110)(?!\d))"  # 119, 12345 and the like are rung, they are no tickets
BARE_NUMBER = re.compile(
    rf"^{CALLED}(?P<one>\d{{1,6}})(?=[ ,。:、]|[^\d\W])|(?:(?<=[ ,。:、])|(?<=[^\d\W])){CALLED}(?P<two>\d{{1,6}})$"
)
PLACE_AFTER = re.compile(r"^\d{1,6}\s?(?:栋|幢|单元|楼|号楼|室|层|点|块|元|个|天|次|月|日|-|分|楼道|门|梯|户)")
MENTION = re.compile(r"@[^\s,。:;!?]{1,24}\s?")
BETWEEN = str.maketrans(dict.fromkeys(",。.!;:、~…", " ") | {"?": "? "})  # what stands between two clauses, as a blank
MOST_CLAUSES, LONGEST_CLAUSE = 8, 32
ONLY_YES = re.compile(r"(?:好|要得|收到|行|中|嗯{1,3}|成|ok|可以|晓得|知道|明白|没问题)[的了啊呀嘛嘞啦哈]?")  # no news
A_BARE_WORD = 6  # characters: a clause no longer than that tells nothing beside the verb
PART = re.compile(r"(?<!\(\?P)<([a-z_]{2,16})>")
NAMES_NOTHING = "none"  # of [things]: words that hold one of the others and name nothing
RATING = re.compile(r"(?:打|给|评)?(?P<score>[1-5一二两三四五])\s?(?:分|星|颗星)(?:好评)?")
RATINGS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}


Said = tuple[list[str], list[str], list[str]]  # the clauses that say it, those beside them, all in their order


@dataclass(frozen=True)
class Verb:
    """One thing that can be wanted, and how it is said."""

    key: str
    whole: tuple[re.Pattern[str], ...]  # the whole message; groups `note`, `target`, `rest` may be named
    start: tuple[re.Pattern[str], ...]  # the message starts so; what follows is the note
    anywhere: tuple[re.Pattern[str], ...]  # somewhere in a short message; the rest is the note
    says: re.Pattern[str] | None  # one whole clause of the message; the other clauses are the note
    hint: frozenset[str]  # of these characters a clause that says it holds one; empty: any clause may
    beside: re.Pattern[str] | None  # all that those other clauses may be; None: anything
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
    summoned: tuple[Verb, ...]  # of those whom a whistle called
    never: tuple[re.Pattern[str], ...]
    things: Mapping[str, frozenset[str]]  # what a word names, by category: 泵 is of water
    finder: Finder  # of those words

    def handler(self, text: str) -> Command | None:
        """What a leader, staff or property person wants in a folded text."""
        found = self._found(self.handlers, text)
        return replace(found[0], things=self.named(text)) if found is not None else None

    def resident(self, text: str) -> Command | None:
        """What a resident wants in a folded text. 五星 alone is `confirm` with its score, a bare 3 `choice`."""
        if rating := _rating(text.strip(AROUND)):
            return rating
        found = self._found(self.residents, text)
        return replace(found[0], things=self.named(found[1])) if found is not None else None

    def called(self, text: str) -> Command | None:
        """What somebody who was called to a ticket answers, in a folded text."""
        found = self._found(self.summoned, text)
        return found[0] if found is not None else None

    def named(self, text: str) -> frozenset[str]:
        """The categories of repair that a folded text names a thing of. The longest word at a place says it."""
        categories: set[str] = set()
        read = 0
        for start, end, word in self.finder.find(text):
            if start >= read:
                categories |= self.things.get(word, frozenset())
                read = end
        return frozenset(categories)

    @property
    def categories(self) -> frozenset[str]:
        """The categories that some word names a thing of."""
        return frozenset().union(*self.things.values())

    def _found(self, verbs: tuple[Verb, ...], text: str) -> tuple[Command, str] | None:
        """The command, and the words that say it: the rest of the message may be about something else."""
        if any(pattern.search(text) for pattern in self.never):
            return None
        for number, words in _readings(MENTION.sub("", text) if "@" in text else text):
            clauses = words.translate(BETWEEN).split()
            for verb in verbs:
                if found := _match(verb, words, clauses, number):
                    return found
        return None


def load(path: Path) -> Commands:
    """Read keywords/commands.toml. Raises KeywordError."""
    file = read_toml(path)
    never = file.patterns("never")
    parts = _parts(file)
    things = _things(file)
    handlers = tuple(_verb(key, table, parts) for key, table in file.tables("handler").items())
    residents = tuple(_verb(key, table, parts) for key, table in file.tables("resident").items())
    summoned = tuple(_verb(key, table, parts) for key, table in file.tables("called").items())
    if not handlers or not residents:
        raise file.error("handler" if not handlers else "resident", "is missing")
    file.finish()
    return Commands(handlers, residents, summoned, never, things, Finder(things))


def _parts(file: Table) -> dict[str, str]:
    """What <name> stands for in the patterns; a part may use those above it."""
    parts: dict[str, str] = {}
    if file.has("parts"):
        table = file.table("parts")
        for name in table.names():
            parts[name] = _whole(table, name, table.text(name), parts)
    return parts


def _things(file: Table) -> dict[str, frozenset[str]]:
    """Word -> the categories it names a thing of; none for the words that only hold one."""
    if not file.has("things"):
        return {}
    table = file.table("things")
    found: dict[str, set[str]] = {}
    for category in table.names():
        for word in table.texts(category, None):
            found.setdefault(word, set()).update(set() if category == NAMES_NOTHING else {category})
    return {word: frozenset(categories) for word, categories in found.items()}


def _whole(table: Table, key: str, pattern: str, parts: Mapping[str, str]) -> str:
    """A pattern with its parts written out. Raises KeywordError for one that is not in the file."""

    def written(found: re.Match[str]) -> str:
        if found[1] not in parts:
            raise table.error(key, f"<{found[1]}> is not one of [parts]")
        return parts[found[1]]

    return PART.sub(written, pattern)


def _verb(key: str, table: Table, parts: Mapping[str, str]) -> Verb:
    verb = Verb(
        key=key,
        whole=_phrases(table, "whole", parts),
        start=_each(table, "start", parts),
        anywhere=_each(table, "anywhere", parts),
        says=_any(table, "says", parts),
        hint=frozenset(table.text("hint", "")),
        beside=_any(table, "beside", parts),
        bare=_phrases(table, "bare", parts),
        never=table.patterns("never"),
        longest=int(table.number("longest", LONGEST)),
        examples=table.texts("examples", None),
        counter_examples=table.texts("counter_examples", None),
    )
    table.finish()
    return verb


def _each(table: Table, key: str, parts: Mapping[str, str]) -> tuple[re.Pattern[str], ...]:
    return tuple(compiled(table.file, key, _whole(table, key, item, parts)) for item in table.texts(key))


def _any(table: Table, key: str, parts: Mapping[str, str]) -> re.Pattern[str] | None:
    """All of a list as one expression; None for an empty list."""
    items = [_whole(table, key, item, parts) for item in table.texts(key)]
    return compiled(table.file, key, "|".join(f"(?:{item})" for item in items)) if items else None


def _phrases(table: Table, key: str, parts: Mapping[str, str]) -> tuple[re.Pattern[str], ...]:
    """All of a list as one expression where no groups are named, else one by one."""
    items = [_whole(table, key, item, parts) for item in table.texts(key)]
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


def _match(verb: Verb, words: str, clauses: list[str], number: int | None) -> tuple[Command, str] | None:
    """The command, if the verb fits and nothing forbids it: that is looked for last, because most words fit none."""
    if not words or len(words) > verb.longest:
        return None
    found = _fits(verb, words, clauses, number)
    if found is None or any(pattern.search(words) for pattern in verb.never):
        return None
    return found


def _fits(verb: Verb, words: str, clauses: list[str], number: int | None) -> tuple[Command, str] | None:
    for pattern in verb.bare:
        if pattern.fullmatch(words):
            return Command(verb.key, number, bare=True), words
    for pattern in verb.whole:
        if found := pattern.fullmatch(words):
            return _command(verb.key, number, found.groupdict(), ""), words
    if verb.says and (said := _said_beside(verb, verb.says, clauses)):
        return _command(verb.key, number, {}, _note(*said)), " ".join(said[0])
    for pattern in verb.start:
        if found := pattern.match(words):
            return _command(verb.key, number, found.groupdict(), words[found.end() :]), words
    for pattern in verb.anywhere:
        if found := pattern.search(words):
            return _command(verb.key, number, found.groupdict(), words), words
    return None


def _note(core: list[str], rest: list[str], clauses: list[str]) -> str:
    """What a message tells beside the bare word: of "搞好了 换了灯泡" the second clause."""
    if len(core) + len(rest) == 1:
        return core[0] if len(core[0]) > A_BARE_WORD else ""
    bare = min(core, key=len)
    return " ".join(clause for clause in clauses if clause != bare and not ONLY_YES.fullmatch(clause))


def _said_beside(
    verb: Verb, says: re.Pattern[str], clauses: list[str]
) -> tuple[list[str], list[str], list[str]] | None:
    """The clauses that say it, the others, and all; None where none does, or another may not stand beside."""
    if len(clauses) > MOST_CLAUSES:
        return None
    hint = verb.hint
    core = [
        clause
        for clause in clauses
        if len(clause) <= LONGEST_CLAUSE and not (hint and hint.isdisjoint(clause)) and says.fullmatch(clause)
    ]
    if not core:
        return None
    rest = [clause for clause in clauses if clause not in core]
    if verb.beside and not all(verb.beside.fullmatch(clause) for clause in rest):
        return None
    return core, rest, clauses


def _command(verb: str, number: int | None, groups: Mapping[str, str | None], note: str) -> Command:
    return Command(
        verb=verb,
        number=number,
        note=in_chinese((groups.get("note") or note).strip(AROUND)),
        target=(groups.get("target") or "").strip(AROUND) or None,
        rest=(groups.get("rest") or "").strip(AROUND),
    )


def _rating(text: str) -> Command | None:
    found = RATING.fullmatch(text)
    if found is None:
        return None
    return Command("confirm", score=RATINGS.get(found["score"]) or int(found["score"]))
