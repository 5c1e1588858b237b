"""Pictures, voice and files of a ticket: looked at, listened to, saved; and asked for anew where they are missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from urllib.parse import quote

from flask import flash, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select

from bot.attachments import Lost, keeping, owed
from bot.attachments.fit import ENDINGS, FILM, OTHER
from bot.attachments.keeping import Shown
from bot.console.pages import Guard, Pages
from bot.console.visitor import signed_in
from bot.services import Services
from bot.settings import Settings
from bot.web.api_errors import ApiError
from bot.web.api_moves import locked
from bot.web.auth import Allow, audit, see_ticket
from models import Account, Attachment, Person

# What a browser may do with one that is opened by itself: show it or play it, and nothing else.
SEALED = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
_AGAIN = (Lost.REFUSED, Lost.UNFIT, None)  # what asking once more may bring


@dataclass(frozen=True)
class Came:
    """One of them on the page. way: the kind of its channel, "" where there is none any more."""

    at: datetime
    who: str
    kind: str
    way: str
    name: str | None
    id: int | None
    content_type: str
    lost: str | None
    waits: bool


def came_with(session: Session, settings: Settings, ticket_id: int) -> list[Came]:
    """What came with a ticket's messages, the oldest first."""
    shown = keeping.of_ticket(session, ticket_id)
    names = _names(session, shown)
    return [
        Came(
            at=one.at,
            who=names.get(one.by or 0, ""),
            kind=one.kind,
            way=section.kind if (section := settings.channels.get(one.channel)) else "",
            name=one.name,
            id=one.id,
            content_type=one.content_type,
            lost=one.lost,
            waits=one.waits,
        )
        for one in shown
    ]


def can_be_asked_again(came: Sequence[Came]) -> bool:
    """Whether something is missing that asking once more may bring."""
    return any(one.id is None and not one.waits and one.lost in _AGAIN and one.way for one in came)


class AttachmentPages:
    """GET /tickets/<ref>/attachments/<number>, and POST /tickets/<ref>/attachments to have the missing ones fetched."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def enter(self, pages: Pages) -> None:
        pages.add("/tickets/<ref>/attachments/<int:number>", self.attachment, Guard(Allow.READERS))
        pages.add("/tickets/<ref>/attachments", self.fetch_again, Guard(Allow.MOVERS), methods=("POST",))

    def attachment(self, ref: str, number: int) -> ResponseReturnValue:
        """The thing itself; what we did not make ourselves is only saved, never opened. The look is written down."""
        caller = signed_in().caller
        with self._services.reading() as session:
            ticket = see_ticket(session, caller, ref)
            found = keeping.data(session, ticket.id, number)
            name = _file_name(ticket.number, found[0]) if found else ""
        if found is None:
            raise ApiError("not_found")
        kept, content = found
        with self._services.transaction() as session:
            detail = {"attachment": number, "kind": kept.kind}
            session.add(audit(caller, self._services.now(), "attachment.read", f"ticket:{ref}", detail))
        answer = send_file(BytesIO(content), mimetype=kept.content_type, conditional=True, etag=f"a{number}")
        way = "attachment" if kept.content_type == OTHER else "inline"
        answer.headers["Content-Disposition"] = f"{way}; filename=\"file\"; filename*=UTF-8''{quote(name, safe='')}"
        answer.headers["Content-Security-Policy"] = SEALED
        return answer

    def fetch_again(self, ref: str) -> ResponseReturnValue:
        """Whatever is missing is fetched anew by the clock."""
        caller = signed_in().caller
        with self._services.transaction() as session:
            ticket = locked(session, caller, ref)
            asked = owed.again(session, ticket.id, self._services.now())
            session.add(audit(caller, self._services.now(), "attachment.again", f"ticket:{ref}", {"messages": asked}))
        flash("fetching", "good")
        return redirect(url_for("console.ticket", ref=ref, _anchor="came"))


def _file_name(number: int, kept: Attachment) -> str:
    """What it is saved as: the name it was sent with, where it is a file; else by the ticket's number."""
    if kept.name and kept.content_type in (OTHER, FILM):
        return kept.name.replace("/", "_").replace("\\", "_")
    return f"{number}-{kept.kind}-{kept.id}.{ENDINGS[kept.content_type]}"


def _names(session: Session, shown: Sequence[Shown]) -> dict[int, str]:
    """What people are called, by their account's id."""
    query = (
        select(Account.id, Person.name, Account.display_name)
        .join(Person, col(Person.id) == col(Account.person_id), isouter=True)
        .where(col(Account.id).in_({one.by for one in shown if one.by}))
    )
    return {account: name or display or "" for account, name, display in session.exec(query)}
