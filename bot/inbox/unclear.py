"""A place that cannot be as it was said: one short question in private, and what its answer makes of the place."""

import re
from dataclasses import asdict, replace
from typing import Any

from bot import contradictions, places
from bot.inbox import asking, where
from bot.inbox.hearing import Hearing
from bot.places import Contradiction, Oddity, Place
from intents.verdict import Slots
from models import Area

# Bare answers to "几栋？", "几单元？", "几室？", and those that stand by what was said.
NUMBER = re.compile(r"(?:是|我是|我说的是|在)?第?([a-h]?\d{1,2}[a-d]?|[a-h])(?:号|的)?")
ROOM = re.compile(r"(?:是|我是|我家是?|在)?(\d{3,4})(?:号|的)?")
AS_SAID = re.compile(r"(?:就是|对|是的?|对的|没错|没说错|是这样|都是?|都有|两[栋个]都(?:是|有)|嗯)[吧啊的呀了]?")
AROUND = "。.!,? "
SENTENCES = {
    Oddity.SEVERAL: "ask_one_of",
    Oddity.UNIT: "ask_unit",
    Oddity.BUILDING: "ask_building",
}


def ask(h: Hearing, payload: dict[str, Any], odd: Contradiction, slots: Slots) -> None:
    """Ask what was meant. payload: the matter as it was understood, to be taken up again by the answer."""
    if odd.kind == Oddity.FLOOR:
        text = h.desk.wording("ask_floor", said=odd.said, room=slots.room)
    else:
        text = h.desk.wording(SENTENCES[odd.kind], said=odd.said)
    asking.ask_aside(h, "place", {**payload, "contradiction": odd.kind.value}, text)


def told(h: Hearing, payload: dict[str, Any], base: Area | None) -> tuple[Place, dict[str, Any]]:
    """The place that an answer tells around `base`, and the matter with what the answer put right in it."""
    if "contradiction" not in payload:
        return where.told(h, base), payload
    before = Slots(**payload["verdict"]["slots"])
    slots = _meant(h, before, Oddity(payload["contradiction"]))
    if slots is None:
        return _in_words(h, base), payload
    place = contradictions.examined(h.session, base, slots, places.resolve(h.session, base, slots))
    if place.contradiction is not None:
        place = replace(place, contradiction=replace(place.contradiction, asks=False))  # asked once is enough
    verdict = {**payload["verdict"], "slots": asdict(slots)}
    return replace(place, told=True), {**payload, "verdict": verdict}


def _meant(h: Hearing, before: Slots, kind: Oddity) -> Slots | None:
    """What was said first, put right by the answer; None where the answer says nothing of it."""
    text, new = h.verdict.text.strip(AROUND).lower(), h.verdict.slots
    if AS_SAID.fullmatch(text):
        return replace(before, others=tuple(before.others), together=True)
    if kind == Oddity.FLOOR:
        return _room(text, before, new)
    bare = NUMBER.fullmatch(text)
    named = bare[1].upper() if bare else None
    if kind == Oddity.UNIT:
        unit = new.unit or (named if not new.building else None)
        if unit or new.building:
            return replace(before, building=new.building or before.building, unit=unit)
        return None
    building = new.building or named
    if building is None:
        return None
    kept = before.unit if building == before.building or kind == Oddity.BUILDING else None
    room = new.room or before.room
    return replace(before, building=building, unit=new.unit or kept, room=room, others=(), together=False)


def _room(text: str, before: Slots, new: Slots) -> Slots | None:
    bare = ROOM.fullmatch(text)
    room = new.room or (bare[1] if bare else None)
    if room:
        return replace(before, room=room, home_floor=new.home_floor)
    floor = new.floor or (found[1] if (found := NUMBER.fullmatch(text)) and found[1].isdigit() else None)
    if floor is None:
        return None
    fits = before.room is not None and before.room[:-2].lstrip("0") == floor
    return replace(before, floor=floor, home_floor=None, room=before.room if fits else None)


def _in_words(h: Hearing, base: Area | None) -> Place:
    """A landmark, or nothing of the kind: whoever asked decides by the words."""
    place = where.told(h, base)
    return place if place.told and place.contradiction is None else Place(place.area, told=False)
