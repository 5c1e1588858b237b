"""Coming in and going out: name and password, the second factor, the way out.

The password is looked at outside of any transaction: hashing takes its time on purpose, and would hold a SQLite
database's one writer meanwhile.
"""

from flask import make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import col, select

from bot import accounts, passwords, signing_in
from bot.console import browsers
from bot.console.forms import text, way_back
from bot.console.pages import Guard, Pages
from bot.console.visitor import COOKIE, drop_cookie, keep_cookie, signed_in, visitor
from bot.seal import Seal
from bot.services import Services
from bot.signing_in import Tries
from bot.web.auth import Allow
from models import User

_LONGEST_PASSWORD = 1024  # that is looked at; longer ones are wrong


class Login:
    """GET and POST /login, GET and POST /second, POST /logout."""

    def __init__(self, services: Services, seal: Seal) -> None:
        self._services, self._seal = services, seal

    def enter(self, pages: Pages) -> None:
        pages.add("/login", self.login, Guard(Allow.ANYONE))
        pages.add("/login", self.log_in, Guard(Allow.ANYONE), methods=("POST",))
        pages.add("/second", self.second, Guard(Allow.SIGNED_IN, early=True))
        pages.add("/second", self.show_second, Guard(Allow.SIGNED_IN, early=True), methods=("POST",))
        pages.add("/logout", self.log_out, Guard(Allow.ANYONE), methods=("POST",))

    def login(self) -> ResponseReturnValue:
        """The door."""
        next_page = way_back(request.args.get("next"))
        if visitor() is not None:
            return redirect(next_page)
        return render_template("console/login.html", next=next_page)

    def log_in(self) -> ResponseReturnValue:
        """Name and password. Whatever is wrong, it says the same."""
        name, password = text("name", 64), request.form.get("password", "")[:_LONGEST_PASSWORD]
        next_page = way_back(request.form.get("next"))
        tries = Tries(name, request.remote_addr or "")
        with self._services.reading() as rows:
            if signing_in.too_many(rows, tries, self._services.now()):
                return render_template("console/login.html", next=next_page, name=name, problem="locked"), 429
            user = rows.exec(select(User).where(User.name == name, col(User.disabled_at).is_(None))).first()
        if not passwords.fits(user.password_hash if user else None, password) or user is None:
            locked = self._refused(tries, user)
            page = render_template("console/login.html", next=next_page, name=name, problem=locked or "wrong")
            return page, 429 if locked else 401
        return self._come_in(user.id, tries, next_page)

    def second(self) -> ResponseReturnValue:
        """The second factor is asked for."""
        next_page = way_back(request.args.get("next"))
        if not signed_in().held_up:
            return redirect(next_page)
        return render_template("console/second.html", next=next_page)

    def show_second(self) -> ResponseReturnValue:
        """A code of the second factor, or one of the recovery codes."""
        someone, next_page = signed_in(), way_back(request.form.get("next"))
        if not someone.held_up:
            return redirect(next_page)
        tries = Tries(f"second:{someone.caller.user_id}", request.remote_addr or "")
        with self._services.transaction() as rows:
            desk = self._services.desk(rows)
            user = rows.get_one(User, someone.caller.user_id)
            if signing_in.too_many(rows, tries, desk.now):
                return render_template("console/second.html", next=next_page, problem="locked"), 429
            if not accounts.second(desk, user, self._seal, text("code", 40)):
                locked = signing_in.failed(desk, tries)
                accounts.written(desk, user, "totp.locked" if locked else "totp.failed", by=user.person_id)
                return render_template("console/second.html", next=next_page, problem="wrong"), 401
            signing_in.succeeded(desk, tries)
            token = signing_in.renew(desk, someone.session_id, second=True)
        answer = make_response(redirect(next_page))
        keep_cookie(answer, self._services, token)
        return answer

    def log_out(self) -> ResponseReturnValue:
        """The session ends, here and on the server."""
        with self._services.transaction() as rows:
            desk = self._services.desk(rows)
            found = signing_in.signed_in(desk, request.cookies.get(COOKIE))
            if found is not None:
                row, user = found
                row.ended_at = desk.now
                rows.add(row)
                accounts.written(desk, user, "logout", by=user.person_id)
        session.clear()
        answer = make_response(redirect(url_for("console.login")))
        drop_cookie(answer)
        return answer

    def _refused(self, tries: Tries, user: User | None) -> str | None:
        """Count it; "locked" where that was one too many."""
        with self._services.transaction() as rows:
            desk = self._services.desk(rows)
            locked = signing_in.failed(desk, tries)
            if user is not None:
                accounts.written(desk, user, "login.locked" if locked else "login.failed")
        return "locked" if locked else None

    def _come_in(self, user_id: int, tries: Tries, next_page: str) -> ResponseReturnValue:
        with self._services.transaction() as rows:
            desk = self._services.desk(rows)
            user = rows.get_one(User, user_id)
            token, _ = signing_in.begin(desk, user, browsers.noted(request.headers.get("User-Agent", "")))
            signing_in.succeeded(desk, tries)
            accounts.written(desk, user, "login", by=user.person_id)
        session.clear()  # a form that was open before belongs to nobody any more
        answer = make_response(redirect(next_page))
        keep_cookie(answer, self._services, token)
        return answer
