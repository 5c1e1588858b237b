"""A ticket's life: opening, joining, and every move. Reads as the list of what can happen to one."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot import aftermath, alarms, claims, contradictions, deadlines, five, holders, orders, permits, undoing
from bot.consequences import CONSEQUENCES, remind
from bot.desk import Desk
from bot.events import write
from bot.masking import masked
from bot.moves import MOVES, OPEN, NotAllowed, Verb, may_reopen, target
from bot.permits import Actor
from bot.places import Place
from intents.normalise import in_chinese
from models import (
    Account,
    Area,
    Chat,
    Community,
    Inbound,
    Intent,
    Origin,
    Report,
    Status,
    Ticket,
    TicketEvent,
)

__all__ = ["Actor", "Matter", "Voice", "act", "join", "lock", "open_ticket", "register", "withdraw_voice"]

# Statuses of a ticket that nobody has taken in this round: resolving one writes the acceptance first.
_UNTAKEN = (Status.NEW, Status.DISPATCHED, Status.REOPENED)


@dataclass(frozen=True)
class Voice:
    """One resident's words on a matter."""

    account: Account | None
    chat: Chat | None
    inbound: Inbound | None
    words: str
    at: datetime
    room: str | None = None
    phone: str | None = None
    for_neighbour: bool = False


@dataclass(frozen=True)
class Matter:
    """What a new ticket is about. `words` is fit for a group."""

    intent: Intent
    category: str
    words: str
    place: Place
    area: Area
    urgent: bool = False
    danger: str | None = None
    private: bool = False
    silent: bool = False
    recused: tuple[int, ...] = ()
    origin: Origin = Origin.REPORT
    duty_id: int | None = None  # of the recurring duty that fell due


