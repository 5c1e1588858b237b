"""The five questions of a ticket, filled from the talk and never typed for their own sake (domain.md, practice 14)."""

import re
from datetime import datetime

from bot.masking import masked
from bot.moves import Verb
from intents import answers, times
from models import Ticket

# Whose words say what the matter comes of and what is to be done about it. The need is the reporters'.
# Which matter was meant is no part of what was said of it.
_NUMBER = re.compile(r"^\s*(?:[#＃]\d{1,6}|\d{1,6}号)[\s,，:：]+(?=\S)")
_TELLING = frozenset({Verb.ACCEPT, Verb.PROGRESS, Verb.WAIT, Verb.PAUSE, Verb.TRANSFER, Verb.REFUSE, Verb.ESCALATE,
                      Verb.RESOLVE})  # fmt: skip


def fill(ticket: Ticket, verb: Verb, now: datetime, said: str) -> None:
    """Write on the ticket what a move's words say of cause, plan, progress and outcome. now: in the community's zone.

    What the words do not say stays as it was; a matter that is opened again has no outcome.
    """
    said = _NUMBER.sub("", masked(said))
    if verb == Verb.REOPEN:
        ticket.outcome = None
    elif verb == Verb.ANSWER:
        ticket.outcome = said or ticket.outcome
    elif verb in _TELLING and said:
        _from_talk(ticket, verb, now, said)


def _from_talk(ticket: Ticket, verb: Verb, now: datetime, said: str) -> None:
    told = answers.read(said, now)
    ticket.cause = told.cause or ticket.cause
    if verb == Verb.RESOLVE:
        ticket.outcome = told.outcome or ticket.outcome
        return
    ticket.plan = told.plan or (said if verb == Verb.TRANSFER else ticket.plan)
    if verb == Verb.PROGRESS:
        ticket.progress = times.dated(said, now)  # "约明天下午" is asked about the day after tomorrow, too
