"""A community's own words: the shipped files with a word for the lift that nobody else has, and a sentence more."""

import shutil
from pathlib import Path

import pytest

from bot import words
from bot.services import KEYWORDS, Services
from bot.words import Words, vetting
from intents.understanding import version_of
from tests.words.editing import edit

SAID = "3栋2单元哐叽笼停了"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped files, to be edited."""
    copy = tmp_path / "own"
    shutil.copytree(KEYWORDS, copy)
    return copy


@pytest.fixture
def own(folder: Path) -> Path:
    """The same with the community's own words in it."""
    edit(folder / "dialects.toml", '"冇得" = "没有"', '"哐叽笼" = "电梯"\n"冇得" = "没有"')
    edit(folder / "wording.toml", "我记下了", "我记在本子上了")
    return folder


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """For tests of what is stored: nothing is tried out, which takes seconds. Collects what would have been."""
    tried: list[bytes] = []
    monkeypatch.setattr(vetting, "vet", lambda folder, *_: Tried(folder, tried))
    monkeypatch.setattr(words, "from_files", lambda _: tried.append(b""))
    monkeypatch.setattr(words, "from_content", lambda content, *_: tried.append(content))
    return tried


@pytest.fixture
def untried(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of what is loaded: whatever is published is believed to be good."""
    monkeypatch.setattr(vetting, "vet", lambda folder, *_: Tried(folder, []))


class Tried:
    """In place of an understanding, where only its version counts."""

    def __init__(self, folder: Path, tried: list[bytes]) -> None:
        self.version = version_of(folder)
        tried.append((folder / "wording.toml").read_bytes())


def publish(services: Services, folder: Path, parent: int = 0, author: str = "周敏", note: str = "") -> int:
    """As the command does it; the new version's number."""
    with services.transaction() as session:
        return words.publish(services.desk(session), folder, author, note, parent=parent).id


def rollback(services: Services, version: int) -> None:
    with services.transaction() as session:
        words.rollback(services.desk(session), version, "周敏")


def in_force(services: Services) -> int:
    with services.reading() as session:
        return words.current_id(session)


def held(services: Services) -> Words:
    return services.words.current
