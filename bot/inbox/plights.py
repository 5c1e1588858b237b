"""People to whom the usual words of a ticket would be a hurt: the bereaved, somebody afraid and alone at home, and who
lives beside a neighbour that rages (behaviour.md, "Everybody else"; daily life 29, 33, 35).
"""

import re
from dataclasses import replace

from sqlmodel import select

from bot import consequences, posted, routing, telling
from bot.inbox import filing, merging
from bot.inbox.hearing import Hearing
from bot.inbox.where import locate
from bot.moves import Verb
from bot.tickets import Matter, act, join, lock, open_ticket
from intents.verdict import Command
from models import Area, Community, Intent, Person, Role, Ticket, TicketEvent

# What a neighbour is called in anger. It is neither kept nor said again: "那位" stands in its place.
SLUR = re.compile(
    r"(?:那|这|个|死|老|臭|武){0,3}(?:癫子|癫婆|癫佬|癫公|疯子|疯婆子?|疯狗|神经病|精神病人?|傻子|傻婆|宝里宝气的?人?|黐线(?:佬|婆)?|痴线(?:佬|婆)?|苕货)"
)
SOMEBODY = "那位"


def bereaved(h: Hearing, command: Command) -> bool:
    """Somebody has died: 节哀, one person by name, and nothing more. No number, and nobody asks them anything after."""
    del command
    if not h.private:
        return False
    place, area, community = locate(h)
    lock(h.session, community.id)
    matter = Matter(Intent.HELP, "bereaved", h.desk.wording("matter_bereaved"), place, area, private=True)
    with_staff(h, matter, community)
    name = _social_worker(h, area)
    if name is None:
        h.answer("condolence")
    else:
        h.answer("condolence_by_name", name=name)
    return True


def alone(h: Hearing, command: Command) -> bool:
    """A child (or anybody) afraid, alone at home: simple words, nothing asked. Staff and duty ring whoever belongs to
    them, at once; no volunteer is sent to the door.
    """
    del command
    if not h.private:
        return False
    place, area, community = locate(h)
    lock(h.session, community.id)
    words = h.desk.wording("matter_alone")
    matter = Matter(Intent.HELP, "alone", words, place, area, urgent=True, private=True)
    with_staff(h, matter, community, besides_duty=True)
    h.answer("not_afraid")
    return True


def raging(h: Hearing, command: Command) -> bool:
    """A neighbour who rages, called by an ugly word: the word is gone from here on; staff look, or the police."""
    del command
    if not h.private and not h.verdict.sure:
        return False
    h.line = replace(h.line, text=without_slur(h.line.text))
    h.row.text = without_slur(h.row.text) if h.row.text else h.row.text
    place, area, community = locate(h)
    lock(h.session, community.id)
    category = h.verdict.category if h.verdict.intent == Intent.DISPUTE else "other"
    matter = Matter(Intent.DISPUTE, category, h.desk.wording("matter_raging"), place, area, private=True)
    known = merging.own_open(h, community, Intent.DISPUTE, category)
    if known is not None:
        join(h.desk, known, filing.voice(h, h.verdict))
        ticket = known
    else:
        ticket, _ = open_ticket(h.desk, community, matter, filing.voice(h, h.verdict))
        act(h.desk, ticket, Verb.DISPATCH, consequences.SERVICE, target_name="nobody")
    text = h.desk.wording("raging_heard", **telling.matter_words(h.desk, ticket))
    h.whisper(text, "raging", ticket)
    return True


def without_slur(text: str) -> str:
    """The text with 那位 in place of what somebody was called."""
    return SLUR.sub(SOMEBODY, text)


def with_staff(h: Hearing, matter: Matter, community: Community, *, besides_duty: bool = False) -> Ticket:
    """The speaker's own open matter of that kind, chased; else a new one, with staff at once. The caller answers.

    besides_duty: whoever is on duty hears it on their own phone as well. The community is locked.
    """
    known = merging.own_open(h, community, matter.intent, matter.category)
    if known is not None:
        join(h.desk, known, filing.voice(h, h.verdict))
        event = consequences.chase(h.desk, known, h.actor)
        consequences.remind(h.desk, known, event, "card_waiting_person")
        return known
    ticket, _ = open_ticket(h.desk, community, matter, filing.voice(h, h.verdict))
    event = act(h.desk, ticket, Verb.DISPATCH, consequences.SERVICE, target_name="policy")
    if besides_duty:
        _tell_duty(h, ticket, event, matter.area)
    return ticket


def _tell_duty(h: Hearing, ticket: Ticket, event: TicketEvent, area: Area) -> None:
    told = [c for c in posted.candidates(h.desk, area) if c.role == Role.DUTY]
    text = h.desk.wording("card_person", **telling.matter_words(h.desk, ticket))
    telling.tell_posts(h.desk, ticket, event, told, text, tag=":duty")


def _social_worker(h: Hearing, area: Area) -> str | None:
    """The name of the one person of staff who will come: whoever the matter lies with."""
    holder = routing.route("policy", posted.candidates(h.desk, area)).holder
    if holder is None:
        return None
    return h.session.exec(select(Person.name).where(Person.id == holder.person_id)).first()
