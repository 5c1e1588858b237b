"""Who and what there is: the tree of areas, posts and who is away, groups and whose they are, who asks to be bound."""

from datetime import datetime
from typing import Any, TypeVar

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ValidationError

from bot.console.forms import asked, text
from bot.console.pages import Guard, Pages
from bot.console.today_queries import GROUP_SILENT
from bot.console.tree import named_in_full, tree
from bot.console.visitor import signed_in
from bot.routing import OFFICE
from bot.services import Services
from bot.web.api_bindings import BindingBody, BindingQuery, Bindings
from bot.web.api_chats import Chats
from bot.web.api_errors import ApiError
from bot.web.api_listening import ListenBody
from bot.web.api_posts import AbsenceBody, AbsenceQuery, Posts
from bot.web.api_schemas import BindBody, ChatQuery, Page
from bot.web.auth import ROLES, Allow
from models import BindState

Shape = TypeVar("Shape", bound=BaseModel)

MOST = 100


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
        office, under = caller.holds(OFFICE), asked("under", 64)
        bindings = self._bindings.bindings(caller, BindingQuery(state=BindState.STAFF)).items if office else []
        posts = self._posts.posts(caller, Page(limit=MOST, cursor=asked("posts", 200) or None))
        chats = self._chats.chats(caller, ChatQuery(limit=MOST, cursor=asked("chats", 200) or None))
        absences = self._posts.absences(caller, AbsenceQuery(limit=MOST, running=True)).items
        listed: tuple[Any, ...] = (*bindings, *posts.items, *chats.items, *absences)
        places = [one.area.code for one in listed if one.area is not None]
        with self._services.reading() as session:
            areas = tree(session, caller, self._services.settings.levels, under)
            named = named_in_full(session, places)
        return render_template(
            "console/directory.html",
            areas=areas,
            under=under,
            named=named,
            posts=posts,
            absences=absences,
            chats=chats,
            bindings=bindings,
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


def _checked(shape: type[Shape], **fields: Any) -> Shape:
    try:
        return shape.model_validate(fields)
    except ValidationError as error:
        raise ApiError("bad_value") from error


def _done() -> ResponseReturnValue:
    flash("moved", "good")
    return redirect(url_for("console.directory"))
