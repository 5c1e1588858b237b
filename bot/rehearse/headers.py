"""The line that stands over a message in an export: who, and when. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime

_DATE = r"(?P<date>\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)"
_CLOCK = r"(?P<half>上午|下午|中午|晚上|凌晨|早上)?\s*(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)"
_WHEN = rf"{_DATE}\s*(?:星期.|周.)?\s*{_CLOCK}"
_NAME = r"(?P<name>\S.{0,59}?)"
_GROUP = r"(?:\s\[[^\[\]]{1,80}\])?"  # some tools name the group in every line
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_WHEN}\s+{_NAME}(?:[:：]\s*(?P<text>.*))?",  # 2026-11-23 09:00:12 张三 ; 2026-11-23 09:00 张三: 文本
        rf"{_NAME}\s*[(（\[]{_WHEN}[)）\]]\s*[:：]?\s*(?P<text>.*)",  # 张三(2026-11-23 09:00:12):文本
        rf"{_NAME}{_GROUP}\s+{_WHEN}",  # 张三 2026/11/23 9:00
    )
)
_DIVIDER = re.compile(rf"[-—–─=\s]{{2,}}{_DATE}[-—–─=\s]{{2,}}")
_UNDATED = re.compile(rf"{_NAME}\s{{2,}}{_CLOCK}")  # the phone's own export: the date stands in a line above
_SECONDS = re.compile(rf"{_NAME}\s+(?:\d{{1,2}}-\d{{1,2}}\s+)?(?P<clock>\d{{1,2}}:\d{{2}}:\d{{2}})")
_ACCOUNT = re.compile(r"(?P<name>.+)\((?P<id>[A-Za-z0-9_@.-]{3,})\)")
_NOON = 12


@dataclass(frozen=True)
class Header:
    """Who and when. text: what was said, where it stands on the same line."""

    name: str
    user_id: str
    date: str
    clock: str
    half: str | None = None
    text: str = ""

    def moment(self) -> datetime | None:
        """When, without a zone: the community's. None for what is on no calendar."""
        year, month, day = (int(part) for part in re.findall(r"\d+", self.date))
        hour, minute, second = (int(part) for part in f"{self.clock}:0".split(":")[:3])
        if (self.half in ("下午", "晚上") and hour < _NOON) or (self.half == "中午" and hour < _NOON - 1):
            hour += _NOON
        try:
            return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone is given to the scene
        except ValueError:
            return None


def header(line: str) -> Header | None:
    """The header of a message with its full date; None where the line is none."""
    for form in _FORMS:
        hit = form.fullmatch(line)
        if hit is not None:
            found = hit.groupdict()
            return _made(found["name"], found["date"], found["clock"], found["half"], found.get("text") or "")
    return None


def date_line(line: str) -> str | None:
    """The date of a dividing line: —————  2026-11-23  —————."""
    hit = _DIVIDER.fullmatch(line)
    return None if hit is None else hit["date"]


def undated(line: str, day: str | None) -> Header | None:
    """A header that has a time of day alone, on the `day` of the dividing line above it."""
    hit = _UNDATED.fullmatch(line)
    if hit is None or day is None:
        return None
    return _made(hit["name"], day, hit["clock"], hit["half"], "")


def looks_undated(line: str) -> bool:
    """Whether somebody's name stands here with a time to the second and no year: a tool's header, not a sentence."""
    return _SECONDS.fullmatch(line) is not None


def _made(name: str, date: str, clock: str, half: str | None, text: str) -> Header:
    name = name.strip()
    account = _ACCOUNT.fullmatch(name)
    if account is not None:  # 张三(wxid_abc): the id tells two of one name apart
        return Header(account["name"].strip(), account["id"][:128], date, clock, half, text.strip())
    return Header(name, name[:128], date, clock, half, text.strip())
