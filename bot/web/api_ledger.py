"""The ledger of an area for the staff's screens: as JSON, as a workbook, as a page to print."""

from dataclasses import asdict
from urllib.parse import quote

from flask import Response, render_template
from sqlmodel import Session, col, select

from bot import ledger, ledger_file, ledger_table
from bot.ledger import Ledger
from bot.routing import OFFICE
from bot.services import Services
from bot.tokens import READERS
from bot.web.api_errors import not_found
from bot.web.api_routes import Routes
from bot.web.api_schemas import AreaRef
from bot.web.auth import Allow, Caller, audit, within
from bot.web.ledger_schemas import LedgerItem, LedgerQuery
from models import Area

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The page is whole in itself, so that it can be saved and printed: its style stands in it, and nothing else may run.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class LedgerOfArea:
    """GET /ledger."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._zone = services.settings.zone

    def enter(self, routes: Routes) -> None:
        routes.blueprint.template_folder = "templates"
        routes.add("GET", "/ledger", self.ledger, allow=Allow.READERS, query=LedgerQuery, answer=LedgerItem)

    def ledger(self, caller: Caller, query: LedgerQuery) -> LedgerItem | Response:
        """Every matter of an area, open until it is struck off, with its five questions and nothing personal."""
        with self._services.transaction() as session:
            area = _seen(session, caller, query.area)
            book = self._book(session, caller, area, query)
            if query.format != "json":
                now = self._services.now()
                detail = {"format": query.format}
                session.add(audit(caller, now, "ledger.exported", f"area:{area.code}", detail))
        if query.format == "json":
            return _item(book)
        sheet = ledger_table.sheet(book, self._services.wording, ledger_table.kinds(self._services.understanding))
        if query.format == "xlsx":
            name = quote(f"{sheet.title}.xlsx")
            headers = {"Content-Disposition": f"attachment; filename=\"ledger.xlsx\"; filename*=UTF-8''{name}"}
            return Response(ledger_file.workbook(sheet), content_type=XLSX, headers=headers)
        headers = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
        page = render_template("ledger.html", sheet=sheet)
        return Response(page, content_type="text/html; charset=utf-8", headers=headers)

    def _book(self, session: Session, caller: Caller, area: Area, query: LedgerQuery) -> Ledger:
        now = self._services.now()
        since = query.since or ledger.since_new_year(now, self._zone)
        rows = ledger.snapshot(session, area, ledger.beginning(since, self._zone))
        return ledger.build(
            area,
            rows,
            now,
            since,
            self._zone,
            names=ledger.names_in(session, area),
            viewer=caller.person_id,
            office=caller.may(OFFICE, area),
        )


def _seen(session: Session, caller: Caller, code: str) -> Area:
    """The area with this code within the caller's; the same 404 for all others."""
    found = session.exec(select(Area).where(col(Area.code) == code, within(caller.paths(READERS)))).first()
    if found is None:
        raise not_found("area")
    return found


def _item(book: Ledger) -> LedgerItem:
    fields = asdict(book)
    fields["area"] = AreaRef(code=book.area, name=fields.pop("name"))
    return LedgerItem(**fields)
