"""What somebody on duty says among the residents of the matters in hand: heard clause by clause, and which is meant.

The room named (301换了一截管子) says it before the thing does; "来电了" is about the outage, not about the live wire;
work that is told in passing moves only what is quoted or what this very person took on.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import col, select

from bot.inbox import onduty, talked, which, worklist
from bot.inbox.hearing import Hearing
from bot.moves import OPEN, Verb
from intents import worktalk
from intents.verdict import Command
from models import Report, Status, Ticket, TicketEvent

ROOM = re.compile(r"(?<!\d)\d{3,4}(?!\d)")
NUMBERED = re.compile(r"\s*(?:#(?P<number>\d{1,6})号?)[\s,，:：]*(?P<note>\S.{3,})", re.DOTALL)
# A question is no news; cases have an ear of their own.
ASKED = re.compile(r"[?？]|[吗呢么]$|怎么|什么|哪|谁|几时|多久|为何|是不是|有没有|12345|工单|单号|信访")
TOLD_TO_US = re.compile(r"#|工单|单号|编号")
ENDS = frozenset({Verb.RESOLVE, Verb.PROGRESS, Verb.ESCALATE, Verb.WAIT, Verb.PAUSE, Verb.TRANSFER})
TAKEN = (Status.ACCEPTED, Status.WAITING, Status.PAUSED, Status.TRANSFERRED)


def command(h: Hearing) -> Command | None:
    """What the speaker wants done; of somebody on duty in their group also where only a clause of it says so."""
    whole = h.understanding.handler(h.verdict.text) or _numbered_note(h)
    if not onduty.speaks(h):
        return whole
    text = h.understanding.fold(h.verdict.text)
    heard = worktalk.heard(text, whole, h.understanding.handler, quotes=bool(h.line.reply_to))
    if heard is None or heard is whole:
        return whole
    return replace(heard, things=h.understanding.things(h.verdict.text))


def _numbered_note(h: Hearing) -> Command | None:
    """ "#12 钢丝绳老化，联系了维保": whatever somebody says of a matter of theirs by its number is news of it."""
    found = NUMBERED.match(h.verdict.text)
    if found is None or ASKED.search(h.verdict.text):
        return None
    number = int(found["number"])
    if not any(ticket.number == number and ticket.status in OPEN for ticket in worklist.mine(h)):
        return None
    return Command("progress", number=number, note=found["note"])


def without_room(h: Hearing, command: Command) -> Command:
    """A command whose number is the room of an open matter: "301换了一截管子" is about 301, not about #301."""
    number = command.number
    if number is None or TOLD_TO_US.search(h.verdict.text) or not onduty.speaks(h):
        return command
    rooms = {room for ticket in worklist.mine(h) for room in _rooms(h, ticket)}
    return replace(command, number=None) if str(number) in rooms else command


def narrowed(h: Hearing, command: Command, verb: Verb, found: Sequence[Ticket]) -> list[Ticket]:
    """Of the tickets that this word may mean, those it does. Several are left where that is not plain."""
    if verb == Verb.REFUSE:
        # Whose business it is instead ("是供电局的") says nothing about which matter is handed back.
        command = replace(command, things=frozenset())
    if h.line.reply_to or not onduty.speaks(h):
        return talked.narrowed(h, command, verb, found)
    in_rooms = _in_rooms(h, found)
    if in_rooms:
        return in_rooms
    if verb == Verb.RESOLVE and worktalk.supply_back(h.understanding.fold(h.verdict.text)):
        found = [ticket for ticket in found if not ticket.danger] or found
    fit = talked.narrowed(h, command, verb, found)
    if len(fit) > 1 and verb in ENDS:
        left = [ticket for ticket in fit if not _held_by_another(h, ticket)]
        return left if len(left) == 1 else fit
    return fit


def plainly_done(h: Hearing, command: Command, found: Sequence[Ticket]) -> Ticket | None:
    """What work told in passing is about: the matter quoted, or the one this person took on; None where neither is.

    An emergency never: "窗户都打开了" is no end of it.
    """
    if h.line.reply_to:
        said = which.quoted(h)
        return said if said is not None and said.status in OPEN and not said.danger else None
    mine = [ticket for ticket in found if _taker(h, ticket) == h.actor.person_id]
    taken = [ticket for ticket in mine if ticket.status in OPEN and not ticket.danger]
    fit = _in_rooms(h, taken) or talked.about(h, command.things, taken)
    return fit[0] if len(fit) == 1 else None


def _in_rooms(h: Hearing, tickets: Sequence[Ticket]) -> list[Ticket]:
    named = set(ROOM.findall(h.understanding.fold(h.verdict.text)))
    return [ticket for ticket in tickets if named & _rooms(h, ticket)] if named else []


def _rooms(h: Hearing, ticket: Ticket) -> set[str]:
    """The rooms that a matter was told of."""
    told = h.session.exec(select(Report.room).where(Report.ticket_id == ticket.id, col(Report.withdrawn_at).is_(None)))
    return {room for room in (ticket.room, *told) if room}


def _held_by_another(h: Hearing, ticket: Ticket) -> bool:
    taker = _taker(h, ticket)
    return ticket.status in TAKEN and taker is not None and taker != h.actor.person_id


def _taker(h: Hearing, ticket: Ticket) -> int | None:
    """The person who took it on last."""
    taken = (
        select(TicketEvent.person_id)
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == "accepted")
        .order_by(col(TicketEvent.id).desc())
    )
    return h.session.exec(taken).first()
