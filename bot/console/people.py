"""One person: found, all that is held on them handed over, and forgotten; the register of what was forgotten.

Everybody of the office may look somebody up. Export and erasure are the secretary's and the administrator's, with the
second factor, and only where all that the person told and holds is theirs: else somebody above does it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, or_, select

from bot import handover, held, holding, places
from bot.console.forms import asked, clean, text
from bot.console.pages import Guard, Pages
from bot.console.people_found import Found, everywhere, found
from bot.console.visitor import signed_in
from bot.held import Subject
from bot.inbox import erasing
from bot.inbox.erasing import Needed, Order, Way
from bot.services import Services
from bot.tokens import READERS
from bot.web.api_errors import ApiError, not_found
from bot.web.auth import Allow, Caller, audit, visible, within
from models import Account, Area, Erasure, Person, Role, Ticket

ANSWERABLE = frozenset({Role.SECRETARY, Role.ADMINISTRATOR})
REASONS = ("self", "guardian", "withdrawn", "purpose", "order")
MOST = 200


class People:
    """GET /people, /people/<key> and /people/erasures; POST export and erase."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def enter(self, pages: Pages) -> None:
        office, grave = Guard(Allow.OFFICE), Guard(Allow.OFFICE, second=True)
        pages.add("/people", self.people, office)
        pages.add("/people/erasures", self.erasures, Guard(Allow.READERS))
        pages.add("/people/<key>", self.person, office)
        pages.add("/people/<key>/export", self.export_person, grave, methods=("POST",))
        pages.add("/people/<key>/erase", self.erase_page, grave)
        pages.add("/people/<key>/erase", self.erase_person, grave, methods=("POST",))

    def people(self) -> ResponseReturnValue:
        """Whoever is meant, as far as they have to do with my areas."""
        caller, words = signed_in().caller, asked("q", 100)
        with self._services.reading() as session:
            people = found(session, caller, held.find(session, words))
        return render_template("console/people.html", words=words, found=people)

    def person(self, key: str) -> ResponseReturnValue:
        """What there is on somebody, by kind and number; what they told. The look is written down."""
        caller = signed_in().caller
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            somebody = _mine(session, caller, key)
            tables = holding.everything(desk, somebody)
            tickets = _seen(session, caller, held.tickets_of(session, somebody))
            wholly = _wholly_mine(session, caller, somebody)
            accounts = [_account(session, one) for one in somebody.accounts]
            shown = _found(session, caller, somebody)
            session.add(audit(caller, desk.now, "person.looked", f"person:{somebody.key}", {}))
        return render_template(
            "console/person.html",
            one=shown,
            accounts=accounts,
            tables=tables,
            tickets=tickets[::-1],
            answerable=wholly,
        )

    def export_person(self, key: str) -> ResponseReturnValue:
        """All of it as a file."""
        caller = signed_in().caller
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            somebody = _wholly(session, caller, key)
            data = handover.as_zip(desk, somebody)
            session.add(audit(caller, desk.now, "person.exported", f"person:{somebody.key}", {}))
        name = f"person-{somebody.key}.zip"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(data, content_type="application/zip", headers=headers)

    def erase_page(self, key: str) -> ResponseReturnValue:
        """What would go, what would stay and why."""
        return self._erase_page(key)

    def erase_person(self, key: str) -> ResponseReturnValue:
        """Forget them. The name has to be typed; there is no way back."""
        caller, reason, typed = signed_in().caller, text("reason", 16), " ".join(text("confirm", 100).split())
        with self._services.reading() as session:
            wanted = confirmation(_wholly(session, caller, key))
        if reason not in REASONS or typed != wanted:
            return self._erase_page(key, "reason" if reason not in REASONS else "confirm")
        try:
            with self._services.transaction() as session:
                desk = self._services.desk(session)
                order = Order(Way.CONSOLE, caller.person_id, reason)
                row = erasing.person(desk, _wholly(session, caller, key), order)
        except Needed:
            return self._erase_page(key, "needed")
        if row is None:
            raise not_found()
        flash("erased", "good")
        return redirect(url_for("console.erasures") + f"#erasure-{row.id}")

    def erasures(self) -> ResponseReturnValue:
        """The register. Nothing in it is about anybody."""
        paths = signed_in().caller.paths(READERS)
        query = (
            select(Erasure, Person.name)
            .join(Area, col(Area.id) == col(Erasure.area_id), isouter=True)
            .join(Person, col(Person.id) == col(Erasure.ordered_by), isouter=True)
            .where(or_(within(paths), col(Erasure.area_id).is_(None)))
        )
        with self._services.reading() as session:
            rows = session.exec(query.order_by(col(Erasure.id).desc()).limit(MOST)).all()
        return render_template("console/erasures.html", rows=rows)

    def _erase_page(self, key: str, problem: str = "") -> ResponseReturnValue:
        caller = signed_in().caller
        with self._services.reading() as session:
            desk = self._services.desk(session)
            somebody = _wholly(session, caller, key)
            page = render_template(
                "console/erase.html",
                one=_found(session, caller, somebody),
                confirmation=confirmation(somebody),
                reasons=REASONS,
                open_tickets=[one for one in held.tickets_of(session, somebody) if one.closed_at is None],
                busy=erasing.busy(desk, somebody),
                problem=problem,
                reason=clean(request.form.get("reason", ""), 16),
            )
        return page, 400 if problem else 200


