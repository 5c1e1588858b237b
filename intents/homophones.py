"""What voice input misheard, brought back: 暖汽不惹 is 暖气不热, 点梯 is 电梯.

Only words of the keyword files are restored, only where the characters that stand there are no word of their own, and
only in messages that could not be made out as they are: see `Understanding.read`. Several dialects do not tell zh from
z, n from l or -ng from -n, and neither do those who speak to their phones in them.
"""

import importlib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any

from intents.tokens import Tokens

SHORTEST, LONGEST = 2, 4
KEPT, KEPT_LONGEST = 20_000, 8  # how many parts' sounds are remembered, and how long a part may be
RARE = 0.02  # a word this much rarer than the one it sounds like is taken for a mishearing
# Words so common that nobody's telephone mishears them: 他没气了 is no 煤气.
COMMON = frozenset("没不了的在是有我你他她它这那就都也还又去来吧吗呢啊和要会能很太")
CHINESE = re.compile(r"[一-鿿]+")
BETWEEN = re.compile("([^〇㐀-䶿一-鿿\uf900-\ufaff\ue815-\ue864\U00020000-\U000323af]+)")
MERGED = ((re.compile("^([zcs])h"), r"\1"), (re.compile("^n(?=[aeiouv])"), "l"), (re.compile("(?<=[aei])ng$"), "n"))


class Homophones:
    """Words by their sound."""

    def __init__(self, words: Iterable[str], tokens: Tokens) -> None:
        self._tokens = tokens
        self._by_sound: dict[tuple[str, ...], str] = {}
        fit = {word for word in words if SHORTEST <= len(word) <= LONGEST and CHINESE.fullmatch(word)}
        for word in sorted(fit, key=lambda word: (tokens.frequency(word), word)):
            self._by_sound[tuple(_sounds(word))] = word  # of two that sound alike the more usual one stays
        self._beginnings = {sounds[:SHORTEST] for sounds in self._by_sound}

    def restored(self, text: str) -> str:
        """A folded text with what was probably misheard put right; the same text where nothing was."""
        sounds = _sounds(text)
        if len(sounds) != len(text):
            return text
        begun = [start for start, two in enumerate(pairwise(sounds)) if two in self._beginnings]
        alike = [(start, found) for start in begun if (found := self._alike(text, sounds, start))]
        if not any(word != written for _, found in alike for word, written in found):
            return text  # without asking jieba where words begin
        ends = _ends(self._tokens.cut(text))
        parts: list[str] = []
        position = 0
        for start, found in alike:
            if start not in ends or start < position:
                continue
            if word := self._meant(found, ends, start):
                parts += (text[position:start], word)
                position = start + len(word)
        return "".join([*parts, text[position:]])

    def _alike(self, text: str, sounds: list[str], start: int) -> list[tuple[str, str]]:
        """Our words that sound like what begins at `start`, the longest first, each with what is written there: the
        word itself, or something so much rarer that the word may have been meant.
        """
        found: list[tuple[str, str]] = []
        for length in range(min(LONGEST, len(text) - start), SHORTEST - 1, -1):
            word = self._by_sound.get(tuple(sounds[start : start + length]))
            if word is None:
                continue
            written = text[start : start + length]
            if word == written or self._likelier(word, written):
                found.append((word, written))
        return found

    def _likelier(self, word: str, written: str) -> bool:
        if any(one in COMMON and one != other for one, other in zip(written, word, strict=True)):
            return False
        return self._tokens.frequency(written) <= RARE * max(1, self._tokens.frequency(word))

    def _meant(self, alike: Iterable[tuple[str, str]], ends: set[int], start: int) -> str | None:
        """The word that was meant by what begins at `start`, where a word begins."""
        for word, written in alike:
            end = start + len(word)
            if end not in ends:
                continue
            if word == written or not self._holds_a_word(
                written, word, [one - start for one in ends if start <= one <= end]
            ):
                return word
        return None

    def _holds_a_word(self, written: str, word: str, ends: list[int]) -> bool:
        """Whether a part of what is written is a word of its own that would be lost: the 敲门 of 在敲门."""
        parts = [written[one:two] for one, two in pairwise(sorted(ends))]
        return len(parts) > 1 and any(
            len(part) > 1 and self._tokens.frequency(part) and part not in word for part in parts
        )


def _ends(cut: Iterable[str]) -> set[int]:
    return {0, *accumulate(len(word) for word in cut)}


def _sounds(text: str) -> list[str]:
    """One sound for each character; what is no Chinese character stands for itself."""
    return [sound for part in _parts(text) for sound in (_remembered if len(part) <= KEPT_LONGEST else _spoken)(part)]


def _parts(text: str) -> list[str]:
    """A text as pypinyin divides it: phrases, single characters, and what is not Chinese. Our own search: pypinyin asks
    each character with a pattern whether it is Chinese.
    """
    parts: list[str] = []
    for number, run in enumerate(BETWEEN.split(text)):
        if number % 2:
            parts.append(run)
        else:
            parts += _phrases(run)
    return parts


def _phrases(run: str) -> list[str]:
    """Chinese characters in a row: the longest phrase that begins at each place, or the single character."""
    phrases, beginnings, length = _known_phrases(), _beginnings(), len(run)
    parts: list[str] = []
    at = 0
    while at < length:
        end, seen = at + 1, at + 2
        while seen <= length and (begun := run[at:seen]) in beginnings:
            if begun in phrases:
                end = seen
            seen += 1
        if seen > length and end == at + 1:  # all that is left only begins a phrase: pypinyin looks no further there
            return [*parts, *run[at:]]
        parts.append(run[at:end])
        at = end
    return parts


@lru_cache(maxsize=1)
def _pypinyin() -> Any:
    """Loaded with the first words: its phrases take longer than all that a command which understands nothing does."""
    return importlib.import_module("pypinyin")


@lru_cache(maxsize=1)
def _known_phrases() -> Mapping[str, object]:
    known: Mapping[str, object] = _pypinyin().constants.PHRASES_DICT
    return known


@lru_cache(maxsize=1)
def _beginnings() -> frozenset[str]:
    """All beginnings of pypinyin's phrases, from two characters on."""
    return frozenset(phrase[:end] for phrase in _known_phrases() for end in range(2, len(phrase) + 1))


def _spoken(part: str) -> tuple[str, ...]:
    """The sounds of one part of a text as pypinyin cuts it: a phrase, a character, or what is not Chinese."""
    return tuple(_merged(sound) for sound in _pypinyin().lazy_pinyin(part, errors=list))


_remembered = lru_cache(KEPT)(_spoken)  # few parts make up most texts


def _merged(sound: str) -> str:
    for pattern, plain in MERGED:
        sound = pattern.sub(plain, sound)
    return sound
