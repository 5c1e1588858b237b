"""The form in which people write a passage of the policy store: its fields, and what is wrong with them."""

import json
import re
from collections.abc import Mapping
from datetime import date

from flask import request

from bot.console.forms import clean
from intents.passages import Policy
from models import PolicyDraft

# Each field with the most it takes. Those below hold several: one a line, or with commas between.
LINES = ("title", "issuer", "number", "article", "in_force", "until", "region", "instead", "ask")
SEVERAL = ("examples", "keywords", "needs", "never")
FIELDS: Mapping[str, int] = {**dict.fromkeys(LINES, 200), **dict.fromkeys(SEVERAL, 2000), "answer": 600}
NEEDED = ("answer", "title", "issuer", "article", "in_force", "region", "ask", "examples", "keywords")
_APART = re.compile(r"[\n、，,；;]+")
_MOST_EACH = 60


def typed() -> dict[str, str]:
    """What was sent: lines without breaks, lists with one a line."""
    sent = {name: clean(request.form.get(name, ""), most) for name, most in FIELDS.items()}
    return {name: _tidy(name, value) for name, value in sent.items()}


def shown(policy: Policy | None) -> dict[str, str]:
    """A passage as the form shows it; an empty form for None."""
    if policy is None:
        return dict.fromkeys(FIELDS, "")
    lists = {name: ("\n" if name == "examples" else "、").join(getattr(policy, name)) for name in SEVERAL}
    lines = {name: str(getattr(policy, name) or "") for name in (*LINES, "answer")}
    return {**lines, **lists}


def wrong(fields: Mapping[str, str], known: frozenset[str], passage: str) -> dict[str, str]:
    """By field, the key of what is wrong with it; nothing where a passage can be made of them."""
    found = {name: "missing" for name in NEEDED if not fields[name]}
    starts, ends = _day(fields["in_force"]), _day(fields["until"])
    for name, day in (("in_force", starts), ("until", ends)):
        if fields[name] and day is None:
            found[name] = "date"
    if starts and ends and ends < starts:
        found["until"] = "order"
    if fields["instead"] and (fields["instead"] not in known or fields["instead"] == passage):
        found["instead"] = "unknown"
    for name in SEVERAL:
        if any(len(one) > _MOST_EACH for one in _list(name, fields[name])):
            found[name] = "long"
    return found


def policy_of(fields: Mapping[str, str], passage: str) -> Policy:
    """The passage, of fields with which nothing is wrong."""
    starts = _day(fields["in_force"])
    if starts is None:
        raise ValueError("no first day")
    return Policy(
        id=passage,
        title=fields["title"],
        issuer=fields["issuer"],
        number=fields["number"],
        article=fields["article"],
        in_force=starts,
        until=_day(fields["until"]),
        region=fields["region"],
        keywords=_list("keywords", fields["keywords"]),
        needs=_list("needs", fields["needs"]),
        never=_list("never", fields["never"]),
        instead=fields["instead"],
        ask=fields["ask"],
        examples=_list("examples", fields["examples"]),
        answer=" ".join(fields["answer"].split()),
    )


def _tidy(name: str, value: str) -> str:
    lines = [" ".join(_plain(line).split()) for line in value.splitlines()]
    return "\n".join(line for line in lines if line) if name in SEVERAL else " ".join(line for line in lines if line)


def _plain(value: str) -> str:
    """Without what nobody sees: YAML refuses most of it, and a line of dashes would end the front matter."""
    return "".join(mark if mark.isprintable() else " " for mark in value)


def _list(name: str, value: str) -> tuple[str, ...]:
    """Examples are sentences and may have commas in them; words are apart by them."""
    parts = value.splitlines() if name == "examples" else _APART.split(value)
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def title_of(draft: PolicyDraft) -> str:
    """What a draft is called; "" while it has no title."""
    return str(json.loads(draft.content).get("title", ""))
