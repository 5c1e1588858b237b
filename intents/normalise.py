"""Text made comparable: one spelling for what was typed in many. Pure, linear in time, never raises on any str."""

import re
import unicodedata
from operator import eq

# Marks that combine are sorted by NFKC in quadratic time: a run of them is cut first. No script needs more than a few.
_MARKS = "".join(chr(c) for c in range(0x300, 0x20000) if unicodedata.combining(chr(c)))  # beyond there are none
MARKS = re.compile(rf"([{_MARKS}]{{4}})[{_MARKS}]+")
# Control, format and private characters, lone surrogates, variation selectors. Line ends and tabs become blanks before.
NOISE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
BLANKS = re.compile(r"\s+")
# What most messages are made of, and nothing of it is noise or a mark.
USUAL = re.compile("[ 一-鿿a-zA-Z0-9,.!?;:，。！？；：、（）()“”‘’…—~～+#/%-]*")
# 哈哈哈, 666 are folded; but 13866660000 is a phone and 1666 a room.
REPEATS = re.compile(r"([^\w\s#+])\1+|([哈嘿嘻呵啊呀哇呜喔哦嗯咯哎唉]|(?<!\d)6(?=66+(?!\d)))\2{2,}")
SPACED = re.compile(r"(?<![一-鿿])[一-鿿](?: [一-鿿]){2,}(?![一-鿿])")
PICTURES = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff]+|\\[[一-鿿]{1,4}\\]")

NARROW = re.compile("(?<=[一-鿿”’）])[,;:?!]")
WIDE = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "幺": 1, "壹": 1, "贰": 2, "叁": 3}
DIGITS |= {"肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9}
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100}
NUMERAL = "零〇一二三四五六七八九十百幺壹贰叁肆伍陆柒捌玖拾佰"
NUMERALS = frozenset(NUMERAL)
NUMBERED = re.compile(
    rf"([{NUMERAL}]{{1,6}})(?=\s?(?:栋|幢|座|单元|号|室|层|楼(?!上|下|道|梯|顶|里|长|主|房|板|宇|盘|市|管|组)|梯(?!口|子|间|级)|门(?!口|外|前|里|窗|禁|锁|卫|岗|铃)))"
)
SPELLED = re.compile(r"(?<=[栋幢座门梯元])[零〇一二三四五六七八九幺]{3,4}(?![个块元多])")  # 三单元五零二
# 一楼, 十楼: a floor. But 一号 a day, 一门心思, 一层灰 are words of their own: a lone 一 before these is left.
LONE_ONE = re.compile(r"一(?:门|层|座|梯|室)")


def clean(text: str) -> str:
    """The text in one spelling: NFKC, no control characters or lone surrogates, single blanks, repeats folded."""
    if USUAL.fullmatch(text):
        text = unicodedata.normalize("NFKC", " ".join(text.split()))
    else:
        text = MARKS.sub(r"\1", NOISE.sub("", BLANKS.sub(" ", text)))
        text = NOISE.sub("", unicodedata.normalize("NFKC", text))
    if any(map(eq, text, text[1:])):
        text = REPEATS.sub(_once, text)
    if " " in text:
        text = SPACED.sub(lambda found: found[0].replace(" ", ""), text)
    return " ".join(text.split())


def in_chinese(text: str) -> str:
    """`clean` text as it is read: the marks behind Chinese characters are wide again."""
    return NARROW.sub(lambda found: WIDE[found[0]], text)


def plain(text: str) -> str:
    """`clean` text without pictures and in small letters: the form that words are looked for in."""
    return " ".join(PICTURES.sub(" ", text).split()).lower()


def numerals(text: str) -> str:
    """Chinese numerals before 栋, 单元, 楼, 号, 室, 层 as digits: 十二栋 is 12栋, 二十三号楼 is 23号楼."""
    if NUMERALS.isdisjoint(text):
        return text
    return SPELLED.sub(lambda found: value(found[0]), NUMBERED.sub(_digits, text))


def value(numeral: str) -> str:
    """One Chinese numeral as digits: 十二 "12", 一二零四 "1204", 二十 "20". What is no number stays as it is."""
    if not any(c in UNITS for c in numeral):
        return "".join(str(DIGITS[c]) for c in numeral)
    total, digit = 0, 0
    for position, character in enumerate(numeral):
        if character in UNITS:
            total += (digit or (1 if position == 0 or not total else 0)) * UNITS[character]
            digit = 0
        else:
            digit = DIGITS[character]
    return str(total + digit) if total else numeral


def _digits(found: re.Match[str]) -> str:
    around = found.string[found.start() : found.end() + 1]
    if found[1] == "一" and LONE_ONE.match(around):
        return found[1]
    return value(found[1])


def _once(found: re.Match[str]) -> str:
    return found[1] if found[1] else found[2] * 2
