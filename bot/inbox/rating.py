"""The answer to "办得还行吗？": 好, 不好, 1 to 5, or words."""

from collections.abc import Callable, Mapping
from typing import Any

from bot import rated, ratings
from bot.inbox import residents
from bot.inbox.hearing import Hearing
from bot.moves import Verb
from bot.tickets import act, lock
from intents.verdict import Command
from models import Intent, Question, Status, Ticket

LONGEST = 200  # characters: what is longer is something else


def answered(h: Hearing, payload: dict[str, Any], question: Question) -> bool:
    """Keep it. From three on it is closed; below, and 没修好, it is open again; blame in words is written down."""
    del question
    ticket = h.session.get_one(Ticket, payload["ticket"])
    lock(h.session, ticket.community_id)
    h.session.refresh(ticket)
    if ticket.status != Status.RESOLVED:
        return False
    command = h.understanding.resident(h.verdict.text)
    score = _score(h, ticket, command)
    if score is None:
        return False
    h.row.ticket_id = ticket.id
    ratings.record(h.desk, ticket, h.account.id, score, h.line.text)
    if score > residents.UNHAPPY:
        act(h.desk, ticket, Verb.CONFIRM, h.actor, note=command.note if command else "")
        h.answer_about("rated_kept", ticket)
    elif command is None and h.verdict.intent == Intent.OTHER and rated.score_of_digit(h.verdict.text) is None:
        h.answer_about("rated_blame", ticket)  # how it was done, not whether: they are told how to have it opened again
    else:
        residents.not_fixed(h, ticket, command or Command("unsatisfied"))
    return True


def _score(h: Hearing, ticket: Ticket, command: Command | None) -> int | None:
    digit = rated.score_of_digit(h.verdict.text)
    if digit is not None:
        return digit
    if command is not None:
        return command.score or SCORES.get(command.verb)
    if (h.verdict.intent, h.verdict.category) == (ticket.intent, ticket.category):
        return rated.POOR  # "还是停在一楼不动": the same, told anew
    if h.verdict.intent != Intent.OTHER or h.verdict.danger is not None or len(h.verdict.text) > LONGEST:
        return None  # something else came up
    return rated.score_of_words(h.verdict.text)


# What an answer in a few plain words is worth. Praise of a person is an ear's of its own.
SCORES: Mapping[str, int] = {
    "yes": rated.BEST,
    "confirm": rated.BEST,
    "useful": rated.BEST,
    "no": rated.POOR,
    "unsatisfied": rated.POOR,
    "useless": rated.POOR,
}
ANSWERS: Mapping[str, Callable[[Hearing, dict[str, Any], Question], bool]] = {ratings.ASK: answered}
