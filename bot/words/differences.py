"""What differs between two versions, in people's terms: words that came and went, sentences, lines. Pure."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.words.editing import DIALECTS, LINES, TAB, Files, differing, parsed
from models import ChangeKind


@dataclass(frozen=True)
class Difference:
    """As models.WordsChange says it; `was` is the sentence before. FILE: more than lists and sentences tell."""

    file: str
    place: str
    kind: ChangeKind
    value: str
    was: str | None = None


def differences(before: Files, after: Files) -> list[Difference]:
    """From one version to another, file by file."""
    return [one for name in differing(before, after) for one in _of(name, before, after)]


def _of(name: str, before: Files, after: Files) -> Iterator[Difference]:
    if name.endswith(LINES):
        old, new = (_lines(files.get(name)) for files in (before, after))
        yield from _entries(name, "", old, new)
        return
    readable = name.endswith(".toml") and all(_reads(files, name) for files in (before, after))
    found = list(_tables(name, "", parsed(before, name), parsed(after, name))) if readable else []
    yield from found
    if not found:
        yield Difference(name, "", ChangeKind.FILE, "")


def _tables(name: str, place: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for key in dict.fromkeys((*old, *new)):
        at = f"{place}/{key}" if place else key
        was, now = old.get(key), new.get(key)
        if was == now:
            continue
        if isinstance(was or {}, Mapping) and isinstance(now or {}, Mapping):
            yield from _tables(name, at, was or {}, now or {})
        elif name == DIALECTS:
            yield from _pair(place, key, was, now)
        elif _words(was) is not None and _words(now) is not None:
            yield from _entries(name, at, _words(was) or (), _words(now) or ())
        else:
            yield Difference(name, at, ChangeKind.SET, str(now or ""), None if was is None else str(was))


def _pair(place: str, said: str, was: object, now: object) -> Iterator[Difference]:
    if was is not None:
        yield Difference(DIALECTS, place, ChangeKind.STRIKE, f"{said}{TAB}{was}")
    if now is not None:
        yield Difference(DIALECTS, place, ChangeKind.ADD, f"{said}{TAB}{now}")


def _entries(name: str, place: str, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Difference]:
    known, kept = set(old), set(new)
    yield from (Difference(name, place, ChangeKind.STRIKE, word) for word in old if word not in kept)
    yield from (Difference(name, place, ChangeKind.ADD, word) for word in new if word not in known)


def _words(value: object) -> tuple[str, ...] | None:
    """A list of texts; None for anything else that is there."""
    if value is None:
        return ()
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    return None


def _lines(data: bytes | None) -> tuple[str, ...]:
    return tuple((data or b"").decode("utf-8", "replace").splitlines())


def _reads(files: Files, name: str) -> bool:
    try:
        tomllib.loads(files.get(name, b"").decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False
    return True
