"""Cells that hold several things, days of the week or hours: the codes of a family, 周一至周五, 18:00."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import time

from bot.roster.cells import NOTHING_WORDS, BadCell, Cell, Reader, W, code, one_of, plain, shown

SEVERAL = r"[、，,;；\s]+"
WEEK = "一二三四五六日"


def codes(longest: int) -> Reader:
    """Several of the roster's own keys in one cell, apart by 、 , or ;. () where 无 was written."""
    one = code(longest)

    def read(cell: Cell) -> tuple[str, ...]:
        said = plain(cell)
        if said.lower() in NOTHING_WORDS:
            return ()
        return tuple(dict.fromkeys(str(one(Cell(part))) for part in re.split(SEVERAL, said) if part.strip()))

    return read


def several_of(words: Mapping[W, tuple[str, ...]], what: str) -> Reader:
    """Several of the known words, apart by 、 , or ;. () where 无 or 全部 was written."""
    one = one_of(words, what)

    def read(cell: Cell) -> tuple[str, ...]:
        said = plain(cell)
        if said.lower() in NOTHING_WORDS or said == "全部":
            return ()
        parts = [part.strip() for part in re.split(SEVERAL, said) if part.strip()]
        return tuple(dict.fromkeys(str(one(Cell(part))) for part in parts))

    return read


def weekdays(cell: Cell) -> tuple[int, ...]:
    """周一, 周一、周三, 周一至周五, 工作日, 周末: 0 is Monday; (-1,) for 每天."""
    said = re.sub("星期|礼拜", "周", plain(cell)).replace("周天", "周日")
    if said in ("每天", "天天") or said.lower() in NOTHING_WORDS:
        return (-1,)
    said = said.replace("工作日", "周一至周五").replace("周末", "周六、周日")
    found: list[int] = []
    for part in re.split(SEVERAL, said):
        days = re.fullmatch(r"周?([一二三四五六日])(?:[至到~-]周?([一二三四五六日]))?", part.strip())
        if days is None:
            raise BadCell(f"看不出“{shown(said)}”是星期几，请写成 周一、周一至周五、每天 这样")
        first, last = WEEK.index(days[1]), WEEK.index(days[2] or days[1])
        found += range(first, last + 1) if first <= last else [*range(first, 7), *range(last + 1)]
    return tuple(sorted(set(found)))


def clock(cell: Cell) -> time:
    """A time cell, or 18:00, 8:30, 18点, 24:00 (midnight) as text."""
    if isinstance(cell.value, time):
        return cell.value.replace(second=0, microsecond=0, tzinfo=None)
    said = unicodedata.normalize("NFKC", plain(cell))
    match = re.fullmatch(r"(\d{1,2})(?::|点)(\d{2})?分?", said)
    hour, minute = (int(match[1]), int(match[2] or 0)) if match else (99, 0)
    if (hour, minute) == (24, 0):
        return time(0)
    if hour > 23 or minute > 59:  # noqa: PLR2004 - a day's hours, an hour's minutes
        raise BadCell(f"看不出“{shown(said)}”是几点，请写成 18:00 这样")
    return time(hour, minute)
