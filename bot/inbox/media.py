"""Photos, voice, places on a map, brought to the matter they belong to. bot.attachments fetches them then."""

from datetime import timedelta

from sqlmodel import col, select

from bot import consequences
from bot.channels import Kind
from bot.events import write
from bot.inbox import asking, matters, proof, questions, which
from bot.inbox.hearing import Hearing
from bot.moves import OPEN
from bot.permits import accounts_of_same_person
from models import Report, Ticket

BELONGS_WITHIN = timedelta(minutes=30)  # a photo after a report is about that report


def handle(h: Hearing) -> bool:
    """Deal with what has no words. False where the platform gave words: they are heard like any other."""
    if h.line.text and h.line.kind in (Kind.VOICE, Kind.FILE):
        return False
    if h.line.kind == Kind.VOICE:
        return _voice(h)
    if h.line.kind == Kind.LOCATION:
        return _location(h)
    return _photo(h)


def _voice(h: Hearing) -> bool:
    """Nobody must be lost in a voice message: a person listens to it within minutes."""
    if h.private:
        matters.to_person(h, "voice", h.desk.wording("matter_voice"), "voice_unheard")
    return True


def _photo(h: Hearing) -> bool:
    ticket = which.quoted(h) or proof.latest(h) or _recent(h)
    if ticket is not None:
        h.row.ticket_id = ticket.id
        write(h.desk, ticket, "photo", h.actor)
        if h.private:
            h.answer_about("photo_kept", ticket)
        return True
    if h.private:
        asking.ask(h, "photo", h.chat, {"inbound": h.row.id})
        h.answer("ask_photo")
    return True


def _location(h: Hearing) -> bool:
    """A shared location answers "where?"; without a question it is kept for what comes next."""
    if not h.private:
        return True
    if questions.handle(h):
        return True
    ticket = _recent(h)
    if ticket is not None and not ticket.building:
        ticket.location = h.line.text[:200] or ticket.location
        h.row.ticket_id = ticket.id
        event = write(h.desk, ticket, "located", h.actor)
        consequences.remind(h.desk, ticket, event, "card_located")
        h.answer_about("photo_kept", ticket)
        return True
    asking.ask(h, "photo", h.chat, {"inbound": h.row.id, "location": h.line.text[:200]})
    h.answer("ask_location")
    return True


def _recent(h: Hearing) -> Ticket | None:
    """The speaker's own open matter of the last half hour, said in this chat."""
    mine = accounts_of_same_person(h.desk, h.account.id)
    query = (
        select(Ticket)
        .join(Report, col(Report.ticket_id) == col(Ticket.id))
        .where(
            col(Report.account_id).in_(mine),
            Report.chat_id == h.chat.id,
            col(Ticket.status).in_(list(OPEN)),
            Report.at >= h.line.said_at - BELONGS_WITHIN,
        )
        .order_by(col(Report.id).desc())
    )
    return h.session.exec(query).first()
