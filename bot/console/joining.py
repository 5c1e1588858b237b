"""Two tickets that are one, one that is two, and others who are called to it: what the API does, from the page."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select

from bot.console import versions
from bot.console.forms import text
from bot.console.pages import Guard, Pages
from bot.console.ticket import TicketPage, Typed, shown_version
from bot.console.visitor import signed_in
from bot.services import Services
from bot.web.api_errors import ApiError
from bot.web.api_hands import Hands, WhistleBody
from bot.web.api_merges import MergeBody, Merges, SplitBody
from bot.web.api_schemas import TicketItem
from bot.web.auth import Allow, Caller, see_ticket, visible
from models import Area, Ticket

_MOST = 500


class Joining:
    """POST /tickets/<ref>/merge, /split and /whistle."""

    def __init__(self, services: Services, page: TicketPage) -> None:
        self._services, self._page = services, page
        self._merges, self._hands = Merges(services), Hands(services)

    def enter(self, pages: Pages) -> None:
        for name, view in (("merge", self.merge), ("split", self.split), ("whistle", self.whistle)):
            pages.add(f"/tickets/<ref>/{name}", view, Guard(Allow.MOVERS), methods=("POST",))

    def merge(self, ref: str) -> ResponseReturnValue:
        """It lives on in the one that was named, by its number or its ref."""
        caller = signed_in().caller
        try:
            into = self._named(caller, ref, text("into", 64))
            told = self._merged(caller, ref, into)
        except (ApiError, versions.Changed) as refused:
            return self._again(ref, refused)
        flash("merged", "good")
        return redirect(url_for("console.ticket", ref=told.ref))

    def split(self, ref: str) -> ResponseReturnValue:
        """The voices that were ticked go to a ticket of their own."""
        caller = signed_in().caller
        ids = [int(value) for value in request.form.getlist("report")[:_MOST] if value.isascii() and value.isdigit()]
        try:
            if not ids:
                raise ApiError("bad_value", field="report")
            self._unmoved(caller, ref)
            apart = self._merges.split_ticket(caller, SplitBody(reports=ids), ref)
        except (ApiError, versions.Changed) as refused:
            return self._again(ref, refused)
        flash("split", "good")
        return redirect(url_for("console.ticket", ref=apart.items[0].ref if apart.items else ref))

    def whistle(self, ref: str) -> ResponseReturnValue:
        """Call organisations by name or remit, with commas or blanks between them."""
        caller = signed_in().caller
        words = text("organisations", 200).replace("、", " ").replace("，", " ").replace(",", " ").split()
        try:
            if not words:
                raise ApiError("bad_value", field="organisations")
            told = self._hands.whistle(caller, WhistleBody(organisations=[word[:40] for word in words[:5]]), ref)
        except ApiError as refused:
            return self._again(ref, refused)
        if not told.called:
            return self._again(ref, ApiError("not_possible", field="organisations"))
        flash("called", "good")
        return redirect(url_for("console.ticket", ref=ref))

    def _named(self, caller: Caller, ref: str, said: str) -> str:
        """The ref of the ticket that is meant: a number is the latest of that number in the same community."""
        self._unmoved(caller, ref)
        number = said.lstrip("#＃")
        if not number.isdecimal() or len(number) > 9:  # noqa: PLR2004  what a number column holds
            return said or "-"
        with self._services.reading() as session:
            here = see_ticket(session, caller, ref)
            query = (
                select(Ticket.ref)
                .join(Area, col(Area.id) == col(Ticket.area_id))
                .where(visible(caller), Ticket.number == int(number), Ticket.community_id == here.community_id)
                .order_by(col(Ticket.id).desc())
            )
            return session.exec(query).first() or said

    def _merged(self, caller: Caller, ref: str, into: str) -> TicketItem:
        """This one is there, it was just looked at: what is not found is the other, a slip of the hand."""
        try:
            return self._merges.merge_ticket(caller, MergeBody(into=into), ref)
        except ApiError as refused:
            raise ApiError(refused.code, field="into") if refused.code == "not_found" else refused from refused

    def _unmoved(self, caller: Caller, ref: str) -> None:
        with self._services.reading() as session:
            versions.require(session, _id_of(session, caller, ref), shown_version())

    def _again(self, ref: str, refused: Exception) -> ResponseReturnValue:
        """The page once more, with what was wrong."""
        if isinstance(refused, versions.Changed):
            return self._page.page(ref, typed=Typed(changed=tuple(refused.ids)), status=409)
        if not isinstance(refused, ApiError):
            raise refused
        if refused.code == "not_found" and refused.field is None:
            raise refused
        return self._page.page(ref, typed=Typed(field=refused.field, message=refused.message), status=refused.status)


def _id_of(session: Session, caller: Caller, ref: str) -> int:
    if not ref.isprintable():
        raise ApiError("not_found")
    return see_ticket(session, caller, ref).id
