"""代报: a leader says it for a neighbour, who has no other way to us."""

from dataclasses import replace

from bot import consequences, places
from bot.inbox import filing, matters, merging, outages, splitting
from bot.inbox.hearing import Hearing
from bot.inbox.where import locate
from bot.moves import Verb
from bot.places import Place
from bot.routing import LADDER
from bot.tickets import act, join, lock, open_ticket
from intents.verdict import Slots, Verdict
from models import Area, Intent, Level


def relay(h: Hearing, words: str) -> bool:
    """代报: a leader says it for a neighbour. The receipt is a text that can be forwarded as it is."""
    verdict = h.understanding.read(words, "private", True)
    if verdict.intent == Intent.OTHER:
        verdict = replace(verdict, intent=Intent.REPAIR.value, category="other", matter=verdict.matter or "有事要办")
    h.verdict = verdict
    place, _, _ = locate(h)
    if not place.plain and not place.told:
        place = _led(h) or place  # a leader of one unit speaks of that
    if not place.plain:
        matters.ask_place(h, verdict, place, relayed=True)
        return True
    relayed(h, verdict, place)
    return True


def relayed(h: Hearing, verdict: Verdict, place: Place) -> None:
    """File what a leader relays, its place being known: several matters are a ticket and a text to forward each."""
    for part in splitting.parts(h, verdict):
        own = places.resolve(h.session, place.area, part.verdict.slots, part.verdict.text)
        _relay_one(h, part.verdict, own if own.told and own.area is not None else place, part.words)
    if not h.answers:
        _relay_one(h, verdict, place, h.line.text or verdict.text)


def _led(h: Hearing) -> Place | None:
    """The one unit or building that the speaker leads; None where there are several, or none."""
    led = {post.area_id for post in h.posts if post.role in LADDER}
    areas = [h.session.get_one(Area, area_id) for area_id in led]
    if len(areas) != 1 or areas[0].level != Level.UNIT:
        return None
    return replace(places.resolve(h.session, areas[0], Slots(), ""), told=True)


def _relay_one(h: Hearing, verdict: Verdict, place: Place, words: str) -> None:
    place, area, community = filing.at(h, place)
    if outages.answered(h, verdict, area):
        return
    lock(h.session, community.id)
    voice = replace(filing.voice(h, verdict), for_neighbour=True, words=words)
    ticket = merging.same_matter(h, verdict, place, area, community)
    if ticket is not None:
        join(h.desk, ticket, voice)
    else:
        ticket, _ = open_ticket(h.desk, community, filing.matter(verdict, place, area), voice)
        act(h.desk, ticket, Verb.DISPATCH, consequences.SERVICE)
    h.answer_about("relayed", ticket)
