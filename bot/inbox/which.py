"""Which ticket does this reply mean? Quoted > numbered > the only one this person may act on > ask."""

from collections.abc import Callable, Sequence

from sqlmodel import col, select

from bot import places
from bot.inbox.hearing import Hearing
from models import Area, Chat, Community, Inbound, Outgoing, Report, Ticket

Fit = Callable[[Ticket], bool]


def quoted(h: Hearing) -> Ticket | None:
    """The ticket of the message that is quoted: one of our lines, or a neighbour's. A merged one lives on elsewhere."""
    found = _quoted(h)
    return living(h, found) if found is not None else None


def living(h: Hearing, ticket: Ticket) -> Ticket:
    """The ticket itself, or the one it was merged into."""
    while ticket.merged_into_id is not None:
        ticket = h.session.get_one(Ticket, ticket.merged_into_id)
    return ticket


def said_together(h: Hearing) -> list[Ticket]:
    """All matters of the neighbour's message that is quoted: one message may have told two."""
    told = (
        select(Ticket)
        .join(Report, col(Report.ticket_id) == col(Ticket.id))
        .join(Inbound, col(Inbound.id) == col(Report.inbound_id))
        .where(Inbound.channel == h.channel.name, Inbound.message_id == h.line.reply_to, Inbound.chat_id == h.chat.id)
        .order_by(col(Ticket.id))
    )
    return list(h.session.exec(told).unique()) if h.line.reply_to else []


def _quoted(h: Hearing) -> Ticket | None:
    if not h.line.reply_to:
        return None
    ours = (
        select(Outgoing)
        .join(Chat, col(Chat.id) == col(Outgoing.chat_id))
        .where(Outgoing.message_id == h.line.reply_to, Chat.channel == h.channel.name)
        .order_by(col(Outgoing.id).desc())
    )
    line = h.session.exec(ours).first()
    if line is not None:
        return h.session.get(Ticket, line.ticket_id) if line.ticket_id else None
    theirs = (
        select(Inbound)
        .where(Inbound.channel == h.channel.name, Inbound.message_id == h.line.reply_to, Inbound.chat_id == h.chat.id)
        .order_by(col(Inbound.id).desc())
    )
    heard = h.session.exec(theirs).first()
    return h.session.get(Ticket, heard.ticket_id) if heard and heard.ticket_id else None


def numbered(h: Hearing, number: int) -> list[Ticket]:
    """The tickets that people call by this number here: this year's (else the latest) of each community concerned."""
    query = (
        select(Ticket)
        .where(Ticket.number == number, col(Ticket.community_id).in_(_communities(h)))
        .order_by(col(Ticket.year).desc(), col(Ticket.id).desc())
    )
    latest: dict[int, Ticket] = {}
    for ticket in h.session.exec(query):
        latest.setdefault(ticket.community_id, ticket)
    return [living(h, ticket) for ticket in latest.values()]


def choose(h: Hearing, number: int | None, mine: Callable[[], Sequence[Ticket]], fit: Fit) -> list[Ticket]:
    """The tickets this reply may mean: one is an answer, several have to be asked about, none is none.

    mine: the tickets this person may act on, looked up only where nothing is quoted or numbered. A quoted or numbered
    ticket is returned even where it does not fit: the move itself then says why not.
    """
    if number is not None:
        return numbered(h, number)
    together = [ticket for ticket in said_together(h) if fit(ticket)]
    if len(together) > 1:
        return together
    said = quoted(h)
    if said is not None:
        return [said]
    return [ticket for ticket in mine() if fit(ticket)]


def pending(h: Hearing) -> bool:
    """Whether an older message of this chat has not been understood yet: it may open what this one means."""
    query = select(Inbound.id).where(
        Inbound.chat_id == h.chat.id, Inbound.state == "pending", col(Inbound.id) < h.row.id
    )
    return h.session.exec(query).first() is not None


def _communities(h: Hearing) -> list[int]:
    """The communities of this chat and of the speaker's posts; all, where neither says."""
    areas = [area_id for area_id in (h.chat.area_id, h.account.area_id) if area_id is not None]
    areas += [post.area_id for post in h.posts]
    found: set[int] = set()
    for area_id in areas:
        area = h.session.get_one(Area, area_id)
        own = places.community_of(h.session, area)
        if own is not None:
            found.add(own.id)
        below = select(Community.id).join(Area, col(Area.id) == col(Community.area_id))
        found.update(h.session.exec(below.where(col(Area.path).startswith(area.path))))
    return list(found) or list(h.session.exec(select(Community.id)))
