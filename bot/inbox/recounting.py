"""Due times counted again when the calendar has changed: next year's holidays are known, or the hours are others.

Every ticket keeps by which calendar it was counted, so this may run as often as it likes, on any number of clocks.
"""

from sqlmodel import col, select

from bot import alarms, clocks, consequences, deadlines, telling
from bot.desk import Desk
from bot.events import write
from bot.moves import OPEN
from bot.owed import owe
from bot.services import Services
from bot.tickets import lock
from models import Chat, ChatKind, Ticket, TicketEvent

BATCH = 50  # tickets looked up at once


def recount(services: Services) -> int:
    """Count every open ticket again that was counted by another calendar. Each in a transaction of its own.

    Returns how many.
    """
    services = services.pinned()
    done = last = 0
    while True:
        with services.reading() as session:
            counted = deadlines.work(services.settings).fingerprint
            stale = select(Ticket.id).where(
                col(Ticket.id) > last,
                col(Ticket.status).in_(list(OPEN)),
                col(Ticket.danger).is_(None),
                col(Ticket.calendar).is_distinct_from(counted),
            )
            found = list(session.exec(stale.order_by(col(Ticket.id)).limit(BATCH)))
        if not found:
            return done
        for ticket_id in found:
            done += _one(services, ticket_id)
        last = found[-1]


def _one(services: Services, ticket_id: int) -> bool:
    with services.transaction() as session:
        desk = services.desk(session)
        ticket = session.get_one(Ticket, ticket_id)
        lock(session, ticket.community_id)
        session.refresh(ticket)
        if ticket.status not in OPEN or ticket.calendar == deadlines.work(desk.settings).fingerprint:
            return False
        before = ticket.accept_due_at, ticket.resolve_due_at
        deadlines.count(desk, ticket)
        if (ticket.accept_due_at, ticket.resolve_due_at) != before:
            event = write(desk, ticket, "recounted", consequences.SERVICE)
            alarms.wind(desk, ticket, event.id)
            if before[1] is not None and ticket.resolve_due_at is not None and before[1] < ticket.resolve_due_at:
                _tell(desk, ticket, event)
        return True


def _tell(desk: Desk, ticket: Ticket, event: TicketEvent) -> None:
    """Who was promised a word by a day that turned out to be a holiday hears of it, in private and not at night.

    No group was told a day.
    """
    if ticket.silent:
        return
    morning = clocks.after_silence(desk.now, desk.settings.hours, desk.settings.zone)
    for chat_id in sorted(telling.reporters_chats(desk, ticket)):
        chat = desk.session.get_one(Chat, chat_id)
        if chat.kind == ChatKind.PRIVATE:
            text = desk.wording("recounted", **telling.matter_words(desk, ticket))
            owe(desk, key=f"event:{event.id}:{chat.id}", chat=chat, text=text, ticket=ticket, event=event,
                due_at=morning)  # fmt: skip
