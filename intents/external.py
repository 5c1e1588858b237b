"""A case that somebody else keeps a number for, as staff say it: "12345工单 20261126001, 周五前答复". Pure."""

import re
from dataclasses import dataclass

# What is said -> the source it is kept under.
SOURCES = {
    "12345": "12345",
    "市长热线": "12345",
    "政务热线": "12345",
    "便民热线": "12345",
    "12319": "12319",
    "城管热线": "12319",
    "信访": "信访",
    "网格平台": "网格平台",
    "数字城管": "数字城管",
    "人民网": "人民网",
    "留言板": "留言板",
}
_SOURCE = "|".join(SOURCES)
_NUMBER = r"[a-z0-9][a-z0-9-]{4,39}"
CASE = re.compile(
    rf"(?P<source>{_SOURCE})(?:热线|平台)?(?:过?了)?[ ,]{{0,2}}(?:转来|交办|派来)?的?"
    r"(?:工单|单子|件|单|案)(?:编?号)?(?:是|为|:)?[ ,]{0,2}"
    rf"(?P<number>{_NUMBER})(?![a-z0-9])",
    re.IGNORECASE,
)
DUE = re.compile(
    r"[^ ,。;]{0,16}(?:之?前|以前|内|为止|截止)(?:要|必须|得|需要?)?(?:给|有)?(?:答复|回复|办结|办完|反馈|回话|处理完)?"
    r"|(?:答复|办结|回复)?(?:期限|时限|截止)(?:是|到|为|:)?[ ]?[^ ,。;]{1,16}"
)
TICKET = re.compile(r"#\s?(?P<one>\d{1,6})|^(?P<two>\d{1,6})号(?=[ ,:是])")
AROUND = " ,，.。;；:、是也有"


@dataclass(frozen=True)
class Case:
    """source and number as kept, in capitals. due: the words that name the deadline ("" where none do). ticket: our own
    number, where it is said. rest: what else was said, which may be the matter itself.
    """

    source: str
    number: str
    due: str = ""
    ticket: int | None = None
    rest: str = ""


def find(text: str) -> Case | None:
    """The first case in a folded text; None where no number of that kind is said."""
    found = CASE.search(text)
    if found is None or not any(digit.isdigit() for digit in found["number"]):
        return None
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    ours = TICKET.search(rest.strip(AROUND))
    if ours is not None:
        rest = rest.strip(AROUND)[: ours.start()] + " " + rest.strip(AROUND)[ours.end() :]
    due = DUE.search(rest)
    if due is not None:
        rest = f"{rest[: due.start()]} {rest[due.end() :]}"
    number = found["number"].strip("-").upper()
    ticket = int(ours["one"] or ours["two"]) if ours else None
    words = due[0].strip(AROUND) if due else ""
    return Case(SOURCES[found["source"].lower()], number, words, ticket, rest.strip(AROUND))
