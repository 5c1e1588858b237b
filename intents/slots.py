"""Places and phones from every way people write them. Reads a folded text: numbers before 栋, 单元 ... are digits."""

import re

from intents.verdict import Slots

# What looks like a room or a building and is none; blanked out first, longest kinds first.
PHONE = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?!\d)|(?<!\d)(0\d{2,3}[- ]?\d{7,8})(?!\d)"
    r"|(?:电话|座机|固话)(?:是|:|号码)?\s?(\d{7,8})(?!\d)"
)
NOT_PLACES = re.compile(
    r"\d{15,18}x?|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}[日号]?|20\d\d年?度?(?=年|春|夏|秋|冬|届|级|款|[-—])"
    r"|\d{1,2}月\d{1,2}[日号]?|\d{1,2}[:.]\d{2}(?:[-—~到至]\d{1,2}[:.]\d{2})?|\d{1,2}点(?:\d{1,2}分?|半|钟|整|多)?"
    r"|(?:下|上|前|后|早|晚|中午|凌晨)?\d{1,2}号(?=上午|下午|早上|晚上|中午|以前|之前|之后|前|后|到|至|来|去|开始|截止|晚|早|停|的?会|了|才|再|就)"
    r"|地铁\d{1,2}号?线|\d{1,3}号线|\d{1,4}[路线](?:公交|车|公共|的?站)|公交\d{1,4}|\d{1,4}路(?=公交|车|到|站|,|。|$)"
    r"|[¥$]\d[\d.,]{0,10}|\d[\d.,]{0,9}(?:块|元|毛|角|万|千|百|%|斤|公斤|克|kg|米|公里|平|平方|㎡|m2|度(?!角)|天|日|年|岁|个|次|分钟?|小时|点钟?|页|人|名|位|份|只|盒|袋|箱|件|条|台|辆|张|瓶|升|瓦|w|g|mb|户人家)"
    r"|(?<!\d)#\d{1,6}(?!楼|栋|单元)|(?:工单|编号|单号|第)\d{1,6}号?|v\d{1,2}|\d{1,3}(?:分贝|周|期|折|寸|号文|条(?!街)|款|楼盘|中学|中|小(?!区)|院(?!\d)|医院|线)"
    r"|[1-9]\d{4,}|(?<!\d)(?:110|119|120|122|114|315|12\d{3}|9[56]\d{3})(?!\d|室|号|房|户|[-—])"
)
BUILDING = r"(?:\d{1,3}[a-d]?|[a-h]\d?|[甲乙丙丁])"
COMPACT = re.compile(
    rf"(?<![\d.a-z-])(?P<building>{BUILDING})(?:栋|幢|号楼|#)?\s?[-—–~/\\#.]\s?(?P<unit>\d{{1,2}}|[a-d])(?:单元)?\s?[-—–~/\\#.]\s?(?P<room>\d{{3,4}})(?!\d)"
    rf"|(?<![\d.a-z-])(?P<building2>{BUILDING})(?:栋|幢|号楼|#)?\s?[-—–/\\#]\s?(?P<room2>\d{{3,4}})(?![\d:])"
)
BUILDINGS = re.compile(
    rf"(?<![\da-z])(?P<one>{BUILDING})\s?(?:号楼|号栋|号院楼|栋(?!楼(?![道梯顶上下里]|\d))|幢|座(?!位|谈|椅)|#(?:楼|栋)?(?=\D|\d单元|\d-|$))"
    rf"|(?<![\da-z])(?P<two>\d{{1,3}})(?:楼|号)(?=\s?\d{{1,2}}\s?(?:单元|门(?!口)|梯))"
    rf"|(?<![\da-z])(?P<three>[a-h])(?:栋|座|楼)|(?<=栋号)(?P<four>\d{{1,3}})"
)
UNITS = re.compile(
    r"(?<!\d)(?P<one>\d{1,2}|[a-d])\s?单元|(?P<compass>[东西中])单元"
    r"|(?:(?<=[栋幢座楼#])|(?<=[栋幢座楼#] ))(?P<two>\d{1,2})\s?(?:门(?!口)|梯|单(?!元))"
    r"|(?<![\d栋幢座])(?P<three>\d{1,2})(?:门|梯)(?=\d{3,4}|的|有|没|停|坏|灯|电|楼|又|$|[,。 ])(?!\d户)"
    r"|(?<=单元)(?P<four>\d{1,2})(?!\d)"
)
ROOMS = re.compile(
    r"(?<![\d.#])(?P<one>\d{3,4})\s?(?:室|号房|房(?!租|价|贷|间)|号家|户(?!外|型)|号(?!楼|线|文|公交|院|门|球|令|信|段))"
    r"|(?:单元|[栋幢座楼门梯#])[-—,\s]{0,2}(?P<two>\d{3,4})(?![\d:])"
)
LONE_ROOM = re.compile(
    r"(?:^|(?<=[是住在家到我你他她去找给叫让请和跟,。:;!?、( ])|(?<=楼上)|(?<=楼下)|(?<=隔壁)|(?<=对门))"
    r"(?P<room>\d{3,4})(?![\d.:/—~-]|病房|教室|会议|办公|公交|路|班|年|线|号|位|多|不锈|胶|套|条|支|国道|省道|高速|医院|宿舍|空间|航班)"
)
OWN = re.compile(r"(?:我是|我住|我在|我家住?在?|我们家住?在?|本人|我们是|我这里是|我这边是|住在|家住|这里是)$")
FLOOR = re.compile(
    r"(?<![\d-])(?P<floor>\d{1,2})(?:楼(?![盘道梯])(?!\d{1,2}单元)|层)|(?:负|地下|(?<![a-z])b)(?P<low>[一二三123])(?:楼|层)?(?!\d|栋|单元|号)"
    r"|(?<![\d\w])-(?P<minus>[1-3])(?:楼|层)"
)
DEPTHS = {"一": "1", "二": "2", "三": "3"}
FLOOR_DOOR = re.compile(r"(?<![\d-])(?P<floor>\d{1,2})楼(?:楼道|楼梯|走道|走廊|道)")
PLACES = (
    "超市|药店|药房|粉店|面馆|早餐店|理发店|菜市场|菜鸟驿站|驿站|快递柜|丰巢|幼儿园|学校|广场|凉亭|亭子|游乐场|滑梯|健身器材|垃圾站|垃圾房|垃圾桶|地下车库|车库|地库|停车场|配电房|"
    "水泵房|岗亭|物业办公室|物业|篮球场|网球场|池塘|喷泉|假山|花坛|小公园|公园|公厕|公交站|银行|诊所|卫生站|茶馆|麻将馆|水果店|便利店|五金店|饭店|充电棚|车棚|充电桩|邮局|桥头|桥下"
)
SIDES = "楼上|楼下|门口|门前|旁边|边上|对面|后面|前面|背后|隔壁|里面|附近|那边|拐角|转角"
LANDMARK = re.compile(
    rf"(?:{PLACES})(?:{SIDES})?|(?:小区|院子?|大院)?(?:[东南西北]|正|侧|后|前|大|小){{1,2}}门(?:口|岗|外|{SIDES})?|小区门口|\d{{1,2}}号门|架空层|楼顶|天台|负[一二三]楼"
)
NEVER_DOOR = re.compile(r"部门|热门|专门|澳门|单元|(?:前|后)门牌|大门牌")


