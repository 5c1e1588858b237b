"""The passages of the policy store as files: keywords/policies/*.md, one a file, and what no document answers."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from intents.keyfile import KeywordError, read_text, read_toml

KEYS = {
    *("title", "issuer", "number", "article", "in_force", "until", "region"),
    *("keywords", "needs", "never", "instead", "ask", "examples"),
}
NEEDED = ("title", "issuer", "article", "in_force", "region", "keywords", "ask")
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C ten times as fast, where it was built with it
FILE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,60}")
LIMITS_FILE = "never.toml"


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
    never: tuple[str, ...]  # none of these may be said: they ask for something the passage does not tell
    instead: str  # the id of the passage in whose place this one answers while it holds; "" for none
    ask: str
    examples: tuple[str, ...]
    answer: str

    def holds(self, today: date | None) -> bool:
        """Whether it is in force on `today`; with no date known, whether it has no end."""
        if today is None:
            return self.until is None
        return self.in_force <= today and (self.until is None or today <= self.until)

    @property
    def source(self) -> str:
        """Issuing body, title and number, as people read it."""
        return f"{self.issuer}《{self.title}》" + (f"({self.number})" if self.number else "")


@dataclass(frozen=True)
class Limits:
    """What the passages are not asked."""

    never: tuple[re.Pattern[str], ...] = ()  # no document answers this
    amounts: tuple[re.Pattern[str], ...] = ()  # an amount is asked for: see `fits`

    def fits(self, policy: Policy, text: str) -> bool:
        """Whether the passage is about amounts, where the question asks for one."""
        asked = any(pattern.search(text) for pattern in self.amounts)
        return not asked or any(pattern.search(word) for pattern in self.amounts for word in policy.keywords)


def read(folder: Path) -> list[Policy]:
    """Every passage of a folder, by file name. Raises KeywordError naming file and key."""
    found = [_policy(path, read_text(path)) for path in sorted(folder.glob("*.md"))]
    known = {policy.id for policy in found}
    for policy in found:
        if policy.instead and (policy.instead not in known or policy.instead == policy.id):
            raise KeywordError(f"{policy.id}.md: instead: no other passage is called {policy.instead}")
    return found


def parsed(name: str, text: str) -> Policy:
    """The passage that a file called `name` holds. Whether the one it stands for exists is asked by `read` alone.

    Raises KeywordError naming file and key.
    """
    return _policy(Path(name), text)


def written(policy: Policy) -> str:
    """The passage as its file: what `parsed` makes the same passage of again."""
    number = {"number": policy.number} if policy.number else {}
    until = {"until": policy.until} if policy.until else {}
    instead = {"instead": policy.instead} if policy.instead else {}
    front: dict[str, object] = {
        "title": policy.title, "issuer": policy.issuer, **number, "article": policy.article,
        "in_force": policy.in_force, **until, "region": policy.region, "keywords": list(policy.keywords),
        "needs": list(policy.needs), "never": list(policy.never), **instead, "ask": policy.ask,
        "examples": list(policy.examples),
    }  # fmt: skip
    lines = [f"{key}: {_value(value)}" for key, value in front.items() if value != []]
    return "\n".join(["---", *lines, "---", policy.answer, ""])


def _value(value: object) -> str:
    """As people write it where that reads the same, else in quotation marks; JSON is YAML as well."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        try:
            if yaml.safe_load(f"key: {value}") == {"key": value}:
                return value
        except yaml.YAMLError:
            pass
    return json.dumps(value, ensure_ascii=False)


def read_limits(folder: Path) -> Limits:
    """What never.toml beside the passages says; no limits without that file. Raises KeywordError."""
    path = folder / LIMITS_FILE
    if not path.exists():
        return Limits()
    file = read_toml(path)
    limits = Limits(never=file.patterns("never"), amounts=file.patterns("amounts"))
    file.finish()
    return limits


def _policy(path: Path, text: str) -> Policy:
    if not FILE_NAME.fullmatch(path.stem):
        raise KeywordError(f"{path.name}: the file's name is the passage's id: small letters, digits, hyphens")
    front, answer = _parted(path, text)
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
        never=_texts(path, front, "never"),
        instead=_text(path, front, "instead") if "instead" in front else "",
        ask=_text(path, front, "ask"),
        examples=_texts(path, front, "examples"),
        answer=answer,
    )


def _parted(path: Path, text: str) -> tuple[Mapping[str, object], str]:
    parts = re.split(r"^---[ \t]*$", text, maxsplit=2, flags=re.MULTILINE)
    if len(parts) != 3 or parts[0].strip():  # noqa: PLR2004 - before, between and behind two lines of dashes
        raise KeywordError(f"{path.name}:1: must start with front matter between two lines of ---")
    try:
        front = yaml.load(parts[1], Loader=LOADER)  # noqa: S506 - a safe one
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
