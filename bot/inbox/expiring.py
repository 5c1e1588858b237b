"""What becomes of a question that nobody answered (bot.inbox.ticking fires it): the matter goes on without it."""

from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, select

from bot import consequences, homes, places
from bot.channels import Incoming, Kind
from bot.desk import Desk
from bot.inbox import beside, dangers, doubts, living, matters, meant, reviewing
from bot.inbox.hearing import Hearing
from bot.moves import Verb
from bot.permits import accounts_of_same_person
from bot.services import Services
from bot.tickets import act, lock
from models import Account, Area, Chat, Inbound, Intent, Question, Report, Status, Ticket, TicketEvent


def expire(services: Services, question_id: int) -> None:
    """A question nobody answered ends with a person, never with nothing."""
    with services.transaction() as session:
        desk = services.desk(session)
        query = select(Question).where(Question.id == question_id).with_for_update()
        question = session.exec(query).first()
        if question is None or question.answered_at is not None or question.expires_at > desk.now:
            return
        question.answered_at = desk.now
        EXPIRE.get(question.kind, _nothing)(services, desk, question)


def _file_anyway(services: Services, desk: Desk, question: Question) -> None:
    """Nobody said where, or what exactly: a ticket all the same, which staff look into."""
    h = _as_heard(services, desk, question)
    if h is None:
        return
    h.verdict = matters.recall(question.payload)
    place, area, community = matters.known_place(h)
    lock(desk.session, community.id)
    ticket = matters.open_for_staff(h, h.verdict, place, area, community)
    h.row.ticket_id, h.row.erase_at = ticket.id, None


def _for_staff(services: Services, desk: Desk, question: Question) -> None:
    """Nobody said what was meant: a ticket where it may well be a matter; else a line on the list, for staff to see."""
    h = _as_heard(services, desk, question)
    if h is None or h.row.ticket_id is not None or _said_more_since(desk, question):
        return
    verdict = matters.recall(question.payload)
    if doubts.worth_a_ticket(verdict):
        _file_anyway(services, desk, question)
        return
    guess = meant.verdict(services.understanding, h.line.text, "private", verdict.perhaps or Intent.HELP)
    reviewing.enter(h, guess, verdict.score)


def _said_more_since(desk: Desk, question: Question) -> bool:
    """Whether a matter of theirs was taken up in that chat after we asked: then that was it."""
    since = select(Report.id).where(
        Report.account_id == question.account_id, Report.chat_id == question.chat_id, Report.at >= question.asked_at
    )
    return desk.session.exec(since).first() is not None


def _show_staff(services: Services, desk: Desk, question: Question) -> None:
    """A photo or a place that nobody explained: staff look at it."""
    h = _as_heard(services, desk, question)
    if h is None:
        return
    place, area, community = matters.known_place(h)
    lock(desk.session, community.id)
    ticket = matters.open_for_staff(h, h.verdict, place, area, community)
    h.row.ticket_id, h.row.erase_at = ticket.id, None


def _to_mediator(services: Services, desk: Desk, question: Question) -> None:
    del services
    ticket = desk.session.get_one(Ticket, question.payload["ticket"])
    lock(desk.session, ticket.community_id)
    desk.session.refresh(ticket)
    if ticket.status == Status.NEW:
        act(desk, ticket, Verb.DISPATCH, consequences.SERVICE, target_name="mediator")


def _look_at_smoke(services: Services, desk: Desk, question: Question) -> None:
    h = _as_heard(services, desk, question)
    if h is None:
        return
    kind = services.understanding.danger[question.payload["danger"]]
    if question.payload.get("ticket"):
        dangers.doubted(desk, desk.session.get_one(Ticket, question.payload["ticket"]), kind.label)
        return
    h.verdict = services.understanding.read(question.payload["words"], "private", True)
    place, area, community = matters.known_place(h)
    lock(desk.session, community.id)
    matters.open_unsure_danger(h, kind, place, area, community)
    beside.later(h, question, kind, danger=True)


def _tell_staff(services: Services, desk: Desk, question: Question) -> None:
    """Somebody's answer could not be matched with a matter, and they did not say which: staff sort it out."""
    del services
    if _acted_since(desk, question):
        return
    ticket = desk.session.get_one(Ticket, question.payload["tickets"][0])
    area = desk.session.get_one(Area, ticket.area_id)
    numbers = "、".join(f"#{desk.session.get_one(Ticket, t).number}" for t in question.payload["tickets"])
    text = desk.wording("card_unmatched", place=places.label_of(desk.session, area), numbers=numbers)
    consequences.tell_area_office(desk, area, f"unmatched:{question.id}", text)


def _acted_since(desk: Desk, question: Question) -> bool:
    """Whether the speaker did something with one of them after we asked: by its number, quoting it, or on its page."""
    account = desk.session.get_one(Account, question.account_id)
    theirs: ColumnElement[bool] = col(TicketEvent.account_id).in_(accounts_of_same_person(desk, account.id))
    if account.person_id is not None:
        theirs = or_(theirs, col(TicketEvent.person_id) == account.person_id)
    asked = col(TicketEvent.ticket_id).in_(question.payload["tickets"])
    said = col(TicketEvent.inbound_id) > (question.inbound_id or 0)
    clicked = and_(col(TicketEvent.inbound_id).is_(None), col(TicketEvent.at) > question.asked_at)
    acted = select(TicketEvent.id).where(asked, theirs, or_(said, clicked))
    return desk.session.exec(acted).first() is not None


def _nothing(services: Services, desk: Desk, question: Question) -> None:
    """The matter goes on without the answer."""


EXPIRE: Mapping[str, Callable[[Services, Desk, Question], None]] = {
    "place": _file_anyway,
    "which_place": _file_anyway,
    "unsure": _for_staff,
    "photo": _show_staff,
    "whom": _to_mediator,
    homes.KIND: lambda services, desk, question: living.expired(desk, question),
    "smoke": _look_at_smoke,
    "which_ticket": _tell_staff,
    "which_own": _tell_staff,
}


def _as_heard(services: Services, desk: Desk, question: Question) -> Hearing | None:
    """The message that made us ask, as if it were being heard again, without anybody waiting for an answer."""
    row = desk.session.get(Inbound, question.inbound_id) if question.inbound_id else None
    if row is None or row.channel not in services.channels:
        return None
    chat = desk.session.get_one(Chat, question.chat_id)
    account = desk.session.get_one(Account, question.account_id)
    line = Incoming(
        external_id=row.external_id,
        chat_id=chat.external_id,
        private=True,
        user_id=account.user_id,
        said_at=row.said_at,
        kind=Kind(row.kind),
        text=row.text or "",
    )
    verdict = services.understanding.read(row.text or "", "private", True)
    return Hearing(services, desk, services.channels[row.channel], line, row, chat, account, verdict, live=False)
