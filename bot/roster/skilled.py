"""The cell that says what a volunteer can do; what no volunteer may be asked for is refused with the reason."""

import re

from bot.offering import forbidden
from bot.roster.cells import NOTHING_WORDS, BadCell, Cell, text
from bot.roster.words import SKILLS, index
from models import Skill

_LONGEST = 100
_KNOWN = index(SKILLS)
_OFFERED = "、".join(spoken[0] for spoken in SKILLS.values())
# Trades that the words of a request would not name.
_TRADES = re.compile(r"电工|强电|水电工|锁匠|开锁|修锁|换锁|燃气|煤气|护士|打针|吃药|拿药|取药|取钱|缴费")


def skills(cell: Cell) -> tuple[Skill, ...]:
    """Several skills in one cell, apart by 、 , ; or a blank. () where 无 was written."""
    said = str(text(_LONGEST)(cell))
    found: list[Skill] = []
    for part in re.split(r"[、，,;；/\s]+", said):
        word = part.strip().lower()
        if not word or word in NOTHING_WORDS:
            continue
        if word not in _KNOWN:
            raise BadCell(_why_not(part))
        found.append(_KNOWN[word])
    return tuple(dict.fromkeys(found))


def _why_not(word: str) -> str:
    if _TRADES.search(word) or forbidden(word) is not None:
        return f"“{word}”不能请志愿者（开锁、强电、燃气、钱、药都不行），请社区找专门的人，这里不写"
    return f"没有“{word}”这项技能，可以填：{_OFFERED}"
