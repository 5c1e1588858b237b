"""Danger is heard in every message, and drills, jokes, stories and smoked meat are not danger.

The rows of dangers.tsv are read by the rules alone, with nothing learned: they must hold whatever a model thinks.
"""

import re
import string
from pathlib import Path

import pytest

from intents import examples, understanding
from intents.keyfile import KeywordError
from intents.understanding import Understanding
from tests.intents.conftest import KEYWORDS, table

ROWS = table("dangers.tsv")
REAL = [(kind, text) for kind, text in ROWS if kind != "none"]
CALM = [text for kind, text in ROWS if kind == "none"]
KINDS = {
    *("fire", "smoke", "gas", "carbon_monoxide", "lift_trapped", "electric_shock", "flooding", "falling_objects"),
    *("collapse", "fall", "illness", "drowning", "violence", "suicide", "child_harm", "missing_child"),
    *("missing_elder", "elder_unseen", "device_power", "fraud"),
}
UNLABELLED = {"fraud", "visitor", "sos"}  # the examples name no such danger
SILENT = {"suicide", "violence", "child_harm"}
FROM_DAILY_LIFE = [
    ("停电我爸的呼吸机怎么办", "device_power"),
    ("咯日子冇得意思,对不住大家哒", "suicide"),
    ("我屋里细伢子不见哒,红衣服,刚在广场", "missing_child"),
    ("嗲嗲出门买菜没回来,有点糊涂", "missing_elder"),
    ("对门张娭毑三天冇出门,敲门冇人应", "elder_unseen"),
    ("娭毑绊哒一跤起不来", "fall"),
    ("烤火头晕,几个人都想吐", "carbon_monoxide"),
    ("医保局打电话要我转钱", "fraud"),
    ("有人说是社区的要进屋查气", "visitor"),
    ("不是演习,电梯真困人哒", "lift_trapped"),
]


@pytest.fixture(scope="module")
def by_rules() -> Understanding:
    """The keyword files without what was learned."""
    return understanding.load(KEYWORDS, learned=False)


@pytest.mark.parametrize(("kind", "text"), REAL, ids=[text for _, text in REAL])
@pytest.mark.parametrize("setting", ["group", "private"])
def test_the_rules_alone_hear_a_danger_in_groups_and_in_private(
    by_rules: Understanding, kind: str, text: str, setting: str
) -> None:
    verdict = by_rules.read(text, setting)
    assert verdict.danger is not None
    assert (verdict.danger.kind, verdict.danger.certain) == (kind, True)
    assert verdict.danger.silent == (kind in SILENT)
    assert verdict.urgent
    assert verdict.sure


@pytest.mark.parametrize(("kind", "text"), REAL, ids=[text for _, text in REAL])
def test_no_model_talks_a_rule_out_of_its_danger(understanding: Understanding, kind: str, text: str) -> None:
    danger = understanding.read(text, "group").danger
    assert danger is not None
    assert danger.kind == kind


@pytest.mark.parametrize("text", CALM)
def test_the_rules_leave_drills_news_jokes_and_stories_alone(by_rules: Understanding, text: str) -> None:
    verdict = by_rules.read(text, "group")
    assert verdict.danger is None
    assert not verdict.urgent


def test_the_rules_hear_most_of_what_people_wrote_and_seldom_cry_wolf(by_rules: Understanding) -> None:
    """docs/danger.md has the figures; these are the least that is asked of them."""
    labels = [f"{intent.key}.{name}" for intent in by_rules.intents.values() for name in intent.categories]
    rows = examples.load(KEYWORDS / "examples", labels, by_rules.danger)
    heard = {True: 0, False: 0}
    for row in rows:
        call = by_rules.read(row.text, row.setting).danger
        heard[row.danger is not None] += call is not None and call.kind not in UNLABELLED
    real = sum(row.danger is not None for row in rows)
    assert heard[True] >= 0.75 * real
    assert heard[False] <= 0.015 * (len(rows) - real)


@pytest.mark.parametrize(("text", "kind"), FROM_DAILY_LIFE)
def test_the_dangers_of_daily_life_are_heard(
    understanding: Understanding, by_rules: Understanding, text: str, kind: str
) -> None:
    learned, ruled = (reader.read(text, "group").danger for reader in (understanding, by_rules))
    assert learned is not None
    assert learned.kind == kind
    assert ruled is not None
    assert (ruled.kind, ruled.certain) == (kind, True)


@pytest.mark.parametrize(
    "text", ["笑死救命啊", "老公着火了快来灭", "听说5栋有人拐伢子,快转", "消防演练不要慌,着火点在3栋"]
)
def test_the_false_alarms_of_daily_life_are_not(understanding: Understanding, text: str) -> None:
    assert understanding.read(text, "group").danger is None


