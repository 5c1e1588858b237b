"""A digest as tables: beside the charts, in the workbook and on paper they are the same. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.calendar import WEEKDAYS
from bot.digest import text
from bot.digest.figures import AreaLine, Digest, KindLine
from bot.wording import Wording

Cell = str | int
MOST = 60  # rows of one table on a page or a sheet of paper; the workbook has all
TREND, AREAS, CATEGORIES, HOURS = "trend", "areas", "categories", "hours"
CHARTS = (TREND, AREAS, CATEGORIES, HOURS)  # the tables that have a chart beside them


@dataclass(frozen=True)
class Table:
    """name: its key. Rows have as many cells as there are columns; numbers are numbers."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in it to draw."""
        return not any(count for row in self.rows for count in row[1:])


def title(wording: Wording, digest: Digest) -> str:
    """幸福社区日报."""
    return f"{digest.name}{wording(f'digest_title_{digest.period.value}')}"


def numbers(wording: Wording, digest: Digest) -> Table:
    """What stands at the top of all."""
    columns = ("digest_col_item", "digest_col_count")
    rows = (
        (wording("digest_col_new"), digest.new),
        (wording("digest_col_solved"), digest.solved),
        (wording("digest_col_open"), digest.open),
        (wording("digest_col_emergencies"), digest.emergencies),
        (wording("digest_col_overdue"), digest.overdue),
        (wording("digest_col_due_today"), digest.due_today),
        (wording("digest_col_unhappy"), digest.unhappy_count),
        (wording("digest_col_undelivered"), digest.undelivered),
    )
    return _table(wording, "numbers", columns, rows)


def rates(wording: Wording, digest: Digest) -> Table:
    """Each with its numerator, its denominator and its rule."""
    columns = ("digest_col_rate", "digest_col_part", "digest_col_whole", "digest_col_percent", "digest_col_rule")
    rows = (
        (
            text.rate_name(wording, rate),
            rate.numerator,
            rate.denominator,
            "—" if rate.percent is None else f"{rate.percent}%",
            rate.rule,
        )
        for rate in digest.rates
    )
    return _table(wording, "rates", columns, rows)


def charted(wording: Wording, digest: Digest) -> tuple[Table, ...]:
    """Those with a chart, in the order of CHARTS."""
    days = (
        (f"{day.on.month}月{day.on.day}日 周{WEEKDAYS[day.on.weekday()]}", day.new, day.solved) for day in digest.days
    )
    hours = ((f"{hour}点", count) for hour, count in enumerate(digest.hours) if count)
    return (
        _table(wording, TREND, ("digest_col_day", "digest_col_new", "digest_col_solved"), days),
        _table(wording, AREAS, ("digest_col_area", *_COUNTS), ((line.name, *_counts(line)) for line in digest.areas)),
        _table(
            wording, CATEGORIES, ("digest_col_kind", *_COUNTS), (_kind(wording, line) for line in digest.categories)
        ),
        _table(wording, HOURS, ("digest_col_hour", "digest_col_new"), hours),
    )


def looked_at(wording: Wording, digest: Digest, zone: ZoneInfo) -> tuple[Table, ...]:
    """What somebody should look at; none of it where there is nothing."""
    found = (
        _table(wording, "unhappy", ("digest_col_place", "digest_col_matter", "digest_col_number"),
               ((one.place, one.matter, one.number) for one in digest.unhappy)),
        _table(wording, "topics", ("digest_col_kind", "digest_col_week", "digest_col_before"),
               ((one.name, one.week, "、".join(map(str, one.before))) for one in digest.topics)),
        _table(wording, "repeats", ("digest_col_place", "digest_col_kind", "digest_col_times"),
               ((one.place, text.kind(wording, "repair", one.kind), one.times) for one in digest.repeats)),
        _table(wording, "quiet", ("digest_col_quiet", "digest_col_since"),
               ((one.name, _since(wording, one.since and one.since.astimezone(zone).date())) for one in digest.quiet)),
        _table(wording, "burdens", ("digest_col_post", "digest_col_open", "digest_col_usual"),
               ((text.post(one), one.open, f"{one.usual:g}") for one in digest.burdens)),
    )  # fmt: skip
    return tuple(table for table in found if table.rows)


def intents(wording: Wording, digest: Digest) -> Table:
    rows = ((wording(f"digest_intent_{line.intent.value}"), *_counts(line)) for line in digest.intents)
    return _table(wording, "intents", ("digest_col_kind", *_COUNTS), rows)


_COUNTS = ("digest_col_new", "digest_col_solved", "digest_col_open")


def _counts(line: AreaLine | KindLine) -> tuple[int, int, int]:
    return (line.new, line.solved, line.open)


def _kind(wording: Wording, line: KindLine) -> tuple[Cell, ...]:
    """报修·电梯, and 报修·其他 of what has no name of its own."""
    intent = wording(f"digest_intent_{line.intent.value}")
    return (f"{intent}·{line.name or wording('digest_other_kind')}", *_counts(line))


def _since(wording: Wording, day: object) -> str:
    return wording("digest_never") if day is None else str(day)


def _table(wording: Wording, name: str, columns: Sequence[str], rows: Iterable[tuple[Cell, ...]]) -> Table:
    return Table(name, wording(f"digest_table_{name}"), tuple(wording(column) for column in columns), tuple(rows))
