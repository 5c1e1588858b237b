"""The policy store: keywords/policies/*.md, one passage a file, found by the words of the question."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from intents.keyfile import KeywordError, read_text
from intents.tokens import Tokens
from intents.verdict import PolicyAnswer

KEYS = {"title", "issuer", "number", "article", "in_force", "until", "region", "keywords", "needs", "ask", "examples"}
NEEDED = ("title", "issuer", "article", "in_force", "region", "keywords", "ask")
LISTS = ("keywords", "needs", "examples")
ENOUGH = 3.0  # below it a ticket to staff is better than an answer
KEYWORD = 2.0  # what a keyword of the passage weighs; a jieba word weighs by its rarity, at most half of it
TOKEN_MOST = 1.0
LEAD = 0.2  # the best must be ahead of the next by this share, or the question is not clear
FILE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,60}")


@dataclass(frozen=True)
class Policy:
    """One passage: where it stands, from when till when it holds, and the answer in two sentences."""

    id: str
    title: str
    issuer: str
    number: str
    article: str
    in_force: date
    until: date | None
    region: str
    keywords: tuple[str, ...]
    needs: tuple[str, ...]  # at least one of these must be said; none: no such condition
    ask: str
    examples: tuple[str, ...]
    answer: str

    def holds(self, today: date | None) -> bool:
        """Whether it is in force on `today`; with no date known, whether it has no end."""
        if today is None:
            return self.until is None
        return self.in_force <= today and (self.until is None or today <= self.until)


class Policies:
    """All passages. `search` gives the best one that holds, or None."""

    def __init__(self, policies: Iterable[Policy], tokens: Tokens) -> None:
        self.all = tuple(policies)
        self._tokens = tokens
        self._words = {policy.id: self._words_of(policy) for policy in self.all}
        self._rarity = _rarity(self._words)

    def search(self, text: str, today: date | None = None) -> PolicyAnswer | None:
        """The passage that answers a folded question on `today`; None below the threshold or where two compete."""
        said = set(self._tokens.words(text))
        ranked = sorted(
            ((self._score(policy, text, said), policy) for policy in self.all if policy.holds(today)),
            key=lambda pair: (-pair[0], pair[1].id),
        )
        if not ranked or ranked[0][0] < ENOUGH:
            return None
        score, best = ranked[0]
        if len(ranked) > 1 and ranked[1][0] > score * (1 - LEAD) and ranked[1][1].article != best.article:
            return None
        return _answer(best, score)

    def _score(self, policy: Policy, text: str, said: set[str]) -> float:
        if policy.needs and not any(word in text for word in policy.needs):
            return 0.0
        keywords = [word for word in policy.keywords if word in text]
        shared = (said & self._words[policy.id]) - set(keywords)
        return KEYWORD * len(keywords) + sum(min(TOKEN_MOST, self._rarity[word]) for word in shared)

    def _words_of(self, policy: Policy) -> frozenset[str]:
        texts = (policy.title, *policy.keywords, *policy.examples)
        return frozenset(word for text in texts for word in self._tokens.words(text))


def load(folder: Path, own_words: Iterable[str] = ()) -> Policies:
    """Read every passage; `own_words` are kept whole by jieba. Raises KeywordError naming file and key."""
    policies = [_policy(path) for path in sorted(folder.glob("*.md"))]
    words = {word for policy in policies for word in policy.keywords} | set(own_words)
    return Policies(policies, Tokens(words))


def _rarity(words: Mapping[str, frozenset[str]]) -> dict[str, float]:
    count: dict[str, int] = {}
    for group in words.values():
        for word in group:
            count[word] = count.get(word, 0) + 1
    return {word: math.log(1 + len(words) / seen) / 2 for word, seen in count.items()}


def _policy(path: Path) -> Policy:
    if not FILE_NAME.fullmatch(path.stem):
        raise KeywordError(f"{path.name}: the file's name is the passage's id: small letters, digits, hyphens")
    front, answer = _parted(path)
    unknown = set(front) - KEYS
    if unknown:
        raise KeywordError(
            f"{path.name}: {', '.join(sorted(map(str, unknown)))}: unknown key; known: {', '.join(sorted(KEYS))}"
        )
    for key in NEEDED:
        if key not in front:
            raise KeywordError(f"{path.name}: {key}: is missing")
    return Policy(
        id=path.stem,
        title=_text(path, front, "title"),
        issuer=_text(path, front, "issuer"),
        number=_text(path, front, "number") if "number" in front else "",
        article=_text(path, front, "article"),
        in_force=_date(path, front, "in_force"),
        until=_date(path, front, "until") if front.get("until") else None,
        region=_text(path, front, "region"),
        keywords=_texts(path, front, "keywords"),
        needs=_texts(path, front, "needs"),
        ask=_text(path, front, "ask"),
        examples=_texts(path, front, "examples"),
        answer=answer,
    )


def _parted(path: Path) -> tuple[Mapping[str, object], str]:
    parts = re.split(r"^---[ \t]*$", read_text(path), maxsplit=2, flags=re.MULTILINE)
    if len(parts) != 3 or parts[0].strip():  # noqa: PLR2004 - before, between and behind two lines of dashes
        raise KeywordError(f"{path.name}:1: must start with front matter between two lines of ---")
    try:
        front = yaml.safe_load(parts[1])
    except yaml.YAMLError as error:
        raise KeywordError(f"{path.name}: front matter: {error}") from error
    if not isinstance(front, dict):
        raise KeywordError(f"{path.name}: front matter: must be keys with values")
    if not parts[2].strip():
        raise KeywordError(f"{path.name}: the answer is missing below the front matter")
    return front, " ".join(parts[2].split())


def _text(path: Path, front: Mapping[str, object], key: str) -> str:
    value = front[key]
    if not isinstance(value, str) or not value.strip():
        raise KeywordError(f"{path.name}: {key}: must be a text")
    return value.strip()


def _texts(path: Path, front: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = front.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise KeywordError(f"{path.name}: {key}: must be a list of texts")
    return tuple(value)


def _date(path: Path, front: Mapping[str, object], key: str) -> date:
    value = front[key]
    if type(value) is not date:
        raise KeywordError(f"{path.name}: {key}: must be a date such as 2021-01-01")
    return value


def _answer(policy: Policy, score: float) -> PolicyAnswer:
    source = f"{policy.issuer}《{policy.title}》" + (f"({policy.number})" if policy.number else "")
    return PolicyAnswer(
        id=policy.id,
        title=policy.title,
        answer=policy.answer,
        source=source,
        article=policy.article,
        in_force=policy.in_force.isoformat(),
        ask=policy.ask,
        score=round(score, 3),
    )
