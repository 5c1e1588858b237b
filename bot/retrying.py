"""A person says: try it again. What was given up or waits for its turn is due now, and counts its attempts anew."""

from bot.bell import INBOUND, OUTGOING
from bot.desk import Desk
from bot.owed import note_bell
from models import Inbound, InboundState, Outgoing, OutgoingState


def message(desk: Desk, row: Inbound) -> bool:
    """Understand a stored message again, at once. False where it was understood, or nothing of it is left."""
    if row.state == InboundState.DONE or row.line is None:
        return False
    row.state, row.due_at, row.attempts = InboundState.PENDING, desk.now, 0
    desk.session.add(row)
    note_bell(desk.session, INBOUND)
    return True


def line(desk: Desk, row: Outgoing) -> bool:
    """Send a line again, at once. False where it was sent or taken back, or has no chat to go to."""
    if row.chat_id is None or row.state in (OutgoingState.DONE, OutgoingState.CANCELLED):
        return False
    row.state, row.due_at, row.attempts, row.error = OutgoingState.QUEUED, desk.now, 0, None
    desk.session.add(row)
    note_bell(desk.session, OUTGOING)
    return True
