"""What is told in one breath with a danger that has to be asked about: whatever the answer, none of it is lost.

"路灯不亮，井盖也翘起来了": the lamp is a matter of its own, written down while the question about the well is open. The
well is written down too, where the words are plainly of something broken, and turns into the emergency if it is one.
"""

from dataclasses import replace
from typing import Any

from bot.inbox import asking, matters, onduty, several, splitting
from bot.inbox.hearing import Hearing
from bot.inbox.splitting import Part
from bot.inbox.where import locate
from bot.places import Place
from intents.understanding import DangerKind
from intents.verdict import Verdict
from models import ChatKind, Intent, Question, Ticket

PLAINLY = 0.8  # from this probability on words tell of a repair, whatever danger they may tell of as well
LATER = "beside"  # in the payload of the question about the danger: what was told is still to be written down
PARTS = "parts"  # in the payload of the question about the place: which parts of it


def file(h: Hearing, kind: DangerKind) -> tuple[Ticket | None, dict[str, Any]]:
    """Write down what the message tells beside the danger, and what is broken all the same.

    Returns the ticket that the danger would be, if any, and what the question has to remember: in private nothing is
    filed that would need a second question, it waits for the answer to the first.
    """
    parts, own = _told(h, kind)
    talked = h.chat.kind not in (ChatKind.RESIDENTS, ChatKind.PRIVATE) or onduty.speaks(h)
    if talked or (not parts and own is None):
        return None, {}
    place, _, _ = locate(h)
    if h.private and not place.plain:
        return None, {LATER: True}
    if not parts:
        return matters.file(h, _ordinary(h, h.verdict)), {}
    filed = several.file(h, [*parts, own] if own is not None else parts, place)
    return (filed[-1] if own is not None and filed[-1] not in filed[:-1] else None), {}


def later(h: Hearing, asked: Question, kind: DangerKind, *, danger: bool) -> bool:
    """The question is answered, or nobody will: what waited for that is written down, or asked for its place.

    danger: there is one, which has its ticket and asks for its place itself. Returns whether there was anything.
    """
    if not asked.payload.get(LATER):
        return False
    h.verdict = replace(h.understanding.read(asked.payload["words"], "private", True), danger=None)
    parts, own = _told(h, kind)
    told = parts if danger or own is None else [*parts, own]
    if not told:
        return False
    place, _, _ = locate(h)
    if place.plain or not h.live:
        several.file(h, told, place)
        return True
    payload = {**matters.remember(h.verdict), PARTS: {"danger": kind.key, "own": told != parts}}
    asking.ask(h, "place", h.chat, payload).inbound_id = asked.inbound_id
    if not danger:
        h.answer("ask_place")
    return True


def placed(h: Hearing, remembered: dict[str, Any], place: Place) -> None:
    """Their place is known now. remembered: PARTS of the question's payload."""
    parts, own = _told(h, h.understanding.danger[remembered["danger"]])
    several.file(h, [*parts, own] if own is not None and remembered["own"] else parts, place)


def _told(h: Hearing, kind: DangerKind) -> tuple[list[Part], Part | None]:
    """The matters of a kind that the danger is none of, and the ordinary one that its own words tell of."""
    parts, rest = splitting.apart(h.understanding, h.verdict, kind.category)
    read = h.understanding.read(rest, "private" if h.private else "group", h.addressed) if parts else h.verdict
    own = Part(rest, _ordinary(h, read)) if not kind.silent and _plain(read) else None
    return parts, own


def _ordinary(h: Hearing, read: Verdict) -> Verdict:
    """The repair as such: not urgent, and in no danger's words, while nobody has said that it is one."""
    if read.danger is None:
        return read
    known = h.understanding.intents[read.intent].categories[read.category]
    kind = h.understanding.danger[read.danger.kind]
    matter = known.matter if read.matter in ("", kind.matter) else read.matter
    return replace(read, danger=None, urgent=False, matter=matter)


def _plain(read: Verdict) -> bool:
    return read.intent == Intent.REPAIR and read.sure and read.score >= PLAINLY
