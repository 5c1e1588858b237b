"""One version of the words in memory: how it understands, and how it speaks."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot import wording as wordings
from bot.wording import Wording
from bot.words import bundle
from intents import understanding as understandings
from intents.understanding import Understanding

FILES = 0  # the version that has no row: the installation's keyword files
WORDING = "wording.toml"


@dataclass(frozen=True)
class Words:
    """A version that stays as it is: what one message, a rehearsal or a test works with. The other is bot.shelf."""

    understanding: Understanding
    wording: Wording
    id: int = FILES

    @property
    def current(self) -> "Words":
        return self

    @property
    def trouble(self) -> str | None:
        """Why these are not the words they should be: nothing of the kind."""
        return None

    def look(self) -> None:
        """There is nothing to look for."""

    def watch(self) -> None:
        """Nor to watch."""


def from_files(folder: Path) -> Words:
    """The installation's own words. Takes a second. Raises KeywordError or WordingError naming what is wrong."""
    return Words(understandings.load(folder), wordings.load(folder / WORDING))


def from_content(content: bytes, number: int, installed: Path) -> Words:
    """A published version; what it does not say, or says with blanks that nobody fills, is said as installed.

    Takes a second. Raises WordsError, KeywordError or WordingError.
    """
    with laid_out(content) as folder:
        said = wordings.load(installed / WORDING).with_own(own_wording(folder))
        return Words(understandings.load(folder), said, number)


def sentences(content: bytes, installed: Wording) -> Wording:
    """Only its sentences, over the installed ones, without loading the rest. Raises WordsError or WordingError."""
    with laid_out(content) as folder:
        return installed.with_own(own_wording(folder))


def own_wording(folder: Path) -> Wording:
    """The sentences that stand in the folder, which may have none of its own. Raises WordingError."""
    path = folder / WORDING
    return wordings.load(path) if path.exists() else Wording({})


@contextmanager
def laid_out(content: bytes) -> Iterator[Path]:
    """The files of a version in a folder that goes again. Raises WordsError."""
    with spread(bundle.files(content)) as folder:
        yield folder


@contextmanager
def spread(files: Mapping[str, bytes]) -> Iterator[Path]:
    """Files by name in a folder that goes again."""
    with tempfile.TemporaryDirectory(prefix="danyuan-words-") as name:
        folder = Path(name) / "keywords"  # errors name the folder: let it be called what people know it as
        bundle.lay_out(files, folder)
        yield folder
