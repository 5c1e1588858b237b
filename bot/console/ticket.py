"""One ticket: what was said and what happened, side by side; why it is where it is; and every move."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError
from sqlmodel import Session, col, select

from bot import holders, ledger_table
from bot.console import possible, versions
from bot.console.attachments import came_with, can_be_asked_again
from bot.console.conversation import conversation
from bot.console.forms import text
from bot.console.pages import Guard, Pages
from bot.console.visitor import signed_in
from bot.console.whereabouts import whereabouts
from bot.desk import Desk
from bot.moves import OPEN, Verb
from bot.routing import OFFICE, SLOTTED, TITLES, Candidate
from bot.services import Services
from bot.web.api_detail import personal, ticket_detail, without_phones
from bot.web.api_errors import ApiError
from bot.web.api_hands import Hands
from bot.web.api_moves import RULES, locked, perform
from bot.web.api_schemas import MoveBody, TicketDetail
from bot.web.auth import PHONES, ROLES, Allow, Caller, audit, see_ticket
from models import Area, Person, Slot, Ticket

_LONGEST_VERSION = 12
_NEEDED = ("verb", "note", "reason", "target", "post", "second")


@dataclass
class Typed:
    """What somebody was about to do: shown again where it was not done."""

    verb: str = ""
    note: str = ""
    reason: str = ""
    target: str = ""
    until: str = ""
    second: str = ""
    post: str = ""
    field: str | None = None
    message: str | None = None
    changed: tuple[int, ...] = ()

    @property
    def lacking(self) -> str | None:
        """The field that the move cannot do without and that was left empty."""
        field = "post" if self.verb == Verb.GIVE and self.field == "target" else self.field
        return field if field in _NEEDED and not getattr(self, field) else None


class TicketPage:
    """GET /tickets/<ref>, its fragment, its print, its moves, and its phone numbers."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._hands = Hands(services)

    def enter(self, pages: Pages) -> None:
        pages.add("/tickets/<ref>", self.ticket, Guard(Allow.READERS))
        pages.add("/tickets/<ref>/live", self.live, Guard(Allow.READERS))
        pages.add("/tickets/<ref>/move", self.move, Guard(Allow.MOVERS), methods=("POST",))
        pages.add("/tickets/<ref>/phones", self.phones, Guard(Allow.OFFICE, second=True), methods=("POST",))

    def ticket(self, ref: str) -> ResponseReturnValue:
        """The ticket whole, without phone numbers. The look is written down, as the API writes it down."""
        return self.page(ref)

    def phones(self, ref: str) -> ResponseReturnValue:
        """The same once with the phone numbers, for whoever has to ring."""
        return self.page(ref, phones=True)

    def live(self, ref: str) -> ResponseReturnValue:
        """What may have changed since, for console.js; 304 where nothing has."""
        caller = signed_in().caller
        with self._services.reading() as session:
            ticket = _seen(session, caller, ref)
            stamp = versions.stamp_of(session, ticket.id)
        if request.headers.get("If-None-Match") == f'"{stamp}"':
            return Response("", 304)
        return self.page(ref, template="console/ticket_live.html")

    def move(self, ref: str) -> ResponseReturnValue:
        """Do it, unless somebody else has moved the ticket since the page was drawn."""
        caller = signed_in().caller
        typed = Typed(
            text("verb"), text("note"), text("reason"), text("target"), text("until"), text("second"), text("post", 12)
        )
        try:
            verb, body = Verb(typed.verb), self._body(typed)
            if verb not in RULES:
                raise ApiError("bad_value", field="verb")
            with self._services.transaction() as session:
                ticket = locked(session, caller, ref)
                versions.require(session, ticket.id, shown_version())
                perform(self._services.desk(session), caller, ticket, verb, body)
        except versions.Changed as changed:
            typed.changed = tuple(changed.ids)
            return self.page(ref, typed=typed, status=409)
        except ValueError:  # no such move, or no such moment; pydantic's ValidationError is one too
            typed.field, typed.message = "until" if typed.verb else "verb", ApiError("bad_value").message
            return self.page(ref, typed=typed, status=400)
        except ApiError as refused:
            if refused.code == "not_found":
                raise
            typed.field, typed.message = refused.field, refused.message
            return self.page(ref, typed=typed, status=refused.status)
        flash("moved", "good")
        return redirect(url_for("console.ticket", ref=ref))

    def page(
        self,
        ref: str,
        *,
        phones: bool = False,
        typed: Typed | None = None,
        status: int = 200,
        template: str = "console/ticket.html",
    ) -> ResponseReturnValue:
        """The page, or its living part."""
        caller = signed_in().caller
        kinds = ledger_table.kinds(self._services.understanding)
        with self._services.reading() as session:
            ticket = _seen(session, caller, ref)
            area = session.get_one(Area, ticket.area_id)
            may_ring = caller.may(PHONES, area)
            whole = ticket_detail(session, self._services.settings, ticket, phones=True)
            detail = whole if phones and may_ring else without_phones(whole)
            said = conversation(session, ticket, detail, phones=phones and may_ring)
            desk = self._services.desk(session)
            choices = _choices(desk, ticket) if caller.may(OFFICE, area) else []
            offered = possible.possible(desk, caller, ticket, area)
            came = came_with(session, self._services.settings, ticket.id)
            location = whereabouts(session, {area.id})[area.id].of(ticket)
            version = versions.version_of(session, ticket.id)
            stamp = versions.stamp_of(session, ticket.id)
        self._written_down(caller, ref, detail, phones=phones and may_ring)
        answer = render_template(
            template,
            ticket=detail,
            kind=kinds.get((ticket.intent, ticket.category), ""),
            location=location,
            said=said,
            came=came,
            again=can_be_asked_again(came),
            hands=self._hands.hands(caller, ref),
            verbs=[verb for verb in offered if verb != Verb.GIVE or choices],
            joins=possible.joins(ticket),
            calls=possible.calls(ticket),
            choices=choices,
            typed=typed or Typed(),
            version=version,
            live_stamp=stamp,
            phones=phones and may_ring,
            has_phones=may_ring and any(report.phone for report in whole.reports),
            movers=caller.may(ROLES[Allow.MOVERS], area),
        )
        return answer, status

    def _written_down(self, caller: Caller, ref: str, detail: TicketDetail, *, phones: bool) -> None:
        if not personal(detail):
            return
        action = "ticket.unmasked" if phones else "ticket.read"
        with self._services.transaction() as session:
            session.add(audit(caller, self._services.now(), action, f"ticket:{ref}", {"phones": phones}))

    def _body(self, typed: Typed) -> MoveBody:
        """Raises ValueError where a moment is none."""
        until = datetime.fromisoformat(typed.until) if typed.until else None
        if until is not None and until.tzinfo is None:
            until = until.replace(tzinfo=self._services.settings.zone)
        try:
            return MoveBody(
                note=typed.note,
                reason=typed.reason[:200],
                target=(typed.post if typed.verb == Verb.GIVE else typed.target[:100]) or None,
                until=until,
                second=typed.second[:64] or None,
            )
        except ValidationError as error:
            raise ValueError("a field of the form") from error


def _choices(desk: Desk, ticket: Ticket) -> list[tuple[int, str, str]]:
    """To whom it may be given: the post's id, its title and whose it is. The nearest first."""
    if ticket.status not in OPEN:
        return []
    found = sorted(holders.choices(desk, ticket), key=lambda one: (-one.depth, one.slot, one.post_id))
    names = select(Person.id, Person.name).where(col(Person.id).in_({one.person_id for one in found}))
    named = dict(desk.session.exec(names).all())
    return [(one.post_id, _titled(one), named.get(one.person_id) or "") for one in found]


def _titled(one: Candidate) -> str:
    slot = f"{one.slot.value}岗" if one.role in SLOTTED and one.slot == Slot.B else ""
    return TITLES[one.role] + slot


def _seen(session: Session, caller: Caller, ref: str) -> Ticket:
    if not ref.isprintable():
        raise ApiError("not_found")
    return see_ticket(session, caller, ref)


def shown_version() -> int:
    """The version that the form's page showed; 0, which is older than everything, where it carries none."""
    value = text("version", _LONGEST_VERSION)
    return int(value) if value.isascii() and value.isdigit() else 0
