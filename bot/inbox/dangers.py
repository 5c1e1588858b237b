"""Danger before all else: advice at once, everybody owed in the same commit, a ladder until somebody attends."""

from datetime import timedelta

from sqlmodel import col, select

from bot import clocks, consequences, contradictions, places, posted, ringing, telling
from bot.consequences import tell_office
from bot.desk import Desk
from bot.events import write
from bot.inbox import asking, beside, matters, running, visits
from bot.inbox.hearing import Hearing, Said
from bot.inbox.where import locate
from bot.masking import masked
from bot.moves import OPEN, Verb
from bot.places import Place
from bot.tickets import Matter, Voice, act, join, lock, open_ticket
from intents.understanding import DangerKind
from intents.verdict import DangerCall
from models import Area, Community, Intent, Ticket, TicketEvent, Urgency

ASKS_PLACE = "您在几栋"  # how advice asks for the place, at its end: left out where the place is known
SHORT_EVERY = timedelta(minutes=30)  # behaviour.md: after the advice, one line on the situation


def handle(h: Hearing) -> bool:
    """Act on a danger. True where the message is dealt with."""
    call = h.verdict.danger
    if call is None:
        return False
    kind = h.understanding.danger[call.kind]
    if not call.certain:
        return ask(h, kind)
    if kind.key == visits.STRANGER and visits.expected(h):
        return True
    raise_or_join(h, call, kind, h.verdict.text)
    return True


def ask(h: Hearing, kind: DangerKind) -> bool:
    """Smoke that may be bacon: one question in private. Nobody to ask in private: staff look.

    What is told with it, and what is broken all the same (the lift that stands, in words that may tell of an illness),
    is written down meanwhile.
    """
    key = h.desk.wording("ask_danger", question=kind.question) if kind.question else h.desk.wording("ask_smoke")
    chat = h.own_chat()
    if chat is None:
        place, area, community = matters.known_place(h)
        lock(h.session, community.id)
        matters.open_unsure_danger(h, kind, place, area, community)
        return True
    words = h.verdict.text
    told, more = beside.file(h, kind)
    asking.ask(h, "smoke", chat, {"danger": kind.key, "words": words, **({"ticket": told.id} if told else {}), **more})
    h.whisper(key, "ask")
    return True


def raise_or_join(h: Hearing, call: DangerCall, kind: DangerKind, words: str, *, known: Ticket | None = None) -> Ticket:
    """One emergency however many say it; advice once a chat, then a line at most every half hour.

    known: the matter that was written down while the speaker was asked.
    """
    h.urgency = Urgency.EMERGENCY
    place, area, community = locate(h)
    lock(h.session, community.id)
    ticket = known if known is not None and known.status in OPEN else None
    if ticket is None:
        ticket = running.find(h, kind, place, area) if not call.silent else _own_running(h, kind)
    if ticket is None:
        ticket = _raise(h, kind, call, place, area, community, words)
    else:
        join(h.desk, ticket, _voice(h, words))
        if not ticket.danger:
            _turns_urgent(h, ticket, kind)
    _advise(h, ticket, kind, area, placed=place.plain)
    if not place.plain and not call.silent and h.private:
        asking.ask(h, "danger_place", h.chat, {"ticket": ticket.id})
    return ticket


def _raise(
    h: Hearing, kind: DangerKind, call: DangerCall, place: Place, area: Area, community: Community, words: str
) -> Ticket:
    matter = Matter(
        Intent(kind.intent),
        _category(h, kind, words),
        kind.matter,
        place,
        area,
        urgent=True,
        danger=kind.key,
        private=call.silent,
        silent=call.silent or kind.audience == "trained",
    )
    ticket, _ = open_ticket(h.desk, community, matter, _voice(h, words))
    act(h.desk, ticket, Verb.DISPATCH, consequences.SERVICE)
    return ticket


def _category(h: Hearing, kind: DangerKind, words: str) -> str:
    """The kind's own; where that is `other`, that of the one thing named: a tree that has fallen is the gardeners'."""
    named = h.understanding.things(words) if (kind.intent, kind.category) == (Intent.REPAIR, "other") else frozenset()
    return next(iter(named)) if len(named) == 1 else kind.category


