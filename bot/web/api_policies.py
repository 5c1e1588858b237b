"""The policy store as the staff read it: what it can answer, how often it did, and whether that helped.

Nothing is counted as it happens: a ticket's events already say which passage answered it and what the resident then
said of it, so they are read when somebody asks.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Annotated, NamedTuple

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from bot.inbox.policies import id_of
from bot.services import Services
from bot.web.api_routes import Routes
from bot.web.api_schemas import Input, Moment
from bot.web.auth import Allow, Caller, visible
from models import Area, Intent, Report, Ticket, TicketEvent

NOT_POLICY = "not_policy"  # the event of somebody who read the question: no rule answers it
_LOOKED_THROUGH = 300


class PolicyQuery(Input):
    opened_from: Annotated[Moment | None, Field(alias="from", description="asked at or after it")] = None
    opened_to: Annotated[Moment | None, Field(alias="to", description="asked before it")] = None


class PolicyItem(BaseModel):
    """A passage. `answered` counts the questions it answered, `useful` and `useless` what residents said of that."""

    id: str
    title: str
    article: str
    region: str
    in_force: date
    until: date | None
    answered: int
    useful: int
    useless: int


class Unanswered(BaseModel):
    """Questions of a category that no passage answered: staff have them."""

    category: str
    count: int


class PolicyList(BaseModel):
    """The whole store; it is short enough to be sent at once."""

    items: list[PolicyItem]
    unanswered: list[Unanswered]


class PolicyStore:
    """GET /policies."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def enter(self, routes: Routes) -> None:
        routes.add("GET", "/policies", self.policies, allow=Allow.READERS, query=PolicyQuery, answer=PolicyList)

    def policies(self, caller: Caller, query: PolicyQuery) -> PolicyList:
        """The passages of the policy store, how often each answered in my areas, and what found no answer."""
        with self._services.reading() as session:
            asked = _questions(session, caller, query)
            counts = _counts(_events(session, caller, query))
        items = [
            PolicyItem(
                id=policy.id,
                title=policy.title,
                article=policy.article,
                region=policy.region,
                in_force=policy.in_force,
                until=policy.until,
                answered=counts.answered[policy.id],
                useful=counts.useful[policy.id],
                useless=counts.useless[policy.id],
            )
            for policy in self._services.understanding.passages
        ]
        missed = Counter(category for ticket, category in asked if ticket not in counts.tickets)
        unanswered = [Unanswered(category=category, count=count) for category, count in sorted(missed.items())]
        return PolicyList(items=items, unanswered=unanswered)


class _Event(NamedTuple):
    id: int
    ticket_id: int
    kind: str
    note: str | None
    inbound_id: int | None


class _Counts(NamedTuple):
    tickets: set[int]  # those that a passage answered
    answered: Counter[str]
    useful: Counter[str]
    useless: Counter[str]


def _questions(session: Session, caller: Caller, query: PolicyQuery) -> list[tuple[int, str]]:
    """The ids and categories of the policy tickets that the caller may see."""
    find = select(col(Ticket.id), col(Ticket.category)).join(Area, col(Area.id) == col(Ticket.area_id))
    find = find.where(~_said_not_to_be_one())
    return [(ticket, category) for ticket, category in session.exec(find.where(*_asked(caller, query)))]


def _events(session: Session, caller: Caller, query: PolicyQuery) -> list[_Event]:
    """What was answered, confirmed and reopened of them, in order. Bare rows, sorted here: they may be ten thousand,
    and asked for in their order a database reads all events there are."""
    columns = (TicketEvent.id, TicketEvent.ticket_id, TicketEvent.kind, TicketEvent.note, TicketEvent.inbound_id)
    find = rows_of(*map(col, columns)).join(Ticket, col(Ticket.id) == col(TicketEvent.ticket_id))
    find = find.join(Area, col(Area.id) == col(Ticket.area_id))
    find = find.where(col(TicketEvent.kind).in_(("resolved", "closed", "reopened")), *_asked(caller, query))
    return sorted(_Event._make(row) for row in session.connection().execute(find))


def missed(session: Session, caller: Caller, query: PolicyQuery, most: int) -> list[tuple[Ticket, str]]:
    """The latest questions of my areas that no passage answered, with what was asked; not those that are none."""
    find = select(Ticket).join(Area, col(Area.id) == col(Ticket.area_id))
    find = find.where(*_asked(caller, query), ~_said_not_to_be_one())
    tickets = session.exec(find.order_by(col(Ticket.opened_at).desc(), col(Ticket.id).desc()).limit(_LOOKED_THROUGH))
    rows = {ticket.id: ticket for ticket in tickets}
    resolved = select(TicketEvent).where(col(TicketEvent.ticket_id).in_(rows), TicketEvent.kind == "resolved")
    answered = {event.ticket_id for event in session.exec(resolved) if id_of(event.note) is not None}
    left = [ticket for ticket in rows.values() if ticket.id not in answered][:most]
    said = _said_on(session, [ticket.id for ticket in left])
    return [(ticket, said.get(ticket.id) or ticket.matter) for ticket in left]


def question_of(session: Session, ticket: Ticket) -> str:
    """What was asked, in the asker's words."""
    return _said_on(session, [ticket.id]).get(ticket.id) or ticket.matter


def _said_on(session: Session, tickets: list[int]) -> dict[int, str]:
    """The first words of each ticket."""
    find = select(Report.ticket_id, Report.words).where(col(Report.ticket_id).in_(tickets))
    found: dict[int, str] = {}
    for ticket, words in session.exec(find.order_by(col(Report.id))):
        found.setdefault(ticket, words or "")
    return found


def _said_not_to_be_one() -> ColumnElement[bool]:
    """SQL: somebody read the Ticket and said that no rule answers it."""
    said = select(TicketEvent.id).where(TicketEvent.ticket_id == Ticket.id, TicketEvent.kind == NOT_POLICY)
    return said.exists()


def _asked(caller: Caller, query: PolicyQuery) -> list[ColumnElement[bool]]:
    """SQL: the joined Ticket is a question about a rule, seen by the caller, opened in the time asked for."""
    wanted = [col(Ticket.intent) == Intent.POLICY, visible(caller)]
    if query.opened_from:
        wanted.append(col(Ticket.opened_at) >= query.opened_from)
    if query.opened_to:
        wanted.append(col(Ticket.opened_at) < query.opened_to)
    return wanted


def _counts(events: Iterable[_Event]) -> _Counts:
    """A question's first verdict counts: what follows a reopening is about a person's answer.

    Closing says nothing where the clock did it, which has no message of anybody behind it.
    """
    counts = _Counts(set(), Counter(), Counter(), Counter())
    waiting: dict[int, str] = {}
    for event in events:
        passage = id_of(event.note) if event.kind == "resolved" else None
        if passage is not None:
            counts.tickets.add(event.ticket_id)
            counts.answered[passage] += 1
            waiting[event.ticket_id] = passage
        elif event.ticket_id in waiting:
            said = waiting.pop(event.ticket_id)
            if event.kind == "reopened":
                counts.useless[said] += 1
            elif event.kind == "closed" and event.inbound_id is not None:
                counts.useful[said] += 1
    return counts
