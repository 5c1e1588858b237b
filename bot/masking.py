"""Nothing personal in a group: what a line may carry there. Pure.

behaviour.md, "Never repeated by the bot: names, rooms, phones, photos of people, rumours, insults."
A note that might hold one of these is left out of a group whole: half a mask tells more than silence.
"""

import re

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
_NAME = re.compile(
    rf"(?:老|小|阿)[{_SURNAMES}]|[{_SURNAMES}][一-龥]{{0,2}}"
    r"(?:先生|女士|师傅|阿姨|大爷|大妈|奶奶|爷爷|娭毑|嗲嗲|嫂|哥|姐|叔|伯|婶|婆|工|总|经理|主任|书记|楼长|老师|医生|爹|嗲|某|家|屋里)"
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