def read(text: str) -> Slots:
    """The place and the phone that a folded text says; nothing invented, None for what is not said."""
    phone = _phone(text)
    text = NOT_PLACES.sub(_blank, PHONE.sub(_blank, text))
    building, unit, room = _compact(text)
    building = building or _chosen(BUILDINGS, text)
    unit = unit or _chosen(UNITS, text)
    room = room or _room(text)
    landmark = None if building else _landmark(text)
    return Slots(building, unit, room, _floor(text), phone, landmark)


def _phone(text: str) -> str | None:
    found = PHONE.search(text)
    if found is None:
        return None
    return re.sub(r"[- ]", "", next(group for group in found.groups() if group))


def _compact(text: str) -> tuple[str | None, str | None, str | None]:
    found = COMPACT.search(text)
    if found is None:
        return None, None, None
    if found["building"]:
        return _name(found["building"]), _name(found["unit"]), found["room"]
    return _name(found["building2"]), None, found["room2"]


def _chosen(pattern: re.Pattern[str], text: str) -> str | None:
    """The speaker's own where two are named (我是3栋的, 5栋太吵): else the first."""
    first: str | None = None
    for found in pattern.finditer(text):
        value = next(group for group in found.groups() if group)
        if OWN.search(text, max(0, found.start() - 6), found.start()):
            return _name(value)
        first = first or _name(value)
    return first


def _room(text: str) -> str | None:
    if found := _chosen(ROOMS, text):
        return found
    first: str | None = None
    for found_lone in LONE_ROOM.finditer(text):
        if not _plausible(found_lone["room"]):
            continue
        if (
            OWN.search(text, max(0, found_lone.start() - 6), found_lone.start())
            or text[found_lone.start() - 1 : found_lone.start()] == "我"
        ):
            return found_lone["room"]
        first = first or found_lone["room"]
    return first


def _plausible(room: str) -> bool:
    """A floor from 1 to 45 and a door from 1 to 20 on it."""
    floor, door = int(room[:-2]), int(room[-2:])
    return 1 <= floor <= 45 and 1 <= door <= 20  # noqa: PLR2004 - the docstring says it


def _floor(text: str) -> str | None:
    found = FLOOR_DOOR.search(text) or FLOOR.search(text)
    if found is None:
        return None
    groups = found.groupdict()
    if depth := groups.get("low") or groups.get("minus"):
        return f"-{DEPTHS.get(depth, depth)}"
    return groups["floor"]


def _landmark(text: str) -> str | None:
    for found in LANDMARK.finditer(text):
        around = text[max(0, found.start() - 1) : found.end() + 1]
        if not NEVER_DOOR.search(around):
            return found[0]
    return None


def _name(value: str) -> str:
    return (value.lstrip("0") or value).upper()


def _blank(found: re.Match[str]) -> str:
    return "," * len(found[0])
