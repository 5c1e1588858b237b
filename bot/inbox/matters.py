"""A new matter: repair, dispute, policy, help. Whatever asks for something ends in a ticket, an answer or a person."""

from dataclasses import asdict, replace
from typing import Any

from bot import confided, consequences, places, posted, telling
from bot.inbox import (
    asking,
    filing,
    home_visits,
    meant,
    merging,
    onduty,
    outages,
    policies,
    recusal,
    refining,
    several,
    splitting,
    unclear,
)
from bot.inbox.hearing import Hearing, Said
from bot.inbox.where import locate
from bot.moves import OPEN, Verb
from bot.places import Oddity, Place
from bot.tickets import Matter, act, join, lock, open_ticket
from intents import echo
from intents.understanding import DangerKind
from intents.verdict import Slots, Verdict
from models import Area, ChatKind, Community, Intent, Level, Ticket


def handle(h: Hearing) -> bool:
    """Open (or join, answer, ask about) what the message is about. False where it is about nothing of ours."""
    verdict = h.verdict
    if verdict.intent == Intent.OTHER or (not h.addressed and not verdict.sure) or onduty.only_talks(h):
        return False
    if not verdict.sure and verdict.score < UNSURE:
        asking.ask_aside(h, "unsure", remember(verdict), h.desk.wording("unsure"))
        return True
    file(h, verdict)
    return True


A_SENTENCE = 4  # characters: shorter than this it is a word, whatever it is like
# What is no matter of ours to open but must not fall silent either: a person takes it, with these words.
FOR_A_PERSON = {
    "press": "to_secretary",
    "account": "account_checked",
    "meeting": "to_meeting",
    "rumour": "rumour_checked",
}
A_LIST_LINE = 10  # characters: "2. 同意" below a list that is being signed is no appointment
STAFF_LOOK = frozenset({"rumour", "meeting"})
UNSURE = 0.35  # below this a private message is asked about before anything is opened


def file(h: Hearing, verdict: Verdict, *, place: Place | None = None, insist: bool = False) -> Ticket | None:
    """File a matter understood. place: where it was already found out. insist: do not ask for the place again."""
    if verdict.intent == Intent.POLICY:
        return policies.answer_or_file(h, verdict)
    verdict = meant.named(h.understanding, verdict)
    found, area, community = locate(h) if place is None else filing.at(h, place)
    if verdict.intent == Intent.REPAIR and h.addressed and not insist and not found.plain:
        ask_place(h, verdict, found)
        return None
    if outages.answered(h, verdict, area):
        return None
    if h.private and found.told and found.area is not None and h.account.area_id is None:
        h.account.area_id = found.area.id  # remembered for this person's next message
    lock(h.session, community.id)
    if verdict.intent == Intent.DISPUTE:
        return _dispute(h, verdict, found, area, community)
    parts = splitting.parts(h, verdict)
    if parts:
        return several.file(h, parts, found)[0]
    # Filed by the chat although another place was said: whose matter it is has to be looked at first.
    asked = found.contradiction is not None and not verdict.slots.together and found.contradiction.kind != Oddity.FLOOR
    same = None if asked else merging.same_matter(h, verdict, found, area, community)
    if same is not None:
        return _join(h, verdict, same)
    return _open(h, verdict, found, area, community)


def fallback(h: Hearing) -> None:
    """Nothing of ours. Silence in a group; in private everybody gets a word and a way to a person."""
    if h.chat.kind != ChatKind.PRIVATE:
        _aside_to_staff(h)
        return
    if h.verdict.category in FOR_A_PERSON and len(h.verdict.text) >= A_SENTENCE:
        key = f"matter_{h.verdict.category}"
        to_person(h, h.verdict.category, h.desk.wording(key), FOR_A_PERSON[h.verdict.category])
        return
    h.answer(small_talk(h.verdict), name=h.desk.settings.service.name)


def small_talk(verdict: Verdict) -> str:
    """The sentence that answers what asks for nothing."""
    return {"thanks": "youre_welcome", "resolved": "youre_welcome", "abuse": "abused", "hotline": "hotline_too"}.get(
        verdict.category, "hello"
    )


