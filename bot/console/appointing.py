"""Posts from the page: somebody takes one up, somebody's last day is set; a group is nobody's again."""

from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import col, select

from bot import appointing, posted
from bot.appointing import APPOINTED, NotAppointed, Term
from bot.console.forms import text
from bot.console.pages import Guard, Pages
from bot.console.visitor import signed_in
from bot.routing import OFFICE
from bot.services import Services
from bot.web.api_errors import ApiError, not_found
from bot.web.api_posts import post_of_mine
from bot.web.auth import Allow, Caller, audit, within
from models import Area, Chat, ChatKind, Person, Role, Slot

_LAST_ID = 2**31 - 1
_FIELDS = ("who", "role", "area", "slot", "from", "to", "new")


class Appointing:
    """GET and POST /directory/posts/new, POST /directory/posts/<id>/end, POST /directory/chats/<id>/unbind."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def enter(self, pages: Pages) -> None:
        office = Guard(Allow.OFFICE)
        pages.add("/directory/posts/new", self.appoint_page, office)
        pages.add("/directory/posts/new", self.appoint, office, methods=("POST",))
        pages.add("/directory/posts/<int:post_id>/end", self.end_post, office, methods=("POST",))
        pages.add("/directory/chats/<int:chat_id>/unbind", self.unbind, office, methods=("POST",))

    def appoint_page(self) -> ResponseReturnValue:
        """The form."""
        return self._page()

    def appoint(self) -> ResponseReturnValue:
        """Give the post, and a binding code where their account is not known yet."""
        caller, typed = signed_in().caller, {name: text(name, 100) for name in _FIELDS}
        try:
            with self._services.transaction() as session:
                desk = self._services.desk(session)
                area = session.exec(_areas(caller).where(Area.code == typed["area"])).first()
                if area is None:
                    raise not_found("area")
                starts = _day(typed["from"]) or posted.today(desk)
                term = Term(_role(typed["role"]), area, _slot(typed["slot"]), starts, _day(typed["to"]))
                post, code = appointing.appoint(desk, typed["who"], term, new=typed["new"] == "on")
                name = session.get_one(Person, post.person_id).name
                session.add(audit(caller, desk.now, "post.appointed", f"post:{post.id}", {"role": post.role}))
        except NotAppointed as refused:
            return self._page(typed, refused.why), 400
        if code is not None:
            return render_template("console/appointed.html", name=name, code=code, term=term)
        flash("moved", "good")
        return redirect(url_for("console.directory"))

    def end_post(self, post_id: int) -> ResponseReturnValue:
        """Their last day."""
        caller = signed_in().caller
        last = _day(text("last", 10))
        if last is None:
            raise ApiError("bad_value", field="last")
        try:
            with self._services.transaction() as session:
                desk = self._services.desk(session)
                post = post_of_mine(desk, caller, min(post_id, _LAST_ID))
                appointing.end(desk, post, last)
                session.add(audit(caller, desk.now, "post.ended", f"post:{post.id}", {"on": last.isoformat()}))
        except NotAppointed as refused:
            raise ApiError("bad_value", field="last") from refused
        flash("moved", "good")
        return redirect(url_for("console.directory"))

    def unbind(self, chat_id: int) -> ResponseReturnValue:
        """It was another's: silent until somebody says whose it is."""
        caller = signed_in().caller
        find = select(Chat).join(Area, col(Area.id) == col(Chat.area_id)).where(within(caller.paths(OFFICE)))
        bound = col(Chat.kind).in_((ChatKind.RESIDENTS, ChatKind.LEADERS, ChatKind.STAFF))
        with self._services.transaction() as session:
            chat = session.exec(find.where(bound, Chat.id == min(chat_id, _LAST_ID))).first()
            if chat is None:
                raise not_found()
            detail = {"kind": chat.kind, "area": chat.area_id}
            chat.kind, chat.area_id, chat.listen_only = ChatKind.UNBOUND, None, False
            session.add(audit(caller, self._services.now(), "chat.unbind", f"chat:{chat.id}", detail))
        flash("moved", "good")
        return redirect(url_for("console.directory"))

    def _page(self, typed: dict[str, str] | None = None, problem: str = "") -> str:
        with self._services.reading() as session:
            areas = [
                (area.code, area.name, area.path.count("/"))
                for area in session.exec(_areas(signed_in().caller).order_by(col(Area.path)))
            ]
        least = min((depth for _, _, depth in areas), default=0)
        return render_template(
            "console/appoint.html",
            areas=[(code, name, depth - least) for code, name, depth in areas],
            roles=APPOINTED,
            typed=typed or dict.fromkeys(_FIELDS, ""),
            problem=problem,
        )


def _areas(caller: Caller):  # type: ignore[no-untyped-def]  # sqlmodel's select of one entity
    return select(Area).where(within(caller.paths(OFFICE)))


def _day(value: str) -> date | None:
    """A day; None for none. Raises NotAppointed for what is no day."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise NotAppointed("dates") from error


def _role(value: str) -> Role:
    try:
        return Role(value)
    except ValueError as error:
        raise NotAppointed("role") from error


def _slot(value: str) -> Slot:
    return Slot.B if value == "B" else Slot.A
