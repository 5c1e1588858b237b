"""The moves of a ticket as the staff make them. What is possible is bot.moves' law, who may is bot.permits'."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot import people, tickets
from bot.desk import Desk
from bot.moves import NotAllowed, Verb
from bot.permits import Actor
from bot.routing import OFFICE
from bot.services import Services
from bot.web.api_errors import ApiError, not_found
from bot.web.api_routes import Routes
from bot.web.api_schemas import MoveBody, TicketItem
from bot.web.api_views import ticket_items
from bot.web.auth import ROLES, Allow, Caller, audit, see_ticket
from models import Area, Ticket, User


@dataclass(frozen=True)
class Rule:
    """Whom a move is for and which parts of the body it cannot do without."""

    says: str
    allow: Allow = Allow.MOVERS
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """What goes with a move, checked."""

    note: str
    target: str | None
    second: str | None
    until: datetime | None


# A resident's own moves (confirm, withdraw) and the service's (dispatch, answer, close) have no address here.
RULES: Mapping[Verb, Rule] = {
    Verb.ACCEPT: Rule("Take it in hand."),
    Verb.ATTEND: Rule("Somebody on duty is there: the one thing that stops an emergency's clock."),
    Verb.PROGRESS: Rule("Say how it goes.", needs=("note",)),
    Verb.WAIT: Rule("Wait for what the resident was asked."),
    Verb.PAUSE: Rule("Pause it, for a reason, until a time where one is known.", needs=("reason",)),
    Verb.TRANSFER: Rule("Hand it to somebody else; it stays tracked.", needs=("target",)),
    Verb.REFUSE: Rule("Hand a transferred ticket back, for a reason.", needs=("reason",)),
    Verb.RELEASE: Rule("Take a request for help off whoever has it; it is offered anew.", Allow.OFFICE),
    Verb.ESCALATE: Rule("Pass it up one level."),
    Verb.GIVE: Rule("Give it to a post of the office's choice: its id is the target.", Allow.OFFICE, ("target",)),
    Verb.RESOLVE: Rule("It is done; the residents are asked to look."),
    Verb.REOPEN: Rule("Open it again.", Allow.OFFICE),
    Verb.DECLINE: Rule("Decline it, for a reason to which a second person agrees.", Allow.OFFICE, ("reason", "second")),
    Verb.UNDO: Rule("Take back my own last move, within minutes and while nobody else has acted."),
}

# What NotAllowed says -> our error and the field that is meant. All else: not possible as things stand.
REASONS: Mapping[str, tuple[str, str | None]] = {
    "not_yours": ("forbidden", None),
    "reason_missing": ("bad_value", "reason"),
    "second_person_missing": ("bad_value", "second"),
    "give_unfit": ("bad_value", "target"),
}


class Moves:
    """POST /tickets/<ref>/<verb>, one route for each verb of the table above."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def enter(self, routes: Routes) -> None:
        for verb, rule in RULES.items():
            routes.add(
                "POST",
                f"/tickets/<ref>/{verb}",
                self._view(verb, rule.says),
                allow=rule.allow,
                body=MoveBody,
                answer=TicketItem,
                name=f"{verb}_ticket",
            )

    def _view(self, verb: Verb, says: str):  # type: ignore[no-untyped-def]
        def move(caller: Caller, body: MoveBody, ref: str) -> TicketItem:
            return self._move(caller, verb, body, ref)

        move.__doc__ = says
        return move

    def _move(self, caller: Caller, verb: Verb, body: MoveBody, ref: str) -> TicketItem:
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            ticket = perform(desk, caller, locked(session, caller, ref), verb, body)
            return ticket_items(session, self._services.settings.zone, [ticket])[0]


def perform(desk: Desk, caller: Caller, ticket: Ticket, verb: Verb, body: MoveBody) -> Ticket:
    """Move a locked ticket as the caller says, and write it into the audit log. Raises ApiError."""
    rule = RULES[verb]
    area = desk.session.get_one(Area, ticket.area_id)
    if not caller.may(ROLES[rule.allow], area):
        raise ApiError("forbidden")
    _complete(desk, rule, body)
    second = _second(desk, caller, area, body.second) if "second" in rule.needs else None
    note = "；".join(part for part in (body.reason, body.note) if part)
    said = Said(note, body.target, second, body.until)
    _act(desk, ticket, verb, Actor(person_id=caller.person_id, staff=True), said)
    desk.session.flush()
    detail = {"second": second} if second else {}
    desk.session.add(audit(caller, desk.now, f"ticket.{verb}", f"ticket:{ticket.ref}", detail))
    return ticket


def locked(session: Session, caller: Caller, ref: str) -> Ticket:
    """The ticket, under its community's lock and as it is now that nobody else can move it. Raises ApiError."""
    if not ref.isprintable():
        raise not_found()
    ticket = see_ticket(session, caller, ref)
    tickets.lock(session, ticket.community_id)
    session.refresh(ticket)
    return ticket


def _complete(desk: Desk, rule: Rule, body: MoveBody) -> None:
    for field in rule.needs:
        # A note says the reason as well as the reason does.
        if not getattr(body, field) and not (field == "reason" and body.note):
            raise ApiError("bad_value", field=field, message="这一步少了必填的一项。")
    if body.until is not None and body.until <= desk.now:
        raise ApiError("bad_value", field="until", message="时间要在现在之后。")


def _second(desk: Desk, caller: Caller, area: Area, name: str | None) -> str:
    """The second person to a refusal: another user who could have declined it too."""
    user = desk.session.exec(select(User).where(col(User.name) == name)).first()
    today = desk.now.astimezone(desk.settings.zone).date()
    if (
        user is None
        or user.disabled_at is not None
        or user.person_id == caller.person_id
        or not people.may(desk.session, user.person_id, area, OFFICE, today)
    ):
        raise ApiError("bad_value", field="second", message="需要另一位社区工作人员同意，请写对方的用户名。")
    return user.name


def _act(desk: Desk, ticket: Ticket, verb: Verb, actor: Actor, said: Said) -> None:
    try:
        tickets.act(
            desk, ticket, verb, actor, note=said.note, target_name=said.target, second=said.second, until=said.until
        )
    except NotAllowed as refusal:
        raise refused(desk, refusal) from refusal


def refused(desk: Desk, refusal: NotAllowed) -> ApiError:
    """What the API answers where the law or the actor's posts forbid it."""
    code, field = REASONS.get(refusal.reason, ("not_possible", None))
    return ApiError(code, field=field, message=_sentence(desk, refusal.reason))


def _sentence(desk: Desk, reason: str) -> str | None:
    """The community's own sentence for a refusal, where it has one that needs nothing filled in."""
    if desk.wording.has(reason) and not desk.wording.blanks(reason):
        return desk.wording(reason)
    return None