def lock(session: Session, community_id: int) -> Community:
    """Hold the community's row: whoever may open, join or move one of its tickets does this first.

    PostgreSQL: FOR UPDATE. SQLite needs no more than the BEGIN IMMEDIATE the transaction began with.
    """
    query = select(Community).where(Community.id == community_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one()


def open_ticket(desk: Desk, community: Community, matter: Matter, voice: Voice) -> tuple[Ticket, TicketEvent]:
    """Open a ticket in a locked community, with its first voice and its event. Not yet dispatched."""
    ticket = register(desk, community, matter, voice)
    _add_report(desk, ticket, voice)
    event = write(desk, ticket, "opened", _actor_of(voice))
    contradictions.keep(desk, ticket, matter.place, _actor_of(voice))
    return ticket, event


def register(desk: Desk, community: Community, matter: Matter, voice: Voice) -> Ticket:
    """A new ticket with its number, for a voice that is written down elsewhere. No event yet."""
    year, number = _next_number(desk, community)
    ticket = Ticket(
        ref=f"{year}-{community.code}-{number}",
        number=number,
        year=year,
        community_id=community.id,
        intent=matter.intent,
        category=matter.category,
        danger=matter.danger,
        urgent=matter.urgent or matter.danger is not None,
        private=matter.private or matter.silent,
        silent=matter.silent,
        area_id=matter.area.id,
        building=matter.place.building,
        unit=matter.place.unit,
        room=voice.room,
        location=matter.place.location,
        matter=matter.words[:200],
        recused_person_ids=list(matter.recused),
        need=masked(voice.words),
        origin=matter.origin,
        duty_id=matter.duty_id,
        opened_at=voice.at,
        last_report_at=voice.at,
    )
    deadlines.open_(desk, ticket, voice.at)
    desk.session.add(ticket)
    desk.session.flush()
    return ticket


def join(desk: Desk, ticket: Ticket, voice: Voice) -> tuple[Report, bool]:
    """Add a voice to an open ticket. The same person again is the same report; returns it and whether it is new."""
    ticket.last_report_at = max(ticket.last_report_at, voice.at)
    ticket.room = ticket.room or voice.room
    _supplied(desk, ticket, voice)
    if voice.inbound is not None:
        voice.inbound.ticket_id = ticket.id
    own = _own_report(desk, ticket, voice.account)
    if own is not None:
        own.words = f"{own.words or ''}\n{masked(voice.words)}".strip()
        own.room, own.phone = own.room or voice.room, own.phone or voice.phone
        orders.told_more(desk, ticket, voice.words)
        return own, False
    report = _add_report(desk, ticket, voice)
    orders.told_more(desk, ticket, voice.words)
    write(desk, ticket, "joined", _actor_of(voice))
    return report, True


def act(
    desk: Desk,
    ticket: Ticket,
    verb: Verb,
    actor: Actor,
    *,
    note: str = "",
    target_name: str | None = None,
    second: str | None = None,
    until: datetime | None = None,
    said: str = "",
) -> TicketEvent:
    """Move a ticket, and owe everybody what follows. The caller holds the community's lock.

    note: what was said beside it. target_name: whom a transfer goes to; the id of the post it is given to. second: who
    agrees to declining. until: when a pause or a wait ends. said: all that was said, where the note is a part of it.
    Raises NotAllowed where the table or the actor's posts forbid it.
    """
    if verb == Verb.UNDO:
        event = undoing.undo(desk, ticket, actor)
        aftermath.undone(desk, ticket, event, actor)
        return event
    permits.check(desk, ticket, verb, actor)
    note = in_chinese(note)
    if verb == Verb.ACCEPT:
        claims.guard(desk, ticket, actor)
    new = target(verb, ticket.status)
    _require(desk, ticket, verb, note, second)
    if verb == Verb.GIVE:
        holders.chosen(desk, ticket, target_name)
    was = undoing.snapshot(ticket)
    if verb == Verb.ACCEPT:
        claims.claim(desk, ticket, actor)
    if verb == Verb.RESOLVE and ticket.status in _UNTAKEN:
        before, ticket.status = ticket.status, Status.ACCEPTED
        write(desk, ticket, "accepted", actor, old=before, was=was)
    old, ticket.status = ticket.status, new
    event = write(desk, ticket, MOVES[verb].kind, actor, old=old, note=note or None, was=was)
    now = desk.now.astimezone(desk.settings.zone)
    _keep(ticket, verb, now, note)
    five.fill(ticket, verb, now, said or note)
    aftermath.clocks(desk, ticket, verb, event, until)
    CONSEQUENCES[verb](desk, ticket, event, actor, note, target_name)
    aftermath.of(desk, ticket, verb, event, actor, note=note, said=said or note)
    return event


def withdraw_voice(desk: Desk, ticket: Ticket, actor: Actor) -> bool:
    """Take back this actor's own voice. The ticket itself is withdrawn with its last one (True)."""
    if actor.account_id is None:
        raise NotAllowed("not_yours", "nobody's voice")
    mine = permits.accounts_of_same_person(desk, actor.account_id)
    open_voices = list(
        desk.session.exec(select(Report).where(Report.ticket_id == ticket.id, col(Report.withdrawn_at).is_(None)))
    )
    if any(report.account_id not in mine for report in open_voices):
        for report in open_voices:
            if report.account_id in mine:
                report.withdrawn_at = desk.now
        write(desk, ticket, "voice_withdrawn", actor)
        return False
    act(desk, ticket, Verb.WITHDRAW, actor)
    for report in open_voices:
        report.withdrawn_at = desk.now
    return True


def is_open(ticket: Ticket) -> bool:
    return ticket.status in OPEN


def _next_number(desk: Desk, community: Community) -> tuple[int, int]:
    year = desk.now.astimezone(desk.settings.zone).year
    if community.number_year != year:
        community.number_year, community.last_number = year, 0
    community.last_number += 1
    desk.session.add(community)
    return year, community.last_number


def _add_report(desk: Desk, ticket: Ticket, voice: Voice) -> Report:
    report = Report(
        ticket_id=ticket.id,
        origin_ticket_id=ticket.id,
        account_id=voice.account.id if voice.account else None,
        inbound_id=voice.inbound.id if voice.inbound else None,
        chat_id=voice.chat.id if voice.chat else None,
        at=voice.at,
        words=masked(voice.words),
        room=voice.room,
        phone=voice.phone,
        for_neighbour=voice.for_neighbour,
    )
    if voice.inbound is not None:
        voice.inbound.ticket_id = ticket.id
    desk.session.add(report)
    desk.session.flush()
    return report


def _own_report(desk: Desk, ticket: Ticket, account: Account | None) -> Report | None:
    if account is None:
        return None
    mine = permits.accounts_of_same_person(desk, account.id)
    query = select(Report).where(
        Report.ticket_id == ticket.id, col(Report.account_id).in_(mine), col(Report.withdrawn_at).is_(None)
    )
    return desk.session.exec(query).first()


def _actor_of(voice: Voice) -> Actor:
    return Actor(
        account_id=voice.account.id if voice.account else None,
        person_id=voice.account.person_id if voice.account else None,
        chat_id=voice.chat.id if voice.chat else None,
        inbound_id=voice.inbound.id if voice.inbound else None,
    )


def _supplied(desk: Desk, ticket: Ticket, voice: Voice) -> None:
    """What was waited for has come: the clock goes on, and whoever waits hears of it."""
    if ticket.status == Status.WAITING and deadlines.stands(ticket, desk.now):
        deadlines.go_on(desk, ticket)
        event = write(desk, ticket, "supplied", _actor_of(voice))
        alarms.wind(desk, ticket, event.id)
        remind(desk, ticket, event, "card_supplied")


def _require(desk: Desk, ticket: Ticket, verb: Verb, note: str, second: str | None) -> None:
    if verb == Verb.REOPEN and not may_reopen(ticket.closed_at, desk.now, desk.settings.times.reopen_days):
        raise NotAllowed("reopen_too_late")
    if verb in (Verb.PAUSE, Verb.DECLINE, Verb.REFUSE) and not note:
        raise NotAllowed("reason_missing")
    if verb == Verb.DECLINE and not second:
        raise NotAllowed("second_person_missing")


def _keep(ticket: Ticket, verb: Verb, now: datetime, note: str) -> None:
    """What a move writes on the ticket itself."""
    if verb in (Verb.ATTEND, Verb.RESOLVE) and ticket.attended_at is None:
        ticket.attended_at = now
    if verb in (Verb.RESOLVE, Verb.ANSWER):
        ticket.resolved_at = now
    if verb in (Verb.CONFIRM, Verb.CLOSE):
        ticket.resolved_at, ticket.closed_at = ticket.resolved_at or now, now
    if verb == Verb.REOPEN:
        ticket.resolved_at = ticket.closed_at = ticket.look_again_on = None
