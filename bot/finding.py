"""Tickets found by Chinese words: the index that follows what is said, and the question put to it.

The index belongs to the transaction that changed the words. What was written in it is noted as it is flushed, and
before the commit `keep_up` cuts those tickets' words once, however often they were touched.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, event, inspect, text
from sqlalchemy.orm import UOWTransaction
from sqlmodel import Session, col, select

from intents.searching import asked, exact, words_of
from models import Report, Ticket, TicketSearch

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


def found_by(dialect: str, words: str) -> ColumnElement[bool] | None:
    """SQL: the Ticket holds every word of `words`. None where nothing was asked for.

    dialect: the database's name, sqlite or postgresql.
    """
    wanted = asked(words)
    if not wanted:
        return None
    if dialect == "sqlite":
        question = " AND ".join(f'"{word}"' if exact(word) else f'"{word}"*' for word in wanted)
        hits = text("SELECT rowid FROM ticketsearch_fts WHERE ticketsearch_fts MATCH :asked").bindparams(asked=question)
    else:
        question = " & ".join(f"'{word}'" if exact(word) else f"'{word}':*" for word in wanted)
        hits = text(
            "SELECT ticket_id FROM ticketsearch "
            "WHERE array_to_tsvector(string_to_array(tokens, ' ')) @@ CAST(:asked AS tsquery)"
        ).bindparams(asked=question)
    return col(Ticket.id).in_(hits)


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
