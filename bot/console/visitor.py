"""Who looks at a page: the session behind their cookie, and the caller that the API knows them as."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, g, request

from bot import signing_in
from bot.services import Services
from bot.web.auth import Caller, caller_of

COOKIE = "danyuan_console"
PATH = "/console"


@dataclass(frozen=True)
class Visitor:
    """Somebody signed in. caller: what they may, by their posts of today."""

    session_id: int
    caller: Caller
    second: bool  # has shown the second factor in this session
    enrolled: bool  # has one
    must_change: bool  # the password is one that somebody else made
    expires_at: datetime

    @property
    def held_up(self) -> bool:
        """Signed in by the first factor alone, though they have a second one."""
        return self.enrolled and not self.second


def visitor() -> Visitor | None:
    """Who looks at this page; None where nobody is signed in."""
    found: Visitor | None = g.get("visitor")
    return found


def signed_in() -> Visitor:
    """Who looks at a page that is for nobody else."""
    found = visitor()
    if found is None:
        raise RuntimeError("a page without a guard")
    return found


def recognise(services: Services) -> tuple[Visitor | None, bool]:
    """The visitor behind the request's cookie, and whether this click ought to be written down."""
    token = request.cookies.get(COOKIE)
    if not token:
        return None, False
    with services.reading() as session:
        desk = services.desk(session)
        found = signing_in.signed_in(desk, token)
        if found is None:
            return None, False
        row, user = found
        today = desk.now.astimezone(desk.settings.zone).date()
        return (
            Visitor(
                session_id=row.id,
                caller=caller_of(session, user, today),
                second=row.second_at is not None,
                enrolled=user.totp_at is not None,
                must_change=user.must_change,
                expires_at=row.expires_at,
            ),
            signing_in.needs_note(row, desk.now),
        )


def keep_cookie(response: Response, services: Services, token: str) -> None:
    """Hand the browser its session. It ends with the browser, or when the server says so."""
    secure = services.settings.service.public_url.startswith("https://")
    response.set_cookie(COOKIE, token, path=PATH, httponly=True, samesite="Lax", secure=secure)


def drop_cookie(response: Response) -> None:
    response.delete_cookie(COOKIE, path=PATH)
