"""Other ways of saying it brought to one: Traditional characters, dialect words, mishearings of voice input."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from intents import normalise
from intents.finder import Finder
from intents.keyfile import KeywordError, read_toml


@dataclass(frozen=True)
class Dialects:
    """What keywords/dialects.toml says. `fold` gives the form in which all other words are looked for."""

    characters: Mapping[int, str]
    words: Mapping[str, str]
    finder: Finder

    def fold(self, text: str) -> str:
        """`normalise.clean` text as standard Mandarin in small letters, with the numbers of places as digits."""
        plain = normalise.plain(text).translate(self.characters)
        return normalise.numerals(self._replaced(plain))

    def _replaced(self, text: str) -> str:
        parts: list[str] = []
        position = 0
        for start, end, word in self.finder.find(text):
            if start < position:
                continue
            parts += (text[position:start], self.words[word])
            position = end
        parts.append(text[position:])
        return "".join(parts)


def load(path: Path) -> Dialects:
    """Read the file: [traditional] pairs = "電电 樓楼", any other table word = "word". Raises KeywordError."""
    file = read_toml(path)
    characters: dict[int, str] = {}
    words: dict[str, str] = {}
    for name, table in file.tables_here().items():
        if name == "traditional":
            characters = _pairs(table.text("pairs"), path.name)
            table.finish()
            continue
        words |= {word: table.text(word, "") for word in table.names()}
    file.finish()
    return Dialects(characters, words, Finder(words))


def _pairs(text: str, file: str) -> dict[int, str]:
    pairs = re.split(r"\s+", text)
    for pair in pairs:
        if len(pair) != 2:  # noqa: PLR2004 - a pair is two characters
            raise KeywordError(f"{file}: traditional.pairs: {pair!r}: must be two characters, the old and the new")
    return {ord(pair[0]): pair[1] for pair in pairs}
