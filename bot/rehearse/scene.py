"""A chat to be rehearsed: who is in its group, and what they said when.

scenes = read_json(text)      # docs/rehearse.md has the format; anything that is not named there is passed over
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.channels import Kind

LONGEST = 366 * 24 * 60  # minutes


class Part(StrEnum):
    """What somebody in the group is there."""

    RESIDENT = "resident"
    LEADER = "leader"
    PROPERTY = "property"
    STAFF = "staff"


class SceneError(Exception):
    """The file cannot be rehearsed; the message names the place in it and what is wrong, never a text."""


@dataclass(frozen=True)
class Participant:
    user_id: str
    part: Part
    name: str


@dataclass(frozen=True)
class Event:
    """Something said. `i` is how others refer to it: reply_to is the `i` of the message it quotes."""

    i: int
    user_id: str
    text: str
    at_minutes: float
    private: bool = False
    reply_to: int | None = None
    kind: Kind = Kind.TEXT


@dataclass(frozen=True)
class Scene:
    """One chat. building, unit: what its group belongs to. starts_at None: the usual Monday morning."""

    id: str
    group: str
    building: str | None
    unit: str | None
    participants: tuple[Participant, ...]
    events: tuple[Event, ...]
    starts_at: datetime | None = None

    @property
    def chat_id(self) -> str:
        """What the group is called as a chat: its name, unless somebody in it is called so too."""
        name = self.group[:100]
        known = {one.user_id for one in self.participants} | {event.user_id for event in self.events}
        while name in known:
            name += "#"
        return name


def read_json(text: str) -> list[Scene]:
    """The scenes of a JSON list. Raises SceneError."""
    try:
        raw = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise SceneError("not JSON") from error
    if not isinstance(raw, list):
        raise SceneError("not a list of scenes")
    scenes = [_scene(_mapping(one, f"[{n}]"), f"[{n}]") for n, one in enumerate(raw)]
    ids = [scene.id for scene in scenes]
    if len(set(ids)) < len(ids):
        raise SceneError("two scenes have the same id")
    return scenes


def _scene(raw: Mapping[str, Any], at: str) -> Scene:
    area = _mapping(raw.get("area") or {}, f"{at}.area")
    people = [_participant(_mapping(one, where), where) for one, where in _items(raw, "participants", at)]
    events = [_event(_mapping(one, where), where, n) for n, (one, where) in enumerate(_items(raw, "events", at))]
    if len({event.i for event in events}) < len(events):
        raise SceneError(f"{at}.events: two events have the same i")
    if len({one.user_id for one in people}) < len(people):
        raise SceneError(f"{at}.participants: two have the same user_id")
    return Scene(
        id=_text(raw, "id", at),
        group=_text(raw, "group", at),
        building=_label(area, "building", f"{at}.area"),
        unit=_label(area, "unit", f"{at}.area"),
        participants=tuple(people),
        events=tuple(events),
        starts_at=_moment(raw, "starts_at", at),
    )


def _participant(raw: Mapping[str, Any], at: str) -> Participant:
    part = _text(raw, "role", at)
    if part not in set(Part):
        raise SceneError(f"{at}.role: one of {', '.join(Part)}")
    user_id = _text(raw, "user_id", at)
    return Participant(user_id, Part(part), str(raw.get("name") or user_id))


def _event(raw: Mapping[str, Any], at: str, position: int) -> Event:
    setting = raw.get("setting", "group")
    if setting not in ("group", "private"):
        raise SceneError(f"{at}.setting: group or private")
    minutes = raw.get("at_minutes")
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not 0 <= minutes <= LONGEST:
        raise SceneError(f"{at}.at_minutes: missing, or no number of minutes within a year")
    text = raw.get("text")
    if not isinstance(text, str):
        raise SceneError(f"{at}.text: missing or no string")
    reply_to = raw.get("reply_to")
    if reply_to is not None and (isinstance(reply_to, bool) or not isinstance(reply_to, int)):
        raise SceneError(f"{at}.reply_to: the i of an event, or null")
    i = raw.get("i", position)
    if isinstance(i, bool) or not isinstance(i, int):
        raise SceneError(f"{at}.i: no whole number")
    return Event(i, _text(raw, "user_id", at), _whole(text), minutes, setting == "private", reply_to)


def _mapping(raw: object, at: str) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise SceneError(f"{at}: not an object")
    return raw


def _items(raw: Mapping[str, Any], key: str, at: str) -> Sequence[tuple[object, str]]:
    found = raw.get(key)
    if not isinstance(found, list):
        raise SceneError(f"{at}.{key}: missing or no list")
    return [(one, f"{at}.{key}[{n}]") for n, one in enumerate(found)]


def _text(raw: Mapping[str, Any], key: str, at: str) -> str:
    found = raw.get(key)
    if not isinstance(found, str) or not found:
        raise SceneError(f"{at}.{key}: missing or no string")
    return _whole(found)


def _whole(text: str) -> str:
    """Without halves of characters, which JSON can hold and no database takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _label(raw: Mapping[str, Any], key: str, at: str) -> str | None:
    found = raw.get(key)
    if found is not None and not isinstance(found, str):
        raise SceneError(f"{at}.{key}: a string or null")
    return found or None


def _moment(raw: Mapping[str, Any], key: str, at: str) -> datetime | None:
    found = raw.get(key)
    if found is None:
        return None
    try:
        return datetime.fromisoformat(str(found))
    except ValueError as error:
        raise SceneError(f"{at}.{key}: no moment like 2026-11-23T09:00") from error
