"""Other ways of saying it brought to one: Traditional characters, dialect words, mishearings of voice input."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from opencc import OpenCC

from intents import normalise
from intents.finder import Finder
from intents.keyfile import read_toml


@dataclass(frozen=True)
class Dialects:
    """What keywords/dialects.toml says. `fold` gives the form in which all other words are looked for."""

    words: Mapping[str, str]
    finder: Finder
    simplified: OpenCC

    def fold(self, text: str) -> str:
        """`normalise.clean` text as standard Mandarin in small letters, with the numbers of places as digits."""
        plain = self.simplified.convert(normalise.plain(text))
        return normalise.numerals(self._replaced(plain))

    def _replaced(self, text: str) -> str:
        hits = self.finder.find(text)
        if not hits:
            return text
        parts: list[str] = []
        position = 0
        for start, end, word in hits:
            if start < position:
                continue
            parts += (text[position:start], self.words[word])
            position = end
        parts.append(text[position:])
        return "".join(parts)


def load(path: Path) -> Dialects:
    """Read the file: tables of word = "word", of whatever name. Raises KeywordError."""
    file = read_toml(path)
    words: dict[str, str] = {}
    for table in file.tables_here().values():
        words |= {word: table.text(word, "") for word in table.names()}
    file.finish()
    return Dialects(words, Finder(words), OpenCC("t2s"))
