"""Our own search for the likeliest way to cut gives what jieba's gives."""

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intents.tokens import Tokens
from tests.intents.conftest import table

TEXTS = [text for _, text in table("dangers.tsv")]
MIXED = st.text(st.sampled_from("停水电梯坏了的在小区3栋单元楼道aB-+#%._& \r\n\t,。!〇𠀀é"), max_size=60)


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    return Tokens()


def test_messages_are_cut_as_by_jieba(tokens: Tokens) -> None:
    for text in TEXTS:
        assert tokens.cut(text) == list(jieba.cut(text, HMM=False))


@given(MIXED)
@settings(deadline=None, max_examples=300)
def test_any_mixture_is_cut_as_by_jieba(tokens: Tokens, text: str) -> None:
    assert tokens.cut(text) == list(jieba.cut(text, HMM=False))


def test_own_words_are_kept_whole_and_change_nobody_else(tokens: Tokens) -> None:
    own = Tokens(["停水通知单"])
    assert "停水通知单" in own.cut("贴了停水通知单")
    assert "停水通知单" not in tokens.cut("贴了停水通知单")
