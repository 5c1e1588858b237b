"""Words by jieba: a Tokenizer of our own, never the global one, loaded at once (before a worker forks).

The dictionary is jieba's, and so is how a text is cut: of all ways to cut it into words of the dictionary, the
likeliest. The search for that way is our own, and gives what `jieba.cut(text, HMM=False)` gives: jieba lists all words
of a text first and weighs them afterwards, which takes nearly twice as long.
"""

import logging
import marshal
import re
import tempfile
from collections.abc import Iterable
from functools import lru_cache
from math import log
from pathlib import Path
from typing import Any

from intents.lasting import module

# What carries no matter: particles, pronouns, measure words, politeness.
STOP_WORDS = """
的 了 吗 呢 啊 吧 呀 么 是 在 有 我 你 他 她 它 我们 你们 他们 这 那 这个 那个 一个 就 都 也 还 又 和 跟 与 把 被 给 对
要 会 能 可以 不 没 很 太 好 去 来 上 下 里 到 从 请问 请 谢谢 麻烦 什么 怎么 怎样 如何 哪里 哪 谁 多少 几 现在 今天
昨天 明天 想 说 问 一下 时候 知道 家里 家 人 大家 社区
"""
STOP = frozenset(STOP_WORDS.split())
LONGEST_WORD = 12
# As jieba divides a text before it cuts: runs of what words are made of, and what lies between, character by character.
RUNS = re.compile(r"([\u4E00-\u9FD5a-zA-Z0-9+#&._%-]+)")
BETWEEN = re.compile(r"\r\n|[\s\S]")
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


@lru_cache(maxsize=1)
def _loaded() -> Any:
    """jieba's tokenizer with its dictionary. Not even jieba is loaded before: many commands read nothing.

    Where jieba finds pkg_resources it opens its files through it, and that takes longer to load than the dictionary.
    """
    jieba = module("jieba", without="pkg_resources")
    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    try:
        tokenizer.FREQ, tokenizer.total = marshal.loads(_kept().read_bytes())  # noqa: S302 - what jieba itself would read
        tokenizer.initialized = True
    except (OSError, ValueError, EOFError, TypeError):
        tokenizer.initialize()
    return tokenizer


def _kept() -> Path:
    """Where jieba keeps its dictionary once it has read it. jieba reads it piece by piece, in three times as long."""
    return Path(tempfile.gettempdir()) / "jieba.cache"


def _copy(loaded: Any) -> Any:
    """A tokenizer of its own: words added to it must not change how anybody else cuts, nor outlive a version."""
    own = type(loaded)()
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

        total = log(self._tokenizer.total)
        self._frequencies: dict[str, int] = self._tokenizer.FREQ  # 0 for what is only the beginning of a word
        self._chances = {often: log(often or 1) - total for often in {1, *self._frequencies.values()}}

    def frequency(self, word: str) -> int:
        """How often jieba's dictionary has met a word; 0 for what it holds to be none."""
        return int(self._frequencies.get(word) or 0)

    def cut(self, text: str) -> list[str]:
        """The whole text in words, nothing left out."""
        words: list[str] = []
        for number, part in enumerate(RUNS.split(text)):
            words += self._words_of(part) if number % 2 else BETWEEN.findall(part)
        return words

    def words(self, text: str) -> list[str]:
        """The words of a text without particles, punctuation and single marks."""
        return [word for word in self.cut(text) if word.strip() and word not in STOP and word.isalnum()]

    def _words_of(self, run: str) -> list[str]:
        """One run in words, single letters and digits in a row taken together."""
        ends = self._ends(run)
        words: list[str] = []
        letters, at = "", 0
        while at < len(run):
            word = run[at : ends[at]]
            at = ends[at]
            if word in LETTERS:
                letters += word
                continue
            if letters:
                words.append(letters)
                letters = ""
            words.append(word)
        return [*words, letters] if letters else words

    def _ends(self, run: str) -> list[int]:
        """Where a word ends that begins at each place, on the likeliest way from there to the end of the run."""
        known, chances = self._frequencies.get, self._chances
        length, unknown = len(run), chances[1]
        ends, best = list(range(1, length + 1)), [0.0] * (length + 1)
        for start in range(length - 1, -1, -1):
            end = start + 1
            often, most = known(run[start]), None
            while often is not None:
                if often and (most is None or chances[often] + best[end] >= most):
                    most = chances[often] + best[end]
                    ends[start] = end
                if end == length:
                    break
                end += 1
                often = known(run[start:end])
            best[start] = unknown + best[start + 1] if most is None else most
        return ends
