"""Who holds a ticket, and who stands above them: bot.routing's answers with the posts as they are now."""

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import col, select

from bot import assigned, confided, deadlines, partners, posted, remits, routing, takers
from bot.desk import Desk
from bot.moves import NotAllowed
from bot.partners import Partner
from bot.routing import Candidate, Route
from bot.telling import area_of
from models import Account, Intent, Report, Role, Slot, Status, Ticket

# Whom clocks bind. A leader is a volunteer: nobody presses them, the matter is taken off them.
BOUND = routing.OFFICE | {Role.PROPERTY, Role.DUTY, Role.MEDIATOR}


def posts(desk: Desk, ticket: Ticket) -> list[Candidate]:
    """The posts in force at the ticket's place and above it, as they are now."""
    return posted.candidates(desk, area_of(desk, ticket))


def held_by(desk: Desk, ticket: Ticket) -> list[Candidate]:
    """The post that holds the ticket, where it is in force."""
    return [c for c in posts(desk, ticket) if c.post_id == ticket.holder_post_id]


def company(desk: Desk, ticket: Ticket) -> list[Candidate]:
    """The people of whichever organisation the matter was passed to, where they can be told here: never of what the
    secretary alone was told, which is passed on by hand if at all.
    """
    if confided.to_heads(desk.session, ticket):
        return []
    recused = recused_of(desk, ticket)
    there = [c for c in posts(desk, ticket) if not c.away and c.person_id not in recused]
    return [c for c in remits.takers(desk, ticket, there) if c.person_id not in recused]


def bound(desk: Desk, ticket: Ticket) -> list[Candidate]:
    """Whom the ticket's clocks bind now: the company it was passed to, or its holder where that is staff."""
    having = company(desk, ticket) if ticket.status == Status.TRANSFERRED else held_by(desk, ticket)
    return [c for c in having if c.role in BOUND]


def route(desk: Desk, ticket: Ticket, whom: str | None, *, widen: bool = False) -> Route:
    """Who is responsible. whom: a dispute's choice (mediator, leader, secretary). widen: see routing.emergency."""
    everybody, recused = posts(desk, ticket), recused_of(desk, ticket)
    about = posted.about(desk, ticket, waits=ticket.category in deadlines.PERSON)
    if ticket.danger:
        return routing.emergency(everybody, recused, trained_only=ticket.silent, danger=ticket.danger, widen=widen)
    if whom == confided.SECRETARY or (whom is None and confided.to_heads(desk.session, ticket)):
        return routing.about_leader(everybody, recused)
    if ticket.intent == Intent.DISPUTE:
        chosen = routing.mediation(everybody, whom or "mediator", recused, about)
    else:
        named = assigned.route(whom, everybody, recused, about)
        chosen = named or routing.route(whom or ticket.intent.value, everybody, recused, about)
    possible = partners.order(posted.organisations(desk, area_of(desk, ticket)), about)
    return replace(chosen, why=(*chosen.why, f"能转的单位依次：{partners.in_words(possible)}")) if possible else chosen


def transfer(desk: Desk, ticket: Ticket, words: str) -> tuple[Partner | None, list[Candidate]]:
    """Pass it to the organisation that is meant: which that is, and its people who can be told here.

    The steps are on the ticket's why.
    """
    partner, why = remits.meant(desk, ticket, words)
    ticket.why = [*ticket.why, *why]
    known = partner is not None and words not in partner.name
    ticket.transferred_to = f"{words}（{partner.name}）"[:100] if partner and known else words
    return partner, company(desk, ticket)


def office(desk: Desk, ticket: Ticket) -> Route:
    """The community's staff, whoever holds it; of what was told to the secretary alone, the secretary."""
    if confided.to_heads(desk.session, ticket):
        return routing.about_leader(posts(desk, ticket), recused_of(desk, ticket))
    return routing.route("policy", posts(desk, ticket), recused_of(desk, ticket))


