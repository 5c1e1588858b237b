"""台账: a leader asks in private what is not struck off yet where they lead. A short list: three lines and how many."""

from collections.abc import Sequence

from sqlmodel import select

from bot import estates, ledger, places
from bot.inbox.hearing import Hearing
from bot.ledger import Entry, Ledger
from bot.people import covers
from bot.routing import LADDER, OFFICE
from intents.verdict import Command
from models import Area, ChatKind, Ticket

SHOWN = 3


def show(h: Hearing, command: Command) -> bool:
    """What is open in the speaker's areas, the overdue first: on their own phone, also where they ask among
    leaders or staff. False among residents, or for who leads none.
    """
    del command
    areas = _areas(h)
    if h.chat.kind == ChatKind.RESIDENTS or not areas:
        return False
    if not h.whisper(_short(h, areas), "ledger"):
        h.answer("ledger_in_private")
    return True


def _short(h: Hearing, areas: Sequence[Area]) -> str:
    books = [_ledger(h, area) for area in areas]
    waiting = sorted((e for book in books for e in book.open), key=lambda e: (not e.overdue, e.opened_on, e.number))
    done = sum(len(book.struck_off) for book in books)
    place = "、".join(places.label_of(h.session, area) for area in areas[:SHOWN])
    if not waiting:
        return h.desk.wording("ledger_nothing", place=place, done=done)
    lines = "\n".join(_line(h, entry) for entry in waiting[:SHOWN])
    more = h.desk.wording("ledger_more", count=len(waiting) - SHOWN) if len(waiting) > SHOWN else ""
    return h.desk.wording("ledger_short", place=place, count=len(waiting), done=done, lines=lines, more=more)


def _areas(h: Hearing) -> list[Area]:
    """Where the speaker leads or works for the community, none inside another."""
    roles = {*LADDER, *OFFICE}
    own = {post.area_id: h.session.get_one(Area, post.area_id) for post in h.posts if post.role in roles}
    return [a for a in own.values() if not any(b.id != a.id and covers(b, a) for b in own.values())]


def _ledger(h: Hearing, area: Area) -> Ledger:
    zone = h.desk.settings.zone
    since = ledger.since_new_year(h.now, zone)
    rows = ledger.snapshot(h.session, area, ledger.beginning(since, zone))
    return ledger.build(area, rows, h.now, since, zone, viewer=h.actor.person_id)


def _line(h: Hearing, entry: Entry) -> str:
    """Place, matter, who has it, since when: nothing of it is anybody's own."""
    key = "ledger_line_late" if entry.overdue else "ledger_line"
    whom = entry.holder or h.desk.wording("ledger_nobody")
    day = f"{entry.opened_on.month}月{entry.opened_on.day}日"
    text = h.desk.wording(key, place=entry.place, matter=entry.matter, number=entry.number, whom=whom, day=day)
    chat = h.own_chat() or h.chat
    return estates.told(h.desk, chat, h.session.exec(select(Ticket).where(Ticket.ref == entry.ref)).one(), text)
