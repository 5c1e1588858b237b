"""An explanation says which words, rules, features and examples decided."""

from intents import examples
from intents.explain import as_json, explain
from intents.understanding import Understanding
from tests.intents.conftest import KEYWORDS


def test_words_rules_features_and_examples_are_named(understanding: Understanding) -> None:
    known = examples.load(KEYWORDS / "examples", understanding.labels, understanding.danger)
    why = explain(understanding, "3栋电梯停了，里面困了人", "group", examples=known)
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
