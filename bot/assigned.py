"""Whose a matter is by decision, not by the ordinary way: a recurring duty names the office that does it. Pure."""

from collections.abc import Collection, Sequence

from bot import routing
from bot.about import NOTHING_KNOWN, About
from bot.routing import TITLES, Candidate, Route
from models.directory import Role

_BY_ROLE = "role:"


def name(role: Role | None) -> str | None:
    """What a dispatch says for this office; None for the ordinary way."""
    return None if role is None else f"{_BY_ROLE}{role.value}"


def route(
    whom: str | None, posts: Sequence[Candidate], recused: Collection[int] = (), about: About = NOTHING_KNOWN
) -> Route | None:
    """The nearest post of the office that `name` named, A before B; where nobody of it is there the ordinary way of a
    repair.

    None where no office was named.
    """
    if whom is None or not whom.startswith(_BY_ROLE):
        return None
    role = Role(whom.removeprefix(_BY_ROLE))
    fit = [c for c in posts if c.role == role and not c.away and c.person_id not in recused]
    if not fit:
        return routing.route("repair", posts, recused, about)
    holder = min(fit, key=lambda c: (-c.depth, c.slot, c.post_id))
    return Route(holder, (holder,), (f"定期的事：说好由{TITLES[role]}办",))
