"""Tickets found by Chinese words: the index that follows what is said, and the question put to it.

The index belongs to the transaction that changed the words. What was written in it is noted as it is flushed, and
before the commit `keep_up` cuts those tickets' words once, however often they were touched.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, TextClause, and_, bindparam, event, inspect, literal, or_, text
from sqlalchemy.orm import UOWTransaction
from sqlmodel import Session, col, select

from bot import estate_names
from intents.searching import asked, exact, words_of
from models import Report, Ticket, TicketSearch

FEW = 8000  # tickets that are looked up one by one rather than met on the way
_MATCHES = "SELECT rowid FROM ticketsearch_fts WHERE ticketsearch_fts MATCH :asked"
_HOLDS = (
    "SELECT ticket_id FROM ticketsearch "
    "WHERE array_to_tsvector(string_to_array(tokens, ' ')) @@ CAST(:asked AS tsquery)"
)
_TOUCHED = "finding.touched"  # in session.info: ids of tickets whose words have to be cut again
_SAID: dict[type, tuple[str, ...]] = {
    Ticket: ("matter", "location", "building", "unit"),
    Report: ("words", "ticket_id"),
}


def keep_up(session: Session) -> None:
    """Bring the index up to what this transaction wrote. Called once, before its commit; costs nothing where no
    ticket's words were touched."""
    session.flush()
    touched: set[int] = session.info.pop(_TOUCHED, set())
    if touched:
        _cut(session, sorted(touched))
        session.flush()


def touch(session: Session, ticket_ids: Iterable[int]) -> None:
    """Say that these tickets' words were changed by a statement of its own, which no flush sees."""
    session.info.setdefault(_TOUCHED, set()).update(ticket_ids)


def rebuild(session: Session, ticket_ids: Iterable[int]) -> None:
    """Cut the words of these tickets anew, whatever the index holds."""
    _cut(session, sorted(set(ticket_ids)))


def found_by(session: Session, words: str) -> ColumnElement[bool] | None:
    """SQL: the Ticket holds every word of `words`; an estate's name also stands for all tickets there.

    None where nothing was asked for."""
    estate = estate_names.meant(session, words)
    if estate is None:
        return _holds(session, asked(words))
    name, rest = asked(estate.name), asked(estate.rest)
    few = _few_there(session, estate.area_ids)
    if few is not None:
        there = col(Ticket.id).in_(_holding(session, few, rest))
        said = _holds(session, (*name, *rest))
        return there if said is None else or_(there, said)
    # Many are met on the way from the newest on. The sum keeps both databases from fetching and sorting them all by
    # the index over area_id.
    met, said, others = (col(Ticket.area_id) + 0).in_(estate.area_ids), _holds(session, name), _holds(session, rest)
    either = met if said is None else or_(met, said)
    return either if others is None else and_(others, either)


def _holds(session: Session, wanted: Sequence[str]) -> ColumnElement[bool] | None:
    if not wanted:
        return None
    if session.get_bind().dialect.name == "sqlite":
        question = " AND ".join(f'"{word}"' if exact(word) else f'"{word}"*' for word in wanted)
        return col(Ticket.id).in_(_asking(_MATCHES, question))
    question = " & ".join(f"'{word}'" if exact(word) else f"'{word}':*" for word in wanted)
    few = _few(session, question)
    return col(Ticket.id).in_(few if few is not None else _asking(_HOLDS, question))


def _asking(sql: str, question: str) -> TextClause:
    """The statement with its question; one search may ask several."""
    return text(sql).bindparams(bindparam("asked", question, unique=True))


def _few_there(session: Session, area_ids: Sequence[int]) -> list[int] | None:
    """The tickets of these areas; None where there are more than FEW."""
    found = session.exec(select(Ticket.id).where(col(Ticket.area_id).in_(area_ids)).limit(FEW + 1)).all()
    return list(found) if len(found) <= FEW else None


def _holding(session: Session, ids: Sequence[int], wanted: Sequence[str]) -> list[int]:
    """Which of a few tickets hold these words: looked up one by one, however many others hold them."""
    if not wanted or not ids:
        return list(ids)
    tokens = literal(" ").concat(col(TicketSearch.tokens)).concat(" ")
    query = select(TicketSearch.ticket_id).where(col(TicketSearch.ticket_id).in_(ids))
    for word in wanted:
        query = query.where(tokens.contains(f" {word} " if exact(word) else f" {word}", autoescape=True))
    return list(session.exec(query))


def _few(session: Session, question: str) -> list[int] | None:
    """The tickets of a rare word, out of PostgreSQL's index; None where there are more than FEW.

    Its planner takes every word that may go on for one that many tickets hold, and looks for it from the newest ticket
    on: well for 电梯, and through a million tickets for a word that nobody said.
    """
    ways = ("seqscan", "indexscan", "indexonlyscan")
    for way in ways:
        session.connection().execute(text(f"SET LOCAL enable_{way} = off"))
    found = session.connection().execute(_asking(f"{_HOLDS} LIMIT {FEW + 1}", question)).scalars().all()
    for way in ways:
        session.connection().execute(text(f"SET LOCAL enable_{way} TO DEFAULT"))
    return None if len(found) > FEW else list(found)


def _cut(session: Session, ids: list[int]) -> None:
    tickets = session.exec(select(Ticket).where(col(Ticket.id).in_(ids))).all()
    rows = {
        row.ticket_id: row for row in session.exec(select(TicketSearch).where(col(TicketSearch.ticket_id).in_(ids)))
    }
    said: dict[int, list[str]] = {ticket.id: [] for ticket in tickets}
    voices = select(Report.ticket_id, Report.words).where(col(Report.ticket_id).in_(ids)).order_by(col(Report.id))
    for ticket_id, words in session.exec(voices):
        if ticket_id in said:
            said[ticket_id].append(words or "")
    for ticket in tickets:
        tokens = words_of(ticket.matter, ticket.location, ticket.building, ticket.unit, said[ticket.id])
        row = rows.get(ticket.id)
        if row is None:
            session.add(TicketSearch(ticket_id=ticket.id, tokens=tokens))
        elif row.tokens != tokens:
            row.tokens = tokens


def _note(session: Session, _flush: UOWTransaction) -> None:
    """After each flush: which tickets' words it wrote. A ticket that only moves on is not among them."""
    touched: set[int] = session.info.setdefault(_TOUCHED, set())
    for row in session.new:
        if isinstance(row, Ticket):
            touched.add(row.id)
        elif isinstance(row, Report):
            touched.add(row.ticket_id)
    for row in session.dirty:
        names = _SAID.get(type(row))
        if names is None:
            continue
        history = [_changes(row, name) for name in names]
        if any(history):
            touched.add(row.id if isinstance(row, Ticket) else row.ticket_id)
        if isinstance(row, Report):
            touched.update(history[1])  # and the ticket it was moved away from


def _changes(row: object, name: str) -> list[int]:
    """What an attribute was before, where the flush changed it; empty where it did not."""
    history = inspect(row).attrs[name].history
    return [old if isinstance(old, int) else 0 for old in history.deleted or ([0] if history.added else [])]


event.listen(Session, "after_flush", _note)
