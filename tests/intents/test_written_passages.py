"""A passage written as a file reads the same again, whatever stands in it."""

from dataclasses import replace
from datetime import date

import pytest

from bot.services import KEYWORDS
from intents import passages

ALL = passages.read(KEYWORDS / "policies")
AWKWARD = ("a: b", "2024", "[x]", "# 注", "- 一", "'引'", '"引"', "是 #号", "null", "反\\斜", "*星", "---", "{x}", "|")


@pytest.mark.parametrize("policy", ALL, ids=lambda policy: policy.id)
def test_the_shipped_ones(policy: passages.Policy) -> None:
    assert passages.parsed(f"{policy.id}.md", passages.written(policy)) == policy


@pytest.mark.parametrize("words", AWKWARD)
def test_awkward_words_in_every_field(words: str) -> None:
    policy = passages.Policy(
        "own-1", words, words, words, words, date(2020, 1, 1), date(2021, 1, 1), words, (words,), (words,), (words,),
        words, words, (words,), words,
    )  # fmt: skip
    assert passages.parsed("own-1.md", passages.written(policy)) == policy
    bare = replace(policy, number="", until=None, needs=(), never=(), instead="")
    assert passages.parsed("own-1.md", passages.written(bare)) == bare
