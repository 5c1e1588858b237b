"""A question about a rule: the answer with its source, or a ticket for the community's staff."""

import re

from bot import consequences
from bot.inbox import merging
from bot.inbox.hearing import Hearing
from bot.inbox.where import locate
from bot.moves import Verb
from bot.places import Place
from bot.tickets import Matter, Voice, act, join, lock, open_ticket
from intents.verdict import PolicyAnswer, Verdict
from models import Intent, Ticket

NOTED = re.compile(r"\[([a-z0-9-]+)\]$")


def answer_or_file(h: Hearing, verdict: Verdict) -> Ticket:
    """Answer from a document in force; no good source, no answer: staff have the question."""
    today = h.now.astimezone(h.desk.settings.zone).date()
    found = h.understanding.policy(verdict.text, today)
    _, area, community = locate(h)
    place = Place(area)  # a question is about a rule: no staircase need be named
    lock(h.session, community.id)
    own = merging.own_open(h, community, Intent.POLICY, verdict.category)
    voice = Voice(h.account, h.chat, h.row, h.line.text or verdict.text, h.line.said_at)
    if own is not None and found is None:
        join(h.desk, own, voice)
        h.answer_about("added_private", own)
        return own
    matter = Matter(Intent.POLICY, verdict.category, verdict.matter or "问办事", place, area)
    ticket, _ = open_ticket(h.desk, community, matter, voice)
    if found is None:
        act(h.desk, ticket, Verb.DISPATCH, consequences.SERVICE)
        h.answer_about("policy_to_staff" if h.private else "receipt_group", ticket)
        return ticket
    act(h.desk, ticket, Verb.ANSWER, consequences.SERVICE, note=note_of(found))
    _say(h, ticket, found)
    return ticket


def note_of(found: PolicyAnswer) -> str:
    """What the ticket's event says of the answer; the passage's id in brackets is what `id_of` counts by."""
    return f"{found.title} {found.article} [{found.id}]"


def id_of(note: str | None) -> str | None:
    """The passage's id from such a note; None where a person resolved the ticket."""
    found = NOTED.search(note or "")
    return found[1] if found else None


def _say(h: Hearing, ticket: Ticket, found: PolicyAnswer) -> None:
    h.answer_about(
        "policy_answer",
        ticket,
        answer=found.answer.strip(),
        source=found.source,
        article=found.article,
        in_force=found.in_force,
        ask=found.ask,
    )
