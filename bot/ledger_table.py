"""The ledger as people read it: headings and cells in words, the same in the sheet and on the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.ledger import Confidential, Entry, Ledger
from bot.wording import Wording
from intents.understanding import Understanding
from models import Intent, Origin

COLUMNS = ("number", "opened", "place", "matter", "origin", "holder", "status", "struck_off", "need", "cause", "plan",
           "progress", "outcome")  # fmt: skip
CONFIDENTIAL = ("number", "opened", "kind", "status", "struck_off")

Kinds = Mapping[tuple[Intent, str], str]  # (intent, category) -> what the keyword files call it


@dataclass(frozen=True)
class Table:
    """A heading, and rows of as many cells as there are columns."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Sheet:
    """All of a ledger. remarks: lines below the tables."""

    title: str
    tables: tuple[Table, ...]
    remarks: tuple[str, ...]


def kinds(understanding: Understanding) -> Kinds:
    """What the keyword files call every kind of matter."""
    return {
        (Intent(key), name): category.label
        for key, intent in understanding.intents.items()
        for name, category in intent.categories.items()
    }


def sheet(ledger: Ledger, wording: Wording, kinds: Kinds) -> Sheet:
    """A ledger in words. Pure."""
    heads = tuple(wording(f"ledger_col_{name}") for name in COLUMNS)
    tables = [
        Table(wording("ledger_open", count=len(ledger.open)), heads, _lines(ledger.open, wording)),
        Table(
            wording("ledger_struck_off", count=len(ledger.struck_off), since=_day(ledger.since)),
            heads,
            _lines(ledger.struck_off, wording),
        ),
    ]
    if ledger.confidential:
        columns = tuple(wording(f"ledger_col_{name}") for name in CONFIDENTIAL)
        rows = tuple(_confidential(row, wording, kinds) for row in ledger.confidential)
        tables.append(Table(wording("ledger_confidential", count=len(rows)), columns, rows))
    return Sheet(
        wording("ledger_title", name=ledger.name, day=_day(ledger.as_of.date())),
        tuple(tables),
        _remarks(ledger, wording),
    )


def _lines(entries: tuple[Entry, ...], wording: Wording) -> tuple[tuple[str, ...], ...]:
    return tuple(_line(entry, wording) for entry in entries)


def _line(entry: Entry, wording: Wording) -> tuple[str, ...]:
    late = wording("ledger_late") if entry.overdue else ""
    origin = "" if entry.origin == Origin.REPORT else wording(f"ledger_origin_{entry.origin.value}")
    cells = (
        f"#{entry.number}",
        _day(entry.opened_on),
        entry.place,
        entry.matter,
        origin,
        entry.holder,
        wording(f"ledger_status_{entry.status.value}") + late,
        _day(entry.struck_off_on),
        entry.need,
        entry.cause,
        entry.plan,
        entry.progress,
        entry.outcome,
    )
    return tuple(cell or "" for cell in cells)


def _confidential(row: Confidential, wording: Wording, kinds: Kinds) -> tuple[str, ...]:
    return (
        f"#{row.number}",
        _day(row.opened_on),
        kinds.get((row.intent, row.category)) or wording("ledger_other_kind"),
        wording(f"ledger_status_{row.status.value}"),
        _day(row.struck_off_on),
    )


def _remarks(ledger: Ledger, wording: Wording) -> tuple[str, ...]:
    remarks = []
    if ledger.confidential_open or ledger.confidential_struck_off:
        done = ledger.confidential_struck_off
        remarks.append(wording("ledger_count_only", open=ledger.confidential_open, done=done))
    if ledger.left_off:
        remarks.append(wording("ledger_left_off"))
    return tuple(remarks)


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""
