"""What comes back every so often: 每周五清理3栋楼道, 以后每月15号巡查消防栓. Pure.

`read` takes a sentence apart into when and what; `Every.next_after` says on which day it falls due next.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_WEEKDAYS = "一二三四五六日"
_N = r"\d{1,3}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]"
_WEEK = r"(?:周|个?星期|个?礼拜)"
_DAY = r"\d{1,2}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九]"
_OPENS = re.compile(r"(?:(?:定期|固定|以后|今后|往后)[:, ]{0,3}){0,2}")
_WEEKLY = re.compile(
    rf"每个?{_WEEK}(?P<days>(?!一次)[一二三四五六日天](?:[、,和]?(?:{_WEEK})?(?!次)[一二三四五六日天]){{0,6}})(?![次栋楼号层\d])"
)
_MONTHLY = re.compile(
    rf"每个?月的?(?P<days>(?:{_DAY})[号日]?(?:[、,和](?:{_DAY})[号日]?){{0,5}})(?<=[号日])|每个?月(?P<part>初|中旬?|底|末)"
)
_IN_DAYS = re.compile(
    rf"(?P<daily>每天|每日|天天)|(?P<other>隔天|每隔[一1]天)|每隔?(?P<n>{_N})(?P<unit>天|{_WEEK})(?:的?{_WEEK}(?P<on>[一二三四五六日天]))?"
    rf"|(?P<fortnight>隔周)|(?P<week>每{_WEEK}(?=一次|都|要|得|(?![一二三四五六日天末])))|(?P<month>每个?月)(?=一次|都)"
)
_ONCE = re.compile(r"[, ]{0,2}(?:一次|都|要|得|定期){0,2}[:, ]{0,2}")
_WHO = re.compile(
    r"(?:由|让|请|安排)?(?P<who>物业|单元长|楼栋长|楼长|网格[长员]|片长|志愿者|社工|值班员?|大家|大伙|我们?|咱们)(?:都|来|去|要|负责){0,2}"
)
_ACTION = re.compile(
    r"(?:(?:早上|上午|中午|下午|晚上|傍晚|\d{1,2}点半?)(?:要|去|来)?)?(?:去|上门|入户|把|给|对|组织|开展)?.{0,12}?"
    r"(?:清理|清扫|清洗|清运|打扫|大扫除|扫|巡查|巡逻|巡视|巡检|检查|查看|排查|查|消毒|消杀|灭鼠|灭蚊|浇水|浇|修剪|走访|看望|探望|敲门"
    r"|维护|保养|检修|测试|试|擦|拖|整理|疏通|通风|更换|换|看看|看一?[下眼]|转一?圈)"
)
_NO_PLAN = re.compile(r"\?|吗|呢$|没|不(?!锈)|怎么|又|有人|总是|老是|都是|还是|凭什么|谁|了$|为什么|好烦|太")
_UNTIL = re.compile(
    r"[, ]{0,2}(?:到|截止到?|直到)(?:(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})[号日]?|底)|(?P<year>年底))(?:为止)?$"
)
MOST_DAYS = 366
LONGEST = 60  # characters of what is to be done
_MONTH_PARTS = {"初": 1, "中": 15, "中旬": 15, "底": 31, "末": 31}


@dataclass(frozen=True)
class Every:
    """When it comes back. Exactly one of the three is set."""

    days: int | None = None  # every so many days, counted from the first
    weekdays: tuple[int, ...] = ()  # 0 is Monday
    month_days: tuple[int, ...] = ()  # past the end of a month: its last day

    def __post_init__(self) -> None:
        """Raises ValueError for what says nothing, two things at once, or days that are none."""
        if (self.days is not None) + bool(self.weekdays) + bool(self.month_days) != 1:
            raise ValueError("one of days, weekdays and month_days")
        if self.days is not None and not 1 <= self.days <= MOST_DAYS:
            raise ValueError(f"days: 1 to {MOST_DAYS}")
        if not all(0 <= day <= 6 for day in self.weekdays) or not all(1 <= day <= 31 for day in self.month_days):  # noqa: PLR2004 - a week's and a month's days
            raise ValueError("no such day")

    def next_after(self, day: date, first: date) -> date:
        """The first day after `day` on which it falls due; never before `first`, from which days are counted."""
        day = max(day, first - timedelta(days=1))
        if self.days is not None:
            passed = (day - first).days // self.days + 1
            return first + timedelta(days=passed * self.days)
        if self.weekdays:
            return min(day + timedelta(days=(wanted - day.weekday() - 1) % 7 + 1) for wanted in self.weekdays)
        return min(self._in_month(day, wanted) for wanted in self.month_days)

    @staticmethod
    def _in_month(day: date, wanted: int) -> date:
        year, month = day.year, day.month
        for _ in range(2):
            found = date(year, month, min(wanted, monthrange(year, month)[1]))
            if found > day:
                return found
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004 - December
        raise AssertionError("every month has a day")


@dataclass(frozen=True)
class Recurring:
    """A sentence taken apart. who: as it was said (物业, 志愿者); None where nobody is named."""

    every: Every
    first: date  # the days are counted from here; the first falls due then or later
    action: str
    who: str | None = None
    until: date | None = None


def read(text: str, today: date) -> Recurring | None:
    """What a folded sentence says is to be done again and again; None where it says no such thing plainly.

    today: the day it was said; a count of days begins tomorrow. `action` is empty only after 定期, where a ticket may
    say what is to be done.
    """
    opened = _OPENS.match(text)
    rest = text[opened.end() :] if opened else text
    when = _when(rest, today)
    if when is None:
        return None
    every, first, end = when
    once = _ONCE.match(rest, end)
    action = rest[once.end() if once else end :].strip(" ,.。:")
    action, until = _until(action, today)
    who = _WHO.match(action)
    bare = action[who.end() :].strip(" ,") if who else action
    if _NO_PLAN.search(bare) or len(bare) > LONGEST:
        return None
    if not (bare == "" and opened and opened.end()) and not _ACTION.match(bare):
        return None
    if until is not None and until < first:
        return None
    return Recurring(every, first, bare, who["who"] if who else None, until)


def _when(rest: str, today: date) -> tuple[Every, date, int] | None:
    """How often, from when, and where in the text that ends."""
    tomorrow = today + timedelta(days=1)
    if found := _WEEKLY.match(rest):
        days = {_weekday(letter) for letter in found["days"] if letter in "一二三四五六日天"}
        return Every(weekdays=tuple(sorted(days))), tomorrow, found.end()
    if found := _MONTHLY.match(rest):
        return _monthly(found, tomorrow)
    if found := _IN_DAYS.match(rest):
        return _in_days(found, today)
    return None


def _monthly(found: re.Match[str], tomorrow: date) -> tuple[Every, date, int] | None:
    days = (
        [_MONTH_PARTS[found["part"]]] if found["part"] else [_number(part) for part in re.findall(_DAY, found["days"])]
    )
    if not all(1 <= day <= 31 for day in days):  # noqa: PLR2004 - a month's days
        return None
    return Every(month_days=tuple(sorted(set(days)))), tomorrow, found.end()


def _in_days(found: re.Match[str], today: date) -> tuple[Every, date, int] | None:
    tomorrow = today + timedelta(days=1)
    if found["month"]:
        return Every(month_days=(tomorrow.day,)), tomorrow, found.end()
    if found["daily"]:
        return Every(days=1), tomorrow, found.end()
    if found["other"]:
        return Every(days=2), tomorrow, found.end()
    if found["week"] or found["fortnight"]:
        return Every(days=7 if found["week"] else 14), tomorrow, found.end()
    count = _number(found["n"]) * (1 if found["unit"] == "天" else 7)
    if found[0].startswith("每隔"):
        if found["unit"] != "天":
            return None  # 每隔两周: every second week, or every third? Nobody can tell
        count += 1
    if not 1 <= count <= MOST_DAYS:
        return None
    if found["on"]:
        wanted = Every(weekdays=(_weekday(found["on"]),))
        return Every(days=count), wanted.next_after(today, today), found.end()
    return Every(days=count), tomorrow, found.end()


def _until(action: str, today: date) -> tuple[str, date | None]:
    found = _UNTIL.search(action)
    if found is None:
        return action, None
    month = 12 if found["year"] else int(found["m"])
    if not 1 <= month <= 12:  # noqa: PLR2004 - a year's months
        return action, None
    year = today.year if (month, 31) >= (today.month, today.day) else today.year + 1
    last = monthrange(year, month)[1]
    return action[: found.start()], date(year, month, min(int(found["d"] or last), last))


def _weekday(letter: str) -> int:
    return _WEEKDAYS.index("日" if letter == "天" else letter)


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (_NUMBERS.get(tens, 1) * 10 if ten else 0) + _NUMBERS.get(ones, 0)