def _aside_to_staff(h: Hearing) -> None:
    """A rumour, or "明天一起去物业门口": no word in the group, no alarm; staff look into it, once an hour a chat."""
    area = h.base
    signing = len(h.verdict.text) <= A_LIST_LINE and echo.signs_up(h.verdict.text)
    if h.verdict.category not in STAFF_LOOK or area is None or signing:
        return
    key = f"aside:{h.chat.id}:{h.verdict.category}:{int(h.now.timestamp() // 3600)}"
    text = h.desk.wording(f"aside_{h.verdict.category}", place=places.label_in_full(h.session, area))
    consequences.tell_area_office(h.desk, area, key, text)


def to_person(h: Hearing, category: str, words: str, key: str) -> Ticket:
    """Somebody wants a person, or wrote what no program can read: staff have it, at once."""
    place, area, community = locate(h)
    lock(h.session, community.id)
    known = merging.own_open(h, community, Intent.HELP, category)
    if known is not None:
        join(h.desk, known, filing.voice(h, h.verdict))
        event = consequences.chase(h.desk, known, h.actor)
        consequences.remind(h.desk, known, event, "card_waiting_person")
        _answer_alone(h, key, known, area)
        return known
    matter = Matter(Intent.HELP, category, words, place, area, private=True)
    ticket, _ = open_ticket(h.desk, community, matter, filing.voice(h, h.verdict))
    whom = "secretary" if category == "press" else "policy"
    act(h.desk, ticket, Verb.DISPATCH, consequences.SERVICE, target_name=whom)
    _answer_alone(h, key, ticket, area)
    return ticket


def _answer_alone(h: Hearing, key: str, ticket: Ticket, area: Area) -> None:
    """What is somebody's own is said to them alone; the group reads no more than that they were heard."""
    if h.private and key == "to_person" and not posted.working_hours(h.desk):
        h.answer_about("to_person_later", ticket, phone=_duty_phone(h, area))
        return
    if h.private:
        h.answer_about(key, ticket, phone=_duty_phone(h, area))
        return
    words = {**telling.matter_words(h.desk, ticket), "phone": _duty_phone(h, area)}
    alone = h.whisper(h.desk.wording(key, **words), "to_person", ticket)
    if h.addressed:
        h.answer("answered_aside" if alone else "person_comes")


def known_place(h: Hearing) -> tuple[Place, Area, Community]:
    """Where a matter is filed when nobody says more about its place."""
    place, area, community = locate(h)
    if place.candidates:
        place = Place(area, place.building, place.unit, told=True)
    return place, area, community


def open_for_staff(h: Hearing, verdict: Verdict, place: Place, area: Area, community: Community) -> Ticket:
    """A matter that we could not make out whole: staff have it, and the resident hears that."""
    if verdict.intent == Intent.OTHER:
        verdict = replace(verdict, intent=Intent.HELP.value, category="human", matter=h.desk.wording("matter_human"))
    ticket, _ = open_ticket(h.desk, community, filing.matter(verdict, place, area), filing.voice(h, verdict))
    act(h.desk, ticket, Verb.DISPATCH, consequences.SERVICE, target_name="policy")
    telling.say(h.desk, h.chat, f"expired:{ticket.id}", h.desk.wording("filed_anyway",
                **telling.matter_words(h.desk, ticket)), ticket=ticket)  # fmt: skip
    return ticket


def open_unsure_danger(h: Hearing, kind: DangerKind, place: Place, area: Area, community: Community) -> Ticket:
    """A danger nobody could be asked about: staff look for themselves, and the group hears nothing. Twenty voices on
    one place are one matter.
    """
    known = merging.unsure_danger(h, kind.matter, area, community)
    if known is not None:
        join(h.desk, known, filing.voice(h, h.verdict))
        return known
    matter = Matter(Intent(kind.intent), kind.category, kind.matter, place, area, urgent=True, private=True)
    ticket, _ = open_ticket(h.desk, community, matter, filing.voice(h, h.verdict))
    act(h.desk, ticket, Verb.DISPATCH, consequences.SERVICE, target_name="policy")
    return ticket


def remember(verdict: Verdict) -> dict[str, Any]:
    """A verdict as JSON, to be taken up again when a question is answered."""
    return {"verdict": {**asdict(verdict), "danger": None}}


