"""JSON lines in, JSON lines out: what the understanding makes of texts. Knows no table, no queue, no channel."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from intents.explain import as_json, explain
from intents.likest import Likest
from intents.understanding import Understanding

SETTINGS = ("private", "group")


class BadLine(Exception):
    """A line that cannot be read; the message gives its number (from 1) and why, never its text."""


def classify(
    understanding: Understanding, lines: Iterable[bytes], likest: Likest | None = None
) -> Iterator[dict[str, Any] | BadLine]:
    """For each line {"id", "setting": "private" or "group", "text"} (UTF-8; empty lines are passed over) its reading:

    id, intent, category, urgent, building, unit, room, phone, score, matched. A line that is wrong gives a BadLine
    in its place, and the next one is read. likest: where given, each reading says `why`, with the likest examples.
    """
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        try:
            said = _parse(raw.removeprefix(b"\xef\xbb\xbf"))
        except ValueError as error:
            yield BadLine(f"line {number}: {error}")
        else:
            yield _read(understanding, said) | _why(understanding, said, likest)


def _parse(raw: bytes) -> dict[str, Any]:
    try:
        said = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError("not UTF-8") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError("not JSON") from error
    if not isinstance(said, dict):
        raise ValueError("not an object")
    if not isinstance(said.get("text"), str):
        raise ValueError("text: missing or no string")
    if said.get("setting", "private") not in SETTINGS:
        raise ValueError("setting: private or group")
    return said


def _why(understanding: Understanding, said: dict[str, Any], likest: Likest | None) -> dict[str, Any]:
    if likest is None:
        return {}
    return {"why": as_json(explain(understanding, said["text"], said.get("setting", "private"), likest=likest))}


def _read(understanding: Understanding, said: dict[str, Any]) -> dict[str, Any]:
    verdict = understanding.read(said["text"], said.get("setting", "private"))
    slots = verdict.slots
    return {
        "id": said.get("id"),
        "intent": verdict.intent,
        "category": verdict.category,
        "urgent": verdict.urgent,
        "building": slots.building,
        "unit": slots.unit,
        "room": slots.room,
        "phone": slots.phone,
        "score": round(verdict.score, 4),
        "matched": list(verdict.matched),
    }
