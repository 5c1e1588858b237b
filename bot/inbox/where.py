"""Where a message is filed."""

from bot import contradictions, places
from bot.inbox.hearing import Hearing
from bot.places import Place
from models import Area, Community


def locate(h: Hearing) -> tuple[Place, Area, Community]:
    """Where a matter is filed: what the text says, else the chat's or account's place, else the first community."""
    place = told(h, h.base)
    if not h.private:
        place = contradictions.by_the_chat(h.session, h.base, place)
    area = place.area or h.base
    community = places.community_of(h.session, area) if area is not None else None
    if area is not None and community is not None:
        return place, area, community
    community = h.fallback_community()
    if community is None:
        raise LookupError("no community is known: import a roster first")
    return place, h.session.get_one(Area, community.area_id), community


def told(h: Hearing, base: Area | None) -> Place:
    """The place that the message tells around `base`, with what contradicts in it."""
    slots = h.verdict.slots
    place = places.resolve(h.session, base, slots, h.verdict.text)
    return contradictions.examined(h.session, base, slots, place)
