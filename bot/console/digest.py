"""Digests: the list of those that were told, one with its charts and the tables beside them, as xlsx and as PDF."""

import threading
from collections import OrderedDict
from datetime import date, timedelta
from urllib.parse import quote

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from bot import digesting
from bot.console import errors
from bot.console.pages import Guard, Pages
from bot.console.rendering import theme
from bot.console.visitor import signed_in
from bot.digest import drawing, tables, text, workbook
from bot.digest.figures import Digest
from bot.digest.periods import Period
from bot.services import Services
from bot.web.api_digest import communities_of, community_of
from bot.web.auth import Allow, audit

NOW = "now"
SHOWN = 30
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A picture is whole in itself: it may carry its own style, and nothing else may run in it.
PICTURE = "default-src 'none'; style-src 'unsafe-inline'"
_FRESH = timedelta(minutes=1)  # what was counted until now is shown again: its charts are asked for one by one
_KEPT = 32


class DigestPages:
    """GET /digest and what is below it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._running: OrderedDict[tuple[int, Period], Digest] = OrderedDict()
        self._lock = threading.Lock()

    def enter(self, pages: Pages) -> None:
        one = "/digest/<community>/<period>/<day>"
        readers, export = Guard(Allow.READERS), Guard(Allow.READERS, second=True)
        pages.add("/digest", self.digests, readers)
        pages.add(one, self.digest, readers)
        pages.add(f"{one}/<chart>.svg", self.digest_chart, readers)
        pages.add(f"{one}/digest.xlsx", self.digest_xlsx, export)
        pages.add(f"{one}/digest.pdf", self.digest_pdf, export)

    def digests(self) -> ResponseReturnValue:
        """Those that were told, by period, the newest first."""
        caller, period = signed_in().caller, _period(request.args.get("period", Period.DAY))
        before = _day(request.args.get("before", "2100-01-01"))
        with self._services.reading() as session:
            mine = communities_of(session, caller)
            found = digesting.kept(session, [row.id for row, _ in mine], period, before, SHOWN + 1)
        shown = found[:SHOWN]
        return render_template(
            "console/digests.html",
            period=period.value,
            communities=[(row.code, area.name) for row, area in mine],
            digests=shown,
            span=self._span,
            following=shown[-1].told_on.isoformat() if len(found) > SHOWN else None,
        )

    def digest(self, community: str, period: str, day: str) -> ResponseReturnValue:
        """One of them, or what goes on until now."""
        found, wording, zone = self._found(community, period, day), self._services.wording, self._services.settings.zone
        return render_template(
            "console/digest.html",
            digest=found,
            address={"community": community, "period": period, "day": day},
            title=tables.title(wording, found),
            span=self._span(found),
            made=workbook.made(found, wording, zone),
            rates=tables.rates(wording, found),
            intents=tables.intents(wording, found),
            looked_at=[table for table in tables.looked_at(wording, found, zone) if table.name != "unhappy"],
            charted=[table for table in tables.charted(wording, found) if not table.is_blank],
            most=tables.MOST,
        )

    def digest_chart(self, community: str, period: str, day: str, chart: str) -> ResponseReturnValue:
        """One chart, in the ink of the theme that it is asked for."""
        found = self._found(community, period, day)
        table = next((one for one in tables.charted(self._services.wording, found) if one.name == chart), None)
        if table is None:
            raise errors.not_found()
        ink = "dark" if request.args.get("theme", theme()) == "dark" else "light"
        answer = Response(drawing.svg(table, ink, "narrow" in request.args), content_type="image/svg+xml")
        answer.headers["Content-Security-Policy"] = PICTURE
        return answer

    def digest_xlsx(self, community: str, period: str, day: str) -> ResponseReturnValue:
        """The same as a workbook."""
        found = self._exported(community, period, day, "xlsx")
        book = workbook.workbook(found, self._services.wording, self._services.settings.zone)
        return self._file(book, XLSX, found, "xlsx")

    def digest_pdf(self, community: str, period: str, day: str) -> ResponseReturnValue:
        """The same on paper."""
        found = self._exported(community, period, day, "pdf")
        paper = drawing.pdf(found, self._services.wording, self._services.settings.zone)
        return self._file(paper, "application/pdf", found, "pdf")

    def _found(self, code: str, period: str, day: str) -> Digest:
        """The digest at an address. The same 404 for what does not exist and for what is not theirs."""
        wanted = _period(period)
        with self._services.reading() as session:
            community = community_of(session, signed_in().caller, code)
        if day == NOW:
            return self._until_now(community.id, wanted)
        try:
            return digesting.around(self._services, community.id, wanted, _day(day))
        except digesting.NotYet as error:
            raise errors.not_found() from error

    def _until_now(self, community_id: int, period: Period) -> Digest:
        key = (community_id, period)
        with self._lock:
            known = self._running.get(key)
        if known is not None and self._services.now() - known.as_of < _FRESH:
            return known
        counted = digesting.current(self._services, community_id, period)
        with self._lock:
            self._running[key] = counted
            while len(self._running) > _KEPT:
                self._running.popitem(last=False)
        return counted

    def _exported(self, code: str, period: str, day: str, form: str) -> Digest:
        found = self._found(code, period, day)
        with self._services.transaction() as session:
            subject = f"digest:{code}:{period}:{found.told_on.isoformat()}"
            session.add(audit(signed_in().caller, self._services.now(), "digest.exported", subject, {"format": form}))
        return found

    def _file(self, content: bytes, kind: str, digest: Digest, form: str) -> Response:
        today = self._services.now().astimezone(self._services.settings.zone).date()
        day = min(digest.told_on, today)  # what has come up until now is told tomorrow, and saved today
        name = quote(f"{tables.title(self._services.wording, digest)}{day.isoformat()}.{form}")
        headers = {"Content-Disposition": f"attachment; filename=\"digest.{form}\"; filename*=UTF-8''{name}"}
        return Response(content, content_type=kind, headers=headers)

    def _span(self, digest: Digest) -> str:
        return text.span(self._services.wording, digest, self._services.settings.zone)


def _period(value: str) -> Period:
    if value not in set(Period):
        raise errors.not_found()
    return Period(value)


def _day(value: str) -> date:
    """A day of this century: at the edges of the calendar the days before it end."""
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise errors.not_found() from error
    if not date(2000, 1, 1) <= day <= date(2100, 1, 1):
        raise errors.not_found()
    return day
