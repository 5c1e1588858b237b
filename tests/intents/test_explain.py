"""An explanation says which words, rules, features and examples decided."""

import pytest

from intents import examples
from intents.examples import Example
from intents.explain import as_json, explain
from intents.likest import Likest
from intents.understanding import Understanding
from tests.intents.conftest import KEYWORDS, MISHEARD


def test_words_rules_features_and_examples_are_named(understanding: Understanding) -> None:
    known = examples.load(KEYWORDS / "examples", understanding.labels, understanding.danger)
    likest = Likest(known, understanding.fold)
    why = explain(understanding, "3栋电梯停了，里面困了人", "group", likest=likest)
    assert why.verdict.danger is not None
    assert "电梯" in "".join(word for weight in why.words for finding in weight.findings for word in finding.words)
    assert dict(why.signals)["lift_trapped"].meant
    assert why.risk is not None
    assert why.risk > 0.5
    assert why.reasons
    assert why.reasons[0].weight >= why.reasons[-1].weight > 0
    assert len(why.examples) == 3
    assert all(0 < share <= 1 for _, share in why.examples)
    told = as_json(why)
    assert told["version"] == understanding.version
    assert told["model"]


def test_it_says_the_same_as_reading(understanding: Understanding) -> None:
    for text in ("早上好", "点梯又停了", "洗到一半满头泡沫", "", "听说80岁有钱领?"):
        for setting in ("group", "private"):
            assert explain(understanding, text, setting).verdict == understanding.read(text, setting)


def test_a_rule_that_was_taken_back_is_shown_as_such(understanding: Understanding) -> None:
    why = explain(understanding, "今天消防演习,楼道冒烟是演练,大家不要惊慌", "group")
    assert why.verdict.danger is None
    assert why.signals
    assert not any(signal.meant for _, signal in why.signals)


def test_a_reading_with_a_mishearing_put_right_is_shown(understanding: Understanding) -> None:
    """Which of them a model cannot make out as they stand is its own affair; it is never all of them."""
    shown = 0
    for heard, meant in MISHEARD.items():
        why = explain(understanding, heard, "group")
        assert as_json(why)["restored"] in (meant, None)
        assert why.verdict.text == as_json(why)["said"] == heard
        if why.restored:
            shown += 1
            assert dict(why.chances)[why.verdict.intent] == pytest.approx(why.verdict.score, abs=0.001)
    assert shown >= 2
    assert all(explain(understanding, meant, "group").restored is None for meant in MISHEARD.values())


def test_the_likest_examples_are_those_that_share_most_with_a_message() -> None:
    known = [
        Example("aunt", 3, "repair.lift", None, "group", "电梯又停了"),
        Example("aunt", 4, "repair.lift", None, "group", "电梯停在三楼"),
        Example("uncle", 3, "other.chat", None, "group", "早上好"),
        Example("uncle", 4, "repair.water", None, "group", "电梯又停了"),
    ]
    likest = Likest(known, lambda text: text)
    assert [(example.voice, example.line, like) for example, like in likest.to("电梯又停了")] == [
        ("aunt", 3, 1.0),
        ("uncle", 4, 1.0),
        ("aunt", 4, 0.125),
    ]
    assert len(likest.to("电梯又停了", most=1)) == 1
    assert likest.to("下雨") == likest.to("好") == likest.to("") == []
