"""Words by jieba: a Tokenizer of our own, never the global one, loaded at once (before a worker forks)."""

import logging
from collections.abc import Iterable
from functools import lru_cache

import jieba

# What carries no matter: particles, pronouns, measure words, politeness.
STOP_WORDS = """
的 了 吗 呢 啊 吧 呀 么 是 在 有 我 你 他 她 它 我们 你们 他们 这 那 这个 那个 一个 就 都 也 还 又 和 跟 与 把 被 给 对
要 会 能 可以 不 没 很 太 好 去 来 上 下 里 到 从 请问 请 谢谢 麻烦 什么 怎么 怎样 如何 哪里 哪 谁 多少 几 现在 今天
昨天 明天 想 说 问 一下 时候 知道 家里 家 人 大家 社区
"""
STOP = frozenset(STOP_WORDS.split())
LONGEST_WORD = 12


@lru_cache(maxsize=1)
def _loaded() -> jieba.Tokenizer:
    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    return tokenizer


def _copy(loaded: jieba.Tokenizer) -> jieba.Tokenizer:
    """A tokenizer of its own: words added to it must not change how anybody else cuts, nor outlive a version."""
    own = jieba.Tokenizer()
    own.FREQ, own.total, own.initialized = dict(loaded.FREQ), loaded.total, True
    return own


class Tokens:
    """Cuts a text into the words that carry its matter. `own_words` are kept whole."""

    def __init__(self, own_words: Iterable[str] = ()) -> None:
        # In one order: what jieba makes of a word hangs on those that were added before.
        own = sorted(word for word in own_words if 1 < len(word) <= LONGEST_WORD)
        self._tokenizer = _loaded() if not own else _copy(_loaded())
        for word in own:
            if word not in self._tokenizer.FREQ:
                self._tokenizer.add_word(word)

    def frequency(self, word: str) -> int:
        """How often jieba's dictionary has met a word; 0 for what it holds to be none."""
        return int(self._tokenizer.FREQ.get(word) or 0)

    def cut(self, text: str) -> list[str]:
        """The whole text in words, nothing left out."""
        return list(self._tokenizer.cut(text, HMM=False))

    def words(self, text: str) -> list[str]:
        """The words of a text without particles, punctuation and single marks."""
        return [
            word
            for word in self._tokenizer.cut(text, HMM=False)
            if word.strip() and word not in STOP and word.isalnum()
        ]
