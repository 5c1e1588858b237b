"""Answers to what we asked, and what becomes of a question that nobody answers."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlmodel import col, select

from bot import consequences, homes, places, telling
from bot.channels import Kind
from bot.events import write
from bot.inbox import (
    announcements,
    anonymous,
    asking,
    beside,
    commands,
    dangers,
    doubts,
    home_visits,
    leaderline,
    living,
    matters,
    patrols,
    picking,
    rating,
    relaying,
    residents,
    unclear,
    voices,
    where,
)
from bot.inbox.hearing import Hearing
from bot.moves import OPEN, Verb
from bot.places import Place
from bot.tickets import act, lock, withdraw_voice
from intents.verdict import Command, DangerCall, Verdict
from models import Area, Inbound, Intent, Level, Question, Ticket

WHERE = {"place", "danger_place"}  # questions for a place
LONGEST_PLACE = 24  # "超市楼上" is a place; a longer sentence without a place is something else


def handle(h: Hearing) -> bool:
    """Try the message as the answer to what the speaker was asked here, the newest question first."""
    query = (
        select(Question)
        .where(
            Question.account_id == h.account.id,
            Question.chat_id == h.chat.id,
            col(Question.answered_at).is_(None),
            Question.expires_at > h.now,
        )
        .order_by(col(Question.id).desc())
    )
    done = ""
    for question in h.session.exec(query).all():
        # One place answers every "where?" that is open; anything else answers one question.
        if done and not {done, question.kind} <= WHERE:
            continue
        if ANSWERS[question.kind](h, question.payload, question):
            question.answered_at = h.now
            done = question.kind
            _with_what_was_shown(h, question)
    return bool(done)


def _with_what_was_shown(h: Hearing, question: Question) -> None:
    """A picture in the message that was asked about belongs to what it was about."""
    asked = h.session.get(Inbound, question.inbound_id) if question.inbound_id else None
    if asked is not None and asked.media and asked.ticket_id is None and h.row.ticket_id is not None:
        asked.ticket_id, asked.erase_at = h.row.ticket_id, None


def place(h: Hearing, payload: dict[str, Any], question: Question) -> bool:
    """Where? A building, a landmark or a short word about the place."""
    verdict = h.verdict
    if doubts.stalls(verdict.text):
        asking.ask_again(h, question)
        h.answer("no_hurry")
        return True
    base = h.session.get(Area, payload["area"]) if payload.get("area") else h.base
    told, payload = unclear.told(h, payload, base)
    if h.line.kind == Kind.LOCATION:
        told = Place(base, location=h.line.text[:200] or h.desk.wording("shared_location"), told=True)
    if told.candidates:
        return False
    if not told.told:
        if len(verdict.text) > LONGEST_PLACE or verdict.intent != Intent.OTHER or _is_command(h):
            return False
        told = replace(told, location=verdict.text[:200], told=True)
    _resume(h, payload, question, told)
    return True


def which_place(h: Hearing, payload: dict[str, Any], question: Question) -> bool:
    areas = [h.session.get_one(Area, area_id) for area_id in payload["candidates"]]
    chosen = picking.pick(h.verdict.text, areas, lambda area: places.label_in_full(h.session, area))
    if chosen is None:
        estates = [a for a in areas if (e := places.ancestor(h.session, a, Level.ESTATE)) and e.name in h.line.text]
        chosen = estates[0] if len(estates) == 1 else None
    if chosen is None:
        return False
    unit = recalled(payload).slots.unit
    slots = replace(h.verdict.slots, building=chosen.label, unit=unit or h.verdict.slots.unit)
    _resume(h, payload, question, places.resolve(h.session, chosen, slots))
    return True


def whom(h: Hearing, payload: dict[str, Any], question: Question) -> bool:
    """A dispute: the resident says whom to involve."""
    del question
    text = h.verdict.text
    choice = next(
        (
            name
            for name, words in (
                ("mediator", ("1", "调解")),
                ("leader", ("2", "单元长", "楼长")),
                ("nobody", ("3", "先不用", "不用", "说说")),
            )
            if text.strip("。. ") in words or any(len(w) > 1 and w in text for w in words)
        ),
        None,
    )
    if choice is None:
        return False
    ticket = _ticket(h, payload)
    h.row.ticket_id = ticket.id
    if ticket.status == "new":
        act(h.desk, ticket, Verb.DISPATCH, consequences.SERVICE, target_name=choice)
    h.answer_about(f"whom_{choice}", ticket)
    return True


def smoke(h: Hearing, payload: dict[str, Any], question: Question) -> bool:
    """Is it a fire, or bacon?"""
    said = _said(h)
    kind = h.understanding.danger[payload["danger"]]
    if said in ("no", "safe"):
        if not beside.later(h, question, kind, danger=False):
            h.answer("smoke_nothing")
        return True
    if said != "yes":
        return False
    call = DangerCall(kind.key, certain=True, silent=kind.silent)
    known = _ticket(h, payload) if payload.get("ticket") else None
    beside.later(h, question, kind, danger=True)  # first: the place of the danger is asked for last, and told first
    h.verdict = replace(h.understanding.read(payload["words"], "private", True), danger=None)  # where they said it is
    dangers.raise_or_join(h, call, kind, payload["words"], known=known)
    return True


def which_ticket(h: Hearing, payload: dict[str, Any], question: Question) -> bool:
    """Somebody with a post says which of several matters they meant."""
    del question
    ticket = picking.ticket(h, payload)
    if ticket is None:
        return False
    commands.do(h, ticket, Command(payload["verb"], note=payload["note"], target=payload["target"]))
    return True


def which_own(h: Hearing, payload: dict[str, Any], question: Question) -> bool:
    """A resident says which of their matters they meant."""
    del question
    ticket = picking.ticket(h, payload)
    if ticket is None:
        return False
    command = Command(payload["verb"], note=payload["note"], rest=payload["rest"], score=payload["score"])
    voices.on_one(h, ticket, command, residents.ON_ONE[command.verb])
    return True


def danger_place(h: Hearing, payload: dict[str, Any], question: Question) -> bool:
    """The place of a running emergency."""
    del question
    told = where.told(h, h.base)
    if not told.told or told.candidates or told.area is None:
        return False
    ticket = _ticket(h, payload)
    h.row.ticket_id = ticket.id
    if ticket.status in OPEN:
        dangers.told_later(h, ticket, told, told.area)
    h.answer_about("danger_located", ticket)
    return True


def taken_back(h: Hearing, payload: dict[str, Any], question: Question) -> bool:
    """A recalled report that somebody is already on the way for."""
    del question
    said = _said(h)
    if said not in ("yes", "no", "withdraw"):
        return False
    ticket = _ticket(h, payload)
    if said != "yes" and ticket.status in OPEN:
        withdraw_voice(h.desk, ticket, h.actor)
        h.answer_about("withdrawn", ticket)
    else:
        h.answer_about("kept_going", ticket)
    return True


def safe(h: Hearing, payload: dict[str, Any], question: Question) -> bool:
    """Somebody in danger at home answers, or says they can be rung: whoever is trained for it hears that."""
    del question
    said = _said(h)
    if said not in ("yes", "safe", "choice"):
        return False
    ticket = _ticket(h, payload)
    h.row.ticket_id = ticket.id
    event = write(h.desk, ticket, "reachable", h.actor)
    text = h.desk.wording("card_reachable", **telling.matter_words(h.desk, ticket))
    consequences.tell_office(h.desk, ticket, event, text)
    h.answer("safe_heard")
    return True


def photo(h: Hearing, payload: dict[str, Any], question: Question) -> bool:
    """A photo or a place came first, its matter now: they belong together."""
    del question
    shown = h.session.get(Inbound, payload["inbound"])
    if shown is not None and patrols.with_photo(h, shown):
        return True
    if h.verdict.intent == Intent.OTHER or not h.line.text:
        return False
    where = payload.get("location")
    spot = Place(h.base, location=where, told=True) if where and not h.verdict.slots.building else None
    ticket = matters.file(h, h.verdict, place=spot)
    if ticket is not None and shown is not None:
        shown.ticket_id, shown.erase_at = ticket.id, None
    return True


ANSWERS: Mapping[str, Callable[[Hearing, dict[str, Any], Question], bool]] = {
    "place": place,
    "which_place": which_place,
    "unsure": doubts.answered,
    leaderline.KIND: leaderline.answered,
    homes.KIND: living.answered,
    "whom": whom,
    "smoke": smoke,
    "which_ticket": which_ticket,
    "which_own": which_own,
    "danger_place": danger_place,
    "taken_back": taken_back,
    "photo": photo,
    "safe": safe,
    announcements.QUESTION: announcements.over,
    **rating.ANSWERS,
    **home_visits.ANSWERS,
    **anonymous.ANSWERS,
}


def _said(h: Hearing) -> str:
    """yes, no, safe, withdraw, choice, or nothing of the kind."""
    command = h.understanding.resident(h.verdict.text)
    if command is None:
        return ""
    if command.verb == "choice":
        return {"1": "yes", "2": "no"}.get(command.note, "choice")
    return command.verb


def recalled(payload: dict[str, Any]) -> Verdict:
    return matters.recall(payload)


def _resume(h: Hearing, payload: dict[str, Any], question: Question, told: Place) -> None:
    """File the matter that was asked about, as if its place had been said at once."""
    verdict = recalled(payload)
    slots = h.verdict.slots
    verdict = replace(verdict, slots=replace(verdict.slots, room=verdict.slots.room or slots.room,
                                             phone=verdict.slots.phone or slots.phone))  # fmt: skip
    asking.as_asked(h, question, verdict)
    if payload.get(beside.PARTS):
        beside.placed(h, payload[beside.PARTS], told)
        return
    if payload.get("patrol"):
        patrols.resumed(h, payload, verdict, told)
        return
    if payload.get("relayed"):
        relaying.relayed(h, verdict, told)
        return
    matters.file(h, verdict, place=told, insist=True)


def _ticket(h: Hearing, payload: dict[str, Any]) -> Ticket:
    ticket = h.session.get_one(Ticket, payload["ticket"])
    lock(h.session, ticket.community_id)
    h.session.refresh(ticket)
    return ticket


def _is_command(h: Hearing) -> bool:
    text = h.verdict.text
    return h.understanding.resident(text) is not None or h.understanding.handler(text) is not None
