"""Every sentence that people see, from keywords/wording.toml, so that a community can change its voice."""

import string
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path


class WordingError(Exception):
    """The wording file cannot be used; the message names the file and the key."""


class Wording:
    """Sentences by key. A missing key or blank stops the start, not the conversation."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._sentences = dict(sentences)

    def __call__(self, key: str, **blanks: object) -> str:
        """The sentence `key` with its {blanks} filled in. Raises KeyError for an unknown key (a bug: tests find it)."""
        return self._sentences[key].format(**blanks).strip()

    def has(self, key: str) -> bool:
        return key in self._sentences

    def blanks(self, key: str) -> set[str]:
        """The names of the {blanks} in a sentence."""
        return {name for _, name, _, _ in string.Formatter().parse(self._sentences[key]) if name}

    def unfit(self, own: "Wording") -> dict[str, str]:
        """Which of a community's own sentences cannot stand in for these, by key, and why."""
        return {key: why for key in own._sentences if (why := self._unfit(own, key))}

    def with_own(self, own: "Wording") -> "Wording":
        """These sentences with the community's own in place of theirs, wherever those can be said."""
        fit = {key: text for key, text in own._sentences.items() if not self._unfit(own, key)}
        return Wording({**self._sentences, **fit})

    def _unfit(self, own: "Wording", key: str) -> str | None:
        """Only the blanks of the shipped sentence are sure to be filled in wherever it is said."""
        if key not in self._sentences:
            return "there is no such sentence"
        known = self.blanks(key)
        try:
            own._sentences[key].format(**dict.fromkeys(known, "1"))
            strange = own.blanks(key) - known  # {number.x} and {number[0]} reach into what is filled in
        except (KeyError, IndexError, ValueError, AttributeError, TypeError):
            strange = {key}
        if strange:
            return f"only these blanks are filled in here: {', '.join(sorted(known)) or 'none'}"
        return None


def load(path: Path) -> Wording:
    """Read the file: one table of key = "sentence". Raises WordingError naming file, line or key."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WordingError(f"{path.name}: {error}") from error
    return _read(path.name, text)


@lru_cache(maxsize=4)
def _read(file: str, text: str) -> Wording:
    """The sentences of a file's text: the same text is read once, for nobody can change a Wording."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WordingError(f"{file}: {error}") from error
    sentences: dict[str, str] = {}
    for section, lines in raw.items():
        if not isinstance(lines, dict):
            raise WordingError(f"{file}: {section}: must be a section of sentences")
        for key, sentence in lines.items():
            sentences[key] = _checked(file, f"{section}.{key}", sentence)
    return Wording(sentences)


def _checked(file: str, key: str, sentence: object) -> str:
    if not isinstance(sentence, str) or not sentence.strip():
        raise WordingError(f"{file}: {key}: must be a sentence")
    try:
        list(string.Formatter().parse(sentence))
    except ValueError as error:
        raise WordingError(f"{file}: {key}: {error}") from error
    return sentence
