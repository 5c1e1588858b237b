"""Who may move a ticket. Rights come from posts in force at the ticket's area or above it, and from nothing else."""

from dataclasses import dataclass

from sqlalchemy import or_
from sqlmodel import col, select

from bot import confided
from bot.about import LINKED_DANGERS
from bot.desk import Desk
from bot.endings import MISSING
from bot.moves import NotAllowed, Verb
from bot.people import covers, person_of, posts_of
from bot.routing import HANDLERS, LADDER, OFFICE
from bot.takers import asked_of, is_taker, order_of
from models import Account, Area, CallKind, Chat, ChatKind, CoHandler, Intent, Post, Report, Role, Ticket, TicketEvent

# What a reporter may do to what they reported.
REPORTERS = frozenset({Verb.CONFIRM, Verb.REOPEN, Verb.WITHDRAW})
# What whoever took on a neighbour's request may say about it.
HELPERS = frozenset({Verb.PROGRESS, Verb.RESOLVE, Verb.REFUSE, Verb.ESCALATE})
# What whoever was called to a ticket may do beside its holder; a transferred one they may also hand back.
CO_HANDLERS = frozenset({Verb.ACCEPT, Verb.ATTEND, Verb.PROGRESS, Verb.RESOLVE})
# What the office alone may do.
OFFICE_VERBS = frozenset({Verb.DECLINE, Verb.GIVE})
# What the service and the clock do by themselves.
SERVICE = frozenset({Verb.DISPATCH, Verb.ANSWER, Verb.CLOSE})


@dataclass(frozen=True)
class Actor:
    """Who acts, from where. All None: the service or its clock. staff: signed in, not in a chat."""

    account_id: int | None = None
    person_id: int | None = None
    post_id: int | None = None
    chat_id: int | None = None
    inbound_id: int | None = None
    staff: bool = False

    @property
    def service(self) -> bool:
        return self.account_id is None and self.person_id is None


def check(desk: Desk, ticket: Ticket, verb: Verb, actor: Actor) -> None:
    """Raises NotAllowed("not_yours") where this actor may not do this to this ticket."""
    if actor.service:
        return
    if verb == Verb.DISPATCH and handler_post(desk, ticket, actor.person_id, office=True) is not None:
        return  # domain.md: by the service, or by staff
    if verb in SERVICE:
        raise NotAllowed("not_yours", f"{verb} is the service's own")
    if verb in REPORTERS and is_reporter(desk, ticket, actor.account_id):
        return
    if verb == Verb.RESOLVE and ticket.danger in MISSING and is_reporter(desk, ticket, actor.account_id):
        return  # the family says that whoever was missing is there
    if verb == Verb.REOPEN and handler_post(desk, ticket, actor.person_id, office=True) is not None:
        return
    if verb in REPORTERS:
        raise NotAllowed("not_yours", f"{verb} is the reporter's")
    if verb == Verb.ACCEPT and may_help(desk, ticket, actor):
        return
    if verb == Verb.RELEASE:
        _check_release(desk, ticket, actor)
        return
    if verb in HELPERS and took_it(desk, ticket, actor.account_id):
        return
    own = called(desk, ticket, actor.person_id) if verb in CO_HANDLERS or verb == Verb.REFUSE else None
    if own is not None and (verb != Verb.REFUSE or own.kind == CallKind.TRANSFER):
        return
    post = handler_post(desk, ticket, actor.person_id, office=verb in OFFICE_VERBS, chat_id=actor.chat_id)
    if post is None:
        raise NotAllowed("not_yours", f"{verb} without a post for it")


def _check_release(desk: Desk, ticket: Ticket, actor: Actor) -> None:
    """A request for help is given back by whoever has it, or taken off them by staff; nothing else is given back so."""
    if ticket.intent != Intent.HELP:
        raise NotAllowed("move_not_possible", "release of what is no request for help")
    mine = took_it(desk, ticket, actor.account_id)
    if not mine and handler_post(desk, ticket, actor.person_id, office=True) is None:
        raise NotAllowed("not_yours", "release of what another has")


def is_reporter(desk: Desk, ticket: Ticket, account_id: int | None) -> bool:
    """Whether the ticket carries this account's voice, or that of another account of the same person."""
    if account_id is None:
        return False
    mine = accounts_of_same_person(desk, account_id)
    query = select(Report.id).where(
        Report.ticket_id == ticket.id, col(Report.account_id).in_(mine), col(Report.withdrawn_at).is_(None)
    )
    return desk.session.exec(query).first() is not None


def accounts_of_same_person(desk: Desk, account_id: int) -> list[int]:
    account = desk.session.get_one(Account, account_id)
    person_id = person_of(account)
    if person_id is None:
        return [account.id]
    return list(desk.session.exec(select(Account.id).where(Account.person_id == person_id)))


