"""Places, phones and times from every way people write them; what only looks like one stays out."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents import dialects, normalise, slots
from intents.dialects import Dialects
from intents.verdict import Slots
from tests.intents.conftest import HERE, KEYWORDS

COLUMNS = ("building", "unit", "room", "floor", "phone", "time")


@pytest.fixture(scope="module")
def folded() -> Dialects:
    return dialects.load(KEYWORDS / "dialects.toml")


def _read(folded: Dialects, text: str) -> dict[str, str]:
    found = slots.read(folded.fold(normalise.clean(text)))
    return {key: value for key, value in vars(found).items() if isinstance(value, str) and key != "home_floor"}


def _slots(folded: Dialects, text: str) -> Slots:
    return slots.read(folded.fold(normalise.clean(text)))


def _rows() -> list[tuple[str, dict[str, str]]]:
    """slots.tsv: a text and what it says."""
    lines = (HERE / "slots.tsv").read_text(encoding="utf-8").splitlines()[2:]
    rows = [line.split("\t") for line in lines]
    return [(text, {k: v for k, v in zip(COLUMNS, said, strict=True) if v != "-"}) for text, *said in rows]


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
    found.pop("time", None)
    assert found == {}


@pytest.mark.parametrize(("text", "expected"), _rows(), ids=[text for text, _ in _rows()])
def test_the_table(folded: Dialects, text: str, expected: dict[str, str]) -> None:
    found = _read(folded, text)
    found.pop("landmark", None)
    assert found == expected


def test_the_table_is_long_enough_and_tells_nothing_twice() -> None:
    texts = [text for text, _ in _rows()]
    assert len(texts) == len(set(texts)) >= 250
    assert sum(not said for _, said in _rows()) >= 80


@pytest.mark.parametrize(
    ("text", "building", "others", "together"),
    [
        ("6栋的狗跑到9栋叫", "6", ("9",), False),
        ("6栋和9栋都停水了", "6", ("9",), True),
        ("6栋、9栋、11栋停气", "6", ("9", "11"), True),
        ("6栋到9栋之间的路灯", "6", ("9",), True),
        ("我是6栋的，9栋太吵", "6", (), False),
        ("9栋太吵，我家6栋", "6", (), False),
        ("6栋2单元漏水，9栋也这样过", "6", (), False),
        ("6栋没水，6栋天天没水", "6", (), False),
    ],
)
def test_two_buildings_are_the_speakers_own_or_named_as_one_or_open(
    folded: Dialects, text: str, building: str, others: tuple[str, ...], together: bool
) -> None:
    found = _slots(folded, text)
    assert (found.building, found.others, found.together) == (building, others, together)


@pytest.mark.parametrize(
    ("text", "floor"),
    [
        ("302 我在12楼", "12"),
        ("12楼302漏水", "12"),
        ("我住12楼，302", "12"),
        ("我家302，12楼的灯坏了", None),
        ("12楼的空调水滴到302", None),
        ("302的，三楼走廊灯坏了", None),
    ],
)
def test_the_floor_of_somebodys_own_rooms_is_told_from_the_floor_of_the_matter(
    folded: Dialects, text: str, floor: str | None
) -> None:
    assert _slots(folded, text).home_floor == floor


PIECES = """
3栋 2单元 1204 - / 7号 三 零 点 楼 138 0000 和 我 我是 的 ， 明天 下午 周 月 前 后 b f 弄 门 洞 F # 幺 ( )
"""


@given(
    st.lists(st.sampled_from(PIECES.split()), max_size=20).map("".join)
    | st.text(st.characters(exclude_categories=()), max_size=80)
)
def test_no_text_makes_it_raise_and_nothing_is_invented(folded: Dialects, text: str) -> None:
    said = folded.fold(normalise.clean(text))
    found = slots.read(said)
    assert found.time is None or found.time in said
    assert found.phone is None or found.phone.isdigit()
    assert found.building not in found.others


LONG = """
1 一 1- 3-2-1204 138 一三八零 3栋和 7号 12楼 a1 我是3栋 明天到 周五 12点到 1. 12月 三杠 负 0731-
"""


@pytest.mark.parametrize("piece", [*LONG.split(), "138 ", "3 2 "])
def test_ten_times_the_text_takes_about_ten_times_as_long(piece: str) -> None:
    assert _seconds(piece, 100_000) < 30 * _seconds(piece, 10_000) + 0.1


def _seconds(piece: str, length: int) -> float:
    text = (piece * length)[:length]
    start = time.process_time()
    slots.read(text)
    return time.process_time() - start


def test_a_phone_number_is_never_a_room(folded: Dialects) -> None:
    assert "room" not in _read(folded, "打我电话 13812041204")
    assert "room" not in _read(folded, "座机 0731-85551204")