def above(desk: Desk, ticket: Ticket, holder: Candidate | None, everybody: Sequence[Candidate]) -> Route:
    """The next level up. A repair climbs the whole ladder; what was told in confidence, or asked, only the office; what
    the secretary alone was told goes no further.
    """
    if confided.to_heads(desk.session, ticket):
        return routing.about_leader(everybody, recused_of(desk, ticket))
    if ticket.private or ticket.silent or ticket.intent != Intent.REPAIR:
        everybody = [c for c in everybody if c.role in routing.OFFICE]
    role, depth = (holder.role, holder.depth) if holder else (None, 99)
    return routing.next_up(role, depth, everybody, recused_of(desk, ticket))


def at_the_top(desk: Desk, ticket: Ticket) -> bool:
    """Whether nobody stands above whoever holds it."""
    everybody = posts(desk, ticket)
    holder = next((c for c in everybody if c.post_id == ticket.holder_post_id), None)
    higher = above(desk, ticket, holder, everybody).holder
    return higher is None or (holder is not None and higher.post_id == holder.post_id)


def stand_in(desk: Desk, ticket: Ticket, gone: Candidate) -> Route:
    """Who takes a ticket over from a holder who is away.

    What a resident told one leader in confidence is nobody else's: it goes to the mediators and the office; what the
    secretary alone was told, to nobody below; what is silent, to trained staff alone.
    """
    everybody = posts(desk, ticket)
    if confided.to_heads(desk.session, ticket):
        everybody = [c for c in everybody if c.role in confided.HEADS]
    elif ticket.silent:
        everybody = [c for c in everybody if c.role in routing.OFFICE | {Role.DUTY}]
    elif ticket.private:
        everybody = [c for c in everybody if c.role in routing.OFFICE | {Role.MEDIATOR}]
    return routing.stand_in(gone, everybody, recused_of(desk, ticket), posted.about(desk, ticket))


def choices(desk: Desk, ticket: Ticket) -> list[Candidate]:
    """To whom staff may give it: the posts of its place that handle such matters, whoever is there and no party to it.

    Told in confidence: the office and the mediators; silent: the office and the duty. What is a request for help is
    offered to volunteers instead (bot.orders).
    """
    if takers.order_of(desk.session, ticket.id) is not None:
        return []
    fit = routing.HANDLERS
    if ticket.private or ticket.silent:
        fit = routing.OFFICE | {Role.DUTY if ticket.silent else Role.MEDIATOR}
    recused = recused_of(desk, ticket)
    there = [c for c in posts(desk, ticket) if c.role in fit and not c.away and c.person_id not in recused]
    return [c for c in there if c.post_id != ticket.holder_post_id]


def chosen(desk: Desk, ticket: Ticket, post: str | None) -> Candidate:
    """Whom staff name by the id of their post. Raises NotAllowed("give_unfit") for one who may not have it."""
    found = next((c for c in choices(desk, ticket) if str(c.post_id) == post), None)
    if found is None:
        raise NotAllowed("give_unfit")
    return found


def recused_of(desk: Desk, ticket: Ticket) -> Sequence[int]:
    """Who must not handle it: those it is about, and in a dispute also those who told it, with their kin."""
    if ticket.intent != Intent.DISPUTE:
        return ticket.recused_person_ids
    told = (
        select(Account.person_id)
        .join(Report, col(Report.account_id) == col(Account.id))
        .where(Report.ticket_id == ticket.id, col(Account.person_id).is_not(None))
    )
    parties = {person for person in desk.session.exec(told) if person is not None}
    return posted.with_kin(desk, {*parties, *ticket.recused_person_ids})


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
    """Who has it now, by office: 单元长, 替班的单元长, 社区."""
    there = posts(desk, ticket)
    holder = next((c for c in there if c.post_id == ticket.holder_post_id), None)
    if holder is None or holder.role in routing.OFFICE:
        return "社区"
    title = routing.TITLES[holder.role]
    stands_in = any(c.away and c.slot == Slot.A and c.role == holder.role for c in there) and holder.slot == Slot.B
    return desk.wording("stand_in_title", title=title) if stands_in else title
