"""What is wrong with a draft, for a page: file, line, key and the kind of fault; the page says it in its own words.

A file that does not load says so in one English line (intents/keyfile.py): its parts are told apart here, so that the
page can say the usual ones in plain words and show the others as they are.
"""

import re
from dataclasses import dataclass

from bot.wording import WordingError
from bot.words.bundle import WordsError
from bot.words.vetting import Problem, Refused
from intents.keyfile import KeywordError

MESSAGE = re.compile(r"(?P<file>[\w./-]+\.(?:toml|tsv|md|npz))(?::(?P<line>\d+))?: (?P<rest>.+)", re.DOTALL)
KEYED = re.compile(r"(?P<key>[\w./\"\[\]-]+): (?P<why>.+)", re.DOTALL)
AT_LINE = re.compile(r"at line (\d+)")
KNOWN = {
    "must be a list of texts": "not_a_list",
    "must be a text": "not_a_text",
    "must be a number": "not_a_number",
    "is missing": "missing_key",
    "unknown key": "unknown_key",
    "must be a table": "not_a_table",
    "must be a sentence": "not_a_text",
    "no such list": "no_such_list",
    "give repeats an upper bound": "unbounded",
    "unknown blank": "blank",
    "no such intent and category": "no_such_label",
    "must be a weight": "not_a_weight",
}


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong. kind: a Fault, or what a file that does not load suffers from; else "unreadable"."""

    kind: str
    file: str
    line: int | None
    key: str
    example: str = ""
    found: str = ""
    said: str = ""  # the program's own words

    @property
    def place(self) -> str:
        """Where the page edits it, as far as the key says so."""
        return self.key.replace(".", "/")


def wrongs(error: Exception) -> list[Wrong]:
    """What an error of loading or proving says, in parts."""
    if isinstance(error, Refused):
        return [_proved(problem) for problem in error.problems]
    if isinstance(error, KeywordError | WordingError | WordsError):
        return [_loaded(str(error))]
    raise error


def _proved(problem: Problem) -> Wrong:
    return Wrong(
        problem.fault.value, problem.file, problem.line, problem.key, problem.example, problem.found, str(problem)
    )


def _loaded(message: str) -> Wrong:
    whole = MESSAGE.fullmatch(message)
    if whole is None:
        return Wrong("unreadable", "", None, "", said=message)
    rest, line = whole["rest"], whole["line"]
    keyed = KEYED.fullmatch(rest)
    kind = next((kind for words, kind in KNOWN.items() if words in rest), "unreadable")
    at = AT_LINE.search(rest)
    number = int(line) if line else int(at[1]) if at else None
    return Wrong(kind, whole["file"], number, keyed["key"] if keyed else "", found=keyed["why"] if keyed else "",
                 said=message)  # fmt: skip
