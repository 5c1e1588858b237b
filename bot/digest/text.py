"""A digest in a few lines for a chat: what there is, and nothing of what there is not. Pure.

Its sentences stand in keywords/wording.toml.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.calendar import WEEKDAYS
from bot.digest.figures import Burden, Digest, Rate, Topic, Unhappy
from bot.digest.periods import Period
from bot.routing import TITLES
from bot.wording import Wording

NAMED = 3  # of each list; the rest stands behind the link
_COUNTS = ("emergencies", "overdue", "due_today")


def rules(wording: Wording) -> dict[str, str]:
    """How each rate is counted, in words."""
    return {
        "response": wording("digest_rule_response"),
        "solution": wording("digest_rule_solution"),
        "satisfaction": wording("digest_rule_satisfaction"),
    }


def said(wording: Wording, digest: Digest, zone: ZoneInfo, url: str = "") -> str:
    """The lines of a digest. url: where all of it stands; "" for nowhere."""
    lines = [
        _first(wording, digest, zone),
        _unhappy(wording, digest),
        _topics(wording, digest.topics),
        _repeats(wording, digest),
        _rates(wording, digest.rates),
        _unreached(wording, digest),
        _burdens(wording, digest.burdens),
        wording("digest_link", url=url) if url else "",
    ]
    return "\n".join(line for line in lines if line)


def when(wording: Wording, digest: Digest, zone: ZoneInfo) -> str:
    """Which time it covers, for whoever hears it now: 昨天8:30以来, 11月16日到22日, 10月, 本周到现在."""
    starts, ends = digest.starts.astimezone(zone), digest.ends.astimezone(zone)
    if digest.period == Period.DAY:
        return wording(
            "digest_since", day=_near(starts.date(), digest.as_of.astimezone(zone).date()), time=_clock(starts)
        )
    last = (ends - timedelta(microseconds=1)).date()
    if not digest.whole:
        return wording("digest_so_far", first=_day(starts.date()))
    whole_month = starts.day == 1 and (last + timedelta(days=1)).day == 1 and starts.month == last.month
    if digest.period == Period.MONTH and whole_month:
        return wording("digest_month", year=starts.year, month=starts.month)
    return wording("digest_from_to", first=_day(starts.date()), last=_day(last))


def span(wording: Wording, digest: Digest, zone: ZoneInfo) -> str:
    """The same for whoever reads it on another day: 11月23日8:30到11月24日8:30."""
    if digest.period != Period.DAY:
        return when(wording, digest, zone)
    starts, ends = digest.starts.astimezone(zone), digest.ends.astimezone(zone)
    first = f"{_day(starts.date())}{_clock(starts)}"
    if not digest.whole:
        return wording("digest_so_far", first=first)
    return wording("digest_from_to", first=first, last=f"{_day(ends.date())}{_clock(ends)}")


def kind(wording: Wording, intent: str, name: str) -> str:
    """What a line of an intent or of a category is called."""
    return name or wording(f"digest_intent_{intent}")


def _first(wording: Wording, digest: Digest, zone: ZoneInfo) -> str:
    head = wording("digest_head", name=digest.name, when=when(wording, digest, zone))
    came = [wording("digest_new", count=digest.new)] if digest.new else []
    came += [wording("digest_solved", count=digest.solved)] if digest.solved else []
    if digest.is_empty:
        return head + wording("digest_nothing")
    sentences = ["，".join(came) or wording("digest_nothing_new")]
    if digest.open:
        sentences.append(_open(wording, digest))
    return head + "".join(f"{sentence}。" for sentence in sentences)


def _open(wording: Wording, digest: Digest) -> str:
    urgent = [
        wording("digest_emergencies", count=digest.emergencies) if digest.emergencies else "",
        wording("digest_overdue", count=digest.overdue) if digest.overdue else "",
        wording("digest_due_today", count=digest.due_today) if digest.due_today else "",
    ]
    parts = [part for part in urgent if part]
    still = wording("digest_open", count=digest.open)
    return f"{still}：{'，'.join(parts)}" if parts else still


def _unhappy(wording: Wording, digest: Digest) -> str:
    if not digest.unhappy_count:
        return ""
    named = digest.unhappy[:NAMED]
    items = [_matter(wording, one) for one in named]
    more = digest.unhappy_count - len(named)
    if more:
        items.append(wording("digest_more" if named else "digest_some", count=more))
    return wording("digest_unhappy", items="、".join(items))


def _matter(wording: Wording, one: Unhappy) -> str:
    return wording("digest_matter", place=one.place, matter=one.matter, number=one.number)


def _topics(wording: Wording, topics: tuple[Topic, ...]) -> str:
    items = [
        wording(
            "digest_topic",
            kind=one.name,
            week=one.week,
            usual=f"{sum(one.before) / len(one.before):.1f}".removesuffix(".0"),
        )
        for one in topics[:NAMED]
    ]
    return wording("digest_topics", items="；".join(items)) if items else ""


def _repeats(wording: Wording, digest: Digest) -> str:
    items = [
        wording("digest_repeat", place=one.place, kind=kind(wording, "repair", one.kind), times=one.times)
        for one in digest.repeats[:NAMED]
    ]
    return wording("digest_repeats", items="；".join(items)) if items else ""


def rate_name(wording: Wording, rate: Rate) -> str:
    return wording(f"digest_rate_{rate.name}")


def _rates(wording: Wording, rates: tuple[Rate, ...]) -> str:
    items = [
        wording("digest_rate", name=rate_name(wording, rate), percent=rate.percent, part=rate.numerator,
                whole=rate.denominator)
        for rate in rates
        if rate.denominator
    ]  # fmt: skip
    return f"{'，'.join(items)}。" if items else ""


def _unreached(wording: Wording, digest: Digest) -> str:
    items = [wording("digest_undelivered", count=digest.undelivered)] if digest.undelivered else []
    channels = [one.name for one in digest.quiet if one.kind == "channel"]
    groups = [one.name for one in digest.quiet if one.kind == "group"]
    items += [wording("digest_quiet_channel", name="、".join(channels[:NAMED]))] if channels else []
    items += [wording("digest_quiet_groups", name="、".join(groups[:NAMED]), count=len(groups))] if groups else []
    return f"{'，'.join(items)}。" if items else ""


def _burdens(wording: Wording, burdens: tuple[Burden, ...]) -> str:
    items = [wording("digest_burden", post=post(one), count=one.open) for one in burdens[:NAMED]]
    return wording("digest_burdens", items="，".join(items)) if items else ""


def post(one: Burden) -> str:
    """3栋2单元单元长: an office, never a name."""
    return f"{one.area}{TITLES[one.role]}"


def _near(day: date, today: date) -> str:
    ago = (today - day).days
    return {0: "今天", 1: "昨天"}.get(ago, f"{_day(day)}周{WEEKDAYS[day.weekday()]}")


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _clock(at: datetime) -> str:
    return f"{at.hour}:{at.minute:02d}"
