"""A draft's changes brought into the files of a version. Comments and the order of things stay as they are. Pure.

A place is the keys that lead to something in a file, with / between them: categories/lift/things. In dialects.toml it
is the table alone, and an entry is what is said and what it means with a tab between; a .tsv has no places, its
entries are lines.
"""

import hashlib
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array, InlineTable, Table

from models import ChangeKind

DIALECTS = "dialects.toml"
TAB = "\t"
LINES = ".tsv"
WEIGHTED = ("words", "signs", "cues")  # tables of lists by weight, made where a first word comes into them
HEADER = "label\tdanger\tsetting\ttext"
Files = Mapping[str, bytes]


class Change(Protocol):
    """What models.WordsChange says."""

    @property
    def file(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def kind(self) -> ChangeKind: ...
    @property
    def value(self) -> str: ...
    @property
    def was(self) -> str | None: ...


@dataclass(frozen=True)
class Clash:
    """A change that does not fit the version any more. now: what stands there in it, None for nothing."""

    change: Change
    now: str | None


@dataclass(frozen=True)
class Edited:
    """The files with all that could be done. idle: changes that the version has already."""

    files: Files
    clashes: tuple[Clash, ...]
    idle: tuple[Change, ...]


class _Unfit(Exception):
    """A change cannot be made; the argument is what stands there now."""


class _Idle(Exception):
    """What a change wants is so already."""


def edited(files: Files, changes: Sequence[Change]) -> Edited:
    """The files with the changes in them, each as far as it fits. Files without changes are the same objects."""
    result: dict[str, bytes] = dict(files)
    clashes: list[Clash] = []
    idle: list[Change] = []
    of_file: dict[str, list[Change]] = defaultdict(list)
    for change in sorted(changes, key=lambda one: one.kind != ChangeKind.FILE):
        of_file[change.file].append(change)
    for name, own in of_file.items():
        pen = _Pen(name, result.get(name), clashes, idle)
        pen.make(own)
        if pen.data is not None:
            result[name] = pen.data
    return Edited(result, tuple(clashes), tuple(idle))


def at(table: Mapping[str, Any], place: str) -> Any:
    """What stands at a place of a parsed file; None where nothing does."""
    found: Any = table
    for key in place.split("/"):
        if not isinstance(found, Mapping) or key not in found:
            return None
        found = found[key]
    return found


def parsed(files: Files, name: str) -> Mapping[str, Any]:
    """A .toml file as plain values, not to be changed; empty where it is missing or cannot be read."""
    return _parsed(files[name]) if name in files else {}


@lru_cache(maxsize=48)
def _parsed(data: bytes) -> Mapping[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}


def digest(data: bytes | None) -> str:
    """Tells one state of a file from another; "" for no file."""
    return "" if data is None else hashlib.sha256(data).hexdigest()[:16]


class _Pen:
    """Makes the changes of one file."""

    def __init__(self, name: str, data: bytes | None, clashes: list[Clash], idle: list[Change]) -> None:
        self.data = data
        self._name, self._clashes, self._idle = name, clashes, idle

    def make(self, changes: Sequence[Change]) -> None:
        """All of them; entries and sentences of a .toml in one go, for reading it again takes longest."""
        whole = [change for change in changes if change.kind == ChangeKind.FILE]
        for change in whole:
            self._try(change, lambda one: _file(self.data, one))
        rest = [change for change in changes if change.kind != ChangeKind.FILE]
        if self._name.endswith(LINES):
            for change in rest:
                self._try(change, lambda one: _line(self.data, one))
        elif rest:
            self._in_toml(rest)

    def _in_toml(self, changes: Sequence[Change]) -> None:
        before = self.data, len(self._clashes), len(self._idle)
        document = _document(self.data)
        for change in changes:
            self._try(change, lambda one: _in_toml(document, self._name, one))
        if document is None:
            return
        self.data = tomlkit.dumps(document).encode("utf-8")
        if _sound(self.data, document):
            return
        # One of them cannot be written down as it is meant: nobody is served a file that says something else.
        self.data = before[0]
        del self._clashes[before[1] :], self._idle[before[2] :]
        if len(changes) == 1:
            self._clashes.append(Clash(changes[0], None))
            return
        for change in changes:
            self._in_toml([change])

    def _try(self, change: Change, act: Callable[[Change], bytes | None]) -> None:
        try:
            data = act(change)
        except _Idle:
            self._idle.append(change)
        except _Unfit as unfit:
            self._clashes.append(Clash(change, unfit.args[0]))
        else:
            self.data = self.data if data is None else data


def _document(data: bytes | None) -> tomlkit.TOMLDocument | None:
    try:
        return None if data is None else tomlkit.parse(data.decode("utf-8"))
    except (TOMLKitError, UnicodeDecodeError):
        return None


def _sound(data: bytes, document: tomlkit.TOMLDocument) -> bool:
    try:
        return tomllib.loads(data.decode("utf-8")) == document.unwrap()
    except tomllib.TOMLDecodeError:
        return False


def _file(data: bytes | None, change: Change) -> bytes:
    wanted = change.value.encode("utf-8")
    if data == wanted:
        raise _Idle
    if digest(data) != (change.was or ""):
        raise _Unfit(None if data is None else data.decode("utf-8", "replace"))
    return wanted


def _line(data: bytes | None, change: Change) -> bytes:
    """A line more at the end, or one less."""
    lines = (data.decode("utf-8", "replace") if data else HEADER).splitlines()
    there = change.value in lines
    if there == (change.kind == ChangeKind.ADD):
        raise _Idle
    if there:
        lines.remove(change.value)
    else:
        lines.append(change.value)
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def _in_toml(document: tomlkit.TOMLDocument | None, name: str, change: Change) -> None:
    if document is None:
        raise _Unfit(None)
    if change.kind == ChangeKind.SET:
        _sentence(document, change)
    elif name == DIALECTS:
        _pair(document, change)
    else:
        _entry(document, change)


def _sentence(document: tomlkit.TOMLDocument, change: Change) -> None:
    holder, key = _holder(document, change.place, make=change.was is None)
    now = holder.get(key) if holder is not None else None
    if now == change.value:
        raise _Idle
    if holder is None or now != change.was:
        raise _Unfit(None if now is None else str(now))
    holder[key] = change.value


def _pair(document: tomlkit.TOMLDocument, change: Change) -> None:
    said, _, means = change.value.partition(TAB)
    holder = document.get(change.place)
    if change.kind == ChangeKind.STRIKE:
        if not isinstance(holder, Table) or said not in holder:
            raise _Idle
        holder.remove(said)
        return
    if holder is None:
        holder = document[change.place] = tomlkit.table()
    now = holder.get(said)
    if now == means:
        raise _Idle
    if now is not None:
        raise _Unfit(f"{said}{TAB}{now}")
    holder[said] = means


def _entry(document: tomlkit.TOMLDocument, change: Change) -> None:
    adds = change.kind == ChangeKind.ADD
    holder, key = _holder(document, change.place, make=adds)
    found = holder.get(key) if holder is not None else None
    if found is None and adds and holder is not None:
        holder[key] = found = tomlkit.array()
    if not isinstance(found, Array):
        if adds:
            raise _Unfit(None)
        raise _Idle
    there = [str(item) for item in found]
    if (change.value in there) == adds:
        raise _Idle
    if adds:
        found.append(change.value)
    else:
        found.pop(there.index(change.value))


def _holder(
    document: tomlkit.TOMLDocument, place: str, *, make: bool
) -> tuple[tomlkit.TOMLDocument | Table | InlineTable | None, str]:
    """The table that the last key of a place is in, and that key. make: one table that is missing is made."""
    keys = place.split("/")
    holder: Any = document
    for depth, key in enumerate(keys[:-1]):
        if key not in holder and make and key in WEIGHTED and depth == len(keys) - 2:
            holder[key] = tomlkit.inline_table() if depth else tomlkit.table()
        if not isinstance(holder.get(key), Table | InlineTable):
            return None, keys[-1]
        holder = holder[key]
    return holder, keys[-1]


def differing(before: Files, after: Files) -> Iterable[str]:
    """The names of the files that are not the same, sorted."""
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
