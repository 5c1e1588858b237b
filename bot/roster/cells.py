"""One cell to one value: what a spreadsheet program made of what somebody typed, and what they meant.

Every reader takes a Cell that is not blank and returns the value, or raises BadCell with the reason in plain words.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar

from bot.roster.rows import OPEN_END
from bot.roster.words import index

W = TypeVar("W", bound=StrEnum)

NOTHING_WORDS = {"无", "没有", "-", "—", "/", "none"}  # written on purpose: there is none, clear it
OPEN_WORDS = NOTHING_WORDS | {"长期", "至今"}
MAX_DIGITS = 15  # beyond it a spreadsheet has lost the rest of a number
INVISIBLE = {"\ufeff", "\u200b", "\u2060", "\u00ad"}  # come along when copied from a chat
CODE = re.compile(r"[\w.-]+")
ASCII_CODE = re.compile(r"[A-Za-z0-9_.-]+")
NUMERALS = "零一二三四五六七八九十"
EARLIEST, LATEST = 2000, 2100


class BadCell(Exception):
    """The cell can't be used; the message is the reason."""


@dataclass(frozen=True)
class Cell:
    """A cell as openpyxl gives it: its value and its type letter (n, s, b, d, f, e)."""

    value: object
    kind: str = "s"

    def blank(self) -> bool:
        return self.value is None or (isinstance(self.value, str) and not _visible(self.value).strip())


Reader = Callable[[Cell], object]


def text(longest: int) -> Reader:
    """Words of people: names, notes. Whole numbers become their digits; "" where 无 was written."""

    def read(cell: Cell) -> str:
        said = plain(cell)
        return "" if said.lower() in NOTHING_WORDS else _short(said, longest)

    return read


def name(longest: int) -> Reader:
    """Like text, for what can't be missing: 无 is not a name."""

    def read(cell: Cell) -> str:
        said = plain(cell)
        if said.lower() in NOTHING_WORDS:
            raise BadCell("这一格要填")
        return _short(said, longest)

    return read


def code(longest: int, *, clears: bool = False) -> Reader:
    """The roster's own key: letters (Chinese too), digits, dot, hyphen, underscore; no spaces.

    clears: 无 means that there is none and gives "".
    """

    def read(cell: Cell) -> str:
        said = unicodedata.normalize("NFKC", plain(cell))
        if clears and said.lower() in NOTHING_WORDS:
            return ""
        if not CODE.fullmatch(said):
            raise BadCell("编号只用文字、字母、数字和 - _ .，中间不要空格")
        return _short(said, longest)

    return read


def identifier(longest: int) -> Reader:
    """A platform's id: kept exactly as it is written, so nothing in it is folded."""

    def read(cell: Cell) -> str:
        said = plain(cell)
        if any(letter.isspace() for letter in said):
            raise BadCell("中间不能有空格")
        return _short(said, longest)

    return read


def channel(cell: Cell) -> str:
    """A channel's configured name."""
    said = unicodedata.normalize("NFKC", plain(cell)).lower()
    if not ASCII_CODE.fullmatch(said):
        raise BadCell("渠道要写配置里的名字，比如 wechat、onebot")
    return _short(said, 32)


def label(cell: Cell) -> str:
    """What is said of the number, as understanding gives it: "12" for 12, 12栋, 十二栋; "A" for a座."""
    said = plain(cell)
    return "" if said.lower() in NOTHING_WORDS else (label_of(said) or _short(said.upper(), 20))


def label_of(spoken: str) -> str | None:
    """The label within a building's or unit's name (3栋, 三单元, 12号楼, A座); None where there is none."""
    folded = unicodedata.normalize("NFKC", spoken).strip().upper().replace("两", "二")
    match = re.fullmatch(
        r"第?([A-Z]?\d{1,4}[A-Z]?|[A-Z]|[零一二三四五六七八九十]{1,3})(号?[栋幢楼座院]?|单元|门)?", folded
    )
    if match is None:
        return None
    number = match.group(1)
    return number.lstrip("0") or number if number[0] not in NUMERALS else _from_numerals(number)


def _from_numerals(said: str) -> str | None:
    """十二 is "12", 三 is "3", 二十 is "20"; None for what is no number below a hundred."""
    tens, ten, ones = said.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in tens:
        return None
    value = (NUMERALS.index(tens) if tens else 1) * 10 if ten else 0
    return str(value + (NUMERALS.index(ones) if ones else 0))


def aliases(cell: Cell) -> tuple[str, ...]:
    """Several names in one cell, apart by 、 , ; or a line break."""
    said = _words(cell, breaks=True)
    if said.lower() in NOTHING_WORDS:
        return ()
    found = [part.strip() for part in re.split(r"[、，,;；\n]+", said)]
    if len(found) > 20:  # noqa: PLR2004 - more than anybody remembers: a misplaced text
        raise BadCell("别名太多，最多20个")
    return tuple(dict.fromkeys(_short(part, 30) for part in found if part))


