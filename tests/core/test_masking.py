"""Nothing personal reaches a group; ordinary words do."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.masking import fit_for_group, impersonal, masked

KEPT_OUT = """
    找王秀英 | 叫王秀英 | 王阿姨在家等 | 王秀英家换了阀门 | 老王说好了 | 小李去看了 | 李师傅下午来
    张工说要换主板 | 刘主任知道了 | 对门张娭毑说的 | 周叔去了 | 欧阳女士在家 | 王某不让进 | 楼上王××不开门
    张XX家漏水 | 住户姓陈 | 谭嗲嗲屋里 | 阿卜杜热合曼·吐尔逊在家 | 找阿卜杜热合曼·吐尔逊 | 古丽•买买提家里没人
    502换了水管 | 去502室 | 1204漏水 | 3-2-1204 | 3 - 502 | 五零二的阀门 | 三〇二漏水 | 十二室 | 301号房
    2室敲门没人 | 电话13800001111 | 打138 0000 1111 | 打138-0000-1111 | 座机0731-88881234
    身份证430102199001011234 | 加微信wx88012345 | @王秀英 去看看
"""
ORDINARY = """
    换了灯泡 | 师傅下午三点来 | 水泵烧了 | 换了门机 | 明天师傅来 | 明天上午来换 | 下周师傅来装 | 周三师傅上门
    三点左右师傅到 | 五点钟师傅到 | 已安排师傅 | 安装师傅明天来 | 施工队明天到 | 水管工下午到 | 园林工人来锯树
    换了水龙头 | 马上叫师傅 | 马桶通了 | 等配件 | 主板坏了 | 两户都通了 | 三户停水 | 12户受影响 | 请大家放心
    请大家用水时慢一点 | 物业管家在跟 | 高压线检修 | 预计下午5点来水 | 3楼的阀门换了 | 2单元的灯亮了
    等厂家发货 | 已联系燃气公司 | 电梯公司说要两天 | 查了是线路老化 | 下水道疏通了
"""


def cases(table: str) -> list[str]:
    return [case.strip() for case in re.split(r"[|\n]", table) if case.strip()]


@pytest.mark.parametrize("note", cases(KEPT_OUT))
def test_a_note_that_names_a_person_a_room_or_a_number_is_left_out_whole(note: str) -> None:
    assert fit_for_group(note) == ""


@pytest.mark.parametrize("note", cases(ORDINARY))
def test_an_ordinary_note_is_passed_on_as_it_is(note: str) -> None:
    assert fit_for_group(f" {note} ") == note


def test_a_long_story_is_no_note() -> None:
    assert fit_for_group("好" * 40)
    assert fit_for_group("好" * 41) == ""


@given(st.integers(100, 99_999_999_999), st.text("换好了灯泡水泵", max_size=8), st.text("换好了灯泡水泵", max_size=8))
def test_no_number_of_three_digits_or_more_ever_passes(number: int, before: str, after: str) -> None:
    assert fit_for_group(f"{before}{number}{after}") == ""


@pytest.mark.parametrize(
    "phone",
    ["13800001111", "138 0000 1111", "138-0000-1111", "138.0000.1111", "+8613800001111", "86 13800001111",
     "0731-88881234", "073188881234", "１３８００００１１１１"],
)  # fmt: skip
def test_a_phone_posted_in_anger_is_stored_blotted_out(phone: str) -> None:
    blotted = masked(f"楼上的电话{phone},大家打他")

    assert "0000" not in blotted
    assert "８００００" not in blotted
    assert "8888" not in blotted
    assert blotted.startswith("楼上的电话")
    assert blotted.endswith("****,大家打他")


@pytest.mark.parametrize("number", ["430102199001011234", "43010219900101123X", "43010219900101123x"])
def test_an_identity_number_is_blotted_out_past_its_region(number: str) -> None:
    assert masked(f"身份证{number}") == "身份证430102********"


@pytest.mark.parametrize(
    "text",
    [
        "3栋2单元502水管漏水",
        "12345打过了",
        "工单2026000128",
        "价格1380",
        "20261123停水",
        "阿卜杜热合曼·吐尔逊在502",
        "",
    ],
)
def test_what_is_no_phone_and_no_identity_number_is_stored_as_said(text: str) -> None:
    assert masked(text) == text


@given(st.text(max_size=60))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert masked(masked(text)) == masked(text)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text("大家打他换楼上", max_size=6))
def test_no_mobile_number_survives(phone: str, around: str) -> None:
    assert phone not in masked(f"{around}{phone}{around}")


# What is kept to learn from: written, and as it may be kept.
IMPERSONAL = """
    502水管漏水，电话13800001111 = ×××水管漏水，电话××××××××××× | 3-2-1204漏水 = ×-×-××××漏水 | 五零二的阀门 = ×××的阀门
    2号房没人 = ×号房没人 | 十二室 = ××室 | 去５０２室 = 去×××室 | 打138 0000 1111 = 打××× ×××× ××××
    1 3 8 0 0 0 0 1 1 1 1 = × × × × × × × × × × × | 座机0731-88881234 = 座机××××-××××××××
    找王秀英 = 找某某 | 王阿姨在家等 = 某阿姨在家等 | 老王说好了 = 老某说好了 | 楼上王××不开门 = 楼上某某不开门
    @王秀英 去看看 = @某某 去看看 | 微信wx_abc123加我 = 微信×××加我 | 写信到li.hua@example.com = 写信到×××
    找阿卜杜热合曼·吐尔逊 = 某某 | 3栋2单元电梯停了 = 3栋2单元电梯停了 | 明天师傅来，老王说的 = 明天师傅来，老某说的
"""


@pytest.mark.parametrize("case", cases(IMPERSONAL))
def test_what_may_be_kept_says_what_is_the_matter_and_not_with_whom(case: str) -> None:
    written, kept = case.split(" = ")
    assert impersonal(written) == kept


def test_a_name_of_the_directory_is_found_however_it_looks() -> None:
    assert impersonal("五楼的诸葛流萤又在跳绳", ["诸葛流萤"]) == "五楼的某某又在跳绳"


@pytest.mark.parametrize("note", cases(ORDINARY))
def test_ordinary_words_are_kept_as_they_are(note: str) -> None:
    assert impersonal(note) == note


@given(st.integers(100, 99_999_999_999), st.text("换好了灯泡水泵 ", max_size=8))
def test_no_number_of_three_digits_or_more_is_ever_kept(number: int, around: str) -> None:
    assert not re.search(r"\d{3}", impersonal(f"{around}{number}{around}"))


@pytest.mark.parametrize(
    "text", ["a" * 4000, "1-" * 2000, "王" * 4000, "@" * 4000, "a.b" * 1300, "一·" * 2000, "老王" * 2000]
)
def test_no_text_holds_masking_up(text: str) -> None:
    began = time.perf_counter()
    impersonal(text)
    assert time.perf_counter() - began < 1
