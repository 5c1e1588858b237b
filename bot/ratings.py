"""How it was: asked once, in private, at the right time; kept with its words; and no answer is 未评价.

behaviour.md, "Voice" and "Danger"; domain.md, "A ticket's life". What was said in answer is heard in bot.inbox.rating.
"""

from datetime import timedelta

from sqlmodel import col, select

from bot import alarms, clocks, deadlines, rated, telling
from bot.desk import Desk
from bot.permits import accounts_of_same_person
from models import (
    Account,
    AccountState,
    Chat,
    Intent,
    Outgoing,
    OutgoingState,
    Question,
    Rating,
    Report,
    Status,
    Ticket,
    TicketEvent,
)

ASK = "rating"  # a kind of Timer, and of Question


def set_clock(desk: Desk, ticket: Ticket, step: int) -> None:
    """It was said to be done: ask how it was when they have had time to look, and nobody sleeps."""
    at = desk.now + timedelta(hours=desk.settings.ratings.ask_hours)
    alarms.set_timer(desk, ticket, ASK, clocks.after_silence(at, desk.settings.hours, desk.settings.zone), step)


def ask(desk: Desk, ticket: Ticket) -> None:
    """The clock: ask everybody who reported it and has not said how it is. Once a report, whatever happens later."""
    if ticket.status != Status.RESOLVED or not may_ask(desk, ticket):
        return
    morning = clocks.after_silence(desk.now, desk.settings.hours, desk.settings.zone)
    if morning > desk.now:  # the clock stood still until night
        last = _resolved_by(desk, ticket)
        alarms.set_timer(desk, ticket, ASK, morning, -last.id if last else 0)
        return
    resolved = _resolved_by(desk, ticket)
    asked: set[int] = set()
    for report, account in _reports(desk, ticket):
        people = accounts_of_same_person(desk, account.id)
        chat = telling.private_chat(desk, account)
        own = resolved is not None and resolved.account_id in people  # whoever did it does not rate it
        if report.rating_asked_at is not None or report.for_neighbour or own or chat is None or chat.id in asked:
            continue
        asked.add(chat.id)
        _ask_one(desk, ticket, report, account, chat)


def may_ask(desk: Desk, ticket: Ticket) -> bool:
    """Never of a dispute, a danger, a silent matter, a wish to speak to a person, a bereavement."""
    if ticket.danger or ticket.silent or ticket.intent == Intent.DISPUTE or ticket.category in deadlines.OWN_CATEGORIES:
        return False
    words = select(Report.words).where(Report.ticket_id == ticket.id)
    said = [ticket.need, *desk.session.exec(words)]
    return not any(rated.speaks_of_death(text) for text in said if text)


def unask(desk: Desk, ticket: Ticket) -> None:
    """It is closed or open again: a question that has not reached them is not put, and none is waited for."""
    for line in desk.session.exec(
        select(Outgoing).where(Outgoing.ticket_id == ticket.id, col(Outgoing.key).startswith(f"{ASK}:"))
    ):
        if line.state in (OutgoingState.QUEUED, OutgoingState.PARKED) and line.attempts == 0:
            line.state, line.overdue_at = OutgoingState.CANCELLED, None
    waiting = select(Question).where(Question.kind == ASK, col(Question.answered_at).is_(None))
    accounts = [account.id for _, account in _reports(desk, ticket)]
    for question in desk.session.exec(waiting.where(col(Question.account_id).in_(accounts))):
        if question.payload.get("ticket") == ticket.id:
            question.answered_at = desk.now


def record(desk: Desk, ticket: Ticket, account_id: int, score: int, words: str) -> Rating:
    """Keep what somebody says of it; the last word of a person counts."""
    mine = accounts_of_same_person(desk, account_id)
    query = select(Rating).where(Rating.ticket_id == ticket.id, col(Rating.account_id).in_(mine))
    rating = desk.session.exec(query).first() or Rating(
        ticket_id=ticket.id, account_id=account_id, at=desk.now, score=score
    )
    rating.score, rating.words, rating.at = score, words[:200], desk.now
    desk.session.add(rating)
    desk.session.flush()
    return rating


def of(desk: Desk, ticket: Ticket) -> list[Rating]:
    """All that was said of it, oldest first."""
    query = select(Rating).where(Rating.ticket_id == ticket.id).order_by(col(Rating.id))
    return list(desk.session.exec(query))


def label(desk: Desk, ticket: Ticket) -> str:
    """How it was rated, in a word: the mean and how many, or 未评价. Of what is still open, nothing."""
    found = of(desk, ticket)
    if found:
        mean = sum(rating.score for rating in found) / len(found)
        return desk.wording("rated_mean", score=f"{mean:.1f}".removesuffix(".0"), count=len(found))
    return desk.wording("unrated") if ticket.status in (Status.RESOLVED, Status.CLOSED) else ""


def _ask_one(desk: Desk, ticket: Ticket, report: Report, account: Account, chat: Chat) -> None:
    report.rating_asked_at = desk.now
    closes = (ticket.resolved_at or desk.now) + timedelta(days=desk.settings.times.close_days)
    desk.session.add(
        Question(
            account_id=chat.account_id or account.id,
            chat_id=chat.id,
            kind=ASK,
            payload={"ticket": ticket.id},
            asked_at=desk.now,
            expires_at=max(closes, desk.now + timedelta(minutes=desk.settings.times.question_minutes)),
        )
    )
    text = desk.wording("ask_rating", **telling.matter_words(desk, ticket))
    telling.say(desk, chat, f"{ASK}:{report.id}", text, ticket=ticket)


def _reports(desk: Desk, ticket: Ticket) -> list[tuple[Report, Account]]:
    query = (
        select(Report, Account)
        .join(Account, col(Account.id) == col(Report.account_id))
        .where(Report.ticket_id == ticket.id, col(Report.withdrawn_at).is_(None), Account.state == AccountState.ACTIVE)
        .order_by(col(Report.id))
    )
    return list(desk.session.exec(query))


def _resolved_by(desk: Desk, ticket: Ticket) -> TicketEvent | None:
    query = (
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == "resolved")
        .order_by(col(TicketEvent.id).desc())
    )
    return desk.session.exec(query).first()