def one_of(words: Mapping[W, tuple[str, ...]], what: str) -> Reader:
    """One of the known words, in Chinese or English; the reason lists them."""
    known = index(words)
    offered = "、".join(spoken[0] for spoken in words.values())

    def read(cell: Cell) -> W:
        said = unicodedata.normalize("NFKC", plain(cell)).lower()
        if said not in known:
            raise BadCell(f"没有“{shown(said)}”这种{what}，可以填：{offered}")
        return known[said]

    return read


def phone(cell: Cell) -> str:
    """A mobile, landline, service or in-house number: digits, with hyphens as written. "" where 无 was written."""
    if isinstance(cell.value, str) and re.fullmatch(r"\s*\d+(\.\d+)?[eE]\+?\d+\s*", cell.value):
        raise BadCell("电话被表格改成了科学计数，后面的数丢了，请把这一列设成文本再填")
    said = unicodedata.normalize("NFKC", plain(cell))
    if said in NOTHING_WORDS:
        return ""
    said = re.sub(r"[\s()]+", "", said)
    said = re.sub(r"^(\+|00)86-?", "", said)
    said = re.sub(r"[‐-―]", "-", said)
    if not _is_phone(said):
        raise BadCell(f"“{shown(said)}”不像电话号码")
    return said


def day(cell: Cell) -> date:
    """A date cell, or a date as text: 2026-03-01, 2026/3/1, 2026.3.1, 2026年3月1日, 20260301."""
    value = cell.value
    if isinstance(value, datetime):
        return _plausible(value.date())
    if isinstance(value, date):
        return _plausible(value)
    said = unicodedata.normalize("NFKC", plain(cell))
    match = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", said) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})", said
    )
    if match is None:
        raise BadCell(f"看不出“{shown(said)}”是哪一天，请写成 2026-03-01 这样")
    try:
        return _plausible(date(*(int(part) for part in match.groups())))
    except ValueError as error:
        raise BadCell(f"没有“{shown(said)}”这一天") from error


def last_day(cell: Cell) -> date:
    """Like day; OPEN_END where 无 or 长期 was written."""
    if isinstance(cell.value, str) and cell.value.strip().lower() in OPEN_WORDS:
        return OPEN_END
    return day(cell)


def _plausible(value: date) -> date:
    if not EARLIEST <= value.year <= LATEST:
        raise BadCell(f"{value.isoformat()}不像真的日期")
    return value


def _is_phone(said: str) -> bool:
    number, _, extension = re.sub(r"转|ext\.?", "x", said).partition("x")
    tail = re.fullmatch(r"(0\d{2,3}-\d{7,8})-(\d{1,6})", number)
    if tail:
        number, extension = tail.groups()
    if extension and not re.fullmatch(r"\d{1,6}", extension):
        return False
    digits = number.replace("-", "")
    shapes = (
        r"1[3-9]\d{9}",  # mobile
        r"0\d{9,11}",  # landline with its area code
        r"[2-9]\d{6,7}|000\d{4}",  # local; the zeros are the invented numbers of examples
        r"[48]00\d{7}",  # service
        r"\d{3,6}",  # 96110, an in-house number
        r"\+\d{8,15}",  # abroad
    )
    return number.strip("-") == number and any(re.fullmatch(shape, digits) for shape in shapes)


def plain(cell: Cell) -> str:
    """What was typed, as text in one line; whole numbers become their digits. Raises BadCell."""
    return _words(cell, breaks=False)


def _words(cell: Cell, *, breaks: bool) -> str:
    said = _visible(_as_text(cell)).strip()
    for letter in said:
        if letter == "\n" and breaks:
            continue
        if unicodedata.category(letter) in {"Cc", "Cs", "Co"} or letter in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068":
            raise BadCell("里面有看不见的控制字符，请重新输入这一格")
    return said


def _as_text(cell: Cell) -> str:
    value = cell.value
    if cell.kind == "e":
        raise BadCell("这一格是表格的错误值，请重新输入")
    if cell.kind == "f":
        raise BadCell("这一格是公式，请粘贴成数值")
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        raise BadCell("这里要填文字，不是“是/否”")
    if isinstance(value, int | float):
        return _digits(value)
    if isinstance(value, datetime | date | time | timedelta):
        raise BadCell("表格把这一格当成了日期或时间，请把这一列设成文本再填（比如“3-2”会变成3月2日）")
    raise BadCell("这一格的内容读不了，请重新输入")


def _digits(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")) or not float(value).is_integer():  # noqa: PLR0124 - not a number
        raise BadCell("这里要填文字，不能是小数")
    if abs(value) >= 10**MAX_DIGITS:
        raise BadCell(f"数字超过{MAX_DIGITS}位，表格已经丢了后面的数，请把这一列设成文本再填")
    return str(int(value))


def _visible(said: str) -> str:
    return "".join(letter for letter in said if letter not in INVISIBLE)


def _short(said: str, longest: int) -> str:
    if len(said) > longest:
        raise BadCell(f"太长了，最多{longest}个字")
    return said


def shown(said: str) -> str:
    """As much of it as a reason repeats."""
    return said if len(said) <= 20 else said[:20] + "…"  # noqa: PLR2004 - as much as one reads in a list
