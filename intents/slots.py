"""What a message says of place, phone and time. Reads a folded text: numbers before 栋, 单元 ... are digits."""

import re

from intents import lookalikes, phones, places, spelled, times
from intents.shapes import eager
from intents.verdict import Slots

PLACES = (
    "超市|药店|药房|粉店|面馆|早餐店|理发店|菜市场|菜鸟驿站|驿站|快递柜|丰巢|幼儿园|学校|广场|凉亭|亭子|游乐场|滑梯|健身器材|垃圾站|垃圾房|垃圾桶|地下车库|车库|地库|停车场|配电房|"
    "水泵房|岗亭|物业办公室|篮球场|网球场|池塘|喷泉|假山|花坛|小公园|公园|公厕|公交站|银行|诊所|卫生站|茶馆|麻将馆|水果店|便利店|五金店|饭店|充电棚|车棚|充电桩|邮局|桥头|桥下"
)
SIDES = "楼上|楼下|门口|门前|旁边|边上|对面|后面|前面|背后|隔壁|里面|附近|那边|拐角|转角"
LANDMARK = eager(
    rf"(?:{PLACES})(?:{SIDES})?|物业(?:{SIDES})|(?:小区|院子?|大院)?(?:[东南西北]|正|侧|后|前|大|小){{1,2}}门(?:口|岗|外|{SIDES})?|小区门口|\d{{1,2}}号门|架空层|楼顶|天台|负[一二三]楼"
)
NOTHING = Slots()
NEVER_DOOR = re.compile(r"部门|热门|专门|澳门|单元|(?:前|后)门牌|大门牌")


def read(text: str) -> Slots:
    """The place, the phone and the time that a folded text says; nothing invented, None for what is not said."""
    phone, rest = phones.cut(text)
    rest = lookalikes.blanked(spelled.out(rest))
    said = places.read(rest)
    landmark = None if said.building else _landmark(rest)
    time = times.words(text)
    if said is places.NOWHERE and phone is None and landmark is None and time is None:
        return NOTHING
    return Slots(
        building=said.building,
        unit=said.unit,
        room=said.room,
        floor=said.floor,
        phone=phone,
        landmark=landmark,
        time=time,
        others=said.others,
        together=said.together,
        home_floor=said.home_floor,
    )


def _landmark(text: str) -> str | None:
    for found in LANDMARK.finditer(text):
        around = text[max(0, found.start() - 1) : found.end() + 1]
        if not NEVER_DOOR.search(around):
            return found[0]
    return None
