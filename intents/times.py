"""When somebody means: 明天下午, 周五之前, 下周三上午9点, 今晚8点后, 这两天, 月底前, 国庆后. Pure.

`words` finds what was said, `window` says from when until when that is, seen from the moment it was said. What lies in
the past (昨天, 上周) is no appointment and gives nothing.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from intents import calendar, lunar
from intents.calendar import Span
from intents.shapes import eager

_N = r"(?:\d{1,2}|二?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_PART = (
    r"凌晨|清早|清晨|一?大早上?|早上|早晨|早间|早(?!高峰|餐|饭|市|教|点)|上午|中午|午后|下午|傍晚|晚上|晚间|夜里|夜间|半夜|深夜"
    r"|夜(?!宵|班)|晚(?!霞|餐|饭|会|班|点|辈|年)|下班前|下班后"
)
_WEEK = r"(?:下下|下|这|本)?个?(?:周|星期|礼拜)[一二三四五六日天]|(?:下下|下|这|本)?个?周末"
_DAY = (
    rf"{lunar.DAY}|"
    r"大后[天日]|后[天日儿]|明[天日儿朝]|今[天日儿朝]|(?:今|明)(?=早|晚|夜|上午|下午|中午)"
    rf"|{_WEEK}|(?:20\d\d年)?{_N}月{_N}[号日]|(?<![\d第]){_N}[号日](?!楼|栋|院|门|线|单元|电梯|里|\d)"
)
_CLOCK = rf"{_N}[点时](?!候)(?:{_N}分?|半|[一三]刻|整|钟|多)?|\d{{1,2}}:\d{{2}}"
_SPAN = (
    r"这[两几三]天|明后[两]?天|这一两天|过[两几]天|(?:下下|下|这|本)个?(?:周|星期|礼拜)(?![一二三四五六日天末])内?|(?:下个?|这个?|本|当)?月[初中底末]|下个?月(?!\d)|年[底前后]"
    r"|过完年|过年|国庆节?|元旦|春节|除夕|元宵节?|清明节?|(?<![一二三四五六七八九块])五一(?!度|块|斤)|劳动节|端午节?|中秋节?"
)
_LATER = rf"[一两二三四五][两二三四五六]天|半个?(?:小时|钟头)|{_N}(?:个?半?(?:小时|钟头)|分钟|天|个?(?:星期|礼拜)|周)"
_SIDE = r"之前|以前|前(?![门面楼厅台])|之后|以后|过后|后(?![门面边楼墙院台])|左右|起"
_TO = r"\s?[-—~到至]\s?"
TIME = eager(
    rf"(?P<later>{_LATER})(?P<ends>之?内|以内|之?后|以后)"
    rf"|(?P<span>{_SPAN})(?:的?(?:时候|期间))?(?P<span_side>{_SIDE})?"
    rf"|(?:(?P<day>{_DAY})(?:{_TO}(?P<last>{_DAY}))?(?:的|\s|,)?)?(?P<part>{_PART})?\s?"
    rf"(?:(?P<clock>{_CLOCK})(?:{_TO}(?P<part2>{_PART})?(?P<clock2>{_CLOCK}))?"
    rf"|(?P<bare>\d{{1,2}}){_TO}(?P<part3>{_PART})?(?P<clock3>{_CLOCK}))(?P<clock_side>{_SIDE})?"
    rf"|(?P<today>下班[前后])|(?P<only>{_DAY})(?:{_TO}(?P<only_last>{_DAY}))?(?:的|\s)?(?P<only_part>{_PART})?(?P<only_side>{_SIDE}|(?<=[周期拜天日号])内)?"
)
# What each way of saying a time holds: searched for first, since few messages say one, and quickly.
MAY_BE_TIME = eager(
    r"[\d一二两三四五六七八九十][点时:号日]|[\d一二两三四五六七八九十几后明今]天|后[日儿]|[明今][日儿朝早晚夜]|[明今](?:上午|下午|中午)"
    r"|周|星期|礼拜|月[初中底末]|下个?月|年[底前后]|过完?年|下班|(?:小时|钟头|分钟)[之以内后]"
    rf"|国庆|元旦|春节|除夕|元宵|清明|五一|劳动节|端午|中秋|{lunar.MAY_BE}"
)
PAST = re.compile(
    r"(?:昨[天日晚夜儿]?|前[天日晚]|大前天|[去前]年的?|上个?(?:周|星期|礼拜|月)[一二三四五六日天末底初]?|上|那天)(?:早上|上午|中午|下午|晚上|半夜|凌晨)?[的,]?$"
)
# 3号 alone may be a house; a day of the month it is beside a part of the day, a side or what is done on a day.
DAY_NUMBER = re.compile(rf"{_N}[号日]")
A_LITTLE = ("一点", "两点", "三点", "几点")  # 能报一点吗, 我说两点: without a part of the day no hour
APPROXIMATELY = re.compile("[一两二三四五][两二三四五六]天")
DAY_MEANT = re.compile(r"\s?(?:来|去|到(?!\d)|开始|停|会|才|再|就|修|换|上门|能|可以|过来|弄|有人)")
PARTS = {
    "凌晨": (0, 6), "清早": (5, 8), "清晨": (5, 8), "早": (6, 9), "上午": (8, 12), "中午": (11, 14),
    "午后": (13, 17), "下午": (13, 18), "傍晚": (17, 19), "晚": (18, 22), "半夜": (22, 24), "夜": (20, 24),
    "下班前": (14, 18), "下班后": (18, 22),
}  # fmt: skip
MORNING_FROM = 7  # 3点 with nothing beside it is in the afternoon, 7点 in the morning
NOON, EVENING = 12, 17
AN_HOUR = timedelta(hours=1)
AFTERWARDS = timedelta(days=7)  # 周五以后: how long what begins then is looked at


@dataclass(frozen=True)
class Window:
    """From `start` (inclusive) until `end`, in the zone of the moment it was said. words: as they were said."""

    start: datetime
    end: datetime
    words: str


def words(text: str) -> str | None:
    """The first time that a folded text says, in its own words; None where it says none."""
    found = _find(text)
    return found[0].strip(" ,的") if found else None


def window(text: str, said_at: datetime) -> Window | None:
    """When the first time in a folded text is. said_at: when it was said, aware, in the community's zone.

    None where no time is said, where that day does not exist (2月30日), or where it ended before it was said.
    """
    found = _find(text)
    if found is None:
        return None
    try:
        span = _span(found, said_at)
    except (OverflowError, ValueError):
        return None  # the end of the calendar, the thirtieth of February, 25点
    if span is None or not span[0] < span[1]:
        return None
    return Window(*span, found[0].strip(" ,的"))


def dated(text: str, said_at: datetime) -> str:
    """A folded text whose first time names its day by date, so that it is still true when read later: 约明天下午 said
    on the 23rd of November is 约11月24日下午. A text without such a day is returned as it is.
    """
    found = _find(text)
    day = found and (found["day"] or found["only"])
    if not found or not day or DAY_NUMBER.search(day) or "末" in day or found["last"] or found["only_last"]:
        return text
    try:
        on = _day(day, said_at.date())
    except (OverflowError, ValueError):
        return text
    if on is None:
        return text
    at = found.start("day") if found["day"] else found.start("only")
    return f"{text[:at]}{on.month}月{on.day}日{text[at + len(day) :]}"


def _find(text: str) -> re.Match[str] | None:
    if not MAY_BE_TIME.search(text):
        return None
    return next((found for found in TIME.finditer(text) if _is_time(found)), None)


def _is_time(found: re.Match[str]) -> bool:
    """Not what is past (昨晚8点, 上周五); and 15号 is a day only where something beside it says so."""
    if PAST.search(found.string, max(0, found.start() - 6), found.start()):
        return False
    if found["clock"] in A_LITTLE and not (found["part"] or found["day"] or found["clock2"] or found["clock_side"]):
        return False
    if (
        found["only"]
        and DAY_NUMBER.fullmatch(found["only"])
        and not (found["only_part"] or found["only_side"] or found["only_last"])
    ):
        return DAY_MEANT.match(found.string, found.end()) is not None
    return True


def _span(found: re.Match[str], said_at: datetime) -> Span | None:
    if found["later"]:
        return _later(found["later"], found["ends"], said_at)
    if found["span"]:
        whole = calendar.named(found["span"], said_at)
        feast = calendar.is_feast(found["span"])
        return _sided(whole, found["span_side"], said_at, until_it_begins=feast) if whole else None
    if found["today"]:
        start, end = _part(found["today"])
        return _at(said_at.date(), start, said_at), _at(said_at.date(), end, said_at)
    if found["only"]:
        return _of_days(found, said_at)
    return _of_clock(found, said_at)


def _later(length: str, ends: str, said_at: datetime) -> Span:
    if APPROXIMATELY.match(length):
        length = length[1:]  # 两三天: three, to be sure
    number = 0.5 if length[0] == "半" else float(calendar.number(re.match(_N, length)[0]))  # type: ignore[index]  # _LATER begins so
    if "半" in length[1:]:
        number += 0.5
    unit, slack = next(
        (timedelta(**{unit: number}), slack)
        for word, unit, slack in (("分", "minutes", timedelta(minutes=30)), ("天", "days", timedelta(days=1)),
                                  ("星期", "weeks", timedelta(days=1)), ("礼拜", "weeks", timedelta(days=1)),
                                  ("周", "weeks", timedelta(days=1)), ("", "hours", AN_HOUR))
        if word in length
    )  # fmt: skip
    if "内" in ends:
        return said_at, said_at + unit
    start = said_at + unit
    if slack >= timedelta(days=1):
        start = _at(start.date(), 0, said_at)
    return start, start + slack


def _of_days(found: re.Match[str], said_at: datetime) -> Span | None:
    first = _day(found["only"], said_at.date())
    if first is None:
        return None
    last = _after(found["only_last"], first)
    side = found["only_side"]
    if side == "内":
        return said_at, _at(last, 24, said_at)
    if "末" in found["only"]:
        last = first + timedelta(days=1)
    if part := found["only_part"]:
        start, end = _part(part)
        span = _at(first, start, said_at), _at(last, end, said_at)
        return _sided(span, side, said_at, until_it_begins=True)
    return _sided((_at(first, 0, said_at), _at(last, 24, said_at)), side, said_at, until_it_begins=False)


def _of_clock(found: re.Match[str], said_at: datetime) -> Span | None:
    day = _day(found["day"], said_at.date()) if found["day"] else said_at.date()
    if day is None:
        return None
    part = found["part"]
    hour, minute = _clock(found["clock"] or f"{found['bare']}点", part or (found["part3"] if found["bare"] else None))
    start = _at(day, hour, said_at) + timedelta(minutes=minute)
    later = found["clock2"] or found["clock3"]
    if later:
        hour2, minute2 = _clock(later, found["part2"] or found["part3"] or part)
        if (hour2, minute2) <= (hour, minute) < (hour2 + NOON, minute2) and ":" not in later:
            hour2 += NOON  # 9点到3点
        end = _at(day, hour2, said_at) + timedelta(minutes=minute2)
    else:
        end = start + AN_HOUR
    if end <= start:
        end += timedelta(days=1)  # 22:00-6:00
    if found["last"]:
        end = datetime.combine(_after(found["last"], day), end.time(), said_at.tzinfo)
    if not found["day"] and start <= said_at and (end <= said_at or found["clock_side"]):
        start, end = start + timedelta(days=1), end + timedelta(days=1)
    if found["clock_side"] == "左右":
        return start - AN_HOUR / 2, start + AN_HOUR / 2
    if found["clock_side"] and "前" not in found["clock_side"]:
        return start, _at(start.date(), 24, said_at)
    return (said_at, start) if found["clock_side"] else (start, end)


def _sided(span: Span, side: str | None, said_at: datetime, *, until_it_begins: bool) -> Span:
    """周五前 and 月底前 last until Friday and the month are over; 中午前 and 国庆前 until noon and the feast begin."""
    start, end = span
    if side is None or side == "左右":
        return span
    if "前" in side:
        return said_at, start if until_it_begins else end
    return (start, end + AFTERWARDS) if side == "起" else (end, end + AFTERWARDS)


def _day(words: str, today: date) -> date | None:
    if lunar.is_one(words):
        return lunar.next_day(words, today)
    if words[0] in "今明后大":
        gap = {"今": 0, "明": 1, "后": 2, "大": 3}[words[0]]
        return today + timedelta(days=gap)
    if DAY_NUMBER.fullmatch(words):
        return calendar.next_day_number(calendar.number(words[:-1]), today)
    if "月" in words:
        year, _, rest = words[:-1].rpartition("年")
        month, day = rest.split("月")
        if year:
            return date(int(year), calendar.number(month), calendar.number(day))
        return calendar.next_date(calendar.number(month), calendar.number(day), today)
    return calendar.weekday(words, today)


def _after(words: str | None, first: date) -> date:
    """The end of a range of days: 周二到周四, 今天到后天."""
    last = _day(words, first) if words else first
    return last if last is not None and last > first else first


def _part(words: str) -> tuple[int, int]:
    return next(hours for word, hours in PARTS.items() if word in words)


def _clock(words: str, part: str | None) -> tuple[int, int]:
    """Hour and minute on the clock of 24 hours, by the part of the day that is said or else by when people are up."""
    hour_words, _, rest = re.sub("[点时:]", "|", words, count=1).partition("|")
    hour = calendar.number(hour_words)
    minute = {"半": 30, "一刻": 15, "三刻": 45}.get(rest)
    if minute is None:
        digits = rest.strip("分整钟多")
        minute = calendar.number(digits) if digits else 0
    if hour > 24 or minute > 59:  # noqa: PLR2004 - a day has 24 hours, an hour 60 minutes
        raise ValueError("no such time")
    afternoon = _part(part)[0] >= NOON if part else hour < MORNING_FROM and ":" not in words
    if hour == NOON and part and "中" not in part:
        hour = 24 if _part(part)[0] >= EVENING else 0 if "凌晨" in part else NOON  # 晚上12点
    if hour < NOON and (afternoon or (part == "中午" and hour < MORNING_FROM)):
        hour += NOON
    return hour, minute


def _at(day: date, hour: int, said_at: datetime) -> datetime:
    return datetime.combine(day, time(0), said_at.tzinfo) + timedelta(hours=hour)