def _turns_urgent(h: Hearing, ticket: Ticket, kind: DangerKind) -> None:
    """A repair that has become an emergency: the same ticket, now with the whole alarm."""
    before = ticket.matter
    ticket.danger, ticket.urgent, ticket.attended_at = kind.key, True, None
    ticket.matter = kind.matter
    event = write(h.desk, ticket, "urgent", h.actor, note=before)
    consequences.alarm(h.desk, ticket, event)


def _own_running(h: Hearing, kind: DangerKind) -> Ticket | None:
    """A silent danger is joined only by the same person: nobody else's words may show that it exists."""
    query = (
        select(Ticket)
        .join(TicketEvent, col(TicketEvent.ticket_id) == col(Ticket.id))
        .where(
            Ticket.danger == kind.key,
            col(Ticket.status).in_(list(OPEN)),
            TicketEvent.kind == "opened",
            TicketEvent.account_id == h.account.id,
        )
    )
    return h.session.exec(query).first()


def _advise(h: Hearing, ticket: Ticket, kind: DangerKind, area: Area, *, placed: bool) -> None:
    """The whole advice the first time a chat hears of it; later one line, in a group at most every half hour."""
    first = f"advice:{ticket.id}:{h.chat.id}"
    if kind.silent and not h.private:
        text = _advice(h, kind.advice, area)
        own = h.own_chat()
        if own is not None:
            key = f"advice:{ticket.id}:{own.id}"
            telling.say(h.desk, own, key, text, ticket=ticket, urgency=Urgency.EMERGENCY)
            asking.ask(h, "safe", own, {"ticket": ticket.id})
        return
    if telling.first_time(h.desk, first):
        advice = visits.unknown(h, area) if kind.key == visits.STRANGER else _advice(h, kind.advice, area)
        h.answers.append(Said(advice.split(ASKS_PLACE)[0] if placed else advice, first, ticket))
        if kind.silent:
            asking.ask(h, "safe", h.chat, {"ticket": ticket.id})
        return
    later = f"{first}:{int(h.now.timestamp() // SHORT_EVERY.total_seconds())}"
    if h.private or telling.first_time(h.desk, later):
        h.answers.append(Said(_advice(h, kind.short, area), None if h.private else later, ticket))


def _advice(h: Hearing, words: str, area: Area) -> str:
    numbers = places.phones(h.session, area, h.desk.settings.phones.model_dump())
    if "contact" not in numbers and "staff_duty" in numbers:
        numbers["contact"] = numbers["staff_duty"]  # whom else to ring; never a sentence with a hole in it
    blanks = {
        key: numbers.get(key) or h.desk.wording(f"no_{key}")
        for key in ("gas", "lift", "property_night", "staff_duty", "sms_police", "contact")
    }
    text = words.format(**blanks)
    if _nobody_may_read(h, area):
        text += "\n" + h.desk.wording("night_nobody", property_night=blanks["property_night"])
    return text


def _nobody_may_read(h: Hearing, area: Area) -> bool:
    """At night, where no telephone of anybody on duty rings."""
    if not clocks.is_silent(h.now, h.desk.settings.hours, h.desk.settings.zone):
        return False
    return not ringing.reaches(h.desk, posted.candidates(h.desk, area))


def _voice(h: Hearing, words: str) -> Voice:
    slots = h.verdict.slots
    return Voice(h.account, h.chat, h.row, masked(words), h.line.said_at, slots.room, slots.phone)


def told_later(h: Hearing, ticket: Ticket, place: Place, area: Area) -> None:
    """The place of a running emergency, said in a second message: everybody hears it at once."""
    ticket.area_id, ticket.building, ticket.unit = area.id, place.building, place.unit
    ticket.location = place.location
    event = write(h.desk, ticket, "located", h.actor)
    contradictions.keep(h.desk, ticket, place, h.actor)
    consequences.alarm(h.desk, ticket, event)
    tell_office(h.desk, ticket, event, h.desk.wording("card_located", **telling.matter_words(h.desk, ticket)))


def doubted(desk: Desk, ticket: Ticket, danger: str) -> None:
    """What was told with it may have been a danger, and nobody said: staff ask."""
    if ticket.status in OPEN and not ticket.danger:
        event = write(desk, ticket, "doubted", consequences.SERVICE)
        words = telling.matter_words(desk, ticket)
        tell_office(desk, ticket, event, desk.wording("card_doubted", **words, danger=danger))
