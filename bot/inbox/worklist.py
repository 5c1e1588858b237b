"""Which tickets somebody's word can be about: what they may act on, and what they took on for a neighbour."""

from datetime import timedelta

from sqlmodel import col, select

from bot import claims, permits, takers, telling
from bot.events import ASIDE
from bot.inbox import voices
from bot.inbox.hearing import Hearing
from bot.moves import MOVES, OPEN, Verb
from bot.people import covers
from models import Area, ChatKind, Intent, Role, Status, Ticket, TicketEvent

WORKING = frozenset(Role) - {Role.AUDITOR, Role.DEPUTY, Role.OWNERS_COMMITTEE}
UNTAKEN = (Status.NEW, Status.DISPATCHED, Status.REOPENED)


def working(h: Hearing) -> bool:
    """Whether the speaker holds a post that works on matters."""
    return any(post.role in WORKING for post in h.posts)


def mine(h: Hearing) -> list[Ticket]:
    """The open tickets (and those resolved lately) this person may act on; in a group only what belongs to it."""
    areas = [h.session.get_one(Area, post.area_id) for post in h.posts if post.role in WORKING]
    since = h.now - timedelta(days=h.desk.settings.times.close_days)
    query = (
        select(Ticket)
        .where(col(Ticket.status).in_([*OPEN, Status.RESOLVED]), Ticket.last_report_at >= since - timedelta(days=60))
        .order_by(col(Ticket.id).desc())
        .limit(500)
    )
    calls = {row.ticket_id for row in permits.calls_to(h.desk, h.actor.person_id)}
    found = []
    asked = takers.asked_of(h.session, h.account.person_id)
    for ticket in h.session.exec(query):
        at = h.session.get_one(Area, ticket.area_id)
        held = ticket.holder_post_id in [post.id for post in h.posts]
        called = ticket.id in calls and permits.called(h.desk, ticket, h.actor.person_id) is not None
        mine_to_hear = held or called or ticket.id in asked or any(covers(area, at) for area in areas)
        if not mine_to_hear and not _took(h, ticket):
            continue
        post = permits.handler_post(h.desk, ticket, h.account.person_id, chat_id=h.chat.id)
        if called or post is not None or _may_help(h, ticket):
            found.append(ticket)
    return _nearest(h, found)


def _may_help(h: Hearing, ticket: Ticket) -> bool:
    if (
        ticket.status in UNTAKEN
        and permits.may_help(h.desk, ticket, h.actor)
        and claims.claimable(h.desk, ticket, h.actor)
    ):
        return True
    return _took(h, ticket)


def _took(h: Hearing, ticket: Ticket) -> bool:
    return permits.took_it(h.desk, ticket, h.account.id)


def _nearest(h: Hearing, tickets: list[Ticket]) -> list[Ticket]:
    """In a residents' group what was said there; else what this person holds; else all that they may act on."""
    if h.chat.kind == ChatKind.RESIDENTS:
        here = [t for t in tickets if h.chat.id in telling.reporters_chats(h.desk, t)]
        if here:
            return here
        area = h.session.get(Area, h.chat.area_id) if h.chat.area_id else None
        return [t for t in tickets if area and covers(area, h.session.get_one(Area, t.area_id)) and not t.private]
    if h.chat.kind == ChatKind.LEADERS:
        tickets = [t for t in tickets if not t.private]  # what was told in confidence is not listed where others read
    own = {post.id for post in h.posts}
    return [t for t in tickets if t.holder_post_id in own] or tickets


def fits(h: Hearing, ticket: Ticket, verb: Verb) -> bool:
    """Whether this reply can sensibly be about this ticket."""
    if verb == Verb.UNDO:
        last = h.session.exec(
            select(TicketEvent)
            .where(TicketEvent.ticket_id == ticket.id, col(TicketEvent.kind).not_in(ASIDE))
            .order_by(col(TicketEvent.id).desc())
        ).first()
        return last is not None and last.account_id == h.account.id and last.chat_id == h.chat.id
    if verb == Verb.ACCEPT and ticket.danger:
        return ticket.status in OPEN
    if permits.is_reporter(h.desk, ticket, h.account.id) and ticket.intent == Intent.HELP:
        return False
    return ticket.status in MOVES[verb].sources


def open_help(h: Hearing) -> list[Ticket]:
    """Requests for help said in this chat that nobody has taken on yet."""
    query = (
        select(Ticket)
        .where(
            Ticket.intent == Intent.HELP,
            col(Ticket.status).in_(UNTAKEN),
            col(Ticket.private).is_(False),
            col(Ticket.danger).is_(None),
        )
        .order_by(col(Ticket.id).desc())
        .limit(200)
    )
    return [t for t in h.session.exec(query) if h.chat.id in telling.reporters_chats(h.desk, t)]


def helping(h: Hearing) -> bool:
    """Whether a neighbour without a post has taken something on, and nothing of their own could be meant instead."""
    held = takers.held_by(h.session, voices.accounts(h))
    taken = select(Ticket.id).where(col(Ticket.id).in_(held), col(Ticket.status).in_(list(OPEN)))
    if h.session.exec(taken).first() is None:
        return False
    return not any(ticket.status in OPEN or ticket.status == Status.RESOLVED for ticket in voices.own(h))
