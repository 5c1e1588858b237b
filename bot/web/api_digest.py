"""Digests for the staff's screens: as they were told, or counted until now."""

from datetime import date
from typing import Annotated

from pydantic import Field
from sqlmodel import Session, col, select

from bot import digesting
from bot.digest.figures import Digest
from bot.digest.periods import Period
from bot.services import Services
from bot.web.api_errors import ApiError, not_found
from bot.web.api_routes import Routes
from bot.web.api_schemas import Input, Plain
from bot.web.auth import Allow, Caller, within
from models import Area, Community


class DigestQuery(Input):
    community: Annotated[Plain, Field(min_length=1, max_length=32, description="a community's code")]
    period: Period = Period.DAY
    on: Annotated[
        date | None,
        Field(
            alias="date",
            ge=date(2000, 1, 1),
            le=date(2100, 1, 1),
            description="a day that it covers, or on which it was told (day); else the one that goes on, until now",
        ),
    ] = None


class Digests:
    """GET /digest."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def enter(self, routes: Routes) -> None:
        routes.add("GET", "/digest", self.digest, allow=Allow.READERS, query=DigestQuery, answer=Digest)

    def digest(self, caller: Caller, query: DigestQuery) -> Digest:
        """How it goes in a community: numbers, rates, and what should be looked at; nothing of it personal."""
        if not caller.holds(digesting.READERS):
            raise ApiError("forbidden")
        with self._services.reading() as session:
            community = community_of(session, caller, query.community)
        if query.on is None:
            return digesting.current(self._services, community.id, query.period)
        try:
            return digesting.around(self._services, community.id, query.period, query.on)
        except digesting.NotYet as error:
            raise not_found("date") from error


def community_of(session: Session, caller: Caller, code: str) -> Community:
    """The community with this code where the caller reads its digests; the same 404 for all others."""
    found = next((row for row, _ in communities_of(session, caller) if row.code == code), None)
    if found is None:
        raise not_found("community")
    return found


def communities_of(session: Session, caller: Caller) -> list[tuple[Community, Area]]:
    """Whose digests the caller reads: a post in an area below a community is not for the whole of it."""
    query = (
        select(Community, Area)
        .join(Area, col(Area.id) == col(Community.area_id))
        .where(within(caller.paths(digesting.READERS)))
        .order_by(col(Area.path))
    )
    return list(session.exec(query))
