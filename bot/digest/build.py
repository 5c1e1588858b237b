"""From the rows of one moment to the figures of a digest. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.digest import areas, rules
from bot.digest.figures import AreaLine, Burden, Day, Digest, KindLine, Quiet, Rate, Repeat, Topic, Unhappy
from bot.digest.periods import Period, Window
from bot.digest.rows import Counted, Snapshot
from bot.digest.rules import Load
from bot.ledger_table import Kinds
from bot.routing import LADDER, OFFICE
from models import Area, Intent, Level, Role

SHOWN = 5  # of each list of what should be looked at
CHANNEL_SILENT = timedelta(hours=48)  # a small community says nothing over a night or a Sunday
# Whose burden is a person's; a company is bound by its clocks instead.
PEOPLE = frozenset({*LADDER, *OFFICE, Role.DUTY, Role.MEDIATOR, Role.VOLUNTEER})
DRAWN = {
    Period.DAY: timedelta(days=14),
    Period.WEEK: timedelta(days=28),
}  # what is drawn for so short a time says nothing


@dataclass(frozen=True)
class Circumstances:
    """What is not in the database. kinds: names of categories; rules: the rates' rules in words; channels: the names of
    those that this community uses and, of each, whether it is one that is heard."""

    zone: ZoneInfo
    now: datetime
    kinds: Kinds
    rules: Mapping[str, str]
    channels: Mapping[str, bool]
    relieve_from: int


@dataclass
class _Tally:
    new: int = 0
    solved: int = 0
    open: int = 0

    @property
    def total(self) -> tuple[int, int, int]:
        return (self.new, self.open, self.solved)


def drawn_since(window: Window, zone: ZoneInfo) -> datetime:
    """From when on days and hours are drawn: the beginning of a day of the community's."""
    back = DRAWN.get(window.period)
    first = window.starts if back is None else min(window.starts, window.ends - back)
    return datetime.combine(first.astimezone(zone).date(), time(0), zone)


def build(rows: Snapshot, window: Window, around: Circumstances) -> Digest:
    """The figures of a digest."""
    unhappy = list({ticket.id: ticket for ticket in (*rows.reopened, *rows.rated)}.values())
    again = {ticket.id for ticket in rows.reopened}
    late = sum(held.late for held in rows.open)
    solved = sum(row.raised for row in rows.solved)
    return Digest(
        community=rows.community,
        name=rows.name,
        period=window.period,
        told_on=window.told_on,
        starts=window.starts.astimezone(around.zone),
        ends=window.ends.astimezone(around.zone),
        as_of=around.now.astimezone(around.zone),
        whole=window.whole,
        new=sum(row.count for row in rows.opened),
        solved=sum(row.count for row in rows.solved),
        open=sum(held.count for held in rows.open),
        overdue=sum(held.overdue for held in rows.open),
        due_today=sum(held.due_today for held in rows.open),
        emergencies=sum(held.emergencies for held in rows.open),
        intents=_intents(rows),
        categories=_categories(rows, around.kinds),
        areas=_areas(rows),
        rates=(
            _rate("response", rows.taken, around),
            _rate("solution", (solved, solved + late), around),
            _rate("satisfaction", rows.satisfied[:2], around),
        ),
        repeats=_repeats(rows, around.kinds),
        topics=_topics(rows.weeks, around.kinds),
        unhappy=tuple(
            Unhappy(
                ref=ticket.ref,
                number=ticket.number,
                place=areas.place(rows.areas, ticket),
                matter=ticket.matter,
                why="reopened" if ticket.id in again else "rated",
            )
            for ticket in unhappy
            if not ticket.private
        )[:SHOWN],
        unhappy_count=sum(held.reopened for held in rows.open) + rows.satisfied[2],
        undelivered=rows.undelivered,
        quiet=(*_channels(rows, around), *_groups(rows, around.zone)),
        burdens=_burdens(rows, around.relieve_from),
        days=_days(rows, window, around.zone),
        hours=_hours(rows.opened_at, around.zone),
    )


def _rate(name: str, counted: tuple[int, int], around: Circumstances) -> Rate:
    return Rate.model_validate(
        {"name": name, "numerator": counted[0], "denominator": counted[1], "rule": around.rules[name]}
    )


def _tallies(rows: Snapshot) -> Iterable[tuple[Intent, str, int, _Tally]]:
    """Every row once, as what it adds to its kind and area."""
    yield from ((row.intent, row.category, row.area, _Tally(new=row.count)) for row in rows.opened)
    yield from ((row.intent, row.category, row.area, _Tally(solved=row.count)) for row in rows.solved)
    yield from ((row.intent, row.category, row.area, _Tally(open=row.count)) for row in rows.open)


def _add(to: _Tally, more: _Tally) -> None:
    to.new, to.solved, to.open = to.new + more.new, to.solved + more.solved, to.open + more.open


def _intents(rows: Snapshot) -> tuple[KindLine, ...]:
    tallies: dict[Intent, _Tally] = {}
    for intent, _, _, more in _tallies(rows):
        _add(tallies.setdefault(intent, _Tally()), more)
    return tuple(
        KindLine(intent=intent, category="", name="", **vars(tallies[intent])) for intent in Intent if intent in tallies
    )


