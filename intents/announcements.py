"""A planned outage announced: what is off, from when until when. Reads a folded text; the moment it was said is an
argument. Pure, linear in the text's length, never raises on any text.

Without a beginning and an end (or a length) nothing is announced: residents are told the hours, so they must be known.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from intents.normalise import value

READ = 400  # characters: a notice says it in its first lines
LONGEST = timedelta(days=3)  # a longer one is no outage that a resident would wait out
FURTHEST = timedelta(days=45)

SUPPLIES = {
    "water": re.compile(
        r"(?:停|断|关)(?:止)?(?:自来)?(?:供)?水|停(?:止)?供水|停用?水|(?:清洗|检修|更换|维修).{0,8}(?:水箱|水池|水泵|供水)"
        r"|(?:水箱|水池|水泵).{0,6}(?:清洗|检修|更换|维修|消毒)"
    ),
    "power": re.compile(
        r"(?:停|断|拉)(?:止)?(?:供)?电|停(?:止)?供电|停用?电|(?:检修|更换|改造).{0,6}(?:配电|变压器|电路)"
    ),
    "gas": re.compile(r"(?:停|断)(?:止)?(?:供)?(?:燃气|煤气|天然气|气)(?!氛|象|温)|停(?:止)?供气"),
    "heating": re.compile(r"(?:停|断)(?:止)?(?:供)?(?:暖|热水?)(?!线|门)|停(?:止)?供暖"),
    "lift": re.compile(
        r"电梯.{0,14}(?:停(?!车)|检修|维保|保养|年检|更换|暂停)|(?:停|检修|维保|保养|年检|更换).{0,6}电梯|停梯"
    ),
}
# It really will be off: an inspection alone takes nothing from anybody.
OFF = re.compile(r"停(?!车|工|课|放|止收)|断(?:水|电|气)|关(?:水|总?阀|闸)|拉闸|用不了|不能用|无法使用|不供")
ASKS = re.compile(
    r"\?|吗|么$|是不是|有没有|怎么|为什么|什么时候|几点(?!前|后|钟)|谁知道|又停|怎|没通知|听说|停了(?!两|半|\d|一)"
)

VISITS = "visit"
VISIT = re.compile(
    r"(?:入户|上门|逐户|挨家挨户|进户).{0,8}(?:安检|检查|查[气水电表]|抄表|登记|走访|检测|检修|普查|消毒|换表|巡检|核查|摸排|慰问)"
)

NUMBER = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
PERIOD = r"(?:凌晨|清早|清晨|早上|早晨|早|上午|中午|正午|下午|下昼|傍晚|晚上|晚间|晚|夜里|夜间|半夜)"
DAY = (
    r"(?:今天|今日|今晚|今早|今夜|明天|明日|明晚|明早|后天|大后天|当天|当晚|次日|第二天|"
    r"(?:本周|这周|下周|本星期|下星期|周|星期|礼拜)[一二三四五六日天]|"
    r"(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]?|\d{1,2}[日号](?!楼|线|院|门))"
)
CLOCK = rf"(?:{PERIOD})?(?:的)?\s?(?:\d{{1,2}}[:.]\d{{2}}|{NUMBER}(?:点|时)(?:钟)?(?:半|一刻|{NUMBER}分?)?(?!间))"
TO = r"\s?(?:停?到|至|-{1,2}|–|—{1,2}|~|~|开始到|起到|起至|开始至|直到)\s?"
RANGE = re.compile(
    rf"(?:(?P<day1>{DAY})[,的 ]{{0,2}})?(?P<clock1>{CLOCK}|(?:{PERIOD})?\d{{1,2}}(?=\s?[-–—~到至]))(?:整|左右|开始|起)?"
    rf"{TO}(?:(?P<day2>{DAY})[,的 ]{{0,2}})?(?P<clock2>{CLOCK})"
)
START = re.compile(rf"(?:(?P<day>{DAY})[,的 ]{{0,2}})?(?P<clock>{CLOCK})")
SINCE_NOW = re.compile(r"(?:现在|即刻|马上|从现在|即时)(?:起|开始)?")
WINDOW = re.compile(rf"(?P<day>{DAY})(?:的)?(?P<part>全天|一整天|一天|整天|上午|下午|晚上)")
EVENING_DAYS = {"今晚": "晚上", "今夜": "晚上", "明晚": "晚上", "当晚": "晚上", "今早": "早上", "明早": "早上"}
LENGTH = re.compile(
    rf"(?P<n>半|{NUMBER})\s?(?:个)?(?P<half>半)?\s?(?P<unit>小时|钟头|h|分钟)|(?P<other>半天|一上午|一下午|一天)"
)
WINDOWS = {"上午": (8, 12), "下午": (12, 18), "晚上": (18, 22)}
LENGTHS = {"半天": 4, "一上午": 4, "一下午": 5, "一天": 12}
WEEKDAYS = "一二三四五六日"
MORNING = ("凌晨", "清早", "清晨", "早上", "早晨", "早", "上午")
AFTERNOON = ("下午", "下昼", "傍晚", "晚上", "晚间", "晚", "夜里", "夜间", "半夜")
NOON, MIDNIGHT = 12, 24
EARLIEST_BARE = 6  # "5点" without more, said by day of something ahead: five in the afternoon

# Words by which somebody without it says so: of what is off, not of water that is yellow or a socket that smokes.
WITHOUT = {
    "water": re.compile(
        r"[停断没无]了?(?:自来)?水|没有水|水(?:又|都|也)?(?:停|断|没)|不?出(?:不来|不出)?水|龙头.{0,4}(?:没|不出)|来水"
    ),
    "power": re.compile(r"[停断没无]了?电(?!话|梯)|没有电|电(?:又|都|也)?(?:停|断|没)(?!梯)|来电(?!话)"),
    "gas": re.compile(r"[停断没无]了?(?:燃|煤|天然)?气|没有气|气(?:又|都|也)?(?:停|断|没)|打不着|点不着|来气"),
    "heating": re.compile(r"[停断没无]了?暖|没有暖气|暖气.{0,4}(?:停|没|不热|冰|凉)|供暖"),
    "lift": re.compile(r"电梯.{0,8}(?:停|不动|坏|用不了|没反应|不走|关|不来|不开)|停梯"),
}
FAULT = re.compile(r"[黄浑臭锈]|有味|虫|渣|打火|冒|烧|漏电|火花|焦|爆")
STILL = re.compile(
    r"(?:怎么|咋|到现在|现在|这|我家|我们这?|都|,| |\d{1,2}[点楼栋单元]{0,2}){0,4}(?:过了|都过了)?.{0,6}"
    r"(?:还|仍|仲|到现在|依旧)(?:是)?(?:没|没有|不|未|不见)(?:来|有|通|送|恢复|好|开)(?:水|电|气|暖|梯)?"
    r"(?:啊|呀|呢|嘛|了|的|\?|,| ){0,3}(?:怎么回事|什么情况)?"
)
STILL_MOST = 24  # characters


@dataclass(frozen=True)
class Planned:
    """What is off (categories of repair), from when until when; aware, in the zone of the moment it was said."""

    supplies: tuple[str, ...]
    starts: datetime
    ends: datetime


def read(text: str, said: datetime) -> Planned | None:
    """What a folded text announces, said at `said` (aware, local); None where it announces nothing to come."""
    text = text[:READ]
    supplies = tuple(key for key, pattern in SUPPLIES.items() if pattern.search(text))
    if not supplies or not OFF.search(text) or ASKS.search(text):
        return None
    span = _span(text, said)
    if span is None:
        return None
    starts, ends = span
    if not starts < ends or ends <= said or ends - starts > LONGEST or starts - said > FURTHEST:
        return None
    return Planned(supplies, starts, ends)


def visit(text: str, said: datetime) -> Planned | None:
    """A round from door to door that a folded text announces, as supplies ("visit",); None where it announces none."""
    text = text[:READ]
    if not VISIT.search(text) or ASKS.search(text):
        return None
    span = _span(text, said)
    if span is None or not span[0] < span[1] or span[1] <= said:
        return None
    return Planned((VISITS,), *span) if span[1] - span[0] <= LONGEST and span[0] - said <= FURTHEST else None


def without(text: str, category: str) -> bool:
    """Whether a folded text says that this supply is missing, and not that something else is wrong with it."""
    pattern = WITHOUT.get(category)
    return pattern is not None and bool(pattern.search(text)) and not FAULT.search(text)


def still_without(text: str) -> bool:
    """ "还没来", after the hour at which it should have."""
    return len(text) <= STILL_MOST and STILL.fullmatch(text.strip(" ,。.!~")) is not None


def _span(text: str, said: datetime) -> tuple[datetime, datetime] | None:
    if found := RANGE.search(text):
        return _range(found, found["day1"] or _named_before(text, found), said)
    start = START.search(text)
    length = _length(text)
    if start is not None and length is not None:
        begins = _moment(start["day"] or _named_before(text, start), start["clock"], said)
        return None if begins is None else (begins, begins + length)
    if length is not None and SINCE_NOW.search(text):
        return said, said + length
    if start is None and (window := WINDOW.search(text)):
        return _window(window, said)
    return None


def _named_before(text: str, found: re.Match[str]) -> str | None:
    """The day named earlier in the text: "明天水箱清洗，9点停到15点"."""
    day = re.search(DAY, text[: found.start()])
    return day[0] if day else None


def _range(found: re.Match[str], first_day: str | None, said: datetime) -> tuple[datetime, datetime] | None:
    starts = _moment(first_day, found["clock1"], said)
    if starts is None:
        return None
    hours = _clock(found["clock2"], found["day2"])
    if hours is None:
        return None
    if found["day2"] and found["day2"] not in ("当天", "当晚", "次日", "第二天"):
        day = _day(found["day2"], said)
        return None if day is None else (starts, _at(day, hours[0], said))
    day = starts.date() + timedelta(days=1 if found["day2"] in ("次日", "第二天") else 0)
    ends = _at(day, hours[0], said)
    if ends <= starts and not hours[1] and not found["day2"]:  # 上午9点到5点: five in the afternoon
        ends = _at(day, hours[0] + timedelta(hours=NOON), said) if hours[0] < timedelta(hours=NOON) else ends
    return starts, ends if ends > starts else ends + timedelta(days=1)


def _window(found: re.Match[str], said: datetime) -> tuple[datetime, datetime] | None:
    day = _day(found["day"], said)
    if day is None:
        return None
    first, last = WINDOWS.get(found["part"], (0, MIDNIGHT))
    return _at(day, timedelta(hours=first), said), _at(day, timedelta(hours=last), said)


def _moment(day_word: str | None, clock: str, said: datetime) -> datetime | None:
    """A day and a clock time; without a day the next such time from now on."""
    hours = _clock(clock, day_word)
    day = _day(day_word, said) if day_word else said.date()
    if hours is None or day is None:
        return None
    at = _at(day, hours[0], said)
    if day_word is None and at < said - timedelta(hours=1):
        later = at + timedelta(hours=NOON)
        if not hours[1] and hours[0] < timedelta(hours=NOON) and later > said:
            return later
        return at + timedelta(days=1)
    return at


def _clock(words: str, day_word: str | None) -> tuple[timedelta, bool] | None:
    """Hours since midnight, and whether the part of the day was said; None for no such time."""
    period = next((word for word in (*MORNING, *AFTERNOON, "中午", "正午") if words.startswith(word)), None)
    rest = words.removeprefix(period or "").lstrip("的 ")
    period = period or EVENING_DAYS.get(day_word or "")
    found = re.fullmatch(rf"(\d{{1,2}})[:.](\d{{2}})|({NUMBER})(?:点|时)?(?:钟)?(半|一刻|{NUMBER})?分?", rest)
    if found is None:
        return None
    hour = int(found[1]) if found[1] else _number(found[3])
    minute = int(found[2]) if found[2] else {"半": 30, "一刻": 15, None: 0}.get(found[4], -1)
    if minute < 0:
        minute = _number(found[4])
    if period in AFTERNOON and hour < NOON:
        hour += NOON
    if period in ("中午", "正午") and hour < EARLIEST_BARE:
        hour += NOON
    if hour > MIDNIGHT or minute >= 60:  # noqa: PLR2004 - minutes of an hour
        return None
    return timedelta(hours=hour, minutes=minute), period is not None


def _day(word: str, said: datetime) -> date | None:
    today = said.date()
    near = {"今": 0, "明": 1, "后": 2, "大后": 3, "当": 0, "次": 1, "第": 1}
    if found := re.match(r"大后|[今明后当次第]", word):
        return today + timedelta(days=near[found[0]])
    if found := re.search(r"(下)?(?:周|星期|礼拜)([一二三四五六日天])", word):
        ahead = WEEKDAYS.index(found[2].replace("天", "日")) - today.weekday()
        if found[1]:
            return today + timedelta(days=ahead + 7)
        return today + timedelta(days=ahead if ahead >= 0 else ahead + 7)
    found = re.fullmatch(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})[日号]?", word)
    return _date(found, today) if found else None


def _date(found: re.Match[str], today: date) -> date | None:
    """12月3日, or 3号: this month's, else the next one's; without a year the one nearest ahead."""
    year, month = int(found[1] or today.year), int(found[2] or today.month)
    try:
        day = date(year, month, int(found[3]))
        if day < today and not found[1]:
            day = date(year + (month == NOON or bool(found[2])), month if found[2] else month % NOON + 1, int(found[3]))
    except ValueError:
        return None
    return day


def _length(text: str) -> timedelta | None:
    found = LENGTH.search(text)
    if found is None:
        return None
    if found["other"]:
        return timedelta(hours=LENGTHS[found["other"]])
    amount = 0.5 if found["n"] == "半" else float(_number(found["n"]))
    amount += 0.5 if found["half"] else 0
    return timedelta(minutes=amount) if found["unit"] == "分钟" else timedelta(hours=amount)


def _number(words: str) -> int:
    return int(words) if words.isdigit() else int(value(words.replace("两", "二")))


def _at(day: date, since_midnight: timedelta, said: datetime) -> datetime:
    return datetime.combine(day, time(0), said.tzinfo) + since_midnight
