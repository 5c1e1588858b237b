"""After the kills: what the senders were promised against what the rows and the phones hold."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from models import (
    Area,
    Chat,
    Inbound,
    InboundState,
    Outgoing,
    OutgoingState,
    Report,
    Ticket,
    TicketEvent,
    Timer,
)
from tests.faults.voices import Told


@dataclass
class Outcome:
    """`wrong`: every broken promise, in words. `figures`: what was counted."""

    wrong: list[str] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)

    def expect(self, holds: object, complaint: str) -> None:
        if not holds:
            self.wrong.append(complaint)


def reconcile(session: Session, told: Sequence[Told], seen: Mapping[str, tuple[str, str]]) -> Outcome:
    """Compare everything with everything. seen: message id -> (chat, text) at the stand-in platforms."""
    outcome = Outcome()
    rows = list(session.exec(select(Inbound)))
    _answers(outcome, told)
    _rows(outcome, told, rows)
    _tickets(outcome, session, told, rows)
    _effects(outcome, session)
    _lines(outcome, session, seen)
    outcome.figures |= {
        "messages": len(told),
        "taken": sum(one.taken > 0 for one in told),
        "tellings": sum(one.tries for one in told),
        "told again without an answer": sum(one.tries - one.taken for one in told),
        "told again though answered": sum(max(0, one.taken - 1) for one in told),
        "rows": len(rows),
        "kept pending first": sum(row.attempts > 0 for row in rows),
    }
    return outcome


def still_moving(session: Session) -> int:
    """How many rows are not settled yet."""
    waiting = (OutgoingState.QUEUED, OutgoingState.PARKED)
    lines = session.exec(select(Outgoing.id).where(col(Outgoing.state).in_(waiting))).all()
    messages = session.exec(select(Inbound.id).where(Inbound.state == InboundState.PENDING)).all()
    return len(lines) + len(messages)


def _answers(outcome: Outcome, told: Sequence[Told]) -> None:
    """A genuine message is taken, or hears an empty 503 or nothing at all; told again, it is answered the same."""
    for one in told:
        name = f"message {one.message.id}"
        strange = set(one.statuses) - {0, 200, 204, 503}
        outcome.expect(not strange, f"{name} was answered {sorted(strange)}")
        outcome.expect(one.taken, f"{name} was never taken, in {one.tries} tries")
        outcome.expect(len(set(one.answers)) < 2, f"{name} was answered differently the second time")


def _rows(outcome: Outcome, told: Sequence[Told], rows: Sequence[Inbound]) -> None:
    """None missing, none twice, none left behind, none that nobody sent."""
    found = Counter(row.message_id for row in rows)
    for one in told:
        if one.taken:
            outcome.expect(found[one.message.id] == 1, f"message {one.message.id}: {found[one.message.id]} rows")
    outcome.expect(set(found) <= {one.message.id for one in told}, "rows that nobody sent")
    for row in rows:
        outcome.expect(row.state == InboundState.DONE, f"row {row.id} is {row.state}: {row.error}")


def _tickets(outcome: Outcome, session: Session, told: Sequence[Told], rows: Sequence[Inbound]) -> None:
    """One ticket a matter; everybody who told it is on it, once."""
    ticket_of = {row.message_id: row.ticket_id for row in rows}
    late = _said_later(session, rows)
    matters: dict[tuple[str, str], list[Told]] = {}
    for one in told:
        matter = one.message.matter
        if matter is None:
            outcome.expect(ticket_of.get(one.message.id) is None, f"chatter {one.message.id} made a ticket")
        elif one.taken:
            matters.setdefault((matter.unit.code, matter.category), []).append(one)
    codes = {area.id: area.code for area in session.exec(select(Area))}
    tickets = list(session.exec(select(Ticket)))
    made = Counter((codes[ticket.area_id], ticket.category) for ticket in tickets)
    for key, voices in matters.items():
        outcome.expect(made[key] == 1, f"{key}: {made[key]} tickets for {len(voices)} voices")
    outcome.expect(set(made) <= set(matters), f"tickets nobody asked for: {sorted(set(made) - set(matters))}")
    reports = Counter(session.exec(select(Report.ticket_id)))
    numbers = {ticket.id: ticket.number for ticket in tickets}
    for key, voices in matters.items():
        ids = {ticket_of.get(one.message.id) for one in voices}
        outcome.expect(len(ids) == 1 and None not in ids, f"{key}: its voices are on tickets {ids}")
        number = next(iter(ids))
        if number is not None:
            outcome.expect(reports[number] == len(voices), f"{key}: {reports[number]} reports, {len(voices)} voices")
            _receipts(outcome, voices, numbers.get(number), late)
    outcome.expect(sorted(numbers.values()) == list(range(1, len(tickets) + 1)), "ticket numbers have gaps")
    outcome.figures |= {"tickets": len(tickets), "voices": sum(map(len, matters.values()))}


def _said_later(session: Session, rows: Sequence[Inbound]) -> dict[str | None, str]:
    """What was said on their own phone to those whose message was kept first and understood after its request."""
    said: dict[int | None, str] = {}
    for line in session.exec(select(Outgoing).where(Outgoing.state == OutgoingState.DONE)):
        said[line.chat_id] = said.get(line.chat_id, "") + line.text
    return {row.message_id: said.get(row.chat_id, "") for row in rows if row.attempts > 0}


def _receipts(outcome: Outcome, voices: Sequence[Told], number: int | None, late: Mapping[str | None, str]) -> None:
    """The answer names the ticket: it rode on the 200, or was pushed later where the message was only kept at first."""
    for one in voices:
        pushed = str(number) in late.get(one.message.id, "")
        outcome.figures["answered later"] = outcome.figures.get("answered later", 0) + pushed
        for answer in one.answers:
            if answer is None and pushed:
                continue
            outcome.expect(
                answer is not None and str(number) in answer, f"message {one.message.id} was answered {answer!r}"
            )


def _effects(outcome: Outcome, session: Session) -> None:
    """With every ticket its events, its timers and its leader's card, each once."""
    events = Counter(session.exec(select(TicketEvent.ticket_id, TicketEvent.kind)).all())
    timers = Counter(session.exec(select(Timer.ticket_id)))
    cards = Counter(
        session.exec(select(Outgoing.ticket_id).where(col(Outgoing.post_id).is_not(None), Outgoing.first_id == None))  # noqa: E711
    )
    for ticket in session.exec(select(Ticket)):
        for kind in ("opened", "dispatched"):
            count = events[ticket.id, kind]
            outcome.expect(count == 1, f"ticket {ticket.number}: {count} events {kind}")
        outcome.expect(timers[ticket.id] > 0, f"ticket {ticket.number} has no timer")
        outcome.expect(cards[ticket.id] > 0, f"ticket {ticket.number}: nobody is owed its card")


def _lines(outcome: Outcome, session: Session, seen: Mapping[str, tuple[str, str]]) -> None:
    """Every line owed was seen where it was owed, at least once; and nothing was said that was not owed."""
    chats = {chat.id: chat for chat in session.exec(select(Chat))}
    shown = Counter(seen.values())
    owed: Counter[tuple[str, str]] = Counter()
    for line in session.exec(select(Outgoing)):
        outcome.expect(line.state == OutgoingState.DONE, f"line {line.id} is {line.state}: {line.error}")
        outcome.expect(line.undelivered_at is None, f"line {line.id} is on the undelivered list")
        chat = chats.get(line.chat_id or 0)
        if chat is not None and chat.channel == "onebot":
            owed[chat.external_id, line.text] += 1
    for (where, text), count in owed.items():
        outcome.expect(shown[where, text] >= count, f"{where} saw {shown[where, text]} of {count}: {text[:30]}")
    outcome.expect(set(shown) <= set(owed), "lines were said that nobody owed")
    outcome.figures |= {
        "lines owed": sum(owed.values()),
        "lines seen": sum(shown.values()),
        "lines seen twice": (shown - owed).total(),
    }