@pytest.mark.parametrize("text", ["楼下熏腊肉好大的烟", "有人在楼下烧纸,浓烟滚滚", "放鞭炮放得全是烟"])
def test_ambiguous_smoke_is_a_question(understanding: Understanding, text: str) -> None:
    verdict = understanding.read(text, "group")
    assert verdict.danger is not None
    assert (verdict.danger.kind, verdict.danger.certain) == ("smoke", False)
    assert not verdict.urgent
    assert understanding.danger["smoke"].question


def test_every_kind_asks_one_question_and_what_it_offers_as_an_answer_is_understood(
    understanding: Understanding,
) -> None:
    """Anything may be uncertain: nobody who wrote of a fight is to be asked about bacon."""
    for key, kind in understanding.danger.items():
        offered = re.findall(r"回“(.+?)”|或“(.+?)”", kind.question)
        verbs = [understanding.resident(one or other) for one, other in offered]
        assert [verb.verb if verb else None for verb in verbs] == ["yes", "safe"], key


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("救命", "sos"),
        ("股票跌得我要跳楼了", "suicide"),
        ("3楼在烧纸,冒烟了", "smoke"),
    ],
)
def test_what_may_be_meant_or_not_is_a_question(by_rules: Understanding, text: str, kind: str) -> None:
    danger = by_rules.read(text, "private").danger
    assert danger is not None
    assert (danger.kind, danger.certain) == (kind, False)


def test_an_unknown_list_stops_the_start(spoiled: Path) -> None:
    path = spoiled / "danger.toml"
    text = path.read_text(encoding="utf-8")
    for known in ('"@child"', "<child>"):
        assert known in text
        path.write_text(text.replace(known, known.replace("child", "chld")), encoding="utf-8")
        with pytest.raises(KeywordError, match=r"danger\.toml:\d+: .*no such list: .?@?<?chld"):
            understanding.load(spoiled)


def test_danger_is_heard_at_the_end_of_a_very_long_message(understanding: Understanding) -> None:
    text = "今天天气不错,大家都出来晒太阳。" * 4000 + "3栋着火了"
    danger = understanding.read(text, "group").danger
    assert danger is not None
    assert danger.kind == "fire"


def test_an_exclusion_in_another_part_of_a_long_message_hides_no_danger(understanding: Understanding) -> None:
    text = "昨天看了一部电影。" + "今天天气不错,大家都出来晒太阳。" * 100 + "3栋着火了"
    danger = understanding.read(text, "group").danger
    assert danger is not None


def test_every_kind_of_the_design_is_there(understanding: Understanding) -> None:
    assert set(understanding.danger) >= KINDS
    assert {key for key, kind in understanding.danger.items() if kind.silent} == SILENT
    assert {key for key, kind in understanding.danger.items() if kind.audience == "trained"} == SILENT


def test_the_advice_speaks_in_our_voice(understanding: Understanding) -> None:
    known = {"gas", "lift", "property_night", "staff_duty", "sms_police", "contact"}
    for kind in understanding.danger.values():
        for text in (kind.advice, kind.short, kind.question):
            assert not re.search(r"[!！]|已受理|诉求|知悉|逾期|特此|亲,", text)
            assert {name for _, name, _, _ in string.Formatter().parse(text) if name} <= known
        assert len(kind.short) <= 60
        assert len(kind.matter) <= 20


def test_the_advice_of_the_design_is_kept_word_for_word(understanding: Understanding) -> None:
    advice = {key: kind.advice for key, kind in understanding.danger.items()}
    assert advice["fire"].startswith("人先走。①马上打119，说清几栋几楼；②走楼梯，不坐电梯，弯腰捂口鼻")
    assert advice["fire"].endswith("我不能替您打119。")
    assert advice["gas"].startswith("先照做，别急着回我：①别开关灯和电器、别点火、别在屋里打电话")
    assert advice["lift_trapped"].startswith("别慌，轿厢有通风，不会闷着。①按警铃")
    assert advice["elder_unseen"].startswith("这就请社区值班去看。")
    assert advice["violence"].startswith("您现在安全吗？有危险马上打110，不方便出声可发短信到{sms_police}。")


def test_every_number_is_said_and_what_may_ring_unanswered_at_night_says_so(understanding: Understanding) -> None:
    for key, kind in understanding.danger.items():
        for number in kind.numbers:
            assert number in kind.advice + kind.short, (key, number)
        for text in (kind.advice, kind.short):
            assert "12356" not in text or "夜里不一定有人接" in text
    assert {key for key, kind in understanding.danger.items() if "{sms_police}" in kind.advice} == SILENT


def test_a_silent_matter_tells_a_group_nothing(understanding: Understanding) -> None:
    assert {understanding.danger[key].matter for key in SILENT} == {"有人需要关心"}
