"""A leader in words: two tickets are one matter ("和12号是一件事"), or one is two ("这是两回事", "分开 #128")."""

from collections.abc import Callable, Mapping

from sqlmodel import col, select

from bot import merges, places
from bot.desk import Desk
from bot.inbox import which
from bot.inbox.hearing import Hearing
from bot.moves import NotAllowed
from bot.places import Place
from bot.tickets import Matter, lock
from intents.understanding import Understanding
from intents.verdict import Command
from models import Area, ChatKind, Inbound, Intent, Report, Ticket


def merge(h: Hearing, command: Command, shown: Ticket | None) -> bool:
    """Make two of their tickets one: the later lives on in the earlier, or in the one that was named as the goal."""
    named = [_numbered(h, int(n)) for n in map(str, (command.rest, command.number, command.note)) if n.isdigit()]
    tickets = [ticket for ticket in named if ticket is not None]
    if len(tickets) < len(named):
        return _which(h, "which_to_merge")
    if len(tickets) == 1:
        meant = which.quoted(h) or shown
        tickets = [meant, *tickets] if meant is not None else tickets
    if len({ticket.id for ticket in tickets}) != 2:  # noqa: PLR2004 - two of them
        return _which(h, "which_to_merge")
    one, into = tickets if "到" in h.verdict.text else sorted(tickets, key=lambda ticket: -ticket.id)
    _locked(h, one, into)
    try:
        merges.merge(h.desk, one, into, h.actor)
    except NotAllowed as refusal:
        return _refuse(h, one, refusal)
    h.row.ticket_id = into.id
    _done(h, "done_merge", into)
    return True


def split(h: Hearing, command: Command, shown: Ticket | None) -> bool:
    """Take apart what was made one last: the voice that is quoted, else the ticket or the voice that came last."""
    ticket = _numbered(h, command.number) if command.number is not None else which.quoted(h) or shown
    if ticket is None:
        return _which(h, "which_to_split")
    _locked(h, ticket)
    reports = _quoted_voice(h, ticket) or merges.latest_joined(h.desk, ticket)
    try:
        if not reports:
            raise NotAllowed("nothing_to_split")
        apart = merges.split(h.desk, ticket, reports, h.actor, matter_of(h.desk, h.understanding, ticket, reports[0]))
    except NotAllowed as refusal:
        return _refuse(h, ticket, refusal)
    h.row.ticket_id = apart[0].id
    _done(h, "done_split", apart[0])
    return True


HANDLERS: Mapping[str, Callable[[Hearing, Command, Ticket | None], bool]] = {"merge": merge, "split": split}


def matter_of(desk: Desk, understanding: Understanding, ticket: Ticket, report: Report) -> Matter:
    """What a voice is about by itself: read anew, at the place it names; whatever it does not say is the ticket's."""
    words = report.words or ""
    read = understanding.read(words, "private", True)
    at = desk.session.get_one(Area, ticket.area_id)
    place = places.resolve(desk.session, at, read.slots, read.text)
    if not place.told or place.area is None:
        place = Place(at, ticket.building, ticket.unit, ticket.location)
    own = read.intent in (Intent.REPAIR, Intent.HELP) and read.sure and not ticket.private
    return Matter(
        Intent(read.intent) if own else ticket.intent,
        read.category if own else ticket.category,
        (read.matter if own else "") or ticket.matter,
        place,
        place.area or at,
        urgent=ticket.urgent,
        danger=ticket.danger,  # until somebody has looked, it is as dangerous as it was
        private=ticket.private,
        silent=ticket.silent,
        recused=tuple(ticket.recused_person_ids),
    )


def _quoted_voice(h: Hearing, ticket: Ticket) -> list[Report]:
    """The neighbour's message that is quoted, as a voice on this ticket."""
    if not h.line.reply_to:
        return []
    said = (
        select(Report)
        .join(Inbound, col(Inbound.id) == col(Report.inbound_id))
        .where(Report.ticket_id == ticket.id, Inbound.message_id == h.line.reply_to, Inbound.chat_id == h.chat.id)
    )
    return list(h.session.exec(said))


def _numbered(h: Hearing, number: int) -> Ticket | None:
    """The one ticket of that number here."""
    found = which.numbered(h, number)
    return found[0] if len(found) == 1 else None


def _locked(h: Hearing, *tickets: Ticket) -> None:
    for community_id in sorted({ticket.community_id for ticket in tickets}):
        lock(h.session, community_id)
    for ticket in tickets:
        h.session.refresh(ticket)


def _which(h: Hearing, key: str) -> bool:
    """In private a question; in a group, where such a sentence may be anything, silence."""
    if h.private:
        h.answer("which_to_merge" if key == "which_to_merge" else "which_to_split")
    return h.private


def _refuse(h: Hearing, ticket: Ticket, refusal: NotAllowed) -> bool:
    if h.private and refusal.reason == "not_yours":
        h.answer("not_yours", number=ticket.number)
    elif h.private:
        h.answer_about(refusal.reason, ticket)
    return True


def _done(h: Hearing, key: str, ticket: Ticket) -> None:
    """Said where it troubles nobody: the neighbours heard it, and their matter goes on."""
    if h.chat.kind != ChatKind.RESIDENTS:
        h.answer_about("done_merge" if key == "done_merge" else "done_split", ticket)