def recall(payload: dict[str, Any]) -> Verdict:
    """The verdict that `remember` kept."""
    fields = dict(payload["verdict"])
    fields["slots"] = Slots(**{**fields["slots"], "others": tuple(fields["slots"].get("others", ()))})
    fields["matched"] = tuple(fields["matched"])
    return Verdict(**fields)


def _open(h: Hearing, verdict: Verdict, place: Place, area: Area, community: Community) -> Ticket:
    ticket, _ = open_ticket(h.desk, community, filing.matter(verdict, place, area), filing.voice(h, verdict))
    # A shop or a spot of its own has no unit leader: whoever keeps the estate has it. One of two communities is theirs.
    at_a_spot = verdict.intent == Intent.REPAIR and area.level == Level.PLACE and area.co_area_id is None
    act(h.desk, ticket, Verb.DISPATCH, consequences.SERVICE, target_name="property" if at_a_spot else None)
    if verdict.intent == Intent.HELP and h.private:
        home_visits.receipt(h, ticket)
    else:
        filing.receipt(h, ticket)
    return ticket


def _join(h: Hearing, verdict: Verdict, ticket: Ticket) -> Ticket:
    _, new = join(h.desk, ticket, filing.voice(h, verdict))
    refining.by_voices(h, ticket)
    if ticket.status not in OPEN:  # it was said before the matter was solved, and reached us after
        if h.private:
            h.answers.append(Said(consequences.status_line(h.desk, ticket), ticket=ticket))
        return ticket
    if h.private:
        h.answer_about("joined_private" if new else "added_private", ticket)
    elif new and h.chat.id not in telling.reporters_chats_before(h.desk, ticket, h.row.id):
        filing.receipt(h, ticket)
    return ticket


def _dispute(h: Hearing, verdict: Verdict, place: Place, area: Area, community: Community) -> Ticket:
    """Nobody is told before the resident has said whom to involve; the group hears nothing."""
    about_office = recusal.concerned(verdict.text)
    own = merging.own_open(h, community, Intent.DISPUTE, verdict.category)
    # What is about the office itself joins nothing that others may read.
    if own is not None and (not about_office or confided.to_heads(h.session, own)):
        join(h.desk, own, filing.voice(h, verdict))
        if h.private:
            h.answer_about("added_private", own)
        return own
    recused = recusal.persons(h, about_office, area) or recusal.named(h, area)
    matter = replace(filing.matter(verdict, place, area), private=True, recused=recused)
    ticket, _ = open_ticket(h.desk, community, matter, filing.voice(h, verdict))
    if about_office:
        act(h.desk, ticket, Verb.DISPATCH, consequences.SERVICE, target_name="secretary")
        secretary = recusal.SECRETARY in about_office
        h.whisper(h.desk.wording("about_secretary" if secretary else "about_leader"), "dispute", ticket)
        return ticket
    chat = h.own_chat()
    if chat is None:
        act(h.desk, ticket, Verb.DISPATCH, consequences.SERVICE, target_name="mediator")
        return ticket
    asking.ask(h, "whom", chat, {"ticket": ticket.id})
    h.whisper(h.desk.wording("ask_whom"), "dispute", ticket)
    return ticket


def ask_place(h: Hearing, verdict: Verdict, place: Place, *, relayed: bool = False) -> None:
    payload = {**remember(verdict), "relayed": relayed}
    if place.candidates:
        payload["candidates"] = [area.id for area in place.candidates]
        names = [places.label_in_full(h.session, area) for area in place.candidates]
        choices = "\n".join(f"{n}. {name}" for n, name in enumerate(names, 1))
        asking.ask_aside(h, "which_place", payload, h.desk.wording("ask_which_place", choices=choices))
        return
    if place.precise and place.contradiction is not None:
        unclear.ask(h, payload, place.contradiction, verdict.slots)
        return
    asking.ask_aside(h, "place", payload, h.desk.wording("ask_place"))


def _duty_phone(h: Hearing, area: Area) -> str:
    numbers = places.phones(h.session, area, h.desk.settings.phones.model_dump())
    return numbers.get("staff_duty") or h.desk.wording("no_staff_duty")
