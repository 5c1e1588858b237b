"""What we hold on somebody, and forgetting it (the platform demands erasure when somebody unfollows)."""

from sqlmodel import col, delete, func, select, update

from bot import finding, ringing, takers, telling
from bot.inbox import reviewing
from bot.inbox.hearing import Hearing
from bot.people import person_of
from bot.permits import accounts_of_same_person
from models import (
    Account,
    AccountState,
    Area,
    BindRequest,
    Chat,
    Inbound,
    Outgoing,
    OutgoingState,
    Person,
    Post,
    Question,
    Rating,
    Report,
    Ticket,
)


def held(h: Hearing) -> str:
    """A readable list of what is kept about the speaker."""
    lines = [h.desk.wording("held_account")]
    person_id = person_of(h.account)
    person = h.session.get(Person, person_id) if person_id else None
    if person is not None and person.name:
        lines.append(h.desk.wording("held_person", name=person.name, phone=person.phone or "—"))
    if person is not None and person.contact_note:
        lines.append(h.desk.wording("held_wish", wish=person.contact_note))
    area_id = h.account.area_id or (person.area_id if person else None)
    if area_id is not None:
        lines.append(h.desk.wording("held_place", place=h.session.get_one(Area, area_id).name))
    mine = accounts_of_same_person(h.desk, h.account.id)
    count = h.session.exec(select(func.count(col(Report.id))).where(col(Report.account_id).in_(mine))).one()
    lines.append(h.desk.wording("held_reports", count=count))
    return "\n".join(lines)


def forget(h: Hearing) -> list[Ticket]:
    """Erase what was kept under this account. Returns the open tickets that now have nobody to answer to.

    Tickets stay, without the person. A person with a post keeps their record; their other accounts are untouched.
    """
    account = h.account
    tickets = _voices_of(h, account)
    _forget_on_tickets(h, account)
    told = select(Report.ticket_id).where(Report.account_id == account.id)
    finding.touch(h.session, h.session.exec(told).all())
    h.session.exec(
        update(Report)
        .where(col(Report.account_id) == account.id)
        .values(account_id=None, words=None, room=None, phone=None)
    )
    h.session.exec(update(Rating).where(col(Rating.account_id) == account.id).values(account_id=None, words=None))
    h.session.exec(
        update(Inbound).where(col(Inbound.account_id) == account.id).values(text=None, answer=None, line=None)
    )
    reviewing.take_off(h.session, col(Inbound.account_id) == account.id)
    takers.forget(h.session, account.id)
    _forget_lines(h, account)
    _forget_questions(h, account)
    _forget_person(h, account)
    account.state, account.display_name, account.person_id = AccountState.GONE, None, None
    account.area_id, account.room, account.greeted_at = None, None, None
    account.bound_area_id, account.bound_by, account.bound_at = None, None, None
    h.session.exec(delete(BindRequest).where(col(BindRequest.account_id) == account.id))
    for ticket in tickets:
        ticket.need, ticket.room = None, None
    h.row.text = None
    h.session.flush()
    return tickets


def _forget_on_tickets(h: Hearing, account: Account) -> None:
    """What a ticket others stand by as well has taken over from this person's own words: the need, the room."""
    query = select(Ticket, Report).join(Report, col(Report.ticket_id) == col(Ticket.id))
    for ticket, report in h.session.exec(query.where(Report.account_id == account.id)):
        takers.forget_visit(h.session, ticket.id)
        if ticket.need and (report.words or "").startswith(ticket.need):
            ticket.need = None
        if ticket.room == report.room:
            ticket.room = None


def _forget_questions(h: Hearing, account: Account) -> None:
    """What we asked them about stays, so that it still ends with staff; their words in it do not."""
    for question in h.session.exec(select(Question).where(Question.account_id == account.id)):
        kept = {**question.payload, **({"words": ""} if "words" in question.payload else {})}
        if "verdict" in kept:
            slots = {**kept["verdict"]["slots"], "room": None, "phone": None}
            kept["verdict"] = {**kept["verdict"], "text": "", "slots": slots}
        question.payload = kept


def _forget_lines(h: Hearing, account: Account) -> None:
    """What was said to them. What still waits for them as the holder of a post goes the next way instead, at once."""
    own_chat = select(Chat.id).where(Chat.account_id == account.id)
    for line in h.session.exec(select(Outgoing).where(col(Outgoing.chat_id).in_(own_chat))):
        waits = line.state in (OutgoingState.QUEUED, OutgoingState.PARKED)
        if waits:
            line.state = OutgoingState.CANCELLED if line.post_id is None else OutgoingState.GIVEN_UP
        if waits and line.post_id is not None and line.overdue_at is not None:
            line.overdue_at = h.now
            continue
        line.text, line.overdue_at = "", None
    h.session.flush()


def _voices_of(h: Hearing, account: Account) -> list[Ticket]:
    query = select(Ticket).where(col(Ticket.id).in_(select(Report.ticket_id).where(Report.account_id == account.id)))
    return [ticket for ticket in h.session.exec(query) if telling.voices(h.desk, ticket) <= 1]


def _forget_person(h: Hearing, account: Account) -> None:
    if account.person_id is None:
        return
    posts = h.session.exec(select(Post.id).where(Post.person_id == account.person_id)).first()
    others = select(Account.id).where(Account.person_id == account.person_id, Account.id != account.id)
    if posts is None and h.session.exec(others).first() is None:
        person = h.session.get_one(Person, account.person_id)
        ringing.forget(h.session, person.phone)
        person.name = person.phone = person.contact_note = None
