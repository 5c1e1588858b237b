"""A solved matter that is to be looked at again: 30天后再看看, 下周再看一次, 月底复查. Pure."""

import re
from datetime import date, datetime, timedelta

from intents import times

_N = r"\d{1,3}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九半]"
_UNIT = r"天|个?星期|个?礼拜|周|个?月"
_LOOK = r"(?:去|来)?(?:看看|看一?[下次眼趟遍]|看(?!着|好)|复查|复看|回访|回头看|检查)(?:一?[下次眼趟遍])?"
_LATER = re.compile(rf"(?:过|等)?(?P<n>{_N})(?P<unit>{_UNIT})(?:(?:以后|之后|后)(?:我)?(?:再)?|再){_LOOK}(?:吧|哈)?")
_NAMED = re.compile(
    rf"(?P<when>(?:下下?个?(?:周|星期|礼拜)|下个?月|月底|年底|(?<!半)年后|节后|过完年|国庆后|春节后|\d{{1,2}}月)[一二三四五六日天\d号日底初]{{0,4}})(?:我)?再{_LOOK}(?:吧|哈)?"
    rf"|(?P<then>(?:下下?个?(?:周|星期|礼拜)|下个?月|月底|\d{{1,2}}月)[一二三四五六日天\d号日底初]{{0,4}})(?:复查|回访|回头看)(?:一?[下次])?"
)
_QUESTION = re.compile(r"\?|吗|谁|什么时候")
_NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
MOST_DAYS = 366


def read(text: str, said_at: datetime) -> tuple[date, str] | None:
    """The day on which a folded text wants it looked at again, and the text without those words.

    said_at: when it was said, aware, in the community's zone. None where it says no such day, or one that is not
    within a year from tomorrow on.
    """
    if _QUESTION.search(text):
        return None
    found = _LATER.search(text)
    if found is not None:
        day = _later(found["n"], found["unit"], said_at.date())
    else:
        found = _NAMED.search(text)
        window = times.window(found["when"] or found["then"], said_at) if found else None
        day = max(window.start.date(), said_at.date() + timedelta(days=1)) if window else None
    if found is None or day is None or not 1 <= (day - said_at.date()).days <= MOST_DAYS:
        return None
    return day, f"{text[: found.start()]} {text[found.end() :]}".strip(" ,.。;:、")


def _later(number: str, unit: str, today: date) -> date | None:
    if number == "半":
        return today + timedelta(days=15) if unit.endswith("月") else None
    count = _count(number)
    days = {"天": 1, "月": 30}.get(unit[-1], 7)
    return today + timedelta(days=count * days)


def _count(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (_NUMBERS.get(tens, 1) * 10 if ten else 0) + _NUMBERS.get(ones, 0)
