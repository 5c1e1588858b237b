"""我想匿名反映单元长: to the community alone, without a name, a chat or a row that leads back; never to the group.

behaviour.md: "about the leader"; daily life 27. Whoever says it cannot be told how it goes, and hears so.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot import consequences
from bot.inbox import asking, recusal, remarks
from bot.inbox.hearing import Hearing
from bot.inbox.where import locate
from bot.moves import Verb
from bot.places import Place
from bot.tickets import Matter, Voice, act, lock, open_ticket
from intents.verdict import Command
from models import Intent, Question

KIND = "anonymous"  # of Question
LEAST = 2  # characters beside the office that is named: less is the wish to say something
OFFICE = re.compile(
    r"我们?|这|那|的|个|位|一下|关于|单元长|楼栋?长|片长|庭院书记|网格[长员]|社工|居委会?|社区|书记|"
    r"问题|情况|事情?|意见|行为|[,，。:： ]"
)


def handle(h: Hearing, command: Command) -> bool:
    """About a leader or the office: filed so that nobody can be found by it. About neighbours: told in confidence."""
    about = command.rest or h.verdict.text
    if not recusal.concerned(about) and not recusal.concerned(h.verdict.text):
        if h.private and len(command.rest) >= LEAST:
            h.verdict = h.understanding.read(command.rest, "private", True)
        return remarks.confide(h, command)
    if len(OFFICE.sub("", command.rest)) < LEAST and h.private and not command.note:
        asking.ask(h, KIND, h.chat, {"about": about}).inbound_id = None
        h.answer("anonymous_open")
        _leave_no_trace(h)
        return True
    _file(h, h.verdict.text, about)
    return True


def answered(h: Hearing, payload: dict[str, Any], question: Question) -> bool:
    """What they wanted to say without their name."""
    if h.understanding.resident(h.verdict.text) is not None and len(h.verdict.text) < LEAST:
        return False
    del question
    _file(h, f"{payload['about']}：{h.verdict.text}", payload["about"])
    return True


def _file(h: Hearing, words: str, about: str) -> None:
    place, area, community = locate(h)
    lock(h.session, community.id)
    recused = recusal.persons(h, recusal.concerned(about) | recusal.concerned(words), area)
    at = Place(area, place.building, place.unit, told=place.told)
    matter = Matter(
        Intent.DISPUTE, "other", h.desk.wording("matter_anonymous"), at, area, private=True, recused=recused
    )
    # No account, no chat, no message: and the hour is enough of a time.
    said_at = h.line.said_at.replace(minute=0, second=0, microsecond=0)
    ticket, _ = open_ticket(h.desk, community, matter, Voice(None, None, None, words, said_at))
    act(h.desk, ticket, Verb.DISPATCH, consequences.SERVICE, target_name="secretary")
    h.whisper(h.desk.wording("anonymous_heard" if h.private else "anonymous_in_open"), KIND)
    _leave_no_trace(h)


def _leave_no_trace(h: Hearing) -> None:
    h.row.text, h.row.line, h.row.ticket_id, h.row.erase_at = None, None, None, None
    h.row.media = h.row.media_due_at = None


ANSWERS: Mapping[str, Callable[[Hearing, dict[str, Any], Question], bool]] = {KIND: answered}
