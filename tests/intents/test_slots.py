"""Places and phones from every way people write them; what only looks like one stays out."""

import pytest

from intents import dialects, normalise, slots
from intents.dialects import Dialects
from tests.intents.conftest import KEYWORDS


@pytest.fixture(scope="module")
def folded() -> Dialects:
    return dialects.load(KEYWORDS / "dialects.toml")


def _read(folded: Dialects, text: str) -> dict[str, str]:
    found = slots.read(folded.fold(normalise.clean(text)))
    return {key: value for key, value in vars(found).items() if value is not None}


SAID = [
    ("3栋2单元电梯又坏了", {"building": "3", "unit": "2"}),
    ("3栋2单元1204", {"building": "3", "unit": "2", "room": "1204"}),
    ("3-2-1204漏水", {"building": "3", "unit": "2", "room": "1204"}),
    ("3－2－1204", {"building": "3", "unit": "2", "room": "1204"}),
    ("3/2/1204", {"building": "3", "unit": "2", "room": "1204"}),
    ("5-1203停水", {"building": "5", "room": "1203"}),
    ("十二栋停水了", {"building": "12"}),
    ("二十三号楼一单元", {"building": "23", "unit": "1"}),
    ("A座电梯停了", {"building": "A"}),
    ("b栋大堂", {"building": "B"}),
    ("3号楼二门灯不亮", {"building": "3", "unit": "2"}),
    ("2栋2梯的灯", {"building": "2", "unit": "2"}),
    ("七号楼", {"building": "7"}),
    ("3#楼2单元", {"building": "3", "unit": "2"}),
    ("3#2单元", {"building": "3", "unit": "2"}),
    ("6幢802室", {"building": "6", "room": "802"}),
    ("十栋三单元五零二", {"building": "10", "unit": "3", "room": "502"}),
    ("三樓漏水", {"floor": "3"}),
    ("5楼走道灯", {"floor": "5"}),
    ("3栋5楼楼道灯不亮", {"building": "3", "floor": "5"}),
    ("12栋2单元18层", {"building": "12", "unit": "2", "floor": "18"}),
    ("负一楼进水", {"floor": "-1"}),
    ("我住402,楼上漏水", {"room": "402"}),
    ("402室马桶堵了", {"room": "402"}),
    ("1503户没水", {"room": "1503"}),
    ("我是3栋的,5栋那边太吵", {"building": "3"}),
    ("5栋太吵了,我是3栋的", {"building": "3"}),
    ("楼上502吵死人,我家402", {"room": "402"}),
    ("我电话13800138000,3栋", {"building": "3", "phone": "13800138000"}),
    ("138 0013 8000 打我", {"phone": "13800138000"}),
    ("+86 138-0013-8000", {"phone": "13800138000"}),
    ("座机0731-85551234", {"phone": "073185551234"}),
    ("8栋1单元门口路灯", {"building": "8", "unit": "1"}),
    ("超市楼上漏水", {"landmark": "超市楼上"}),
    ("东门路灯不亮", {"landmark": "东门"}),
    ("幼儿园对面井盖没了", {"landmark": "幼儿园对面"}),
    ("我妈那边5栋又停水哒", {"building": "5"}),
]
NOTHING = [
    "今天菜心3块5一斤",
    "我等了302分钟",
    "2026年11月23日停水",
    "明天9-17点停水",
    "12点到3点",
    "坐702路公交到北门站",
    "地铁3号线",
    "每月1200元",
    "23号上午来修",
    "11月5号开会",
    "#128修好了",
    "工单128",
    "打119了",
    "已打12345",
    "30度了,好热",
    "两栋楼之间",
    "一栋楼都知道",
    "买了3斤排骨",
    "比分3-2",
    "微信步数10234",
    "身份证430102199001011234",
    "2单",
    "304不锈钢的",
    "这两层楼",
    "一门心思",
    "50号文件",
]


@pytest.mark.parametrize(("text", "expected"), SAID, ids=[text for text, _ in SAID])
def test_what_is_said_is_found_and_nothing_else(folded: Dialects, text: str, expected: dict[str, str]) -> None:
    assert _read(folded, text) == expected


@pytest.mark.parametrize("text", NOTHING)
def test_prices_times_dates_buses_and_numbers_are_no_places(folded: Dialects, text: str) -> None:
    found = _read(folded, text)
    found.pop("landmark", None)
    assert found == {}


def test_a_phone_number_is_never_a_room(folded: Dialects) -> None:
    assert "room" not in _read(folded, "打我电话 13812041204")
    assert "room" not in _read(folded, "座机 0731-85551204")
