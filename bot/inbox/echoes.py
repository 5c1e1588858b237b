"""Short words on a matter told just before: "+1", "我家也是", "2单元有 正常得很", "十一楼那里".

What they are about is told by where they stand: what was said last in this chat, by whom and when it was said.
"""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import col, select

from bot import consequences, places, telling
from bot.channels import Kind
from bot.events import write
from bot.inbox import matters, merging, refining, which
from bot.inbox.hearing import Hearing, Wait
from bot.moves import OPEN
from bot.places import Place
from bot.tickets import Voice, join, lock
from intents import echo
from intents.verdict import Command
from models import Area, ChatKind, Inbound, Report, Ticket

NAMED_WITHIN = timedelta(hours=3)  # "我们这边也停了" says what it is about
LIKEWISE_WITHIN = timedelta(hours=1)  # "我家也是" needs the matter to be still in everybody's mind
INSIDE = frozenset({"lift_trapped", "fire", "smoke", "gas", "carbon_monoxide", "collapse", "flooding"})
WITH_A_NUMBER = 24  # characters: 租客电话13900002222 is where to reach somebody, and no matter of its own
LOOKED_AT = 8  # messages before a bare +1 that are looked at


def handle(h: Hearing) -> bool:
    """A word on a matter that no command and no new matter is. False where it is none."""
    if h.line.kind != Kind.TEXT or h.verdict.danger is not None:
        return False
    text = _folded(h)
    if echo.bare(text) and not h.private:
        return join_in(h, Command("join"))
    if not h.private and echo.of_the_family(text) and _in_there(h):
        return True
    if not h.private and echo.not_here(text):
        # The opposite of what was told here: nothing of their own, and no voice on that matter.
        return bool(_here(h, NAMED_WITHIN))
    return not _a_matter_of_its_own(h) and _adds(h, text)


def _in_there(h: Hearing) -> bool:
    """ "里面是我妈", minutes after somebody told of people shut in: one of the family is heard with them."""
    ticket = next((t for t in _here(h, merging.OWN_WITHIN) if t.danger in INSIDE and t.attended_at is None), None)
    return ticket is not None and take_part(h, ticket)


def _a_matter_of_its_own(h: Hearing) -> bool:
    """Whether the words say a matter, rather than only sounding like one: "从早上六点就开始的" names nothing."""
    return h.verdict.sure and len(h.verdict.matched) > 1


def join_in(h: Hearing, command: Command) -> bool:
    """The same here: joins what is quoted, what the words name, or what was told just before."""
    del command
    text = _folded(h)
    said = which.quoted(h)
    if said is not None and said.status in OPEN and not said.private:
        return take_part(h, said)
    ticket = None if echo.signs_up(text) else _meant(h, text)
    if ticket is None:
        if which.pending(h):
            raise Wait
        return False
    return take_part(h, ticket)


def _meant(h: Hearing, text: str) -> Ticket | None:
    if h.private:
        return _at_home(h, text)
    if echo.bare(text):
        return _just_said(h)
    named = echo.categories(text)
    if echo.likewise(text) and not named:
        return None if _signing_up(h) else next(iter(_here(h, LIKEWISE_WITHIN)), None)
    return next((t for t in _here(h, NAMED_WITHIN) if not named or t.category in named), None)


def take_part(h: Hearing, ticket: Ticket) -> bool:
    """Add this voice; where the speaker names a place that does not share it, it is the same trouble elsewhere."""
    lock(h.session, ticket.community_id)
    h.session.refresh(ticket)
    slots = h.verdict.slots
    place = places.resolve(h.session, h.base, slots, h.verdict.text)
    if place.told and place.area is not None and _elsewhere(h, ticket, place, place.area):
        verdict = replace(h.verdict, intent=ticket.intent.value, category=ticket.category, matter=ticket.matter,
                          sure=True, danger=None)  # fmt: skip
        matters.file(h, verdict, place=place, insist=True)
        return True
    _, new = join(h.desk, ticket, _voice(h))
    refining.by_voices(h, ticket)
    if h.private:
        h.answer_about("joined_private" if new else "added_private", ticket)
    return True


def _elsewhere(h: Hearing, ticket: Ticket, place: Place, area: Area) -> bool:
    if ticket.danger:
        return False  # thirty voices are one emergency
    here = merging.Spot(area, place.building, place.unit, place.location)
    wide = ticket.category not in merging.EACH_UNIT
    return not merging.shares(h, ticket.category, here, merging.spot(h, ticket), wide=wide)


