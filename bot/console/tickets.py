"""All tickets: narrowed, searched, sorted, page by page; views to come back to; one move for several."""

from urllib.parse import parse_qsl

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select

from bot import ledger_table
from bot.console import filters
from bot.console.apart import apart
from bot.console.forms import asked, text
from bot.console.pages import Guard, Pages
from bot.console.rows import TicketRow, ticket_rows
from bot.console.tree import choices
from bot.console.visitor import signed_in
from bot.moves import Verb
from bot.services import Services
from bot.tokens import READERS
from bot.web.api_errors import ApiError
from bot.web.api_moves import locked, perform
from bot.web.api_schemas import MoveBody
from bot.web.auth import ROLES, Allow, Caller, visible
from models import Area, Intent, Level, SavedView, Ticket

MOST_AT_ONCE = 100
MOST_VIEWS = 20
# What may be done to several at once: nothing that is said to residents one by one, and nothing that ends a matter.
BULK = (Verb.PROGRESS, Verb.ACCEPT, Verb.TRANSFER, Verb.ESCALATE)
_LISTED = (Level.SUBDISTRICT, Level.COMMUNITY, Level.ESTATE, Level.GRID, Level.BUILDING)


class Tickets:
    """GET /tickets, POST /tickets/views, /tickets/views/<id>/delete and /tickets/moves."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def enter(self, pages: Pages) -> None:
        pages.add("/tickets", self.tickets, Guard(Allow.READERS))
        pages.add("/tickets/views", self.save_view, Guard(Allow.READERS), methods=("POST",))
        pages.add("/tickets/views/<int:view_id>/delete", self.delete_view, Guard(Allow.READERS), methods=("POST",))
        pages.add("/tickets/moves", self.move_several, Guard(Allow.MOVERS), methods=("POST",))

    def tickets(self) -> ResponseReturnValue:
        """The list that the address asks for."""
        caller, wanted = signed_in().caller, filters.read(request.args)
        kinds = ledger_table.kinds(self._services.understanding)
        with self._services.reading() as session:
            desk = self._services.desk(session)
            found, following = filters.page(desk, caller, wanted, asked("cursor", 200) or None)
            rows = ticket_rows(session, kinds, found, desk.now, apart(session, caller))
            views = _views(session, caller)
            areas = choices(session, caller.paths(READERS), _LISTED)
        return render_template(
            "console/tickets.html",
            filters=wanted,
            rows=rows,
            following=following,
            first="cursor" not in request.args,
            views=views,
            areas=areas,
            states=filters.STATES,
            intents=[intent.value for intent in Intent],
            bulk=[verb.value for verb in BULK],
            movers=caller.holds(ROLES[Allow.MOVERS]),
        )

    def save_view(self) -> ResponseReturnValue:
        """Keep the list under a name; the same name again is replaced."""
        caller, name = signed_in().caller, text("name", 40)
        query = filters.read(dict(parse_qsl(text("query", 500)))).address()
        if name:
            with self._services.transaction() as session:
                now = self._services.now()
                views = _views(session, caller)
                row = next((view for view in views if view.name == name), None)
                if row is None and len(views) < MOST_VIEWS:
                    row = SavedView(user_id=caller.user_id, name=name, query=query, created_at=now)
                if row is not None:
                    row.query = query
                    session.add(row)
                    flash("view_saved", "good")
        return redirect(f"{url_for('console.tickets')}?{query}".rstrip("?"))

    def delete_view(self, view_id: int) -> ResponseReturnValue:
        """Forget a view of one's own."""
        with self._services.transaction() as session:
            mine = select(SavedView).where(SavedView.user_id == signed_in().caller.user_id)
            row = session.exec(mine.where(col(SavedView.id) == min(view_id, 2**31 - 1))).first()
            if row is None:
                raise ApiError("not_found")
            session.delete(row)
        flash("view_deleted", "good")
        return redirect(url_for("console.tickets"))

    def move_several(self) -> ResponseReturnValue:
        """One move for several tickets, each in a transaction of its own; what could not be done is told."""
        caller, verb, note = signed_in().caller, text("verb", 20), text("note", 200)
        refs = list(dict.fromkeys(request.form.getlist("ref")))[:MOST_AT_ONCE]
        if verb not in BULK:
            raise ApiError("bad_value", field="verb")
        body = MoveBody(note=note, target=note or None) if verb == Verb.TRANSFER else MoveBody(note=note)
        refusals = {ref: self._move(caller, ref, Verb(verb), body) for ref in refs}
        rows = self._rows(caller, refs)
        return render_template(
            "console/moved.html",
            done=[rows.get(ref) for ref, refusal in refusals.items() if refusal is None],
            refused=[(ref, rows.get(ref), refusal) for ref, refusal in refusals.items() if refusal is not None],
            verb=verb,
            back=text("back", 500),
        )

    def _rows(self, caller: Caller, refs: list[str]) -> dict[str, TicketRow]:
        """Those of the tickets that the caller may see, as they are after the move."""
        kinds = ledger_table.kinds(self._services.understanding)
        printable = [ref for ref in refs if ref.isprintable()]
        with self._services.reading() as session:
            query = select(Ticket).join(Area, col(Area.id) == col(Ticket.area_id))
            found = session.exec(query.where(visible(caller), col(Ticket.ref).in_(printable))).all()
            rows = ticket_rows(session, kinds, found, self._services.now(), apart(session, caller))
        return {row.ref: row for row in rows}

    def _move(self, caller: Caller, ref: str, verb: Verb, body: MoveBody) -> ApiError | None:
        """Why it was not done; None where it was. What was told in confidence, and an emergency, leaves the house only
        by the page of its own."""
        try:
            with self._services.transaction() as session:
                ticket = locked(session, caller, ref)
                if verb == Verb.TRANSFER and (ticket.private or ticket.silent or ticket.danger):
                    raise ApiError("not_possible", field="ref")
                perform(self._services.desk(session), caller, ticket, verb, body)
        except ApiError as refused:
            return refused
        return None


def _views(session: Session, caller: Caller) -> list[SavedView]:
    query = select(SavedView).where(SavedView.user_id == caller.user_id).order_by(col(SavedView.name))
    return list(session.exec(query))
