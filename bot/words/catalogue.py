"""What people change in the keyword files without reading them: their lists and sentences, section by section. Pure.

    sections("repair.toml", files)      # the intent itself, then each category, with their lists and sentences
    section("repair.toml", files, "categories/lift")

Regular expressions, thresholds and what is near what are no lists: these are for whoever edits the file itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.words.editing import DIALECTS, Files, parsed
from bot.words.loading import WORDING
from intents.danger import BLANKS as DANGER_BLANKS
from models import Intent

DANGER, COMMANDS = "danger.toml", "commands.toml"
INTENTS = tuple(f"{intent.value}.toml" for intent in Intent)
WEIGHTS = ("3", "2")  # offered where a list has none of its own yet
TESTED = ("examples", "counter_examples")
VERBS = ("handler", "resident", "called")


@dataclass(frozen=True)
class WordList:
    """One list. kind: which sort of list, a key of what the page says about it. weight: how much a word counts."""

    place: str
    kind: str
    entries: tuple[str, ...]
    weight: str = ""


@dataclass(frozen=True)
class Sentence:
    """One sentence. blanks: the names of what may be filled in; None where nothing ever is, and braces are letters."""

    file: str
    place: str
    text: str
    blanks: frozenset[str] | None = None

    @property
    def key(self) -> str:
        return self.place.rpartition("/")[2]


@dataclass(frozen=True)
class Section:
    """A part of a file that has a name of its own. title: what people call it; "" where the page has to say it."""

    file: str
    place: str
    title: str
    lists: tuple[WordList, ...] = ()
    sentences: tuple[Sentence, ...] = ()


def sections(file: str, files: Files) -> list[Section]:
    """The sections of a file in its order; none for a file that has no lists."""
    table = parsed(files, file)
    if file == DANGER:
        return list(_dangers(table))
    if file == COMMANDS:
        return list(_commands(table))
    if file in INTENTS:
        return list(_intent(file, table))
    return []


def section(file: str, files: Files, place: str) -> Section | None:
    """One of them."""
    return next((one for one in sections(file, files) if one.place == place), None)


def lists(file: str, files: Files) -> dict[str, WordList]:
    """Every list of a file by its place."""
    return {one.place: one for found in sections(file, files) for one in found.lists}


def sentences(files: Files, installed: Files) -> list[Sentence]:
    """Every sentence of wording.toml that the program says: as in the version, else as installed."""
    own, shipped = parsed(files, WORDING), parsed(installed, WORDING)
    said = {key: (name, text) for name, lines in own.items() for key, text in _texts(lines)}
    found = []
    for name, lines in shipped.items():
        for key, text in _texts(lines):
            place, now = said.get(key, (name, text))
            found.append(Sentence(WORDING, f"{place}/{key}", now, blanks_of(text)))
    return found


def sentence(files: Files, installed: Files, file: str, place: str) -> Sentence | None:
    """One sentence of wording.toml, or of a section; None where there is none."""
    if file == WORDING:
        return next((one for one in sentences(files, installed) if one.place == place), None)
    found = (one for part in sections(file, files) for one in part.sentences)
    return next((one for one in found if one.place == place), None)


def pairs(files: Files) -> list[tuple[str, str, str]]:
    """What dialects.toml says: table, what is said, what it means."""
    return [(name, said, means) for name, lines in parsed(files, DIALECTS).items() for said, means in _texts(lines)]


def labels(files: Files) -> dict[str, str]:
    """Every intent.category, and what people call it."""
    found = {}
    for file in INTENTS:
        table = parsed(files, file)
        for key, category in _tables(table, "categories"):
            found[f"{file.removesuffix('.toml')}.{key}"] = str(category.get("label", key))
    return found


def kinds_of_danger(files: Files) -> dict[str, str]:
    """Every kind of danger, and what people call it."""
    return {key: str(kind.get("label", key)) for key, kind in _tables(parsed(files, DANGER), "kinds")}


def blanks_of(text: str) -> frozenset[str]:
    """The names of the {blanks} of a shipped sentence, which is known to be sound."""
    return frozenset(part.partition("}")[0].partition(":")[0] for part in text.split("{")[1:] if "}" in part)


def _intent(file: str, table: Mapping[str, Any]) -> Iterator[Section]:
    own = [*_plain(table, "", TESTED), *_weighted(table, "", "signs"), *_weighted(table, "", "cues"),
           *_plain(table, "", ("masks",))]  # fmt: skip
    yield Section(file, "", "", tuple(own))
    for key, category in _tables(table, "categories"):
        place = f"categories/{key}/"
        found = [*_weighted(category, place, "words"), *_plain(category, place, ("things",)),
                 *_weighted(category, place, "signs")]  # fmt: skip
        yield Section(
            file,
            place.rstrip("/"),
            str(category.get("label", key)),
            tuple(found),
            tuple(_sentences(file, category, place, ("label", "matter"), None)),
        )


def _dangers(table: Mapping[str, Any]) -> Iterator[Section]:
    blanks = frozenset(DANGER_BLANKS)
    for key, kind in _tables(table, "kinds"):
        place = f"kinds/{key}/"
        said = (*_sentences(DANGER, kind, place, ("matter",), None),
                *_sentences(DANGER, kind, place, ("advice", "short", "question"), blanks))  # fmt: skip
        title = str(kind.get("label", key))
        yield Section(DANGER, place.rstrip("/"), title, tuple(_plain(kind, place, ("words",))), said)
    named = table.get("lists", {})
    yield Section(DANGER, "lists", "", tuple(_plain(named, "lists/", tuple(named), kind="named")))


def _commands(table: Mapping[str, Any]) -> Iterator[Section]:
    for group in VERBS:
        for key, verb in _tables(table, group):
            place = f"{group}/{key}/"
            title = next(iter(verb.get("examples", ())), key)
            yield Section(COMMANDS, place.rstrip("/"), str(title), tuple(_plain(verb, place, TESTED)))
    things = table.get("things", {})
    yield Section(COMMANDS, "things", "", tuple(_plain(things, "things/", tuple(things), kind="thing")))


def _plain(table: Mapping[str, Any], place: str, keys: Sequence[str], kind: str = "") -> Iterator[WordList]:
    for key in keys:
        yield WordList(f"{place}{key}", kind or key, _words(table.get(key)))


def _weighted(table: Mapping[str, Any], place: str, key: str) -> Iterator[WordList]:
    """The lists of a table of words by weight, the heaviest first; those of it that are empty are offered, too."""
    found = table.get(key, {})
    offered = {*found, *WEIGHTS} if isinstance(found, Mapping) else set()
    for weight in sorted(offered, key=_heavy, reverse=True):
        yield WordList(f"{place}{key}/{weight}", key, _words(found.get(weight)), weight)


def _sentences(
    file: str, table: Mapping[str, Any], place: str, keys: Sequence[str], blanks: frozenset[str] | None
) -> Iterator[Sentence]:
    for key in keys:
        if isinstance(table.get(key), str):
            yield Sentence(file, f"{place}{key}", table[key], blanks)


def _words(found: Any) -> tuple[str, ...]:
    return tuple(str(word) for word in found) if isinstance(found, list) else ()


def _texts(lines: Any) -> Iterator[tuple[str, str]]:
    if isinstance(lines, Mapping):
        yield from ((key, text) for key, text in lines.items() if isinstance(text, str))


def _tables(table: Mapping[str, Any], key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    found = table.get(key)
    if isinstance(found, Mapping):
        yield from ((name, one) for name, one in found.items() if isinstance(one, Mapping))


def _heavy(weight: str) -> float:
    try:
        return float(weight)
    except ValueError:
        return 0.0