def _here(h: Hearing, within: timedelta) -> list[Ticket]:
    """Open matters told in this chat before this was said, the one spoken of last first."""
    said = h.line.said_at
    query = (
        select(Ticket)
        .where(
            col(Ticket.id).in_(select(Report.ticket_id).where(Report.chat_id == h.chat.id)),
            col(Ticket.status).in_(list(OPEN)),
            col(Ticket.private).is_(False),
            Ticket.last_report_at >= said - within,
            Ticket.opened_at <= said,
        )
        .order_by(col(Ticket.last_report_at).desc(), col(Ticket.id).desc())
    )
    return list(h.session.exec(query))


def _before(h: Hearing, within: timedelta) -> list[Inbound]:
    """What was said in this chat before this message, by the time it was said, the latest first."""
    query = (
        select(Inbound)
        .where(
            Inbound.chat_id == h.chat.id,
            Inbound.id != h.row.id,
            Inbound.said_at <= h.line.said_at,
            Inbound.said_at >= h.line.said_at - within,
        )
        .order_by(col(Inbound.said_at).desc(), col(Inbound.id).desc())
        .limit(LOOKED_AT)
    )
    return list(h.session.exec(query))


def _just_said(h: Hearing) -> Ticket | None:
    """The matter that a bare +1 follows with nothing but that matter between."""
    for row in _before(h, LIKEWISE_WITHIN):
        if row.ticket_id is not None:
            ticket = which.living(h, h.session.get_one(Ticket, row.ticket_id))
            return ticket if ticket.status in OPEN and not ticket.private else None
        if not (row.text and echo.not_here(h.understanding.fold(row.text))):
            return None
    return None


def _signing_up(h: Hearing) -> bool:
    """Whether a purchase or a sign-up runs here now."""
    folded = (h.understanding.fold(row.text) for row in _before(h, LIKEWISE_WITHIN) if row.text)
    return any(echo.signs_up(text) for text in folded)


def _at_home(h: Hearing, text: str) -> Ticket | None:
    """In private "我家也停了" is about what is open where the speaker lives; without a trouble named it is nothing."""
    named = echo.categories(text)
    if not named or h.base is None:
        return None
    place = places.resolve(h.session, h.base, h.verdict.slots, h.verdict.text)
    area = place.area or h.base
    if area.level not in places.PRECISE:
        return None
    here = merging.Spot(area, place.building, place.unit, place.location)
    near = select(Ticket).where(
        col(Ticket.category).in_(named),
        col(Ticket.status).in_(list(OPEN)),
        col(Ticket.private).is_(False),
        Ticket.last_report_at >= h.line.said_at - NAMED_WITHIN,
        Ticket.opened_at <= h.line.said_at,
    )
    found = h.session.exec(near.order_by(col(Ticket.last_report_at).desc(), col(Ticket.id).desc()))
    return next((t for t in found if merging.shares(h, t.category, here, merging.spot(h, t))), None)


def _adds(h: Hearing, text: str) -> bool:
    """More on the speaker's own report, minutes after it: the same report, no second ticket and no second receipt."""
    slots = h.verdict.slots
    placed = any((slots.building, slots.unit, slots.room, slots.floor, slots.landmark))
    calls = slots.phone is not None and len(text) <= WITH_A_NUMBER
    if not (calls or echo.more(text, placed=placed)) or h.understanding.resident(h.verdict.text) is not None:
        return False
    own = next((ticket for ticket in merging.own_lately(h) if not ticket.silent), None)
    if own is None or not (h.private or _last_word(h, own)):
        return False
    lock(h.session, own.community_id)
    h.session.refresh(own)
    join(h.desk, own, _voice(h))
    _find_place(h, own)
    if h.private:
        h.answer_about("added_private", own)
    return True


def _last_word(h: Hearing, ticket: Ticket) -> bool:
    """Whether nothing but this matter was spoken of since: in a lively group the next sentence may be about supper."""
    before = _before(h, merging.OWN_WITHIN)
    return bool(before) and before[0].ticket_id == ticket.id


def _find_place(h: Hearing, ticket: Ticket) -> None:
    """The place of their own matter, said more closely now: whoever is responsible there gets the card."""
    place = places.resolve(h.session, h.base, h.verdict.slots, h.verdict.text)
    at = h.session.get_one(Area, ticket.area_id)
    if place.area is None or not place.told or telling.voices(h.desk, ticket) > 1 or h.chat.kind == ChatKind.STAFF:
        return
    if place.area.id == at.id:
        ticket.location = ticket.location or place.location
        return
    if not place.area.path.startswith(at.path):
        return
    ticket.area_id, ticket.building, ticket.unit = place.area.id, place.building, place.unit
    h.session.flush()
    consequences.reroute(h.desk, ticket, write(h.desk, ticket, "located", h.actor))


def _voice(h: Hearing) -> Voice:
    slots = h.verdict.slots
    return Voice(h.account, h.chat, h.row, h.line.text, h.line.said_at, slots.room, slots.phone)


def _folded(h: Hearing) -> str:
    return h.understanding.fold(h.verdict.text)
