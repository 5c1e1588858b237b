"""Reading the keyword files: every wrong key or type is refused with the file, the key and, where known, the line."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path


class KeywordError(Exception):
    """A keyword file cannot be used; the message names the file, the key and, where it is known, the line."""


LISTED = re.compile(r"(?<!\?P)<([a-z_]+)>")  # (?P<name>...) is a group
UNBOUNDED = re.compile(r"(?<!\\)(?:[*+]|\{\d*,\})")


def read_text(path: Path) -> str:
    """The file's text. Raises KeywordError where it cannot be read as UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KeywordError(f"{path.name}: {error}") from error


def read_toml(path: Path) -> "Table":
    """The file as a Table. Raises KeywordError; tomllib's own message names the line."""
    text = read_text(path)
    try:
        return Table(path.name, "", tomllib.loads(text), text)
    except tomllib.TOMLDecodeError as error:
        raise KeywordError(f"{path.name}: {error}") from error


def compiled(file: str, key: str, pattern: str) -> re.Pattern[str]:
    """A regular expression of a keyword file. Unbounded repeats are refused: a message is read in linear time."""
    if UNBOUNDED.search(pattern):
        raise KeywordError(f"{file}: {key}: {pattern!r}: give repeats an upper bound, such as {{0,8}}")
    try:
        return _compiled(pattern)
    except re.error as error:
        raise KeywordError(f"{file}: {key}: {pattern!r}: {error}") from error


# Versions of the words differ in a few of some eight hundred patterns; `re` itself remembers no more than 512.
_compiled = lru_cache(4096)(re.compile)


class Table:
    """One table of a keyword file. What is asked for is checked; `finish` refuses what nobody asked for."""

    def __init__(self, file: str, path: str, raw: Mapping[str, object], source: str) -> None:
        self.file = file
        self._path = path
        self._raw = raw
        self._source = source
        self._asked: set[str] = set()

    def error(self, key: str, problem: str) -> KeywordError:
        """A KeywordError that names the file, the line where the key stands and the key."""
        return KeywordError(f"{self.file}{self._line(key)}: {self._name(key)}: {problem}")

    def names(self) -> list[str]:
        return list(self._raw)

    def has(self, key: str) -> bool:
        return key in self._raw

    def text(self, key: str, default: str | None = None) -> str:
        value = self._take(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.error(key, "must be a text")
        return value.strip()

    def flag(self, key: str, default: bool = False) -> bool:
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self.error(key, "must be true or false")
        return value

    def number(self, key: str, default: float | None = None) -> float:
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(key, "must be a number")
        return float(value)

    def texts(self, key: str, default: tuple[str, ...] | None = ()) -> tuple[str, ...]:
        value = self._take(key, default)
        if isinstance(value, tuple):
            return value
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise self.error(key, "must be a list of texts")
        return tuple(value)

    def weights(self, key: str) -> dict[str, float]:
        """A table of word = weight; absent means none."""
        if not self.has(key):
            return {}
        table = self.table(key)
        return {word: table.number(word) for word in table.names()}

    def patterns(self, key: str, lists: Mapping[str, Iterable[str]] | None = None) -> tuple[re.Pattern[str], ...]:
        """The patterns, with `<name>` in them standing for any word of that list."""
        where = self.file + self._line(key), self._name(key)
        return tuple(compiled(*where, self._filled(key, item, lists or {})) for item in self.texts(key))

    def table(self, key: str) -> "Table":
        value = self._take(key, None)
        if not isinstance(value, dict):
            raise self.error(key, "must be a table")
        return Table(self.file, self._name(key), value, self._source)

    def tables(self, key: str) -> dict[str, "Table"]:
        """The tables below `key`, by name; absent means none."""
        if not self.has(key):
            return {}
        return self.table(key).tables_here()

    def tables_here(self) -> dict[str, "Table"]:
        """Every key of this table, each of which must be a table."""
        return {name: self.table(name) for name in self.names()}

    def rows(self, key: str) -> list["Table"]:
        """A list of tables ([[key]]); absent means none."""
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(key, "must be a list of tables")
        return [Table(self.file, f"{self._name(key)}[{i}]", item, self._source) for i, item in enumerate(value)]

    def finish(self) -> None:
        """Raises KeywordError for a key nobody asked for: most often a slip of the pen."""
        for key in self._raw:
            if key not in self._asked:
                known = ", ".join(sorted(self._asked))
                raise self.error(key, f"unknown key; known here: {known}")

    def _filled(self, key: str, pattern: str, lists: Mapping[str, Iterable[str]]) -> str:
        def words(found: re.Match[str]) -> str:
            if found[1] not in lists:
                raise self.error(key, f"no such list: {found[0]}")
            text = "|".join(re.escape(word) for word in sorted(lists[found[1]], key=lambda word: (-len(word), word)))
            # Within (?:a|<list>|b) the words stand beside the others: re finds such a list by its first characters.
            among = pattern[: found.start()].endswith(("(?:", "|")) and pattern[found.end() :].startswith(("|", ")"))
            return text if among else f"(?:{text})"

        return LISTED.sub(words, pattern)

    def _take(self, key: str, default: object) -> object:
        self._asked.add(key)
        if key in self._raw:
            return self._raw[key]
        if default is None:
            raise self.error(key, "is missing")
        return default

    def _name(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def _line(self, key: str) -> str:
        pattern = re.compile(rf"^\s*(?:\[+[\w.]*?)?\"?{re.escape(key)}\"?\s*[=\].]", re.MULTILINE)
        start = self._source.find(f"[{self._path}]") if self._path else 0
        found = pattern.search(self._source, max(start, 0))
        return f":{self._source.count(chr(10), 0, found.start()) + 1}" if found else ""
