"""Asking somebody something, and remembering that we did."""

from datetime import timedelta
from typing import Any

from bot.inbox.hearing import Hearing
from models import Chat, Question


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
