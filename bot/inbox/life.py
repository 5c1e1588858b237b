"""What is no message: following, leaving, scanning, menus, recalls, joining a group."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlmodel import col, select

from bot import consequences, homes, places, telling
from bot.attachments import keeping
from bot.channels import Kind
from bot.events import write
from bot.inbox import asking, beginning, dangers, doubts, matters, privacy, questions, residents, reviewing
from bot.inbox.hearing import Hearing
from bot.moves import OPEN
from bot.people import posts_of
from bot.tickets import lock, withdraw_voice
from models import AccountState, Area, ChatKind, Inbound, Report, Status, Ticket


def handle(h: Hearing) -> None:
    """Act on an event of the platform."""
    HANDLERS[h.line.kind](h)


def follow(h: Hearing) -> None:
    """A greeting that says who this is, what it reads and keeps. A QR code at a stairwell door says where."""
    h.account.state = AccountState.ACTIVE
    h.account.greeted_at = h.now
    area = _scanned(h)
    h.answer("greeting", name=h.desk.settings.service.name, phone=_phone(h))
    if area is not None:
        h.answer("scanned", place=places.label_in_full(h.session, area))


def scan(h: Hearing) -> None:
    area = _scanned(h)
    if area is not None:
        h.answer("scanned", place=places.label_in_full(h.session, area))
    else:
        h.answer("hello", name=h.desk.settings.service.name)


def unfollow(h: Hearing) -> None:
    """The platform demands that all is erased. Open matters stay with staff; a post loses this way to be reached."""
    person_id = h.account.person_id
    today = h.now.astimezone(h.desk.settings.zone).date()
    posts = posts_of(h.session, person_id, today) if person_id else []
    beginning.left(h.desk, h.account.id)
    tickets = privacy.forget(h)
    for ticket in tickets:
        if ticket.status in OPEN:
            event = write(h.desk, ticket, "reporter_left", consequences.SERVICE)
            text = h.desk.wording("card_left", **telling.matter_words(h.desk, ticket))
            consequences.tell_office(h.desk, ticket, event, text)
    for post in posts:
        consequences.tell_area_office(
            h.desk,
            h.session.get_one(Area, post.area_id),
            f"left:{h.row.id}:{post.id}",
            h.desk.wording("card_post_left", title=telling.title_of(h.desk, person_id, post.id),
                           place=places.label_in_full(h.session, h.session.get_one(Area, post.area_id))),
        )  # fmt: skip


def menu(h: Hearing) -> None:
    """A menu entry's key is heard as if it had been written."""
    prompts = {"repair": "menu_repair", "ask": "menu_ask"}
    if h.line.text in prompts:
        h.answer(prompts[h.line.text])
        return
    words = {"human": "人工", "status": "到哪一步了"}.get(h.line.text, h.line.text)
    h.line = replace(h.line, kind=Kind.TEXT, text=words)
    h.verdict = h.understanding.read(words, "private", True)
    for ear in (dangers.handle, questions.handle, residents.handle, matters.handle, doubts.handle):
        if ear(h):
            return
    matters.fallback(h)


def recall(h: Hearing) -> None:
    """撤回 is honoured: withdrawn quietly, asked about once somebody is on the way; a danger stays until checked."""
    heard = h.session.exec(
        select(Inbound)
        .where(Inbound.chat_id == h.chat.id, Inbound.message_id == h.line.message_id, Inbound.id != h.row.id)
        .order_by(col(Inbound.id).desc())
    ).first()
    if heard is None:
        return
    heard.text = None
    keeping.forget(h.session, col(Inbound.id) == heard.id)
    reviewing.take_off(h.session, col(Inbound.id) == heard.id)
    ticket = h.session.get(Ticket, heard.ticket_id) if heard.ticket_id else None
    own = select(Report).where(Report.inbound_id == heard.id, col(Report.withdrawn_at).is_(None))
    report = h.session.exec(own).first()
    if ticket is None or report is None or report.account_id != heard.account_id:
        return
    report.words = None
    if ticket.status not in OPEN:
        return
    lock(h.session, ticket.community_id)
    h.session.refresh(ticket)
    _take_back(h, ticket, report)


def _take_back(h: Hearing, ticket: Ticket, report: Report) -> None:
    actor = replace(h.actor, account_id=report.account_id)
    if ticket.danger:
        event = write(h.desk, ticket, "taken_back", actor)
        consequences.remind(h.desk, ticket, event, "card_taken_back")
    elif ticket.status in (Status.NEW, Status.DISPATCHED, Status.REOPENED):
        withdraw_voice(h.desk, ticket, actor)
    else:
        write(h.desk, ticket, "taken_back", actor)
        chat = h.own_chat()
        if chat is not None:
            asking.ask(h, "taken_back", chat, {"ticket": ticket.id})
            text = h.desk.wording("ask_taken_back", **telling.matter_words(h.desk, ticket))
            h.whisper(text, "recall", ticket)


def joined(h: Hearing) -> None:
    """Taken into a group: silent until somebody who may says whose it is."""


def left(h: Hearing) -> None:
    """Put out of a group: nothing more is owed to it, and staff learn that it is not heard any more."""
    if h.chat.kind in (ChatKind.PRIVATE, ChatKind.UNBOUND) or h.chat.area_id is None:
        return
    area = h.session.get_one(Area, h.chat.area_id)
    h.chat.kind, h.chat.area_id = ChatKind.UNBOUND, None
    text = h.desk.wording("card_group_left", place=places.label_in_full(h.session, area))
    consequences.tell_area_office(h.desk, area, f"left:{h.row.id}", text)


HANDLERS: Mapping[Kind, Callable[[Hearing], None]] = {
    Kind.FOLLOW: follow,
    Kind.SCAN: scan,
    Kind.UNFOLLOW: unfollow,
    Kind.MENU: menu,
    Kind.RECALL: recall,
    Kind.JOINED: joined,
    Kind.LEFT: left,
}


def _scanned(h: Hearing) -> Area | None:
    """The area whose code the QR scene carries; from now on it is where this account's matters are."""
    if not h.line.scene:
        return None
    area = h.session.exec(select(Area).where(Area.code == h.line.scene)).first()
    if area is not None:
        h.account.area_id = area.id
        homes.bind(h.desk, h.account, area, "scene")
    return area


def _phone(h: Hearing) -> str:
    defaults = h.desk.settings.phones.model_dump()
    base = h.base
    numbers = places.phones(h.session, base, defaults) if base is not None else defaults
    return numbers.get("staff_duty") or numbers.get("contact") or h.desk.wording("no_phone")
