"""What has happened to a matter so far, in one line: whoever it goes up to need not ask anybody."""

from collections.abc import Iterator

from sqlmodel import col, select

from bot import clocks, telling
from bot.desk import Desk
from bot.masking import fit_for_group
from models import Ticket, TicketEvent

SHORT = 40  # characters of somebody's own words


def so_far(desk: Desk, ticket: Ticket) -> str:
    """今天9点说的，单元长接了，“等配件”，邻居催过1次: fit for the chat of those who handle it, nobody is named."""
    return desk.wording("story", steps="，".join(_steps(desk, ticket)))


def first_up(desk: Desk, ticket: Ticket, event: TicketEvent) -> bool:
    """Whether it goes up for the first time since it was opened (again)."""
    query = select(TicketEvent.kind).where(TicketEvent.ticket_id == ticket.id, col(TicketEvent.id) < event.id)
    earlier = list(desk.session.exec(query.order_by(col(TicketEvent.id))))
    since = earlier[len(earlier) - earlier[::-1].index("reopened") :] if "reopened" in earlier else earlier
    return "escalated" not in since


def _steps(desk: Desk, ticket: Ticket) -> Iterator[str]:
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(col(TicketEvent.id))
    events = desk.session.exec(query).all()
    zone = desk.settings.zone
    day = clocks.day_in_words(ticket.opened_at.astimezone(zone).date(), desk.now.astimezone(zone).date())
    yield desk.wording("story_opened", day=day, hour=clocks.hour_in_words(ticket.opened_at, zone))
    taken = [event for event in events if event.kind == "accepted"]
    if taken:
        yield desk.wording("story_accepted", title=telling.title_of(desk, taken[-1].person_id, None))
    if ticket.transferred_to:
        yield desk.wording("story_transferred", target=ticket.transferred_to)
    said = fit_for_group(ticket.progress or "")
    if said:
        yield desk.wording("story_progress", progress=said[:SHORT])
    urged = sum(event.kind == "urged" for event in events)
    if urged:
        yield desk.wording("story_urged", count=urged)
