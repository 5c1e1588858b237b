"""Nothing personal in a group: what a line may carry there. Pure.

behaviour.md, "Never repeated by the bot: names, rooms, phones, photos of people, rumours, insults."
A note that might hold one of these is left out of a group whole: half a mask tells more than silence.
"""

import re
from collections.abc import Iterable

# Phones, ID numbers, rooms, 3-2-1204, 五零二. A count ("两户都通了") is none of them.
_NUMBER = re.compile(r"\d{3,}|\d+\s*[-—–－]\s*\d+|[零〇一二三四五六七八九幺]{3,}")
_ROOM = re.compile(r"[0-9零一二三四五六七八九十百两]+\s*(?:号?房|室|门牌)")
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹苏潘葛范彭郎鲁韦马苗方俞任袁柳唐罗薛雷贺倪汤滕殷郝邬安常于傅齐康伍余顾孟"
    "黄穆萧尹姚邵汪毛狄米贝明臧计戴宋庞熊纪舒屈项祝董梁杜阮蓝季贾江童颜郭梅林钟徐邱骆高夏蔡田樊胡凌霍万柯管卢莫房解应丁宣邓洪包左石崔吉龚程邢裴陆"
    "翁曾段侯龙叶欧阳刘谭易廖向"
)
# Everyday words that hold a surname before a word for people: 明天师傅来 names nobody.
_EVERYDAY = re.compile(
    r"明[天早晚日]|[上下本这]周|周[一二三四五六日天末]|左右|[点分]钟|马上|马路|马桶|安排|安装|安全|施工|水管|管道|管理|管家|园林"
    r"|龙头|解决|应该|任何|许多|方便|方法|方案|经常|凌晨|时段|路段|厨房|房东|高压|高层|高空|金属|金额|万一|左边|华东|华南|华北|林业|向上|向下"
)
_TITLES = (
    "先生|女士|师傅|阿姨|大爷|大妈|奶奶|爷爷|娭毑|嗲嗲|嫂|哥|姐|叔|伯|婶|婆|工|总|经理|主任|书记|楼长|老师|医生"
    "|爹|嗲|某|家|屋里"
)
_NAME = re.compile(
    rf"(?:老|小|阿)[{_SURNAMES}]|[{_SURNAMES}][一-龥]{{0,2}}"
    rf"(?:{_TITLES})"
    rf"|[{_SURNAMES}](?:[×xX*＊]{{1,2}})|(?:找|叫|姓|给|跟|请|问)[{_SURNAMES}][一-龥]{{0,2}}(?![一-龥])"
    r"|[一-龥]{2,}[·•‧・][一-龥]{2,}"  # 阿卜杜热合曼·吐尔逊
)
_PHONE = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?[1１][3-9３-９]\d[- .]?\d{4}[- .]?\d{4}(?!\d)|(?<!\d)[0０]\d{2,3}[- ]?\d{7,8}(?!\d)"
)
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")


def fit_for_group(note: str, limit: int = 40) -> str:
    """The note itself where nothing in it is personal, else an empty string."""
    note = note.strip()
    told = _EVERYDAY.sub("，", note)
    if len(note) > limit or "@" in note or any(personal.search(told) for personal in (_NUMBER, _ROOM, _NAME)):
        return ""
    return note


# What may stand in a report: the numbers everybody must be able to read, and a ticket's own.
_PUBLIC = re.compile(
    r"(?<!\d)(?:110|119|120|122|12110|12345|12348|12355|12356|96110)(?!\d)|#\d+|(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)"
)
_PLACE = re.compile(
    r"(?:\d{1,2}\s*[-—–－]\s*){1,2}\d{2,4}(?!\d)"  # 3-2-1204
    r"|(?<![\d.])\d{3,}(?:号?房|室)?(?![\d%块元])"
    r"|[零〇一二三四五六七八九幺]{3,}(?:号?房|室)?"
)


def without_rooms(text: str) -> str:
    """The text for other people's eyes: phones, identity numbers and rooms blotted out, public numbers left."""
    kept = _PUBLIC.split(masked(text))
    public = _PUBLIC.findall(masked(text))
    told = [_PLACE.sub("***", part) for part in kept]
    return "".join(part + number for part, number in zip(told, [*public, ""], strict=True))


def masked(text: str) -> str:
    """The text with phone and identity numbers blotted out: how a number posted in anger is stored."""
    return _PHONE.sub(lambda hit: hit[0][:3] + "****", _IDENTITY.sub(lambda hit: hit[0][:6] + "********", text))


BLOT = "×"  # in place of a digit; a name becomes 某某
_DIGITS = "0-9０-９零〇一二三四五六七八九幺"
_BLOTTED = (
    _IDENTITY,
    _PHONE,
    re.compile(r"[0-9０-９](?:[ \t.·-]{0,2}[0-9０-９]){2,}[Xx]?"),  # phones spelled out, rooms, accounts
    re.compile(r"[零〇一二三四五六七八九幺](?:[ ,，、.]?[零〇一二三四五六七八九幺]){2,}"),
    re.compile(rf"[{_DIGITS}十百两]{{1,6}}(?=\s?(?:号?房|室|号门|门牌|[东西南北中][户边室]))"),
    re.compile(r"(?<=[-—–－~/#栋幢座元])[ \t]?[0-9０-９]{1,4}[ \t]?[-—–－~/][ \t]?[0-9０-９]{1,4}"),
)
_HANDLE = re.compile(
    r"[A-Za-z][\w.-]{0,40}[0-9@_][\w.@-]{0,60}|[\w.+-]{1,64}@[\w.-]{1,64}|(?:https?://|www\.)\S{1,200}",
    re.ASCII,
)
_DOTTED = re.compile(r"[一-龥]{2,8}[·•‧・][一-龥]{2,4}")  # 阿卜杜热合曼·吐尔逊
_AT = re.compile(r"@[^\s@,，。:：!！?？]{1,20}")
_DIGIT = re.compile(rf"[{_DIGITS}0-9十百两xX]")
_TITLED = re.compile(rf"(?:{_TITLES})$")


def impersonal(text: str, names: Iterable[str] = ()) -> str:
    """The text without whom it is about: digits of phones, rooms and accounts as ×, names as 某.

    names: those known to stand in it (the directory's), whatever they look like. What is left says what is the matter
    and not with whom; no program is sure of that, so a person looks before it is kept.
    """
    for name in sorted(set(names), key=len, reverse=True):
        text = text.replace(name, "某某")
    text = _DOTTED.sub("某某", _AT.sub("@某某", _HANDLE.sub(BLOT * 3, text)))
    for pattern in _BLOTTED:
        text = pattern.sub(lambda hit: _DIGIT.sub(BLOT, hit[0]), text)
    return _nameless(text)


def _nameless(text: str) -> str:
    """Names blotted out, everyday words that only look like one left alone."""
    pieces, at = [], 0
    for word in [*_EVERYDAY.finditer(text), None]:
        end = word.start() if word else len(text)
        pieces.append(_NAME.sub(_unnamed, text[at:end]))
        if word:
            pieces.append(word[0])
            at = word.end()
    return "".join(pieces)


def _unnamed(hit: re.Match[str]) -> str:
    said = hit[0]
    if said[0] in "老小阿":
        return f"{said[0]}某"
    if title := _TITLED.search(said):
        return f"某{title[0]}"
    if said[0] in "找叫姓给跟请问":
        return f"{said[0]}某某"
    return "某某"
