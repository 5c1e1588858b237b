"""What a ticket's page offers: the moves that would be taken now, from this caller, and no others."""

from bot import undoing
from bot.desk import Desk
from bot.moves import MOVES, OPEN, Verb, may_reopen
from bot.permits import SERVICE, Actor
from bot.web.api_moves import RULES
from bot.web.auth import ROLES, Caller
from models import Area, Intent, Ticket

_WAITS = frozenset({Verb.WAIT, Verb.PAUSE})


def possible(desk: Desk, caller: Caller, ticket: Ticket, area: Area) -> list[str]:
    """The verbs, in the order of the API's table. Whoever sees a ticket is no party to it, so their posts decide."""
    return [
        verb.value
        for verb, rule in RULES.items()
        if verb not in SERVICE
        and caller.may(ROLES[rule.allow], area)
        and (verb not in MOVES or ticket.status in MOVES[verb].sources)
        and _sensible(ticket, verb)
        and _in_time(desk, caller, ticket, verb)
    ]


def joins(ticket: Ticket) -> bool:
    """Whether it may become one with another, as bot.merges has it of the one that is given up."""
    return ticket.status in OPEN and not ticket.private


def calls(ticket: Ticket) -> bool:
    """Whether others may be called to it, as bot.whistles has it."""
    return ticket.status in OPEN and not (ticket.private or ticket.silent)


def _sensible(ticket: Ticket, verb: Verb) -> bool:
    """What the table of moves leaves open and nobody means: there is nowhere to go for a question, and an emergency
    to which nobody has come yet is not put off (behaviour.md)."""
    if verb == Verb.RELEASE:
        return ticket.intent == Intent.HELP
    if verb == Verb.ATTEND:
        return ticket.intent != Intent.POLICY or ticket.danger is not None
    return verb not in _WAITS or ticket.danger is None or ticket.attended_at is not None


def _in_time(desk: Desk, caller: Caller, ticket: Ticket, verb: Verb) -> bool:
    if verb == Verb.UNDO:
        return undoing.possible(desk, ticket, Actor(person_id=caller.person_id, staff=True))
    return verb != Verb.REOPEN or may_reopen(ticket.closed_at, desk.now, desk.settings.times.reopen_days)
