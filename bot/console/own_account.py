"""What everybody does for themselves: password, second factor, the browsers they are signed in with."""

import segno
from flask import flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from bot import accounts, passwords, signing_in
from bot.console import browsers
from bot.console.forms import about, text
from bot.console.pages import Guard, Pages
from bot.console.visitor import keep_cookie, signed_in
from bot.seal import Seal
from bot.services import Services
from bot.signing_in import Tries
from bot.tokens import READERS
from bot.web.auth import Allow
from models import User

_LONGEST = 1024
_PENDING = "totp"  # the secret that waits for its first code, sealed, in the form's own cookie


class OwnAccount:
    """GET /account and what it changes."""

    def __init__(self, services: Services, seal: Seal) -> None:
        self._services, self._seal = services, seal

    def enter(self, pages: Pages) -> None:
        own = Guard(Allow.SIGNED_IN)
        pages.add("/account", self.account, own)
        pages.add("/account/password", self.password, Guard(Allow.SIGNED_IN, early=True))
        pages.add("/account/password", self.change_password, Guard(Allow.SIGNED_IN, early=True), methods=("POST",))
        pages.add("/account/factor", self.factor, own)
        pages.add("/account/factor", self.add_factor, own, methods=("POST",))
        pages.add("/account/sessions", self.end_others, own, methods=("POST",))

    def account(self) -> ResponseReturnValue:
        """What I sign in with, and where I am signed in."""
        someone = signed_in()
        with self._services.reading() as rows:
            desk = self._services.desk(rows)
            sessions = signing_in.sessions_of(desk, someone.caller.user_id)
            left = accounts.codes_left(rows, someone.caller.user_id)
        return render_template(
            "console/account.html", sessions=[(one, *browsers.read(one.browser)) for one in sessions], codes_left=left
        )

    def password(self) -> ResponseReturnValue:
        """Choose a new password."""
        return render_template("console/password.html", shortest=passwords.SHORTEST)

    def change_password(self) -> ResponseReturnValue:
        """The old one, and the new one twice."""
        someone = signed_in()
        old, new, again = (request.form.get(name, "")[:_LONGEST] for name in ("old", "new", "again"))
        tries = Tries(f"password:{someone.caller.user_id}", request.remote_addr or "")
        with self._services.reading() as rows:
            user = rows.get_one(User, someone.caller.user_id)
            locked = signing_in.too_many(rows, tries, self._services.now())
        problem = "locked" if locked else self._problem(user, old, new, again)
        if problem is not None:
            if problem == "wrong":
                with self._services.transaction() as rows:
                    signing_in.failed(self._services.desk(rows), tries)
            return render_template("console/password.html", shortest=passwords.SHORTEST, problem=problem), 400
        hashed = passwords.hash_of(new)
        with self._services.transaction() as rows:
            desk = self._services.desk(rows)
            accounts.set_password(desk, rows.get_one(User, user.id), hashed, keep=someone.session_id)
            token = signing_in.renew(desk, someone.session_id)
        flash("password_changed", "good")
        begins = someone.must_change and someone.caller.holds(READERS)  # their first day: on to the work
        answer = make_response(redirect(url_for("console.today" if begins else "console.account")))
        keep_cookie(answer, self._services, token)
        return answer

    def factor(self) -> ResponseReturnValue:
        """Set up the second factor: the QR code, and the secret to type where no camera is at hand."""
        someone = signed_in()
        if someone.enrolled:
            return redirect(url_for("console.account"))
        secret = self._pending() or accounts.new_secret()
        session[_PENDING] = self._seal.close(secret)
        return self._factor_page(secret, None)

    def add_factor(self) -> ResponseReturnValue:
        """The first code proves that the secret arrived. The recovery codes are shown this once."""
        someone, secret = signed_in(), self._pending()
        if someone.enrolled or secret is None:
            return redirect(url_for("console.factor"))
        with self._services.transaction() as rows:
            desk = self._services.desk(rows)
            user = rows.get_one(User, someone.caller.user_id)
            codes = accounts.add_totp(desk, user, self._seal, secret, text("code", 20))
            token = signing_in.renew(desk, someone.session_id, second=True) if codes else ""
        if codes is None:
            return self._factor_page(secret, "wrong"), 400
        session.pop(_PENDING, None)
        answer = make_response(render_template("console/codes.html", codes=codes))
        keep_cookie(answer, self._services, token)
        return answer

    def end_others(self) -> ResponseReturnValue:
        """Sign out everywhere else."""
        someone = signed_in()
        with self._services.transaction() as rows:
            desk = self._services.desk(rows)
            user = rows.get_one(User, someone.caller.user_id)
            accounts.end_sessions(desk, user, keep=someone.session_id)
            accounts.written(desk, user, "sessions.ended", by=user.person_id)
        flash("sessions_ended", "good")
        return redirect(url_for("console.account"))

    def _problem(self, user: User, old: str, new: str, again: str) -> str | None:
        if not passwords.fits(user.password_hash, old):
            return "wrong"
        if new == old:
            return "same"
        found = passwords.complaint(new, about(signed_in().caller))
        if found is not None:
            return found.value
        return "again" if new != again else None

    def _factor_page(self, secret: str, problem: str | None) -> str:
        with self._services.reading() as rows:
            user = rows.get_one(User, signed_in().caller.user_id)
            address = accounts.address_of(user, secret)
        svg = segno.make(address, error="m").svg_inline(svgclass=None, lineclass=None, omitsize=True)
        spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        # segno writes numbers and path data alone: nothing of the address stands in it as text.
        return render_template("console/factor.html", qr=Markup(svg), secret=spaced, problem=problem)  # noqa: S704

    def _pending(self) -> str | None:
        sealed = session.get(_PENDING)
        return self._seal.open(sealed) if isinstance(sealed, str) else None
