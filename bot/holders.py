"""Who holds a ticket, and who stands above them: bot.routing's answers with the posts in force today."""

from collections.abc import Sequence

from bot import reach, routing
from bot.desk import Desk
from bot.routing import Candidate, Route
from bot.telling import area_of
from models import Intent, Role, Status, Ticket

# Whom clocks bind. A leader is a volunteer: nobody presses them, the matter is taken off them.
BOUND = routing.OFFICE | {Role.PROPERTY, Role.DUTY, Role.MEDIATOR}
COMPANY = "物业"  # of the organisations a matter can be passed to, the one whose people have accounts here


def posts(desk: Desk, ticket: Ticket) -> list[Candidate]:
    """The posts in force at the ticket's place and above it."""
    day = desk.now.astimezone(desk.settings.zone).date()
    return reach.candidates(desk.session, area_of(desk, ticket), day)


def held_by(desk: Desk, ticket: Ticket) -> list[Candidate]:
    """The post that holds the ticket, where it is in force."""
    return [c for c in posts(desk, ticket) if c.post_id == ticket.holder_post_id]


def company(desk: Desk, ticket: Ticket) -> list[Candidate]:
    """The property company's posts, where the matter was passed to it and it can be told."""
    theirs = COMPANY in (ticket.transferred_to or "") and not ticket.silent
    return [c for c in posts(desk, ticket) if c.role == Role.PROPERTY] if theirs else []


def bound(desk: Desk, ticket: Ticket) -> list[Candidate]:
    """Whom the ticket's clocks bind now: the company it was passed to, or its holder where that is staff."""
    having = company(desk, ticket) if ticket.status == Status.TRANSFERRED else held_by(desk, ticket)
    return [c for c in having if c.role in BOUND]


def route(desk: Desk, ticket: Ticket, whom: str | None) -> Route:
    """Who is responsible. whom: a dispute's choice (mediator, leader, secretary)."""
    everybody, recused = posts(desk, ticket), ticket.recused_person_ids
    if ticket.danger:
        return routing.emergency(everybody, recused, trained_only=ticket.silent, danger=ticket.danger)
    if whom == "secretary":
        return routing.about_leader(everybody, recused)
    if ticket.intent == "dispute":
        return routing.mediation(everybody, whom or "mediator", recused)
    return routing.route(whom or ticket.intent.value, everybody, recused)


def above(ticket: Ticket, holder: Candidate | None, everybody: Sequence[Candidate]) -> Route:
    """The next level up. A repair climbs the whole ladder; what was told in confidence, or asked, only the office."""
    if ticket.private or ticket.silent or ticket.intent != Intent.REPAIR:
        everybody = [c for c in everybody if c.role in routing.OFFICE]
    role, depth = (holder.role, holder.depth) if holder else (None, 99)
    return routing.next_up(role, depth, everybody, ticket.recused_person_ids)


def at_the_top(desk: Desk, ticket: Ticket) -> bool:
    """Whether nobody stands above whoever holds it."""
    everybody = posts(desk, ticket)
    holder = next((c for c in everybody if c.post_id == ticket.holder_post_id), None)
    higher = above(ticket, holder, everybody).holder
    return higher is None or (holder is not None and higher.post_id == holder.post_id)


def hold(ticket: Ticket, chosen: Route) -> bool:
    """Make the ticket its holder's. Returns whether somebody else holds it now."""
    ticket.why = [*ticket.why, *chosen.why]
    former = ticket.holder_post_id
    if chosen.holder is None or chosen.holder.post_id == former:
        return False
    if former is not None:
        ticket.former_post_ids = [*ticket.former_post_ids, former]
    ticket.holder_post_id = chosen.holder.post_id
    return True


def whom_words(desk: Desk, ticket: Ticket) -> str:
    """Who has it now, by office: 单元长, 社区."""
    holder = held_by(desk, ticket)
    if not holder or holder[0].role in routing.OFFICE:
        return "社区"
    return routing.TITLES[holder[0].role]
