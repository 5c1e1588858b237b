"""What is shown of a person, to whom, and that it was shown. Every such look is in the audit log."""

from sqlmodel import col, select

from bot import takers
from bot.attachments import keeping
from bot.desk import Desk
from bot.people import person_of, posts_of
from bot.permits import handler_post, took_it
from bot.routing import OFFICE
from models import Account, AuditEntry, Person, Report, Ticket, TicketEvent, User


def may_see_details(desk: Desk, ticket: Ticket, account: Account) -> bool:
    """The holder, whoever took on a request for help, and staff of the place: nobody else sees rooms and phones."""
    person_id = person_of(account)
    if took_it(desk, ticket, account.id):
        return person_id is not None  # a neighbour we know nothing of asks the community for the address
    if person_id is None or person_id in ticket.recused_person_ids:
        return False
    today = desk.now.astimezone(desk.settings.zone).date()
    if any(post.id == ticket.holder_post_id for post in posts_of(desk.session, person_id, today)):
        return True
    post = handler_post(desk, ticket, person_id, office=True)
    return post is not None and post.role in OFFICE


def details(desk: Desk, ticket: Ticket, person_id: int | None) -> str:
    """Who said what, with room, phone and how they wish to be reached. Written into the audit log."""
    desk.session.add(AuditEntry(at=desk.now, person_id=person_id, action="details", subject=ticket.ref))
    query = (
        select(Report, Account)
        .join(Account, col(Account.id) == col(Report.account_id), isouter=True)  # told elsewhere: nobody's account
        .where(Report.ticket_id == ticket.id, col(Report.withdrawn_at).is_(None))
        .order_by(col(Report.id))
    )
    told = [
        _one(desk, ticket, report, account) for report, account in desk.session.exec(query) if account or report.words
    ]
    return "\n".join([*told, *_visit(desk, ticket), *_reason(desk, ticket), *_sent(desk, ticket, person_id)])


def _visit(desk: Desk, ticket: Ticket) -> list[str]:
    """Of door-to-door handling: for whom, which papers, when."""
    order = takers.order_of(desk.session, ticket.id)
    if order is None or not order.visit:
        return []
    who, papers, when = (words or "—" for words in (order.visit_who, order.visit_papers, order.visit_when))
    return [desk.wording("details_visit", who=who, papers=papers, when=when)]


def _sent(desk: Desk, ticket: Ticket, person_id: int | None) -> list[str]:
    """That something was sent along, and where it is seen: on the console by whoever may sign in there."""
    count = len(keeping.of_ticket(desk.session, ticket.id))
    if not count:
        return []
    base = desk.settings.service.public_url.rstrip("/")
    signs_in = select(User.id).where(User.person_id == person_id, col(User.disabled_at).is_(None))
    if base and person_id is not None and desk.session.exec(signs_in).first() is not None:
        return [desk.wording("details_sent", count=count, url=f"{base}/console/tickets/{ticket.ref}")]
    return [desk.wording("details_sent_ask", count=count)]


def _reason(desk: Desk, ticket: Ticket) -> list[str]:
    """Why it was last handed back: a card in a group may have left the reason out."""
    query = (
        select(TicketEvent.note)
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == "refused")
        .order_by(col(TicketEvent.id).desc())
    )
    note = desk.session.exec(query).first()
    return [desk.wording("details_reason", note=note)] if note else []


def _one(desk: Desk, ticket: Ticket, report: Report, account: Account | None) -> str:
    if account is None and not report.room and not report.phone:
        return desk.wording("details_nameless", words=(report.words or "")[:300])
    person = desk.session.get(Person, account.person_id) if account and account.person_id else None
    phone = report.phone or (person.phone if person else None)
    room = report.room or ticket.room or (account.room if account else None)
    parts = [
        desk.wording("details_neighbour") if report.for_neighbour else "",
        desk.wording("details_room", room=room) if room else desk.wording("details_no_room"),
        desk.wording("details_phone", phone=phone) if phone else "",
        person.contact_note or "" if person else "",
        (report.words or "").replace("\n", "；")[:120],
    ]
    return "，".join(part for part in parts if part)
