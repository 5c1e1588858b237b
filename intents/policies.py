"""The policy store: the passage that answers a question, found by BM25 and by the passages' own keywords, or none.

A wrong answer from a law is worse than a ticket to staff: below the threshold, and where two passages compete, nothing
is answered. What has expired, or is not yet in force, is not even ranked.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from intents import passages
from intents.finder import Finder
from intents.lasting import module
from intents.passages import Limits, Policy
from intents.tokens import Tokens
from intents.verdict import PolicyAnswer

__all__ = ["Policies", "Policy", "load"]

ENOUGH = 5.75  # below it a ticket to staff is better than an answer; tests/intents/policy_questions.tsv measures it
KEYWORD = 0.75  # what each character of a passage's keyword weighs beside its share of BM25,
KEYWORD_MOST = 6  # up to so many: a long keyword says more than a short one
LEAD = 0.15  # the best must be ahead of the next by this share, or the question is not clear
K1, B = 1.2, 0.4  # passages are of about one length: little is to be taken from the longer

NO_LIMITS = Limits()


class _Ranked(NamedTuple):
    score: float
    policy: Policy


class Policies:
    """All passages. `search` gives the best one that holds, or None."""

    def __init__(
        self,
        policies: Iterable[Policy],
        tokens: Tokens,
        *,
        limits: Limits = NO_LIMITS,
        fold: Callable[[str], str] = str,
    ) -> None:
        """`fold` brings a passage's own words to the form that questions are searched in."""
        self.all = tuple(policies)
        self.limits = limits
        self._tokens = tokens
        self._keywords: defaultdict[str, list[int]] = defaultdict(list)
        for place, policy in enumerate(self.all):
            for word in {fold(word) for word in policy.keywords}:
                self._keywords[word].append(place)
        self._finder = Finder(self._keywords)
        self._bm25 = _index([_words(tokens, policy, fold) for policy in self.all])

    def search(self, text: str, today: date | None = None) -> PolicyAnswer | None:
        """The passage that answers a folded question on `today`; None below the threshold or where two compete."""
        if any(pattern.search(text) for pattern in self.limits.never):
            return None
        ranked = self._ranked(text, today)
        if not ranked or ranked[0].score < ENOUGH:
            return None
        best = ranked[0]
        rival = len(ranked) > 1 and ranked[1].score > best.score * (1 - LEAD)
        return None if rival else _answer(best)

    def _ranked(self, text: str, today: date | None) -> list[_Ranked]:
        scores = self._scores(text)
        found = [
            _Ranked(scores[place], policy)
            for place, policy in enumerate(self.all)
            if scores[place] > 0
            and policy.holds(today)
            and _may_answer(policy, text)
            and self.limits.fits(policy, text)
        ]
        return sorted(_nearer(found), key=lambda ranked: (-ranked.score, ranked.policy.id))

    def _scores(self, text: str) -> list[float]:
        """A score for every passage: BM25 of the question's words, and what the keywords said weigh."""
        scores = [0.0] * len(self.all)
        words = list(dict.fromkeys(self._tokens.words(text)))
        if words and self._bm25 is not None:  # bm25s raises IndexError on a question without words
            scores = [float(score) for score in self._bm25.get_scores(words)]
        for place, keywords in self._said(text).items():
            # A keyword within a longer one of the same passage says nothing more: 扰民 within 噪音扰民.
            whole = [word for word in keywords if not any(word in other and word != other for other in keywords)]
            scores[place] += KEYWORD * sum(min(KEYWORD_MOST, len(word)) for word in whole)
        return scores

    def _said(self, text: str) -> dict[int, set[str]]:
        said: defaultdict[int, set[str]] = defaultdict(set)
        for hit in self._finder.find(text):
            for place in self._keywords[hit.word]:
                said[place].add(hit.word)
        return said


def load(folder: Path, own_words: Iterable[str] = (), fold: Callable[[str], str] = str) -> Policies:
    """Read every passage; `own_words` are kept whole by jieba. Raises KeywordError naming file and key."""
    return of(passages.read(folder), own_words, fold, passages.read_limits(folder))


def of(
    found: Iterable[Policy],
    own_words: Iterable[str] = (),
    fold: Callable[[str], str] = str,
    limits: Limits = NO_LIMITS,
) -> Policies:
    """These passages, wherever they come from; else as `load`."""
    each = tuple(found)
    words = {word for policy in each for word in policy.keywords} | set(own_words)
    return Policies(each, Tokens(words), limits=limits, fold=fold)


def _words(tokens: Tokens, policy: Policy, fold: Callable[[str], str]) -> list[str]:
    texts = (*policy.keywords, *policy.examples)
    return [word for text in texts for word in tokens.words(fold(text))]


def bm25s() -> Any:
    """The library, loaded for the first index. It would load scipy where there is one, and makes nothing of it."""
    loaded = module("bm25s", without="scipy")
    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets itself to DEBUG when it is imported
    return loaded


def _index(words: list[list[str]]) -> Any:
    """The index; None where there is nothing to find, on which bm25s raises ValueError."""
    if not any(words):
        return None
    index = bm25s().BM25(k1=K1, b=B, method="lucene", csc_backend="numpy")
    index.index(words, show_progress=False)
    return index


def _nearer(found: list[_Ranked]) -> list[_Ranked]:
    """The local passages in place of those they stand for: what finds the law finds the rule that carries it out."""
    scores = {ranked.policy.id: ranked.score for ranked in found}
    replaced = {ranked.policy.instead for ranked in found}
    return [
        _Ranked(max(ranked.score, scores.get(ranked.policy.instead, 0.0)), ranked.policy)
        for ranked in found
        if ranked.policy.id not in replaced
    ]


def _may_answer(policy: Policy, text: str) -> bool:
    if policy.needs and not any(word in text for word in policy.needs):
        return False
    return not any(word in text for word in policy.never)


def _answer(found: _Ranked) -> PolicyAnswer:
    policy = found.policy
    return PolicyAnswer(
        id=policy.id,
        title=policy.title,
        answer=policy.answer,
        source=policy.source,
        article=policy.article,
        in_force=policy.in_force.isoformat(),
        ask=policy.ask,
        score=round(found.score, 3),
    )
