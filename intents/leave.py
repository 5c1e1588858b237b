"""From when until when somebody is away: 请假到周五, 请假三天, 下周请假, 从明天起请两天假. Pure."""

import re
from datetime import datetime, time, timedelta

from intents import calendar, times

_N = r"\d{1,3}|二?十[一二三四五六七八九]?|[一二两三四五六七八九]|半"
LENGTH = re.compile(
    rf"(?<![第号月\d周期拜])(?P<n>{_N})(?P<half>个半)?个?(?P<unit>天|日(?!期)|周|星期|礼拜|月)(?!底|初|中|前|后)"
)
UNTIL_THE = re.compile(r"[到至]\d{1,2}[号日](?![\d内前后])")
UNTIL = re.compile(r"[到至]")
ASKED = re.compile(r"(?:起|开始)?[请休]个?[事病]?假(?=[到至])")  # 从明天请假到周五 is 从明天到周五
ONLY_TODAY = re.compile(r"半天")
DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30}
LONGEST = timedelta(days=400)


def span(text: str, said_at: datetime) -> tuple[datetime, datetime | None]:
    """From when until when, seen from `said_at` (aware, in the community's zone), of a folded text that asks for leave.

    It begins where a day to begin on is said, else now. It ends with the day that is said last (到周五: Friday over),
    or after so many days, the first of them counted; None where neither is said, or where it would last over a year.
    """
    starts, ends = _said(text, said_at)
    starts = max(starts, said_at)
    if ends is not None and (ends <= starts or ends - starts > LONGEST):
        ends = None
    return starts, ends


def _said(text: str, said_at: datetime) -> tuple[datetime, datetime | None]:
    text = ASKED.sub("", text)
    length = None if times.window(text, said_at) and UNTIL.search(text) else _days(text)
    if length is not None:
        rest = LENGTH.sub("", text)
        window = times.window(rest, said_at)
        starts = window.start if window is not None else said_at
        return starts, _midnight_after(starts, length)
    # A bare 26号 may be a house; where leave is asked for until it, it is a day.
    window = times.window(text, said_at) or times.window(UNTIL_THE.sub(r"\g<0>内", text), said_at)
    if window is None:
        return said_at, None
    if window.start <= said_at:
        return said_at, window.end
    if UNTIL.search(text[: text.find(window.words)] or "") and "到" not in window.words and "至" not in window.words:
        # 到周五, 到周五下午3点, 到国庆: from now on, until that day is over or that hour has come.
        whole_day = window.start.time() == time(0)
        return said_at, window.end if whole_day else window.start
    return window.start, window.end


def _days(text: str) -> int | None:
    if ONLY_TODAY.search(text):
        return 1
    found = LENGTH.search(text)
    if found is None:
        return None
    if found["n"] == "半":
        return 15 if found["unit"] == "月" else None
    number = calendar.number(found["n"])
    return min(number * DAYS[found["unit"]], LONGEST.days + 1) or None


def _midnight_after(starts: datetime, days: int) -> datetime:
    return datetime.combine(starts.date() + timedelta(days=days), time(0), starts.tzinfo)
