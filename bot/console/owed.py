"""Owed work: what was heard and not understood, what is to be sent and was not, what was sent along and is not here;
with the cause, and "try again".
"""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import col

from bot import ledger_table, retrying
from bot.console import owed_queries as queries
from bot.console.pages import Guard, Pages
from bot.console.unfetched import unfetched
from bot.console.visitor import signed_in
from bot.services import Services
from bot.web.api_errors import ApiError
from bot.web.api_undelivered import lines_of, may_settle
from bot.web.auth import Allow, audit, see_ticket
from bot.web.health import Checks
from models import Inbound, Outgoing, Ticket

_LAST_ID = 2**31 - 1


class OwedWork:
    """GET /owed, POST /owed/messages/<id>, /owed/lines/<id> and /owed/tickets/<ref>."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._checks = Checks(services)

    def enter(self, pages: Pages) -> None:
        pages.add("/owed", self.owed, Guard(Allow.OFFICE))
        pages.add("/owed/messages/<int:row_id>", self.message_again, Guard(Allow.OFFICE), methods=("POST",))
        pages.add("/owed/lines/<int:row_id>", self.line_again, Guard(Allow.OFFICE), methods=("POST",))
        pages.add("/owed/tickets/<ref>", self.ticket_again, Guard(Allow.OFFICE), methods=("POST",))

    def owed(self) -> ResponseReturnValue:
        """Everything that waits, and whether anybody is at work on it."""
        caller = signed_in().caller
        kinds = ledger_table.kinds(self._services.understanding)
        with self._services.reading() as session:
            desk = self._services.desk(session)
            messages, matters = queries.messages(desk, caller), queries.matters(desk, caller, kinds)
            ways, missing = queries.ways(desk), unfetched(desk, caller, kinds)
        return render_template(
            "console/owed.html",
            messages=messages,
            matters=matters,
            missing=missing,
            ways=ways,
            health=self._checks.report(),
        )

    def message_again(self, row_id: int) -> ResponseReturnValue:
        """Understand a message again, now."""
        caller = signed_in().caller
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            row = session.exec(queries.mine(caller).where(col(Inbound.id) == min(row_id, _LAST_ID))).first()
            if row is None:
                raise ApiError("not_found")
            if not retrying.message(desk, row):
                raise ApiError("not_possible")
            session.add(audit(caller, desk.now, "inbound.again", f"inbound:{row.id}", {}))
        flash("again", "good")
        return redirect(url_for("console.owed"))

    def line_again(self, row_id: int) -> ResponseReturnValue:
        """Send a line again, now."""
        caller = signed_in().caller
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            row = session.exec(lines_of(caller).where(col(Outgoing.id) == min(row_id, _LAST_ID))).first()
            if row is None:
                raise ApiError("not_found")
            if not may_settle(session, caller, row):
                raise ApiError("forbidden")
            if not retrying.line(desk, row):
                raise ApiError("not_possible")
            session.add(audit(caller, desk.now, "outgoing.again", f"outgoing:{row.id}", {}))
        flash("again", "good")
        return redirect(url_for("console.owed"))

    def ticket_again(self, ref: str) -> ResponseReturnValue:
        """Send again all that is stuck about one ticket, now."""
        caller = signed_in().caller
        if not ref.isprintable():
            raise ApiError("not_found")
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            see_ticket(session, caller, ref)
            rows = session.exec(queries.troubled(desk, caller).where(col(Ticket.ref) == ref)).all()
            if any(not may_settle(session, caller, row) for row in rows[:1]):  # of one ticket, so of one office
                raise ApiError("forbidden")
            again = [row for row in rows if retrying.line(desk, row)]
            session.add_all(audit(caller, desk.now, "outgoing.again", f"outgoing:{row.id}", {}) for row in again)
        flash("again" if again else "again_none", "good")
        return redirect(url_for("console.owed"))