def handler_post(
    desk: Desk, ticket: Ticket, person_id: int | None, *, office: bool = False, chat_id: int | None = None
) -> Post | None:
    """The post by which this person may handle the ticket; None where there is none.

    office: only staff's posts count. A party never handles, a property company never a private matter; a private
    matter is for its holder (and former holders) and staff, one that was told to the secretary alone for the heads of
    the office; a silent one for staff and duty alone.
    chat_id: where they speak. What was said openly in a group, its leader may settle there.
    """
    if person_id is None or person_id in ticket.recused_person_ids:
        return None
    area = desk.session.get_one(Area, ticket.area_id)
    today = desk.now.astimezone(desk.settings.zone).date()
    own = posts_of(desk.session, person_id, today)
    inside = [post for post in own if covers(desk.session.get_one(Area, post.area_id), area)]
    roles = _office(desk, ticket) if office else _roles(desk, ticket) | _openly(desk, ticket, chat_id)
    fit = [post for post in inside if post.role in roles]
    if fit:
        return next((post for post in fit if post.id == ticket.holder_post_id), fit[0])
    if office or ticket.silent:
        return None
    held = {ticket.holder_post_id, *ticket.former_post_ids}
    return next((post for post in own if post.id in held), None)


def called(desk: Desk, ticket: Ticket, person_id: int | None) -> CoHandler | None:
    """The call by which this person is a co-handler of the ticket; the latest, where there are several.

    Nobody is called to what is private or silent, and a party never.
    """
    if person_id is None or person_id in ticket.recused_person_ids or ticket.private or ticket.silent:
        return None
    return next((row for row in calls_to(desk, person_id) if row.ticket_id == ticket.id), None)


def calls_to(desk: Desk, person_id: int | None) -> list[CoHandler]:
    """The calls to an organisation or a post of this person that are neither excused nor called off, latest first."""
    if person_id is None:
        return []
    own = posts_of(desk.session, person_id, desk.now.astimezone(desk.settings.zone).date())
    organisations = [post.organisation_id for post in own if post.organisation_id is not None]
    theirs = or_(
        col(CoHandler.organisation_id).in_(organisations), col(CoHandler.post_id).in_([post.id for post in own])
    )
    query = (
        select(CoHandler)
        .where(theirs, col(CoHandler.refused_at).is_(None), col(CoHandler.called_off_at).is_(None))
        .order_by(col(CoHandler.id).desc())
    )
    return list(desk.session.exec(query)) if own else []


def _office(desk: Desk, ticket: Ticket) -> frozenset[Role]:
    return confided.HEADS if confided.to_heads(desk.session, ticket) else OFFICE


def _roles(desk: Desk, ticket: Ticket) -> frozenset[Role]:
    if ticket.silent:
        return OFFICE | {Role.DUTY}
    if ticket.private:  # whoever it was given to has it by their post: see handler_post
        return _office(desk, ticket)
    if ticket.danger in LINKED_DANGERS:
        return HANDLERS | OFFICE | {Role.LINKED_MEMBER}
    return HANDLERS | OFFICE


def _openly(desk: Desk, ticket: Ticket, chat_id: int | None) -> frozenset[Role]:
    if chat_id is None or ticket.silent or confided.to_heads(desk.session, ticket):
        return frozenset()
    said = (
        select(Report.id)
        .join(Chat, col(Chat.id) == col(Report.chat_id))
        .where(Report.ticket_id == ticket.id, Report.chat_id == chat_id, Chat.kind != ChatKind.PRIVATE)
    )
    return frozenset(LADDER) if desk.session.exec(said).first() is not None else frozenset()


def took_it(desk: Desk, ticket: Ticket, account_id: int | None) -> bool:
    """On help: whether this person is the one who took it on (a neighbour or volunteer without a handler's post)."""
    if ticket.intent != Intent.HELP or account_id is None:
        return False
    if order_of(desk.session, ticket.id) is not None:
        return is_taker(desk.session, ticket.id, account_id)
    taken = (  # accepted before it was known as an order, or a wish to speak to a person
        select(TicketEvent.account_id)
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == "accepted")
        .order_by(col(TicketEvent.id).desc())
    )
    return desk.session.exec(taken).first() in accounts_of_same_person(desk, account_id)


def may_help(desk: Desk, ticket: Ticket, actor: Actor) -> bool:
    """On help any volunteer of the place, or a neighbour of a chat it was said in, except whoever asked."""
    if ticket.intent != Intent.HELP or ticket.danger or is_reporter(desk, ticket, actor.account_id):
        return False
    if actor.person_id is not None and ticket.id in asked_of(desk.session, actor.person_id):
        return True
    if actor.person_id is not None:
        area = desk.session.get_one(Area, ticket.area_id)
        today = desk.now.astimezone(desk.settings.zone).date()
        for post in posts_of(desk.session, actor.person_id, today):
            if post.role == Role.VOLUNTEER and covers(desk.session.get_one(Area, post.area_id), area):
                return True
    if actor.chat_id is None or ticket.private:
        return False
    said = select(Report.id).where(Report.ticket_id == ticket.id, Report.chat_id == actor.chat_id)
    return desk.session.exec(said).first() is not None
