"""Who and what there is: the tree of areas, posts and who is away, groups and whose they are, who asks to be bound."""

from datetime import datetime
from typing import Any, TypeVar

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ValidationError
from sqlmodel import col, select

from bot.console.forms import asked, text
from bot.console.pages import Guard, Pages
from bot.console.today_queries import GROUP_SILENT
from bot.console.visitor import signed_in
from bot.roster.words import levels
from bot.routing import OFFICE
from bot.services import Services
from bot.tokens import READERS
from bot.web.api_bindings import BindingBody, BindingQuery, Bindings
from bot.web.api_chats import Chats
from bot.web.api_errors import ApiError
from bot.web.api_listening import ListenBody
from bot.web.api_posts import AbsenceBody, Posts
from bot.web.api_schemas import BindBody, ChatQuery, Page
from bot.web.auth import ROLES, Allow, Caller, within
from models import Area, BindState, Level

Shape = TypeVar("Shape", bound=BaseModel)

MOST = 100
AREAS = 2000  # drawn at once: a subdistrict has some hundred units


class Directory:
    """GET /directory, and what staff decide there."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._posts, self._chats, self._bindings = Posts(services), Chats(services), Bindings(services)

    def enter(self, pages: Pages) -> None:
        pages.add("/directory", self.directory, Guard(Allow.READERS))
        for rule, view in (
            ("/directory/chats/<int:chat_id>", self.bind),
            ("/directory/chats/<int:chat_id>/listen", self.listen),
            ("/directory/posts/<int:post_id>", self.away),
            ("/directory/absences/<int:absence_id>", self.back),
            ("/directory/bindings/<int:binding_id>", self.decide_binding),
        ):
            pages.add(rule, view, Guard(Allow.OFFICE), methods=("POST",))

    def directory(self) -> ResponseReturnValue:
        """Everything of my areas."""
        caller = signed_in().caller
        office, areas = caller.holds(OFFICE), self._areas(caller)
        bindings = self._bindings.bindings(caller, BindingQuery(state=BindState.STAFF)) if office else None
        return render_template(
            "console/directory.html",
            areas=areas,
            named=_named([area for area, _, _ in areas]),
            posts=self._posts.posts(caller, Page(limit=MOST, cursor=asked("posts", 200) or None)),
            absences=[one for one in self._posts.absences(caller, Page(limit=MOST)).items if one.closed_at is None],
            chats=self._chats.chats(caller, ChatQuery(limit=MOST, cursor=asked("chats", 200) or None)),
            bindings=bindings.items if bindings else [],
            silent_before=self._services.now() - GROUP_SILENT,
            administers=caller.holds(ROLES[Allow.ADMINISTRATORS]),
        )

    def bind(self, chat_id: int) -> ResponseReturnValue:
        """Say whose group this is."""
        body = _checked(BindBody, area=text("area", 64), kind=text("kind", 12) or "residents")
        self._chats.bind_chat(signed_in().caller, body, chat_id)
        return _done()

    def listen(self, chat_id: int) -> ResponseReturnValue:
        """Only listen to a group, or act upon it again."""
        body = ListenBody(listen_only=text("listen_only", 3) == "on")
        self._chats.listen_only(signed_in().caller, body, chat_id)
        return _done()

    def away(self, post_id: int) -> ResponseReturnValue:
        """Record a leave: from now, until the day that is named, or until they say that they are back."""
        zone = self._services.settings.zone
        day = text("to", 10)
        try:
            ends = datetime.fromisoformat(day).replace(hour=23, minute=59, tzinfo=zone) if day else None
        except ValueError as error:
            raise ApiError("bad_value", field="to") from error
        self._posts.record_absence(signed_in().caller, _checked(AbsenceBody, to=ends), post_id)
        return _done()

    def back(self, absence_id: int) -> ResponseReturnValue:
        """They are back."""
        self._posts.end_absence(signed_in().caller, min(absence_id, 2**31 - 1))
        return _done()

    def decide_binding(self, binding_id: int) -> ResponseReturnValue:
        """They live there, or not."""
        body = BindingBody(decision="confirm" if text("decision", 8) == "confirm" else "refuse")
        self._bindings.decide_binding(signed_in().caller, body, binding_id)
        return _done()

    def _areas(self, caller: Caller) -> list[tuple[Area, str, int]]:
        """The tree of my areas, parents first: the area, what its level is called, how deep it lies."""
        names = levels(self._services.settings.levels)
        query = select(Area).where(within(caller.paths(READERS))).order_by(col(Area.path)).limit(AREAS)
        with self._services.reading() as session:
            found = list(session.exec(query))
        found.sort(key=lambda area: [int(part) for part in area.path.strip("/").split("/") if part])
        least = min((area.path.count("/") for area in found), default=0)
        return [(area, names[area.level][0], area.path.count("/") - least) for area in found]


def _named(areas: list[Area]) -> dict[str, str]:
    """What areas are called where their tree is not beside them: a unit by its building as well, 3栋2单元."""
    names = {area.id: area.name for area in areas}
    units = [area for area in areas if area.level == Level.UNIT]
    return {area.code: names.get(area.parent_id or 0, "") + area.name for area in units}


def _checked(shape: type[Shape], **fields: Any) -> Shape:
    try:
        return shape.model_validate(fields)
    except ValidationError as error:
        raise ApiError("bad_value") from error


def _done() -> ResponseReturnValue:
    flash("moved", "good")
    return redirect(url_for("console.directory"))
