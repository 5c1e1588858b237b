"""The review list: what a group's silence passed over and might have been a matter. A person decides, once.

Nothing is said in the group. The list keeps a masked text for as long as chatter is kept; a decision ends it, unless
it is approved as an example to learn from.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, literal, update
from sqlmodel import Session, col, func, select

from bot import clocks
from bot.channels import Incoming, Kind
from bot.desk import Desk
from bot.events import write
from bot.inbox import matters, meant, recusal, which
from bot.inbox.hearing import Hearing
from bot.inbox.where import locate
from bot.masking import impersonal
from bot.moves import OPEN
from bot.permits import Actor
from bot.services import Services
from bot.telling import say
from intents.verdict import Verdict
from models import (
    Account,
    Chat,
    ChatKind,
    Inbound,
    Intent,
    Learning,
    Person,
    Report,
    Review,
    ReviewState,
    Ticket,
)

LISTENED_TO = (ChatKind.RESIDENTS, ChatKind.LEADERS)
LONGEST = 300  # characters kept of a sentence
KNOWN_FOR = timedelta(hours=3)  # so long what is said of the same thing is talk about the ticket
RECEIPT_FOR = timedelta(hours=1)  # older than that, a group gets no receipt any more
CHATTER = "chat"  # what an ignored sentence was, where nobody says more


class Decided(Exception):
    """Somebody has decided on it already, or its text is gone."""


class UnknownLabel(Exception):
    """No such intent and category in the keyword files."""


@dataclass(frozen=True)
class Decision:
    """What a person says about a sentence on the list."""

    state: ReviewState  # TICKET, IGNORED or INTENT
    by: int | None  # the person
    intent: Intent | None = None  # what it was, where the guess was wrong
    category: str | None = None
    learning: Learning = Learning.NO


@dataclass
class Later(Hearing):
    """A message of a while ago, heard again: nobody waits for an answer, so nobody is asked anything in private."""

    def own_chat(self) -> Chat | None:
        return None


def put_aside(h: Hearing) -> bool:
    """An ear: what might be a matter and was not sure enough to be opened. The group hears nothing."""
    verdict = h.verdict
    if verdict.perhaps is None or h.private or h.line.to_me or h.chat.kind not in LISTENED_TO or h.base is None:
        return False
    if verdict.category in matters.STAFF_LOOK or which.quoted(h) is not None:
        return False
    likeliest = meant.verdict(h.understanding, h.line.text, "private", verdict.perhaps)
    if not _talk_about_a_ticket(h, likeliest):
        enter(h, likeliest, verdict.score)
    return True


def enter(h: Hearing, guess: Verdict, score: float) -> Review | None:
    """Put a sentence on the list under a guess. None where the same words of the same chat are on it already."""
    text = impersonal(h.line.text, _names_in(h.session, h.line.text)).strip()[:LONGEST]
    same = select(Review.id).where(Review.chat_id == h.chat.id, Review.text == text, Review.state == ReviewState.OPEN)
    if not text or h.session.exec(same).first() is not None:
        return None
    office = bool(recusal.concerned(h.line.text))
    _, area, _ = locate(h)
    kept_until = h.row.erase_at or h.row.received_at + timedelta(hours=h.desk.settings.times.chatter_hours)
    review = Review(
        inbound_id=h.row.id,
        chat_id=h.chat.id,
        area_id=h.base.id if h.base is not None else area.id,
        setting="private" if h.private else "group",
        about_office=office and guess.intent == Intent.DISPUTE,
        text=text,
        said_at=h.row.said_at,
        intent=Intent(guess.intent),
        category=guess.category,
        score=score,
        leader_due_at=None if office else _leader_due(h, guess),
        expires_at=kept_until,
    )
    h.session.add(review)
    h.session.flush()
    return review


def locked(session: Session, review_id: int) -> Review | None:
    """The row as it is now that nobody else can decide on it."""
    query = select(Review).where(Review.id == review_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def decide(services: Services, desk: Desk, review: Review, decision: Decision) -> Ticket | None:
    """Decide on a locked row, and open (or join) the ticket where it is to be one.

    Raises Decided, and UnknownLabel before anything is done.
    """
    if review.state != ReviewState.OPEN:
        raise Decided
    intent, category = _label(services, review, decision)
    ticket = _open(services, desk, review, intent, category, decision) if decision.state == ReviewState.TICKET else None
    review.state, review.decided_at, review.decided_by = decision.state, desk.now, decision.by
    review.label_intent, review.label_category = intent, category
    review.leader_due_at = None
    review.ticket_id = ticket.id if ticket else None
    _keep(review, decision.learning)
    desk.session.flush()
    return ticket


def approve(review: Review, *, learn: bool) -> None:
    """Staff say whether a leader's decision may be learned from. Raises Decided where nobody asked, or all is said."""
    if review.learning != Learning.ASKED or review.text is None:
        raise Decided
    _keep(review, Learning.APPROVED if learn else Learning.NO)


def take_back(review: Review) -> None:
    """What was approved is no example after all: its text goes. Raises Decided where it is none."""
    if review.learning != Learning.APPROVED:
        raise Decided
    _keep(review, Learning.NO)


