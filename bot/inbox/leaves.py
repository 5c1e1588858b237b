"""Leave in words: 我请假到周五, 我回来了; staff also say 李姐请假三天. (爷爷住院了: bot.inbox.handover.)

In private and where leaders and staff are among themselves; among residents it is talk.
"""

import re
from collections.abc import Callable, Mapping

from sqlmodel import col, select

from bot import absences, people, places
from bot.absences import Handed
from bot.inbox.hearing import Hearing
from bot.people import covers, posts_of
from bot.routing import OFFICE, TITLES
from intents import leave, times
from intents.verdict import Command
from models import Area, ChatKind, Person

# What may stand before 请假 beside whom it is about.
NOT_A_NAME = re.compile(
    r"^.*[,，。:：]|我们?|本人|自己|这边|家里|有(?:点|些)?(?:事情?|急事)|身体|不舒服|不(?:太)?方便|生病|病了?|感冒|因为?|由于|"
    r"想|要|得|需要?|打算|准备|先|从|自|起|开始|再|也|就|可能|这几天|今天|单元长|楼栋长|网格[长员]|片长|社工|书记|领导|同志|"
    r"不对|说错了?|错了|是|[\s跟向您说一声替帮给记下]"
)
NAME_LEAST = 2
A_WORD = 12  # characters before 请假 that may be somebody's name


def ask(h: Hearing, command: Command) -> bool:
    """Keep a leave. False where it is none of the speaker's, or of nobody they may speak for."""
    del command
    if h.chat.kind == ChatKind.RESIDENTS:
        return False
    text = h.verdict.text
    whom = _whom(h, text)
    if whom is None:
        return False
    person_id, name = whom
    starts, ends = leave.span(text, h.line.said_at.astimezone(h.desk.settings.zone))
    by = None if not name else people.person_of(h.account)
    absence, handed = absences.record(h.desk, person_id, max(starts, h.now), ends, by=by)
    until, told = absences.until(h.desk, ends), absences.handed_words(h.desk, handed)
    if name:
        h.answer("leave_for", who=name, until=until, handed=told)
        absences.tell_person(h.desk, absence, f"kept:{h.row.id}", absences.by_office(h.desk, ends, handed))
    elif absence.begun_at is None:
        h.answer("leave_coming", from_day=absences.day(h.desk, absence.starts_at))
    else:
        h.answer("leave_kept", until=until, handed=told)
    return True


def back(h: Hearing, command: Command) -> bool:
    """They are back, or take it back. False where they were not away: then it is talk."""
    del command
    person_id = people.person_of(h.account)
    if h.chat.kind == ChatKind.RESIDENTS or person_id is None:
        return False
    known = absences.running(h.desk, person_id)
    if not known:
        return False
    begun = [absence for absence in known if absence.begun_at is not None]
    handed = [absences.end(h.desk, absence) for absence in begun or known]
    if begun:
        h.answer("back_kept", handed="".join(given_words(h, each) for each in handed))
    else:
        h.answer("back_taken")
    return True


HANDLERS: Mapping[str, Callable[[Hearing, Command], bool]] = {"leave": ask, "back": back}


def given_words(h: Hearing, handed: Handed) -> str:
    """What is said to whoever comes back about what is theirs again; no list where others read along."""
    if not handed.moved:
        return ""
    tickets = [ticket for ticket, _ in handed.moved if h.private or not ticket.private]
    return h.desk.wording("back_given", count=len(handed.moved), choices=absences.numbered(h.desk, tickets))


def _whom(h: Hearing, text: str) -> tuple[int, str] | None:
    """Whose leave: the speaker's (name ""), or, where a name stands before it, of somebody the office speaks for."""
    own = people.person_of(h.account)
    name = _name_in(text)
    if not name:
        return (own, "") if own is not None else None
    return _spoken_for(h, name)


def _name_in(text: str) -> str:
    """Who is named before 请假, "" where nobody is; a name that nobody bears is one as well."""
    asked = re.search(r"[请休]", text)
    if asked is None:
        return ""
    head = text[: asked.start()]
    said = times.words(head)
    head = NOT_A_NAME.sub("", head.replace(said, "") if said else head)
    return head if NAME_LEAST <= len(head) <= A_WORD else ""


def _spoken_for(h: Hearing, name: str) -> tuple[int, str] | None:
    """The one person of that name with a post where the speaker is of the office; None where there is none, or two."""
    scopes = [h.session.get_one(Area, post.area_id) for post in h.posts if post.role in OFFICE]
    query = select(Person).where(Person.name == name).order_by(col(Person.id))
    found: list[tuple[int, str]] = []
    for person in h.session.exec(query):
        for post in posts_of(h.session, person.id, h.now.astimezone(h.desk.settings.zone).date()):
            area = h.session.get_one(Area, post.area_id)
            if any(covers(scope, area) for scope in scopes):
                found.append((person.id, f"{places.label_of(h.session, area)}{TITLES[post.role]}"))
                break
    return found[0] if len(found) == 1 else None
