"""Policy questions are answered from the store with their source, or not at all; never from what has expired."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from intents import policies
from intents.policies import Policies
from intents.understanding import Understanding
from tests.intents.conftest import KEYWORDS

TODAY = date(2026, 11, 23)
STORE: Policies = policies.load(KEYWORDS / "policies")
EXAMPLES = [(policy.id, text) for policy in STORE.all for text in policy.examples]
UNANSWERED = [
    *("医保怎么异地报销", "孩子上小学学区怎么划", "社区几点上班", "公租房要满足什么条件", "早上好", "电梯停了"),
    *("物业电话多少", "停车费多少钱", "哪里能充电喝水", "老年卡几岁可以办", "我爹走哒,要办么子手续", "生二胎有补贴吗"),
]


@pytest.mark.parametrize(("wanted", "text"), EXAMPLES, ids=[text for _, text in EXAMPLES])
def test_a_question_finds_its_passage(understanding: Understanding, wanted: str, text: str) -> None:
    answer = understanding.policy(text, TODAY)
    assert answer is not None
    assert answer.id == wanted


@pytest.mark.parametrize("text", UNANSWERED)
def test_what_the_store_does_not_know_is_not_answered(understanding: Understanding, text: str) -> None:
    assert understanding.policy(text, TODAY) is None


def test_an_answer_says_where_it_stands(understanding: Understanding) -> None:
    answer = understanding.policy("物业费不交能断电吗", TODAY)
    assert answer is not None
    assert answer.article == "第九百四十四条"
    assert answer.source == "全国人民代表大会《中华人民共和国民法典》"
    assert answer.in_force == "2021-01-01"
    assert "不能用停水、停电" in answer.answer
    assert answer.ask


def test_what_has_expired_or_is_not_yet_in_force_is_never_quoted(spoiled: Path) -> None:
    path = spoiled / "policies" / "fee-arrears.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("region:", "until: 2026-06-30\nregion:"), encoding="utf-8")
    store = policies.load(spoiled / "policies")
    last = date(2026, 6, 30)

    def found(today: date | None) -> str | None:
        answer = store.search("物业费不交能断电吗", today)
        return answer.id if answer else None

    assert found(last) == "fee-arrears"
    assert found(last + timedelta(days=1)) != "fee-arrears"
    assert found(date(2020, 12, 31)) != "fee-arrears"
    assert found(None) != "fee-arrears"


def test_every_passage_is_short_and_has_its_source() -> None:
    for policy in STORE.all:
        assert policy.answer.count("。") == 2, policy.id
        assert policy.article.startswith("第")
        assert policy.region
        assert "《" not in policy.title


def test_an_empty_store_answers_nothing(tmp_path: Path) -> None:
    assert policies.load(tmp_path).search("物业费不交能断电吗", TODAY) is None
