"""`words list`, `export`, `publish`, `rollback`, as an operator meets them."""

import re
from pathlib import Path

import pytest

from bot.services import KEYWORDS
from intents.understanding import version_of
from tests.plumbing.processes import command
from tests.plumbing.test_commands import plain_error
from tests.words.editing import edit


@pytest.fixture
def place(sqlite: str, tmp_path: Path, environment: dict[str, str]) -> "Place":
    return Place(tmp_path, {**environment, "DATABASE_URL": sqlite})


class Place:
    """Where somebody works on the words."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self._environment = environment

    def checked(self) -> str:
        """What `check-config` says."""
        return command(["check-config"], self._environment, cwd=self.folder).stdout

    def refused(self, *arguments: str) -> str:
        return plain_error(command(["words", *arguments], self._environment, cwd=self.folder))

    def does(self, *arguments: str) -> list[str]:
        result = command(["words", *arguments], self._environment, cwd=self.folder)
        assert result.returncode == 0, result.stderr
        return result.stdout.splitlines()


@pytest.mark.slow
def test_words_are_exported_edited_published_and_taken_back(place: Place) -> None:
    files = version_of(KEYWORDS)
    assert place.does("list") == [f"0*\t{files}\t-\t-\t-\t{KEYWORDS}"]

    (said,) = place.does("export", "mine")
    assert re.fullmatch(r"version 0: \d+ files in mine", said)
    place.does("export", "theirs")
    assert "nothing differs from version 0" in place.refused("publish", "mine", "--author", "周敏")

    edit(place.folder / "mine" / "wording.toml", "我记下了", "我记在本子上了")
    (said,) = place.does("publish", "mine", "--author", "周敏", "--note", "换个说法")
    first = re.fullmatch(r"version (\d+) \((\w{12})\) is in force, made from version 0", said)
    assert first is not None

    assert f"words: version {first[1]} is in force, not these files" in place.checked()

    edit(place.folder / "theirs" / "wording.toml", "我记下了", "我写下来了")
    assert "周敏" in place.refused("publish", "theirs", "--author", "小邹")

    edit(place.folder / "mine" / "wording.toml", "我记在本子上了", "我记到本子上了")
    (said,) = place.does("publish", "mine", "--author", "周敏")  # the folder knows what it was made from by now
    second = re.fullmatch(r"version (\d+) \(\w{12}\) is in force, made from version " + first[1], said)
    assert second is not None

    assert place.does("rollback", first[1]) == [f"version {first[1]} is in force"]
    listed = [line.split("\t") for line in place.does("list")]
    assert [line[0] for line in listed] == [second[1], f"{first[1]}*", "0"]
    assert listed[1][1] == first[2]
    assert listed[1][3:] == ["from 0", "周敏", "换个说法"]

    place.does("export", "second", "--version", second[1])
    assert "我记到本子上了" in (place.folder / "second" / "wording.toml").read_text(encoding="utf-8")
    place.does("rollback", "0")
    assert place.does("list")[-1].startswith("0*\t")


@pytest.mark.slow
def test_what_cannot_be_done_is_one_plain_line(place: Place) -> None:
    place.does("export", "mine")
    edit(place.folder / "mine" / "repair.toml", "place = true", 'place = "yes"')
    assert re.search(r"repair\.toml:\d+: place", place.refused("publish", "mine", "--author", "周敏"))
    edit(place.folder / "mine" / "repair.toml", 'place = "yes"', "place = true")
    edit(place.folder / "mine" / "repair.toml", "examples = [", 'examples = [ "早上好呀各位",')
    assert re.search(
        r"repair\.toml:\d+: examples: “早上好呀各位”", place.refused("publish", "mine", "--author", "周敏")
    )
    (place.folder / "mine" / ".version").unlink()
    assert "--parent" in place.refused("publish", "mine", "--author", "周敏")
    assert "is not empty" in place.refused("export", "mine")
    assert "no version 9" in place.refused("export", "new", "--version", "9")
    assert "no version 9" in place.refused("rollback", "9")
    assert "in force already" in place.refused("rollback", "0")
    assert "--author" in place.refused("publish", "mine")
    assert [line.split("\t")[0] for line in place.does("list")] == ["0*"]