@dataclass(frozen=True)
class Known:
    """An account, without the platform's number of it."""

    channel: str
    state: str
    home: str  # confirmed, else only told
    confirmed: bool
    since: datetime


def _account(session: Session, account: Account) -> Known:
    area_id = account.bound_area_id or account.area_id
    home = places.label_in_full(session, session.get_one(Area, area_id)) if area_id else ""
    return Known(account.channel, account.state, home, account.bound_area_id is not None, account.created_at)


def confirmation(somebody: Subject) -> str:
    """What has to be typed: the name, so that nobody erases the wrong one."""
    return " ".join(somebody.name.split()) or "删除"


def _found(session: Session, caller: Caller, somebody: Subject) -> Found | None:
    """Somebody as a reader of these areas may see them; None for whoever has nothing to do with them."""
    return next(iter(found(session, caller, [somebody])), None)


def _mine(session: Session, caller: Caller, key: str) -> Subject:
    """Whom the key names, where they have to do with my areas. Raises the same 404 for all others."""
    somebody = held.subject(session, key)
    if somebody is None or _found(session, caller, somebody) is None:
        raise not_found()
    return somebody


def _wholly(session: Session, caller: Caller, key: str) -> Subject:
    """The same, where all of it is mine to answer for."""
    somebody = _mine(session, caller, key)
    if not _wholly_mine(session, caller, somebody):
        raise ApiError("forbidden")
    return somebody


def _wholly_mine(session: Session, caller: Caller, somebody: Subject) -> bool:
    """Whether I am secretary or administrator wherever they live, served and told something, and may read all of it.

    A party to one of their matters may not, and is told no more than that it is not theirs.
    """
    tickets = held.tickets_of(session, somebody)
    paths = caller.paths(ANSWERABLE)
    areas = held.areas_of(session, somebody, tickets)
    inside = all(any(area.path.startswith(path) for path in paths) for area in areas)
    known = bool(areas) or everywhere(session, paths)
    return bool(paths) and inside and known and len(_seen(session, caller, tickets)) == len(tickets)


def _seen(session: Session, caller: Caller, tickets: Sequence[Ticket]) -> list[Ticket]:
    """Those of them that this reader may see."""
    ids = [ticket.id for ticket in tickets]
    query = select(Ticket.id).join(Area, col(Area.id) == col(Ticket.area_id))
    shown = set(session.exec(query.where(col(Ticket.id).in_(ids), visible(caller))))
    return [ticket for ticket in tickets if ticket.id in shown]
