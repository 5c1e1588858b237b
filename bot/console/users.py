"""Who may sign in: an administrator makes users, gives first passwords, and takes rights away again.

An administrator reaches the users of their own areas alone: somebody with a post elsewhere as well is for the
administrator above. Nobody disables themselves: a community must not lock itself out with one click.
"""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import select

from bot import accounts, passwords, people
from bot.console.forms import text
from bot.console.pages import Guard, Pages
from bot.console.tree import choices
from bot.console.visitor import signed_in
from bot.desk import Desk
from bot.services import Services
from bot.tokens import READERS, TokenError
from bot.web.api_errors import ApiError
from bot.web.auth import Allow, Caller, audit
from models import Area, Role, User

ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
_LAST_ID = 2**31 - 1


class Users:
    """GET and POST /users, POST /users/<id>/<what>."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def enter(self, pages: Pages) -> None:
        grave = Guard(Allow.ADMINISTRATORS, second=True)
        pages.add("/users", self.users, Guard(Allow.ADMINISTRATORS))
        pages.add("/users", self.create_user, grave, methods=("POST",))
        pages.add("/users/<int:user_id>/password", self.new_password, grave, methods=("POST",))
        for name, view in (("disable", self.disable), ("enable", self.enable), ("factor", self.forget_factor)):
            pages.add(f"/users/<int:user_id>/{name}", view, grave, methods=("POST",))

    def users(self) -> ResponseReturnValue:
        """The users of my areas."""
        return self._page()

    def create_user(self) -> ResponseReturnValue:
        """A user with a post and a first password, which is shown this once."""
        caller, name, role, code = signed_in().caller, text("name", 64), text("role", 24), text("area", 64)
        first = passwords.first()
        try:
            with self._services.transaction() as session:
                desk = self._services.desk(session)
                area = session.exec(select(Area).where(Area.code == code)).first()
                if not caller.may(ADMINISTRATOR, area):
                    raise ApiError("not_found", field="area")
                known = session.exec(select(User).where(User.name == name)).first()
                if known is not None:
                    _require_mine(desk, caller, known)
                user = accounts.create(desk, first, name, role, code)
                session.add(audit(caller, desk.now, "user.create", f"user:{user.id}", {"role": role, "area": code}))
        except TokenError:
            return self._page(problem="refused", typed=(name, role, code)), 400
        return self._page(made=(name, first.text))

    def new_password(self, user_id: int) -> ResponseReturnValue:
        """Somebody forgot theirs: a first password again, shown this once."""
        caller, first = signed_in().caller, passwords.first()
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            user = mine(desk, caller, user_id)
            accounts.reset_password(desk, first, user.name, by=caller.person_id)
        return self._page(made=(user.name, first.text))

    def disable(self, user_id: int) -> ResponseReturnValue:
        """They sign in no more."""
        caller = signed_in().caller
        if user_id == caller.user_id:
            raise ApiError("not_possible")
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            accounts.disable(desk, mine(desk, caller, user_id).name, by=caller.person_id)
        return _done()

    def enable(self, user_id: int) -> ResponseReturnValue:
        """They may sign in again."""
        caller = signed_in().caller
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            accounts.enable(desk, mine(desk, caller, user_id).name, by=caller.person_id)
        return _done()

    def forget_factor(self, user_id: int) -> ResponseReturnValue:
        """Their phone is lost: they set up another second factor."""
        caller = signed_in().caller
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            accounts.reset_totp(desk, mine(desk, caller, user_id).name, by=caller.person_id)
        return _done()

    def _page(
        self,
        *,
        made: tuple[str, str] | None = None,
        problem: str | None = None,
        typed: tuple[str, str, str] = ("", "", ""),
    ) -> str:
        caller = signed_in().caller
        with self._services.reading() as session:
            desk = self._services.desk(session)
            users = [one for one in accounts.listed(desk) if is_mine(desk, caller, one.person_id)]
            areas = choices(session, caller.paths(ADMINISTRATOR))
        return render_template(
            "console/users.html",
            users=users,
            areas=areas,
            roles=sorted(READERS, key=list(Role).index),
            made=made,
            problem=problem,
            typed=typed,
        )


def mine(desk: Desk, caller: Caller, user_id: int) -> User:
    """The user with this id where they are this administrator's. Raises the same 404 for all others."""
    user = desk.session.get(User, min(user_id, _LAST_ID))
    if user is None:
        raise ApiError("not_found")
    _require_mine(desk, caller, user)
    return user


def _require_mine(desk: Desk, caller: Caller, user: User) -> None:
    if not is_mine(desk, caller, user.person_id):
        raise ApiError("not_found")


def is_mine(desk: Desk, caller: Caller, person_id: int) -> bool:
    """Whether all that somebody holds lies within the areas this caller administers. Without any post: nobody's."""
    today = desk.now.astimezone(desk.settings.zone).date()
    held = people.posts_of(desk.session, person_id, today)
    return bool(held) and all(caller.may(ADMINISTRATOR, desk.session.get_one(Area, post.area_id)) for post in held)


def _done() -> ResponseReturnValue:
    flash("moved", "good")
    return redirect(url_for("console.users"))
