"""Policy questions are answered from the store with their source, or not at all; never from what has expired."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from intents import policies
from intents.keyfile import KeywordError
from intents.policies import Policies
from intents.understanding import Understanding
from tests.intents.conftest import HERE, KEYWORDS

TODAY = date(2026, 11, 23)
STORE: Policies = policies.load(KEYWORDS / "policies")
EXAMPLES = [(policy.id, text) for policy in STORE.all for text in policy.examples]
QUESTIONS = HERE / "policy_questions.tsv"
HELD_OUT = "# Held out"
NOBODY = "-"
UNANSWERED = [
    *("孩子上小学学区怎么划", "社区几点上班", "早上好", "电梯停了", "生二胎有补贴吗"),
    *("物业电话多少", "停车费多少钱", "哪里能充电喝水", "老年卡几岁可以办", "我爹走哒,要办么子手续"),
]
BANNED = ("受理", "诉求", "特此", "知悉", "逾期", "亲,", "!", "！", "你")
# The local rule by which docs/policies.md shows a community how to write one.
GUIDE = Path(__file__).parents[2] / "docs" / "policies.md"
LOCAL = GUIDE.read_text(encoding="utf-8").partition("```markdown\n")[2].partition("```\n")[0]


class Figures(NamedTuple):
    """How a table of questions was answered: how many had an answer, got one, got a wrong one, got the right one."""

    answerable: int
    answered: int
    wrong: int
    right: int

    @property
    def precision(self) -> float:
        return 1 - self.wrong / self.answered

    @property
    def recall(self) -> float:
        return self.right / self.answerable


def questions(*, held_out: bool) -> list[tuple[str, str]]:
    """The rows of the table: those that the store was tuned on, or those that were asked last."""
    tuned, _, last = QUESTIONS.read_text(encoding="utf-8").partition(HELD_OUT)
    rows = (line.partition("\t") for line in (last if held_out else tuned).splitlines())
    return [(wanted, text) for wanted, _, text in rows if text]


def measured(understanding: Understanding, rows: Iterable[tuple[str, str]]) -> Figures:
    found = [(wanted, understanding.policy(text, TODAY)) for wanted, text in rows]
    given = [(wanted, answer.id) for wanted, answer in found if answer is not None]
    right = sum(wanted == said for wanted, said in given)
    return Figures(sum(wanted != NOBODY for wanted, _ in found), len(given), len(given) - right, right)


@pytest.mark.parametrize(("wanted", "text"), EXAMPLES, ids=[text for _, text in EXAMPLES])
def test_a_question_finds_its_passage(understanding: Understanding, wanted: str, text: str) -> None:
    answer = understanding.policy(text, TODAY)
    assert answer is not None
    assert answer.id == wanted


@pytest.mark.parametrize("text", UNANSWERED)
def test_what_the_store_does_not_know_is_not_answered(understanding: Understanding, text: str) -> None:
    assert understanding.policy(text, TODAY) is None


def test_neighbours_questions_are_answered_rightly_or_not_at_all(understanding: Understanding) -> None:
    figures = measured(understanding, questions(held_out=False) + questions(held_out=True))
    assert figures.precision >= 0.97, figures
    assert figures.recall >= 0.85, figures


def test_questions_that_nothing_was_tuned_on_fare_nearly_as_well(understanding: Understanding) -> None:
    figures = measured(understanding, questions(held_out=True))
    assert figures.precision >= 0.95, figures
    assert figures.recall >= 0.8, figures


def test_every_passage_is_asked_for_in_the_table_in_words_of_its_own() -> None:
    rows = questions(held_out=False) + questions(held_out=True)
    assert {wanted for wanted, _ in rows} == {policy.id for policy in STORE.all} | {NOBODY}
    assert not {text for _, text in rows} & {text for _, text in EXAMPLES}
    assert len({text for _, text in rows}) == len(rows)


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


@pytest.mark.parametrize("text", ["噪音扰民找谁", "广场舞音量有规定吗", "低保怎么申请", "遛狗不牵绳罚多少"])
def test_a_law_of_this_year_is_not_quoted_for_last_year(understanding: Understanding, text: str) -> None:
    assert understanding.policy(text, TODAY) is not None
    assert understanding.policy(text, date(2025, 12, 31)) is None


def test_two_passages_that_compete_give_no_answer(spoiled: Path) -> None:
    first = spoiled / "policies" / "fee-arrears.md"
    (spoiled / "policies" / "fee-again.md").write_text(first.read_text(encoding="utf-8"), encoding="utf-8")
    assert policies.load(spoiled / "policies").search("物业费不交能断电吗", TODAY) is None


def test_a_local_rule_answers_in_place_of_the_law_while_it_holds(spoiled: Path) -> None:
    (spoiled / "policies" / "local-age.md").write_text(LOCAL, encoding="utf-8")
    store = policies.load(spoiled / "policies")

    def found(text: str, today: date) -> str | None:
        answer = store.search(text, today)
        return answer.id if answer else None

    assert found("高龄补贴多少钱", TODAY) == "local-age"
    assert found("80岁老人的高龄津贴在哪里领", TODAY) == "local-age"
    assert found("80岁老人的高龄津贴在哪里领", date(2027, 1, 1)) == "old-age-allowance"


def test_a_rule_that_stands_for_no_passage_stops_the_start(spoiled: Path) -> None:
    text = LOCAL.replace("instead: old-age-allowance", "instead: nothing-here")
    (spoiled / "policies" / "local-age.md").write_text(text, encoding="utf-8")
    with pytest.raises(KeywordError, match=r"local-age\.md: instead"):
        policies.load(spoiled / "policies")


def test_an_amount_is_told_only_by_a_passage_about_amounts(understanding: Understanding) -> None:
    asked = understanding.policy("高龄补贴多少钱", TODAY)
    assert asked is not None
    assert "当地规定" in asked.answer
    assert understanding.policy("加装电梯要多少钱", TODAY) is None
    assert understanding.policy("噪音扰民罚多少钱", TODAY) is not None


def test_every_passage_is_short_has_its_source_and_the_right_voice() -> None:
    for policy in STORE.all:
        assert policy.answer.count("。") == 2, policy.id
        assert len(policy.answer) <= 120, policy.id
        assert policy.article.startswith("第")
        assert policy.region
        assert "《" not in policy.title
        assert policy.in_force <= TODAY, policy.id
        assert 3 <= len(policy.examples) <= 6, policy.id
        assert not [word for word in BANNED if word in policy.answer + policy.ask], policy.id


def test_an_empty_store_answers_nothing(tmp_path: Path) -> None:
    assert policies.load(tmp_path).search("物业费不交能断电吗", TODAY) is None


@pytest.mark.parametrize("text", ["", " ", "？", "的了吗", "\x00", "a" * 600])
def test_a_question_without_words_finds_nothing(text: str) -> None:
    assert STORE.search(text, TODAY) is None
