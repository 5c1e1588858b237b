"""Messages that people wrote and labelled, one file a voice: keywords/examples/*.tsv.

A file may begin with lines of `#` that say whose voice it is; then a line with the names of the columns; then a message
a line, between tabs:

    label    intent.category, as the keyword files have them
    danger   a kind of keywords/danger.toml, or - for none
    setting  group or private
    text     what was written, on one line
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from intents.keyfile import KeywordError, read_text

COLUMNS = ("label", "danger", "setting", "text")
SETTINGS = ("group", "private")
NO_DANGER = "-"


@dataclass(frozen=True)
class Example:
    """One labelled message. `danger` is None where nothing is at stake; `line` is where it stands in its file."""

    voice: str  # the file's stem
    line: int
    label: str
    danger: str | None
    setting: str
    text: str

    @property
    def intent(self) -> str:
        return self.label.partition(".")[0]

    @property
    def category(self) -> str:
        return self.label.partition(".")[2]


def load(folder: Path, labels: Collection[str], dangers: Collection[str]) -> list[Example]:
    """Every example of every voice, in the order of the files' names; none where there is no folder.

    Raises KeywordError with file, line and column for a label or danger nobody knows, or a line that is none.
    """
    return [example for path in sorted(folder.glob("*.tsv")) for example in _voice(path, labels, dangers)]


def _voice(path: Path, labels: Collection[str], dangers: Collection[str]) -> Iterator[Example]:
    named = False
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line.strip() or (not named and line.startswith("#")):
            continue
        cells = tuple(line.split("\t"))
        if not named:
            if cells != COLUMNS:
                raise KeywordError(f"{path.name}:{number}: the first line names the columns: {' '.join(COLUMNS)}")
            named = True
            continue
        yield _example(path, number, cells, labels, dangers)


def _example(
    path: Path, number: int, cells: tuple[str, ...], labels: Collection[str], dangers: Collection[str]
) -> Example:
    where = f"{path.name}:{number}"
    if len(cells) != len(COLUMNS):
        raise KeywordError(f"{where}: {len(cells)} columns between tabs, {len(COLUMNS)} are wanted")
    label, danger, setting, text = (cell.strip() for cell in cells)
    if label not in labels:
        raise KeywordError(f"{where}: label: no such intent and category: {label}")
    if danger != NO_DANGER and danger not in dangers:
        raise KeywordError(f"{where}: danger: no such kind in danger.toml: {danger}")
    if setting not in SETTINGS:
        raise KeywordError(f"{where}: setting: must be group or private, not {setting}")
    if not text:
        raise KeywordError(f"{where}: text: is empty")
    return Example(path.stem, number, label, None if danger == NO_DANGER else danger, setting, text)
