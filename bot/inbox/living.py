"""绑定 3栋2单元: a resident says where they live; a leader who was asked says yes or no."""

import re
from typing import Any

from bot import homes, people, places
from bot.desk import Desk
from bot.inbox.hearing import Hearing
from intents.verdict import Command
from models import BindRequest, BindState, Question

ASKED = re.compile(r"绑定|登记")  # who only says where they live has asked for nothing yet
# Said on purpose: a bare 收到 or 好的 may be meant for a card.
END = r"[。.!~ 了啊呀哒]{0,3}"
# A word more about the same person (是的，老邻居了) is part of a yes; what may be a matter of its own is not.
MORE = r"(?:[,，。 ]{1,2}(?:是|我|[他她]|[老新]|住|没错|认识|租|刚搬)(?!.{0,12}[?？但不没坏漏停堵])[^,，。]{1,12})?"
YES = re.compile(rf"(?:1|是的?|对的?|没错|是我们?(?:这里|这边|单元|楼)的?|认识|确认|同意|[他她]是|住这里?){END}{MORE}")
NO = re.compile(
    r"(?:2|不是的?|不对|(?:我们?这?里?)?没有?这个?人|不认识|没见过|没听说过?|没印象|不住(?:这里?|我们.{0,4})|不同意|不晓得"
    rf"|不知道|不(?:太|大)?清楚)(?:这个?人|[他她]|是谁)?{END}(?:[,，。 ][^?？]{{0,30}})?"
)


def bind(h: Hearing, command: Command) -> bool:
    """Ask for it in private; in a group nobody need read where somebody lives."""
    if not h.private:
        return False
    verdict = h.understanding.read(command.rest, "private", True)
    place = places.resolve(h.session, h.base, verdict.slots, verdict.text)
    area = place.area if place.told and not place.candidates else None
    if area is None or area.level not in homes.HOMES or (verdict.slots.unit and place.unit != area.label):
        h.answer("home_where")
        return True
    where = places.label_in_full(h.session, area)
    if h.account.area_id is None:
        h.account.area_id = area.id  # remembered for what they say next, confirmed or not
    if h.account.bound_area_id == area.id and h.account.bound_by in homes.BY_PEOPLE:
        h.answer("home_already", place=where)
        return True
    if not ASKED.search(h.verdict.text):
        h.answer("home_said", place=where)
        return True
    request = homes.ask(h.desk, h.account, area)
    h.answer("home_asked" if request.state == BindState.ASKED else "home_to_staff", place=where)
    return True


def answered(h: Hearing, payload: dict[str, Any], question: Question) -> bool:
    """The leader's yes or no. What they may not decide any more goes to staff, without a word of why."""
    del question
    text = h.verdict.text.strip()
    yes, no = YES.fullmatch(text), NO.fullmatch(text)
    if not yes and not no:
        return False
    request = h.session.get_one(BindRequest, payload["request"])
    person_id = people.person_of(h.account)
    if request.state == BindState.ASKED and homes.may_decide(h.desk, request, person_id):
        homes.decide(h.desk, request, yes=bool(yes), by=person_id, how="leader")
    elif request.state == BindState.ASKED:
        homes.to_staff(h.desk, request)
    h.answer("home_heard_yes" if yes else "home_heard_no")
    return True


def expired(desk: Desk, question: Question) -> None:
    """The leader said nothing: staff have it."""
    request = desk.session.get(BindRequest, question.payload["request"])
    if request is not None and request.state == BindState.ASKED:
        homes.to_staff(desk, request)
