"""Door-to-door handling (上门代办): for whom, which papers, and when, asked one short question at a time.

The answers are whoever's who comes: shown with the address, and to staff. Without them the matter goes on all the same.
"""

from collections.abc import Callable, Mapping
from typing import Any

from bot import claims, offering, takers
from bot.events import write
from bot.inbox import asking
from bot.inbox.hearing import Hearing
from bot.masking import masked
from bot.moves import OPEN
from bot.tickets import lock
from intents.verdict import Command
from models import Intent, Mode, Order, Question, Ticket, TicketEvent

LONGEST = 120  # characters of an answer
ASKED: Mapping[str, str] = {
    "visit_who": "ask_visit_who",
    "visit_papers": "ask_visit_papers",
    "visit_when": "ask_visit_when",
}


def receipt(h: Hearing, ticket: Ticket) -> None:
    """The receipt of a request for help, in private: who is asked; and the first question, where papers are needed."""
    order = claims.of(h.desk, ticket) if claims.is_order(ticket) else None
    if order is None or order.mode == Mode.CLAIM:
        h.answer_about("receipt_help", ticket)
    elif order.mode == Mode.ASSIGN:
        h.answer_about("receipt_help_assign", ticket)
    else:
        h.answer_about("receipt_help_staff", ticket)
    if order is not None and order.visit:
        said = h.line.text
        order.visit_who = masked(said)[:LONGEST] if offering.TOLD_WHO.search(said) else None
        order.visit_when = masked(said)[:LONGEST] if offering.TOLD_WHEN.search(said) else None
        _ask_next(h, ticket, order)


def answered(h: Hearing, payload: dict[str, Any], question: Question) -> bool:
    """Whatever they say is the answer, unless it plainly is something else."""
    text = h.verdict.text.strip()
    if not text or len(text) > LONGEST or _something_else(h):
        return False
    ticket = h.session.get_one(Ticket, payload["ticket"])
    lock(h.session, ticket.community_id)
    h.session.refresh(ticket)
    order = takers.order_of(h.session, ticket.id)
    if order is None or ticket.status not in OPEN:
        return False
    h.row.ticket_id = ticket.id
    setattr(order, question.kind, masked(h.line.text or text)[:LONGEST])
    h.session.flush()
    if not _ask_next(h, ticket, order):
        h.answer_about("visit_answers_kept", ticket)
        _tell_whoever_comes(h, ticket)
    return True


def _something_else(h: Hearing) -> bool:
    """A command (人工, 不用来了), or surely another matter. 好 and 不用 are answers; so is a request for help."""
    command: Command | None = h.understanding.resident(h.verdict.text)
    if command is not None and command.verb not in ("yes", "no", "choice", "safe", "useful"):
        return True
    return h.verdict.sure and h.verdict.intent in (Intent.REPAIR, Intent.DISPUTE)


def _ask_next(h: Hearing, ticket: Ticket, order: Order) -> bool:
    """Ask what is not known yet, in private alone. False where nothing is left to ask."""
    missing = next((kind for kind in ASKED if getattr(order, kind) is None), None)
    if missing is None or not h.private:
        return False
    asking.ask(h, missing, h.chat, {"ticket": ticket.id})
    h.answer(ASKED[missing])
    return True


def _tell_whoever_comes(h: Hearing, ticket: Ticket) -> None:
    """Somebody has it already: they get the answers with the address, anew."""
    held = takers.taker(h.session, ticket.id)
    if held is None:
        return
    event: TicketEvent = write(h.desk, ticket, "corrected", h.actor)
    claims.tell_address(h.desk, ticket, held, f"event:{event.id}:address")


ANSWERS: Mapping[str, Callable[[Hearing, dict[str, Any], Question], bool]] = dict.fromkeys(ASKED, answered)
