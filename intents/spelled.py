"""The numerals of places, and what voice input makes of them, as places are looked for: 三杠二杠一 is 3-2-1."""

import re

from intents import normalise
from intents.shapes import eager

# Voice input and numerals that dialects.toml and normalise leave: 十二洞三弹员, 十号楼一门, 五栋十二零四, 我家三零二.
_N = "零〇一二三四五六七八九十幺"
NUMERALS = frozenset(_N + "0123456789")
# A pattern, what it is, and characters of which the pattern needs one.
HEARD = (
    (eager(rf"(?:(?<=\d)|(?<=[{_N}]))(?:单[员圆缘院源]|弹[元员]|[丹担][元员])"), "单元", frozenset("单弹丹担")),
    (
        eager(
            rf"(?:(?<=\d)|(?<=[{_N}]))[洞动冻](?=\s?(?:[\d{_N}]{{1,3}}单元|\d{{3,4}}|的?电梯|楼道|的?(?:邻居|住户|业主)))"
        ),
        "栋",
        frozenset("洞动冻"),
    ),
)
NUMBERED = eager(rf"(?<![{_N}\d])[{_N}]{{1,4}}(?=栋|单元)")
BARS = frozenset("杠横")
BARRED = eager(rf"(?<=[\d{_N}])[杠横](?=[\d{_N}])")  # 三杠二杠一二零四, as 3-2-1204 is said aloud
HYPHENED = eager(rf"[{_N}]{{1,4}}(?=-)|(?<=-)[{_N}]{{1,4}}")
DOOR = eager(r"((?:栋|幢|座|号楼|#|单元)\s?)([一二三四五六七八九])(?=门|梯|层)")
DOORS = frozenset("门梯层")
TENS = eager(
    r"(?:(?<=[栋幢座元门梯号家住是在])|(?<=^))([二三四]?十[一二三四五六七八九]?)零([一二三四五六七八九])(?![\d零一二三四五六七八九十])"
)
SPELLED = eager(
    rf"(?<![{_N}\d百千万点年第])[一二三四五六七八九幺][一二三四五六七八九幺]?[零〇][一二三四五六七八九幺](?![{_N}\d百千万点年个块元多])"
)
AFTER_NUMBER = eager(r"(?<=号)[一二三四五六七八九幺][零〇一二三四五六七八九幺]{2,3}(?![\d个块元多月])")


def out(text: str) -> str:
    """A folded text with the numerals of places as digits and hyphens, 单元 and 栋 for what only sounds like them."""
    if NUMERALS.isdisjoint(text):
        return text
    characters = set(text)
    for pattern, word, needed in HEARD:
        if not needed.isdisjoint(characters):
            text = pattern.sub(word, text)
    if not BARS.isdisjoint(characters) and BARRED.search(text):
        text = HYPHENED.sub(_value, BARRED.sub("-", text))
    if "栋" in text or "单元" in text:
        text = NUMBERED.sub(_value, text)
    if not DOORS.isdisjoint(characters):
        text = DOOR.sub(lambda found: found[1] + normalise.value(found[2]), text)
    if "零" in characters:
        text = TENS.sub(lambda found: f"{normalise.value(found[1])}0{normalise.value(found[2])}", text)
    if "号" in characters:
        text = AFTER_NUMBER.sub(_value, text)
    return SPELLED.sub(_value, text) if "零" in characters or "〇" in characters else text


def _value(found: re.Match[str]) -> str:
    return normalise.value(found[0])
