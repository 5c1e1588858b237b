"""Asking somebody something, and remembering that we did."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.inbox.hearing import Hearing, Said
from intents.verdict import Verdict
from models import Chat, Inbound, Question

ASIDE_EVERY = timedelta(minutes=10)  # how often a group hears that somebody was asked privately


def ask(h: Hearing, kind: str, chat: Chat, payload: dict[str, Any]) -> Question:
    """Remember that the speaker was asked something in `chat`; unanswered, it ends with staff."""
    question = Question(
        account_id=h.account.id if chat.account_id is None else chat.account_id,
        chat_id=chat.id,
        inbound_id=h.row.id,
        kind=kind,
        payload=payload,
        asked_at=h.now,
        expires_at=h.now + timedelta(minutes=h.desk.settings.times.question_minutes),
    )
    h.session.add(question)
    h.session.flush()
    return question


def ask_aside(h: Hearing, kind: str, payload: dict[str, Any], text: str) -> None:
    """Ask the speaker alone where there is a way to them, and say so in the group; else one line in the group.

    The area of the group goes with the question: in their own chat the answer is still about that place.
    """
    chat = h.own_chat() or h.chat
    if chat.id == h.chat.id:
        ask(h, kind, chat, payload)
        h.answers.append(Said(text))
        return
    ask(h, kind, chat, {**payload, "area": h.chat.area_id})
    h.whisper(text, kind)
    slot = int(h.now.timestamp() // ASIDE_EVERY.total_seconds())
    h.answers.append(Said(h.desk.wording("asked_aside"), f"aside:{h.chat.id}:{slot}"))


def ask_again(h: Hearing, question: Question) -> Question:
    """Leave a question open: what came was no answer yet ("等一下"), and it is given its whole time anew."""
    again = ask(h, question.kind, h.chat, question.payload)
    again.inbound_id = question.inbound_id
    again.expires_at = max(again.expires_at, question.expires_at)
    return again


def as_asked(h: Hearing, question: Question, verdict: Verdict, *more: str) -> None:
    """Hear the message that was asked about, with its own words and what was added; its row belongs to it as well."""
    asked = h.session.get(Inbound, question.inbound_id) if question.inbound_id else None
    if asked is not None:
        asked.erase_at = None
    first = asked.text if asked and asked.text else verdict.text
    h.line = replace(h.line, text="\n".join([first, *more]))
    h.verdict = verdict
