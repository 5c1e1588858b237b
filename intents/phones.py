"""Phone numbers: in digits, in Chinese numerals, spaced, hyphenated, with the country's code; and landlines."""

import re

from intents.shapes import eager

_NUMERALS = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": "0",
    "幺": "1",
    "洞": "0",
    "拐": "7",
    "勾": "9",
}
_DIGIT = f"[\\d{''.join(_NUMERALS)}]"
_MOBILE = eager(rf"(?<!{_DIGIT})[1一幺](?:[ .-]?{_DIGIT}){{10}}(?![\d零〇一二三四五六七八九幺])")
_VALID = re.compile(r"1[3-9]\d{9}")
# How people group eleven digits. 15 2-1-1204 5栋 is none of these.
_GROUPS = {(11,), (3, 8), (7, 4), (3, 4, 4), (4, 4, 3), (4, 3, 4), (3, 3, 5), (3, 5, 3), (5, 6), (6, 5), (3, 2, 2, 4),
           (3, 4, 2, 2), (3, 2, 2, 2, 2), (1,) * 11}  # fmt: skip
_COUNTRY = eager(r"(?<!\d)(?:\+|00)?86[ -]?(?=1[3-9])")
_LANDLINE = eager(
    r"(?<!\d)\(?(?P<area>0\d{2,3})\)?[ -]?(?P<local>\d{3,4}[ -]?\d{4})(?!\d)"
    r"|(?:电话|座机|固话|打)(?:是|:|号码|号)?\s?(?P<alone>[2-8]\d{2,3}[ -]?\d{4})(?![\d-])"
)
# Seven digits, as people group them: what no number can do without, but for the country's code.
_LONG = re.compile(rf"{_DIGIT}(?:[ .-]?{_DIGIT}){{6}}")


def cut(text: str) -> tuple[str | None, str]:
    """The first phone number of a folded text, digits alone (a landline with its area code), and the text, as long as
    before, with commas where phones stood.
    """
    if not _LONG.search(text):
        return None, _COUNTRY.sub(_commas, text) if "86" in text else text
    found: list[tuple[int, str]] = []

    def mobile(match: re.Match[str]) -> str:
        number = "".join(_NUMERALS.get(c, c) for c in match[0] if c not in " .-")
        if not _VALID.fullmatch(number) or tuple(map(len, re.split(r"[ .-]", match[0]))) not in _GROUPS:
            return match[0]
        found.append((match.start(), number))
        return "," * len(match[0])

    def landline(match: re.Match[str]) -> str:
        number = (match["area"] or "") + (match["local"] or match["alone"])
        found.append((match.start(), re.sub(r"\D", "", number)))
        return "," * len(match[0])

    text = _COUNTRY.sub(_commas, text)
    text = _LANDLINE.sub(landline, _MOBILE.sub(mobile, text))
    return (min(found)[1] if found else None), text


def _commas(match: re.Match[str]) -> str:
    return "," * len(match[0])
