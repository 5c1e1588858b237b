"""The same matter from several neighbours is one ticket (domain.md, "Merging")."""

from datetime import timedelta

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from bot.inbox.hearing import Hearing
from bot.moves import OPEN
from bot.permits import accounts_of_same_person
from intents import similar
from intents.verdict import Verdict
from models import Area, Community, Intent, Report, Ticket

# One thing that a whole stairwell shares: the same category at the same place is the same matter.
SHARED = frozenset({"lift", "light", "water", "power", "gas", "heating", "access", "fire", "road", "greening"})
# What fails for a whole building or estate at once: an enclosing place is the same matter too.
SUPPLY = frozenset({"water", "power", "gas", "heating"})
ALIKE = 0.5  # for the rest: how alike the words must be


def same_matter(h: Hearing, verdict: Verdict, area: Area, community: Community) -> Ticket | None:
    """The open ticket that this message is about as well; None where it is a matter of its own."""
    since = h.line.said_at - timedelta(hours=h.desk.settings.times.merge_hours)
    query = (
        select(Ticket)
        .where(
            Ticket.community_id == community.id,
            Ticket.intent == Intent(verdict.intent),
            Ticket.category == verdict.category,
            col(Ticket.status).in_(list(OPEN)),
            col(Ticket.private).is_(False),
            Ticket.last_report_at >= since,
            _at(verdict.category, area),
        )
        .order_by(col(Ticket.id).desc())
    )
    return next((ticket for ticket in h.session.exec(query) if _alike(verdict, ticket)), None)


def own_open(h: Hearing, community: Community, intent: Intent, category: str) -> Ticket | None:
    """A matter of that kind that this very person has open already."""
    mine = accounts_of_same_person(h.desk, h.account.id)
    since = h.line.said_at - timedelta(hours=h.desk.settings.times.merge_hours)
    query = (
        select(Ticket)
        .join(Report, col(Report.ticket_id) == col(Ticket.id))
        .where(
            Ticket.community_id == community.id,
            Ticket.intent == intent,
            Ticket.category == category,
            col(Ticket.status).in_(list(OPEN)),
            col(Report.account_id).in_(mine),
            col(Report.withdrawn_at).is_(None),
            Ticket.last_report_at >= since,
        )
        .order_by(col(Ticket.id).desc())
    )
    return h.session.exec(query).first()


def _at(category: str, here: Area) -> ColumnElement[bool]:
    """The same place; for what a whole building or estate is supplied with, an enclosing place or one inside too."""
    if category not in SUPPLY:
        return col(Ticket.area_id) == here.id
    above = [int(part) for part in here.path.strip("/").split("/") if part]
    below = select(Area.id).where(col(Area.path).startswith(here.path))
    return or_(col(Ticket.area_id).in_(above), col(Ticket.area_id).in_(below))


def _alike(verdict: Verdict, ticket: Ticket) -> bool:
    if verdict.category in SHARED:
        return True
    rooms_differ = bool(verdict.slots.room and ticket.room and verdict.slots.room != ticket.room)
    return not rooms_differ and similar.same_matter(verdict.text, ticket.need or ticket.matter) >= ALIKE
