"""Solved, and looked at again on a day: 30天后再看看. And what is answered then: 没好 opens it again."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from bot import again, confided, consequences, permits
from bot.inbox import filing, which
from bot.inbox.hearing import Hearing
from bot.moves import NotAllowed, Verb, may_reopen
from bot.places import Place
from bot.tickets import Matter, act, join, lock, open_ticket
from intents import again as days
from intents.verdict import Command
from models import Area, ChatKind, Community, Outgoing, OutgoingState, Ticket, TicketEvent

LATELY = timedelta(days=1)  # the matter they solved since, where no number is said
ANSWERED_WITHIN = timedelta(days=7)
NOT_FIXED = frozenset({"unsatisfied", "no"})
FIXED = frozenset({"confirm", "yes"})


def handle(h: Hearing, command: Command) -> bool:
    """Set the day for the solved matter that is meant: numbered, quoted, or the last they solved here."""
    read = days.read(h.verdict.text, _local(h))
    found = _meant(h, command.number)
    if read is None or found is None or h.chat.kind == ChatKind.RESIDENTS:
        return False
    ticket = _locked(h, found)
    try:
        if permits.handler_post(h.desk, ticket, h.actor.person_id, chat_id=h.chat.id) is None:
            raise NotAllowed("not_yours")
        again.set_on(h.desk, ticket, read[0], h.actor, h.verdict.text)
    except NotAllowed as refusal:
        return _refuse(h, ticket, refusal)
    if h.private or not ticket.private:
        h.answer_about("look_again_set", ticket, day=f"{read[0].month}月{read[0].day}日")
    return True


def answered(h: Hearing) -> bool:
    """An ear: what whoever was reminded says of it. 没好 opens it again; that it is fine is written down."""
    if h.chat.kind == ChatKind.RESIDENTS or not h.posts:
        return False
    command = h.understanding.resident(h.verdict.text)
    if command is None or command.verb not in NOT_FIXED | FIXED:
        return False
    found = _reminded_of(h, command)
    if found is None or permits.handler_post(h.desk, found, h.actor.person_id, chat_id=h.chat.id) is None:
        return False
    ticket = _locked(h, found)
    if ticket.status not in again.SOLVED:
        return False
    if command.verb in FIXED:
        again.write_fine(h.desk, ticket, h.actor)
        if h.private or not ticket.private:
            h.answer_about("looked_fine", ticket)
        return True
    opened = _open_again(h, ticket, command.note or h.verdict.text)
    if h.private or not ticket.private:
        h.answer_about("looked_reopened", opened)
    return True


def _refuse(h: Hearing, ticket: Ticket, refusal: NotAllowed) -> bool:
    if h.private and refusal.reason == "not_yours":
        h.answer("not_yours", number=ticket.number)
    elif h.private:
        h.answer_about(refusal.reason, ticket)
    return True


def _open_again(h: Hearing, ticket: Ticket, note: str) -> Ticket:
    """Reopened on their word; a matter closed too long ago for that is opened anew, as theirs."""
    voice = filing.voice(h, h.verdict)
    if may_reopen(ticket.closed_at, h.now, h.desk.settings.times.reopen_days):
        join(h.desk, ticket, voice)
        act(h.desk, ticket, Verb.REOPEN, h.actor, note=note)
        return ticket
    area = h.session.get_one(Area, ticket.area_id)
    matter = Matter(
        ticket.intent,
        ticket.category,
        ticket.matter,
        Place(area, ticket.building, ticket.unit, ticket.location),
        area,
        private=ticket.private,
        recused=tuple(ticket.recused_person_ids),
        origin=ticket.origin,
    )
    opened, _ = open_ticket(h.desk, h.session.get_one(Community, ticket.community_id), matter, voice)
    whom = confided.whom(h.session, ticket)
    act(h.desk, opened, Verb.DISPATCH, consequences.SERVICE, target_name=whom)
    return opened


def _meant(h: Hearing, number: int | None) -> Ticket | None:
    if number is not None:
        found = which.numbered(h, number)
        return found[0] if len(found) == 1 else None
    said = which.quoted(h)
    if said is not None:
        return said
    solved = (
        select(Ticket)
        .join(TicketEvent, col(TicketEvent.ticket_id) == col(Ticket.id))
        .where(
            TicketEvent.kind == "resolved",
            TicketEvent.account_id == h.account.id,
            TicketEvent.chat_id == h.chat.id,
            TicketEvent.at >= h.now - LATELY,
        )
        .order_by(col(TicketEvent.id).desc())
    )
    return h.session.exec(solved).first()


def _reminded_of(h: Hearing, command: Command) -> Ticket | None:
    """The matter they were asked to look at: numbered, quoted, or what this chat was shown last."""
    if command.number is not None or h.line.reply_to:
        found = _meant(h, command.number)
    else:
        shown = select(Outgoing).where(Outgoing.chat_id == h.chat.id, Outgoing.state == OutgoingState.DONE)
        last = h.session.exec(shown.order_by(col(Outgoing.sent_at).desc(), col(Outgoing.id).desc())).first()
        event = h.session.get(TicketEvent, last.event_id) if last is not None and last.event_id else None
        found = h.session.get(Ticket, event.ticket_id) if event and event.kind == again.REMINDED else None
    if found is None:
        return None
    reminded = select(TicketEvent.id).where(
        TicketEvent.ticket_id == found.id,
        TicketEvent.kind == again.REMINDED,
        TicketEvent.at >= h.now - ANSWERED_WITHIN,
    )
    return found if h.session.exec(reminded).first() is not None else None


def _locked(h: Hearing, ticket: Ticket) -> Ticket:
    lock(h.session, ticket.community_id)
    h.session.refresh(ticket)
    h.row.ticket_id = ticket.id
    return ticket


def _local(h: Hearing) -> datetime:
    return h.now.astimezone(h.desk.settings.zone)
