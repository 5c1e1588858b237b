"""Planned outages and rounds from door to door: announced by property, staff or a leader, and kept.

An outage is looked after when it should be over. Said by a resident it is only chatter. Property and staff often
announce in every group: each is kept for its own place.
"""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot import clocks, places, telling
from bot.desk import Desk
from bot.inbox import commands, matters, outages, voices
from bot.inbox.hearing import Hearing
from bot.masking import masked
from bot.moves import OPEN
from bot.people import covers
from bot.routing import LADDER, OFFICE
from intents import announcements
from intents.announcements import Planned
from intents.verdict import Verdict
from models import Account, Announcement, Area, ChatKind, Intent, Post, Question, Role

# Whose word it is that something will be off.
ANNOUNCERS = frozenset({*LADDER, *OFFICE, Role.DUTY, Role.PROPERTY})
SEVERAL = re.compile(
    r"(?:栋|幢|号楼|单元).{0,8}(?:栋|幢|号楼|单元)|\d\s?[、,和及至到-]\s?\d{1,3}\s?(?:栋|幢|号楼|单元)|全小区|各栋"
)
QUESTION = "outage_over"
NOT_YET = ("还没", "没", "仲未", "还要", "不")


def handle(h: Hearing) -> bool:
    """Keep an outage that is announced, or hear that one is not over. False where the message is neither."""
    return _announced(h) or _still_without(h)


def _announced(h: Hearing) -> bool:
    if not h.posts:
        return False
    zone = h.desk.settings.zone
    text, said_at = h.understanding.fold(h.verdict.text), h.line.said_at.astimezone(zone)
    planned = announcements.read(text, said_at) or announcements.visit(text, said_at)
    right = _right(h) if planned is not None else None
    if planned is None or right is None:
        return False
    post, area = right
    row = _keep(h, planned, post, area)
    command = h.understanding.handler(h.verdict.text)
    if command is not None and command.verb == "progress" and commands.handle(h):
        return True  # it is news of a matter in hand as well
    if h.chat.kind != ChatKind.RESIDENTS:
        when = clocks.span_in_words(row.starts_at, row.ends_at, h.now, zone)
        where = places.label_of(h.session, area)
        visit = row.supplies == [announcements.VISITS]
        what = h.desk.wording("visit_kept") if visit else outages.what(h.desk, row.supplies)
        h.answer("outage_kept", place=where, when=when, what=what)
    return True


def _right(h: Hearing) -> tuple[Post, Area] | None:
    """The post by which the speaker may announce here, and for which place: what the text names, else the group's,
    else the post's own area.
    """
    posts = [(post, h.session.get_one(Area, post.area_id)) for post in h.posts if post.role in ANNOUNCERS]
    told = places.resolve(h.session, h.base, h.verdict.slots)
    named = told.area if told.told and told.building and not SEVERAL.search(h.verdict.text) else None
    group = h.session.get(Area, h.chat.area_id) if h.chat.kind == ChatKind.RESIDENTS and h.chat.area_id else None
    for post, area in posts:
        for place in (named, group):
            if place is not None and covers(area, place):
                return post, place
    if group is not None or named is not None or not posts:
        return None  # elsewhere than where they are responsible
    return max(posts, key=lambda held: len(held[1].path))


def _keep(h: Hearing, planned: Planned, post: Post, area: Area) -> Announcement:
    row = Announcement(
        area_id=area.id,
        supplies=list(planned.supplies),
        words=masked(h.line.text)[:1000],
        starts_at=planned.starts,
        ends_at=planned.ends,
        said_at=h.line.said_at,
        account_id=h.account.id,
        post_id=post.id,
        chat_id=h.chat.id,
        inbound_id=h.row.id,
        # Of a round from door to door nothing has to come back at its end.
        checked_at=h.now if planned.supplies == (announcements.VISITS,) else None,
    )
    h.session.add(row)
    h.session.flush()
    return row


def _still_without(h: Hearing) -> bool:
    """ "还没来": while it runs it is answered with the plan; past its end it is a report like any other."""
    text = h.understanding.fold(h.verdict.text)
    if h.base is None or not announcements.still_without(text):
        return False
    named = h.understanding.things(text)
    for category in outages.WORDS:
        row = outages.running(h.session, h.base, category, h.line.said_at)
        if row is not None and (not named or category in named):
            if h.private:
                outages.tell(h, row, category)
            return True
    row = outages.ended(h.session, h.base, h.line.said_at)
    if row is None:
        return False
    category = next((one for one in row.supplies if one in named), row.supplies[0])
    if any(t.category == category and t.status in OPEN for t in voices.own(h)):
        return False  # they have said so before: it is chased, not opened again
    matters.file(h, _as_report(h, category))
    return True


def _as_report(h: Hearing, category: str) -> Verdict:
    matter = h.desk.wording("outage_not_over", what=outages.what(h.desk, [category]))
    return replace(h.verdict, intent=Intent.REPAIR.value, category=category, matter=matter, sure=True, score=1.0)


def check(desk: Desk, announcement: Announcement) -> None:
    """Its end has come: whoever announced it is asked once, in private and by day, whether all is back."""
    announcement.checked_at = desk.now
    account = desk.session.get(Account, announcement.account_id) if announcement.account_id else None
    chat = telling.private_chat(desk, account) if account is not None else None
    if chat is None or chat.account_id is None or clocks.is_silent(desk.now, desk.settings.hours, desk.settings.zone):
        return
    area = desk.session.get_one(Area, announcement.area_id)
    what = outages.what(desk, announcement.supplies)
    text = desk.wording("ask_outage_over", place=places.label_of(desk.session, area), what=what)
    if telling.say(desk, chat, f"outage-over:{announcement.id}", text) is not None:
        desk.session.add(
            Question(
                account_id=chat.account_id,
                chat_id=chat.id,
                kind=QUESTION,
                payload={"announcement": announcement.id},
                asked_at=desk.now,
                expires_at=desk.now + timedelta(minutes=desk.settings.times.question_minutes),
            )
        )


def over(h: Hearing, payload: dict[str, Any], question: Question) -> bool:
    """The answer of whoever announced it: all is back, or not yet, which is a matter to see to."""
    del question
    row = h.session.get_one(Announcement, payload["announcement"])
    said = h.understanding.resident(h.verdict.text)
    text = h.understanding.fold(h.verdict.text)
    if (said is not None and said.verb in ("unsatisfied", "no", "urge")) or text.startswith(NOT_YET):
        area = h.session.get_one(Area, row.area_id)
        matters.file(h, _as_report(h, row.supplies[0]), place=places.Place(area, told=True), insist=True)
        return True
    if said is None or said.verb not in ("confirm", "yes"):
        return False
    h.answer("outage_over_heard")
    return True
