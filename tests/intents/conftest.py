"""What the tests of the understanding share: the shipped keyword files, and a copy that a test may spoil."""

import shutil
from pathlib import Path

import pytest

KEYWORDS = Path(__file__).parents[2] / "keywords"
HERE = Path(__file__).parent
# What voice input makes of words of ours, where hardly anything else in the sentence says what is meant.
MISHEARD = {
    "天花板神水": "天花板渗水", "墙脚神水": "墙脚渗水", "天棚神水": "天棚渗水", "五业不管": "物业不管",
    "马桶独了": "马桶堵了", "地漏独了": "地漏堵了", "下水道独了": "下水道堵了", "污水贸出来": "污水冒出来",
}  # fmt: skip


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
