"""What the tests of the understanding share: the shipped keyword files, and a copy that a test may spoil."""

import shutil
from pathlib import Path

import pytest

KEYWORDS = Path(__file__).parents[2] / "keywords"
HERE = Path(__file__).parent


def table(name: str) -> list[tuple[str, str]]:
    """The rows of a file beside the tests: a label, a tab, a message."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [(label, text) for label, _, text in (line.partition("\t") for line in lines) if text]


@pytest.fixture
def spoiled(tmp_path: Path) -> Path:
    """A copy of the keyword files."""
    copy = tmp_path / "keywords"
    shutil.copytree(KEYWORDS, copy)
    return copy