def forget(session: Session, now: datetime) -> None:
    """Erase the texts whose time is up. What nobody decided on is off the list with its text."""
    due = col(Review.expires_at) <= now
    unlearned = update(Review).where(due, col(Review.learning) == Learning.ASKED)
    session.execute(unlearned.values(learning=Learning.NO))
    expired = update(Review).where(due, col(Review.state) == ReviewState.OPEN)
    session.execute(expired.values(state=ReviewState.EXPIRED))
    session.execute(update(Review).where(due).values(text=None, expires_at=None, leader_due_at=None))


def take_off(session: Session, spoken: ColumnElement[bool]) -> None:
    """The speaker took words back, or left: nothing of theirs stays open, and nothing points to them.

    spoken: which rows of Inbound. What was approved to be learned from is nobody's any more, and stays.
    """
    for review in session.exec(select(Review).join(Inbound, col(Inbound.id) == col(Review.inbound_id)).where(spoken)):
        if review.state == ReviewState.OPEN:
            review.state = ReviewState.EXPIRED
        if review.learning != Learning.APPROVED:
            _keep(review, Learning.NO)
        review.inbound_id = review.leader_due_at = None
    session.flush()


def _talk_about_a_ticket(h: Hearing, guess: Verdict) -> bool:
    """Whether this chat has that very thing open: while people talk about a ticket, that is all it is."""
    query = (
        select(Ticket.id)
        .join(Report, col(Report.ticket_id) == col(Ticket.id))
        .where(
            Report.chat_id == h.chat.id,
            Ticket.intent == Intent(guess.intent),
            Ticket.category == guess.category,
            col(Ticket.status).in_(list(OPEN)),
            Ticket.last_report_at >= h.line.said_at - KNOWN_FOR,
        )
    )
    return h.session.exec(query).first() is not None


def _leader_due(h: Hearing, guess: Verdict) -> datetime | None:
    """When the unit's leader is asked about it. Never about a dispute: the resident chooses whom that is told."""
    settings = h.desk.settings
    if h.chat.kind != ChatKind.RESIDENTS or guess.intent == Intent.DISPUTE or settings.reviews.to_leader_a_day == 0:
        return None
    return clocks.next_opening(h.now, settings.hours.leaders, settings.zone)


def _names_in(session: Session, text: str) -> list[str]:
    """The names of people in the directory that stand in the text."""
    named = literal(text).contains(col(Person.name), autoescape=False)
    query = select(Person.name).where(col(Person.name).is_not(None), func.length(col(Person.name)) > 1, named)
    return [name for name in session.exec(query) if name and name in text]


def _label(services: Services, review: Review, decision: Decision) -> tuple[Intent, str]:
    """What it was: as said, else the guess, else chatter. Raises UnknownLabel where there is no such thing."""
    if decision.state == ReviewState.IGNORED:
        intent, category = Intent.OTHER, decision.category or CHATTER
    else:
        intent = decision.intent or review.intent
        category = decision.category or (review.category if intent == review.intent else meant.OTHER)
    if category not in services.understanding.intents[intent].categories:
        raise UnknownLabel(category)
    return intent, category


def _keep(review: Review, learning: Learning) -> None:
    """The masked text stays where it was approved, until its time where staff are still asked; else it goes."""
    review.learning = learning if review.text is not None else Learning.NO
    if review.learning == Learning.APPROVED:
        review.expires_at = None
    elif review.learning == Learning.NO:
        review.text = review.expires_at = None


def _open(
    services: Services, desk: Desk, review: Review, intent: Intent, category: str, decision: Decision
) -> Ticket | None:
    """A ticket of the one who said it, said then and there. Raises Decided where the words are gone."""
    row = desk.session.get(Inbound, review.inbound_id) if review.inbound_id is not None else None
    if row is None or row.text is None or row.channel not in services.channels:
        raise Decided
    h = _heard_then(services, desk, review, row)
    if row.ticket_id is None:
        h.verdict = meant.verdict(services.understanding, row.text, review.setting, intent, category)
        ticket = matters.file(h, h.verdict, insist=True)
    else:
        ticket = desk.session.get_one(Ticket, row.ticket_id)  # they said more since, and it belongs to that
    if ticket is None:
        return None
    row.ticket_id, row.erase_at = ticket.id, None
    write(desk, ticket, "reviewed", Actor(person_id=decision.by))
    _receipt(h, review, ticket)
    return ticket


def _heard_then(services: Services, desk: Desk, review: Review, row: Inbound) -> Later:
    chat = desk.session.get_one(Chat, review.chat_id)
    account = desk.session.get_one(Account, row.account_id)
    text = row.text or ""
    line = Incoming(
        external_id=row.external_id,
        chat_id=chat.external_id,
        private=chat.kind == ChatKind.PRIVATE,
        user_id=account.user_id,
        said_at=row.said_at,
        kind=Kind(row.kind),
        text=text,
    )
    verdict = services.understanding.read(text, review.setting)
    return Later(services, desk, services.channels[row.channel], line, row, chat, account, verdict, live=False)


def _receipt(h: Later, review: Review, ticket: Ticket) -> None:
    """What the resident hears: the ordinary receipt; nothing in a group about what was said an hour ago."""
    if not h.private and h.now - review.said_at > RECEIPT_FOR:
        return
    if h.private and not h.answers:
        h.answer_about("whom_mediator", ticket)  # a dispute: the mediator has it, and in private nobody meets silence
    for n, said in enumerate(h.answers):
        say(h.desk, h.chat, said.key or f"review:{review.id}:{n}", said.text, ticket=said.ticket)
