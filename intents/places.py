"""Buildings, units, floors and rooms as people write them: 3栋2单元1204, 3-2-1204, 7号302, 9号楼甲门, F3.

Reads a folded text out of which phones and what only looks like a place were blanked. What stands together is one
mention of a place; of several the speaker's own counts.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from intents.shapes import eager

_B = r"(?:[a-h]?\d{1,3}[a-d]?|[a-h]|[甲乙丙丁])"
_SURE_ROOM = r"(?:[1-9]|[1-4]\d)(?:0[1-9]|1\d|20)"  # a floor from 1 to 49 and a door from 1 to 20 on it
# After a bare 7号: what only a house has. A day, a lift, a charger or a window has its number too.
_OF_A_HOUSE = (
    rf"\s?{_SURE_ROOM}(?![\d点:元块])|\s?\d{{1,2}}[楼层]|里(?!程)|门[口前洞厅]|[后前大边]门|进门|大[厅堂]|前厅|楼[道下上梯顶]|[底顶][楼层]|走廊|过道|对讲"
    r"|门禁|信箱|奶箱|[电水]表|外墙|[屋房]顶|[平天阳]台|花园|地下室|[东西南北](?:面|侧|边|墙)|旁边|边上|对面|[后前]面|背后|隔壁"
    r"|煤气味?(?!公司|检|改|停|安)|的?(?:邻居|人家|住户|住家|[啥什谁哪]人?么?人?家)|的(?:居民|业主|老人|老太|老头|老伯|阿姨|阿婆|爷叔|租客|房东|狗|猫)"
)
_HOUSE = (
    rf"(?<![\d第])(?P<house>\d{{1,3}})号(?={_OF_A_HOUSE})|(?<![\d第])(?P<lifted>[5-9]|\d{{2,3}})号(?=电梯)"
    r"|(?<![\d第])(?P<listed>\d{1,3})号(?=[、和跟与]\d{1,3}号(?:门|里|楼|电梯|[大底]|\d{3}))|(?<=弄)(?P<lane>\d{1,3})号|(?:(?<=我是)|(?<=我住)|(?<=家住)|(?<=住在)|(?<=阿拉)|(?<=我们))(?P<own>\d{1,3})号(?=[,。\s的]|$)"
    r"(?!的?(?:票|车|飞机|航班|床|预约|号))"
)
BUILDING = (
    rf"(?<![\da-z.])(?P<one>[i-z]\d{{1,2}}|{_B})\s?(?:号楼|号栋|号院楼|栋(?!楼(?![道梯顶上下里]|\d))|幢|座(?!位|谈|椅|机)|#(?:楼|栋)?(?=\D|\d单元|\d-|\d{{3}}|$))"
    rf"|(?<![\da-z])(?P<two>\d{{1,3}})(?:楼|号)(?=\s?(?:\d{{1,2}}|[甲乙丙丁])\s?(?:单元|门(?!口)|梯))|(?<![\da-z])(?P<three>[a-h])楼"
    rf"|(?<=栋号)(?P<four>\d{{1,3}})|{_HOUSE}"
)
UNIT = (
    r"(?<!\d)(?P<u1>\d{1,2}|[a-d])\s?单元|(?P<u2>[东西中甲乙丙丁])单元"
    r"|(?:(?<=[栋幢座楼号#])|(?<=[栋幢座楼号#] ))(?P<u3>\d{1,2}|[甲乙丙丁])\s?(?:门|梯|单(?!元))"
    r"|(?<![\d栋幢座])(?P<u4>\d{1,2})(?:门|梯)(?=\d{3,4}|的|有|没|停|坏|灯|电|楼|又|$|[,。 ])(?!\d户)"
    r"|(?<=[^\da-d东西中]单元)(?P<u5>\d{1,2})(?![\d楼层室门-])"
)
FLOOR = (
    r"(?<![\d-])(?P<f1>\d{1,2})(?:楼(?!盘|梯)(?!\d{1,2}单元)|层)|(?:负|地下|(?<![a-z0-9素照/])b)(?P<low>[一二三123])(?:楼|层)?"
    r"(?!\d|栋|座|单元|号|[-—]|驾|本)|(?<![\d\w])-(?P<minus>[1-3])(?:楼|层)"
    r"|(?<![a-z0-9])(?:f(?P<f2>\d{1,2})|(?P<f3>\d{1,2})f)(?![a-z0-9])|(?P<ground>底)[楼层]"
)
ROOM = (
    r"(?<![\d.#])(?P<r1>\d{3,4})\s?(?:室|号房|房(?!租|价|贷|间)|号家|户(?!外|型)|号(?!楼|栋|线|文|公交|院|门|球|令|信|段|单))"
    rf"|(?:(?<=号)|(?<=[元栋幢座楼号门]的))\s?(?P<r2>{_SURE_ROOM})(?![\d:])|(?:(?<=[元栋幢座楼层门梯#])|(?<=[元栋幢座楼层门梯#][-—\s])|(?<=[元栋幢座楼层门梯#][-—,]\s))(?P<r3>\d{{3,4}})(?![\d:])"
    r"|(?:^|(?<=[是住在家到我你他她去找给叫让请和跟拉@,。:;!?、( ])|(?<=楼上)|(?<=楼下)|(?<=隔壁)|(?<=对门))"
    rf"(?P<r4>{_SURE_ROOM})(?![\d.:/—~弄-]|病房|教室|会议|办公|公交|路|班|年|线|号|位|多|不锈|胶|套|条|支|国道|省道|高速|医院|宿舍|空间|航班)"
    rf"|(?<![\d.#元块])(?P<r5>{_SURE_ROOM})(?=那[个家户位]?(?:[男女]的?|家|户|老|小)|[男女]的|(?:他|她)?们?家(?:里|的|那)|的?(?:住户|业主|租客|房东))"
)
COMPACT = (
    rf"(?<![\d.a-z-])(?P<cb>{_B})(?:栋|幢|号楼|#)?\s?[-—–~/\\#.\s]\s?(?P<cu>\d{{1,2}}|[a-d甲乙丙丁])(?:单元|门)?\s?[-—–~/\\#.\s]\s?(?P<cr>\d{{3,4}})(?![\d:])"
    rf"|(?<![\d.a-z-])(?P<db>{_B})(?:栋|幢|号楼|#)?\s?[-—–/\\#]\s?(?P<dr>\d{{3,4}})(?![\d:])"
)
# Each with characters of which it needs one: most messages name no place, and need not be searched for one.
DIGITS = frozenset("0123456789")
PATTERNS = (
    ("place", eager(COMPACT), DIGITS, frozenset("-—–~/\\#. ")),
    ("building", eager(BUILDING), DIGITS | frozenset("abcdefgh甲乙丙丁"), frozenset("栋幢座楼号#弄")),
    ("unit", eager(UNIT), DIGITS | frozenset("abcd甲乙丙丁东西中"), frozenset("单门梯")),
    ("room", eager(ROOM), DIGITS, DIGITS),
    ("floor", eager(FLOOR), DIGITS | frozenset("一二三底"), frozenset("楼层负下bf")),
)
DEPTHS = {"一": "1", "二": "2", "三": "3"}

GAP = re.compile(r"[-—–~,、\s的]{0,2}")
OWN = re.compile(
    r"(?:我|咱|俺|额|阿拉|我们|咱们|本人)(?:家|这里|这边|这|屋里|屋)?(?:是|系|住在|住|在)?$|(?:住在|家住|家在|这里是|这边是)$"
)
OWN_FLOOR = re.compile(
    r"(?:我|咱|俺|额|阿拉|我们|咱们)(?:家|这里|这边|屋里|屋)?(?:是|住在|住|在)?$|(?:住在|家住|家在)$"
)
TOGETHER = re.compile(r"\s?(?:[和跟与及、]|还有|以及|到|至|,)\s?$")
BOTH = re.compile(r"都|全|之间|中间|两栋|两幢|几栋")
# What is told of another's building: there the matter is, wherever the speaker lives. Unless all is well there.
SEEN = re.compile(r"(?:看见|看到|望见|望到|瞧见|瞅见|见到|闻到|发现|路过|经过)[^,。!?;]{0,6}$|(?:你们|恁)的?$")
WELL_THERE = re.compile(
    r"(?:的|那边|那里|,| ){0,3}(?:都|也|倒|就|又)?(?:有(?:水|电|气|热水|暖气|网)|正常|亮着|好好的|没停|没事|没坏)"
)
LOOK_BACK = 8
SEEN_BACK = 14


class Mention(NamedTuple):
    """What stands together in a text. `own`: plainly the speaker's. `seen`: another's, where the matter is.

    well: the speaker's own, where nothing is the matter.
    """

    start: int
    end: int
    building: str | None = None
    unit: str | None = None
    floor: str | None = None
    room: str | None = None
    own: bool = False
    seen: bool = False
    well: bool = False
    own_floor: bool = False


@dataclass(frozen=True)
class Said:
    """The place that a text says. others, together, home_floor: as in intents.verdict.Slots."""

    building: str | None = None
    unit: str | None = None
    floor: str | None = None
    room: str | None = None
    others: tuple[str, ...] = ()
    together: bool = False
    home_floor: str | None = None


NOWHERE = Said()


def read(text: str) -> Said:
    """The place in a text that was spelled out and blanked. Nothing invented: None for what is not said."""
    mentions = _mentions(text)
    if not mentions:
        return NOWHERE
    chosen = _chosen(mentions)
    loose = [m for m in mentions if m.building in (None, chosen.building)]
    buildings = list(dict.fromkeys(m.building for m in mentions if m.building))
    building = chosen.building or (buildings[0] if buildings else None)
    if chosen.building is None and building is not None:
        loose = [m for m in mentions if m.building in (None, building)]
    room = chosen.room or _first(loose, "room")
    theirs = chosen.building is not None and (chosen.own or chosen.seen or any(m.well for m in mentions))
    others = tuple(name for name in buildings if name != building) if not theirs else ()
    return Said(
        building=building,
        unit=chosen.unit or _first(loose, "unit"),
        floor=chosen.floor or _first(mentions, "floor"),
        room=room,
        others=others if not _detailed(chosen, mentions) else (),
        together=bool(others) and _together(text, mentions),
        home_floor=_home_floor(mentions),
    )


def _mentions(text: str) -> list[Mention]:
    parts = sorted(_parts(text), key=lambda part: part.start)
    found: list[Mention] = []
    for part in parts:
        if found and part.start < found[-1].end:
            continue  # 3-2-1204 has said it already
        if found and _continues(found[-1], part, text):
            found[-1] = _joined(found[-1], part)
        else:
            found.append(part)
    return [_whose(mention, text) for mention in found]


def _parts(text: str) -> Iterator[Mention]:
    characters = frozenset(text)
    for kind, pattern, one, other in PATTERNS:
        if characters.isdisjoint(one) or characters.isdisjoint(other):
            continue
        for found in pattern.finditer(text):
            yield _part(kind, found)


def _part(kind: str, found: re.Match[str]) -> Mention:
    start, end = found.span()
    if kind == "place":
        building, unit, room = found["cb"] or found["db"], found["cu"], found["cr"] or found["dr"]
        return Mention(start, end, _name(building), _name(unit) if unit else None, None, room)
    name = found.lastgroup
    value = found[name] if name else ""
    if kind == "floor":
        depth = name in ("low", "minus")
        floor = f"-{DEPTHS.get(value, value)}" if depth else ("1" if name == "ground" else value.lstrip("0") or "0")
        return Mention(start, end, floor=floor)
    if kind == "room":
        return Mention(start, end, room=value)
    return Mention(start, end, _name(value)) if kind == "building" else Mention(start, end, unit=_name(value))


def _continues(before: Mention, part: Mention, text: str) -> bool:
    """Whether a part belongs to the mention before it: 3栋 2单元 12楼 1204, never a second building or room."""
    if part.building or (part.unit and (before.unit or before.room)) or (part.room and before.room):
        return False
    if part.floor and (before.floor or before.room):
        return False  # 我家302，12楼的灯坏了: another's floor
    return part.start - before.end <= 2 and GAP.fullmatch(text, before.end, part.start) is not None  # noqa: PLR2004


def _joined(before: Mention, part: Mention) -> Mention:
    return before._replace(
        end=part.end,
        unit=before.unit or part.unit,
        floor=before.floor or part.floor,
        room=before.room or part.room,
    )


def _whose(mention: Mention, text: str) -> Mention:
    back = max(0, mention.start - LOOK_BACK)
    own = OWN.search(text, back, mention.start) is not None
    seen = (
        mention.building is not None
        and SEEN.search(text, max(0, mention.start - SEEN_BACK), mention.start) is not None
        and WELL_THERE.match(text, mention.end) is None
    )
    well = own and mention.building is not None and WELL_THERE.match(text, mention.end) is not None
    return mention._replace(
        own=own,
        well=well,
        seen=seen and not own,
        own_floor=own and OWN_FLOOR.search(text, back, mention.start) is not None,
    )


def _chosen(mentions: Sequence[Mention]) -> Mention:
    """What the speaker saw at another's (我9栋的, 看到你们12栋冒烟), else their own (我是3栋的, 5栋太吵), else the
    first that names a building, else the first.
    """
    seen = [m for m in mentions if m.seen]
    elsewhere = any(m.building and not m.own for m in mentions)
    own = [m for m in mentions if m.own and (m.building or m.unit or m.room) and not (m.well and elsewhere)]
    named = [m for m in mentions if m.building and not (m.well and elsewhere)]
    return (seen or own or named or list(mentions))[0]


def _first(mentions: Sequence[Mention], slot: str) -> str | None:
    return next((value for m in mentions if (value := getattr(m, slot))), None)


def _detailed(chosen: Mention, mentions: Sequence[Mention]) -> bool:
    """Whether one place is named to the unit or the room and the others only in passing."""
    full = [m for m in mentions if m.building and (m.unit or m.room)]
    return len({m.building for m in full}) == 1 and chosen in full


def _together(text: str, mentions: Sequence[Mention]) -> bool:
    """3栋和5栋, 3栋、5栋都: named as one, not one against the other."""
    named = [m for m in mentions if m.building]
    joined = all(TOGETHER.fullmatch(text, a.end, b.start) for a, b in pairwise(named))
    return joined or BOTH.search(text) is not None


def _home_floor(mentions: Sequence[Mention]) -> str | None:
    """The floor that is said of somebody's own rooms: in one breath with the room, or as where the speaker lives."""
    beside = next((m.floor for m in mentions if m.floor and m.room), None)
    return beside or next((m.floor for m in mentions if m.floor and m.own_floor and not m.building), None)


def _name(value: str) -> str:
    return (value.lstrip("0") or value).upper()
