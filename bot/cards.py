"""The card that is put before whoever becomes responsible for a matter: which sentence it is, and to whom it goes."""

from bot import alarms, claims, contradictions, deadlines, orders, routing, storms, telling
from bot.desk import Desk
from bot.routing import Route
from bot.telling import matter_words, tell_posts
from models import Intent, Origin, Role, Ticket, TicketEvent


def ask_anew(desk: Desk, ticket: Ticket, event: TicketEvent) -> None:
    """Somebody is asked to take it: their hours for that begin now."""
    deadlines.begin_accept(desk, ticket)
    alarms.wind(desk, ticket, event.id)


def key(desk: Desk, ticket: Ticket, route: Route, whom: str | None) -> str:
    """Which sentence the card is: a repair that lands with staff is not asked of a volunteer leader."""
    if ticket.intent == Intent.HELP and ticket.category in deadlines.OWN_CATEGORIES:
        return "card_person"
    if claims.is_order(ticket):
        return orders.card(desk, ticket) if whom is None else "card_help_staff"
    office = route.holder is not None and route.holder.role in routing.OFFICE
    if ticket.intent == Intent.REPAIR and office and ticket.origin != Origin.DUTY:
        return "card_office"
    return "card_duty" if ticket.origin == Origin.DUTY else f"card_{ticket.intent.value}"


def of_given(desk: Desk, ticket: Ticket, route: Route) -> str:
    """Which sentence it is where staff chose somebody: it says whom, for a group in which several read it."""
    if ticket.danger:
        return "card_emergency_silent" if ticket.silent else "card_emergency"
    return key(desk, ticket, route, None) if ticket.private else "card_given"


def lay(desk: Desk, ticket: Ticket, event: TicketEvent, route: Route, sentence: str, told: str = "") -> None:
    """The card for everybody the route tells. sentence: a key of the wording. told: what happened so far."""
    blanks = {**matter_words(desk, ticket), "voices": _voices(desk, ticket), "story": told}
    blanks["title"] = routing.TITLES[route.holder.role] if route.holder else ""
    rest = [c for c in route.told if c.role != Role.VOLUNTEER]  # those are asked one wave after another: bot.orders
    if not rest:
        # Nobody is responsible: the undelivered list is where staff find it.
        telling.owe_nobody(desk, ticket, event, desk.wording(sentence, **blanks))
    tell_posts(desk, ticket, event, rest, desk.wording(sentence, **blanks), gathered=storms.may_wait(ticket, event))


def _voices(desk: Desk, ticket: Ticket) -> str:
    """What a card adds to place and matter: how many say it, and what was said of its place and has to be checked."""
    count, said = telling.voices(desk, ticket), contradictions.said(desk, ticket)
    several = desk.wording("voices", count=count) if count > 1 else ""
    return several + (desk.wording("place_to_check", said=said) if said else "")
