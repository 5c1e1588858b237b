"""External numbers in words, and what only looks like one."""

import pytest

from intents import external
from intents.external import Case

TOLD = [
    ("12345工单 20261123001,周五前答复", Case("12345", "20261123001", "周五前答复")),
    ("#12 是12345工单20261123001", Case("12345", "20261123001", "", 12)),
    ("12号 市长热线工单:cs-2026-7,明天前回复", Case("12345", "CS-2026-7", "明天前回复", 12)),
    ("信访件 xf20260007,12月3日前办结", Case("信访", "XF20260007", "12月3日前办结")),
    ("12345的单子20261123001,期限是周五", Case("12345", "20261123001", "期限是周五")),
    (
        "12345转来的工单 20261123001,3栋2单元灯不亮,3个工作日内答复",
        Case("12345", "20261123001", "3个工作日内答复", None, "3栋2单元灯不亮"),
    ),
]
NONE = [
    "我打过12345了",
    "12345工单怎么查",
    "12345工单 周五前",
    "工单 20261123001",
    "12345工单abcdefg",
    "#128 到哪一步了",
    "",
]


@pytest.mark.parametrize(("text", "case"), TOLD, ids=[text for text, _ in TOLD])
def test_a_case_is_read_with_its_number_deadline_and_ticket(text: str, case: Case) -> None:
    assert external.find(text) == case


@pytest.mark.parametrize("text", NONE)
def test_without_a_number_there_is_no_case(text: str) -> None:
    assert external.find(text) is None