def _categories(rows: Snapshot, kinds: Kinds) -> tuple[KindLine, ...]:
    """The liveliest first. What the keyword files have no name for is one line of its intent."""
    tallies: dict[tuple[Intent, str], _Tally] = {}
    for intent, category, _, more in _tallies(rows):
        known = category if (intent, category) in kinds else ""
        _add(tallies.setdefault((intent, known), _Tally()), more)
    order = sorted(tallies.items(), key=lambda item: (*(-n for n in item[1].total), item[0]))
    return tuple(
        KindLine(intent=intent, category=category, name=kinds.get((intent, category), ""), **vars(tally))
        for (intent, category), tally in order
    )


def _areas(rows: Snapshot) -> tuple[AreaLine, ...]:
    """By building, the liveliest first."""
    tallies: dict[int, _Tally] = {}
    found: dict[int, Area] = {}
    for _, _, area_id, more in _tallies(rows):
        area = areas.building_of(rows.areas, area_id)
        if area is not None:
            found[area.id] = area
            _add(tallies.setdefault(area.id, _Tally()), more)
    order = sorted(tallies, key=lambda key: (*(-n for n in tallies[key].total), found[key].path))
    return tuple(
        AreaLine(code=found[key].code, name=areas.said(rows.areas, key), **vars(tallies[key])) for key in order
    )


def _repeats(rows: Snapshot, kinds: Kinds) -> tuple[Repeat, ...]:
    """Only where the place is a building or smaller: a whole estate has everything several times."""
    precise = [
        row
        for row in rows.again
        if row.building or (row.area in rows.areas and rows.areas[row.area].level in areas.PRECISE)
    ]
    return tuple(
        Repeat(
            place=(f"{row.building}栋" + (f"{row.unit}单元" if row.unit else ""))
            if row.building
            else areas.said(rows.areas, row.area),
            kind=kinds.get((Intent.REPAIR, row.category), ""),
            times=row.times,
        )
        for row in precise[:SHOWN]
    )


def _topics(weeks: Sequence[Counted], kinds: Kinds) -> tuple[Topic, ...]:
    counts: Counter[tuple[Intent, str, int]] = Counter()
    for row in weeks:
        counts[row.intent, row.category, row.at] += row.count
    rising = []
    for intent, category in sorted(
        {(row.intent, row.category) for row in weeks if (row.intent, row.category) in kinds}
    ):
        week, *before = (counts[intent, category, n] for n in range(rules.WEEKS + 1))
        if rules.rises(week, before):
            rising.append(
                Topic(
                    intent=intent,
                    category=category,
                    name=kinds[intent, category],
                    week=week,
                    before=(before[0], before[1], before[2], before[3]),
                )
            )
    return tuple(sorted(rising, key=lambda topic: (-topic.week, topic.name)))[:SHOWN]


def _channels(rows: Snapshot, around: Circumstances) -> Iterable[Quiet]:
    for name, heard in around.channels.items():
        row = rows.channels.get(name)
        since = row.last_heard_at if row else None
        sent = row.last_sent_at if row else None
        refused = row is not None and row.last_error_at is not None and (sent is None or row.last_error_at > sent)
        if refused or (heard and (since is None or since < around.now - CHANNEL_SILENT)):
            local = since.astimezone(around.zone) if since else None
            yield Quiet(kind="channel", name=name, since=local, refused=refused)


def _groups(rows: Snapshot, zone: ZoneInfo) -> Iterable[Quiet]:
    for chat in rows.silent_groups:
        since = chat.last_heard_at.astimezone(zone) if chat.last_heard_at else None
        yield Quiet(kind="group", name=chat.name or chat.external_id, since=since)


def _burdens(rows: Snapshot, least: int) -> tuple[Burden, ...]:
    """Who might be relieved, in the order of their places: no ranking."""
    held: Counter[int] = Counter()
    for row in rows.open:
        if row.post is not None:
            held[row.post] += row.count
    people = [holder for holder in rows.holders if holder.role in PEOPLE]
    loads = [Load(holder.post, holder.role, held[holder.post]) for holder in people]
    much = rules.overburdened(loads, least)
    carrying = [holder for holder in people if holder.post in much]
    carrying.sort(key=lambda holder: (_path(rows.areas, holder.area), holder.role, holder.post))
    return tuple(
        Burden(
            role=holder.role,
            area=_office(rows.areas, holder.area),
            open=held[holder.post],
            usual=round(much[holder.post], 1),
        )
        for holder in carrying[:SHOWN]
    )


def _path(known: Mapping[int, Area], area_id: int) -> str:
    return known[area_id].path if area_id in known else ""


def _office(known: Mapping[int, Area], area_id: int) -> str:
    """The area of a post as it is said before its title; "" for the community itself and above."""
    area = known.get(area_id)
    return "" if area is None or area.level == Level.COMMUNITY else areas.said(known, area_id)


def _days(rows: Snapshot, window: Window, zone: ZoneInfo) -> tuple[Day, ...]:
    new, solved = _by_day(rows.opened_at, zone), _by_day(rows.resolved_at, zone)
    first = drawn_since(window, zone).date()
    last = (window.ends - timedelta(microseconds=1)).astimezone(zone).date()
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(Day(on=day, new=new[day], solved=solved[day]) for day in every)


def _by_day(quarters: Mapping[datetime, int], zone: ZoneInfo) -> Counter[date]:
    days: Counter[date] = Counter()
    for at, count in quarters.items():
        days[at.astimezone(zone).date()] += count
    return days


def _hours(quarters: Mapping[datetime, int], zone: ZoneInfo) -> tuple[int, ...]:
    hours = [0] * 24
    for at, count in quarters.items():
        hours[at.astimezone(zone).hour] += count
    return tuple(hours)
