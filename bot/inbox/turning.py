"""A matter that turns into an emergency: by a word that is one only after what was told before, or by its consequence.

"电梯停了" and then "里面有人在拍门"; "灯坏了" and then "老人摔倒了": one ticket, now with the whole alarm, whoever says
it and wherever they say it.
"""

import re
from dataclasses import replace
from datetime import timedelta

from sqlmodel import col, select

from bot import places
from bot.channels import Kind
from bot.inbox import dangers, running
from bot.inbox.hearing import Hearing
from bot.inbox.merging import own_lately
from bot.moves import OPEN
from intents.verdict import DangerCall, Verdict
from models import Area, ChatKind, Report, Ticket

IN_MIND = timedelta(minutes=30)  # so long a sentence may lean on what was told before it
# Without one of these no sentence turns anything: what follows costs a reading.
HINTS = re.compile(
    "人|拍|喊|叫|救|困|出不来|出唔嚟|烟|煙|火|味|晕|暈|倒|摔|跌|绊|血|麻|触|电到|烫|呼吸|氧|透析|昏|吐|掉|砸|塌|炸"
)
LONGEST = 60


def handle(h: Hearing) -> bool:
    """Hear a danger that stands between the lines. False where there is none."""
    text, call = h.verdict.text, h.verdict.danger
    if h.line.kind != Kind.TEXT or len(text) > LONGEST or not HINTS.search(text):
        return False
    if call is not None and not (call.certain and _heard_alone(call)):
        return not call.certain and not call.silent and _confirmed(h, call)
    for ticket in _before(h):
        read = h.understanding.read(f"{ticket.matter},{text}", "private" if h.private else "group", h.addressed)
        if call is not None and (read.danger is None or _heard_alone(read.danger)):
            continue  # no plainer for what was told before it
        if read.danger is not None and not read.danger.silent and _fits(h, read, ticket):
            h.verdict = replace(h.verdict, danger=read.danger, intent=read.intent, category=read.category)
            return dangers.handle(h)
    return False


def _heard_alone(call: DangerCall) -> bool:
    """Whether no word of danger.toml was said: knocking inside is a lift's where the lift stands, not a fire's."""
    return all(words.startswith("model") for words in call.matched)


def _confirmed(h: Hearing, call: DangerCall) -> bool:
    """A danger that would be asked about, of a thing told to be broken here just before: nothing need be asked."""
    kind = h.understanding.danger[call.kind]
    if not any(running.confirms(ticket, kind) for ticket in _before(h)):
        return False
    h.verdict = replace(h.verdict, danger=replace(call, certain=True))
    return dangers.handle(h)


def _fits(h: Hearing, read: Verdict, ticket: Ticket) -> bool:
    """Whether that danger can come of that matter."""
    kind = h.understanding.danger[read.danger.kind] if read.danger else None
    return kind is not None and running.becomes(ticket, kind)


def _before(h: Hearing) -> list[Ticket]:
    """What a sentence here may lean on: one's own matter, those told in this chat, those open where one lives."""
    said = h.line.said_at
    open_lately = (
        select(Ticket)
        .where(
            col(Ticket.status).in_(list(OPEN)),
            col(Ticket.danger).is_(None),
            col(Ticket.private).is_(False),
            Ticket.last_report_at >= said - IN_MIND,
            Ticket.opened_at <= said,
        )
        .order_by(col(Ticket.last_report_at).desc(), col(Ticket.id).desc())
    )
    if h.chat.kind != ChatKind.PRIVATE:
        told_here = col(Ticket.id).in_(select(Report.ticket_id).where(Report.chat_id == h.chat.id))
        return list(h.session.exec(open_lately.where(told_here).limit(3)))
    own = [ticket for ticket in own_lately(h) if not ticket.danger and not ticket.private]
    place = places.resolve(h.session, h.base, h.verdict.slots, h.verdict.text)
    if place.area is None or place.area.level not in places.PRECISE:
        return own
    at_home = select(Area.id).where(col(Area.path).startswith(place.area.path))
    above = [int(part) for part in place.area.path.strip("/").split("/") if part]
    near = open_lately.where(col(Ticket.area_id).in_(at_home) | col(Ticket.area_id).in_(above))
    return own or list(h.session.exec(near.limit(3)))
