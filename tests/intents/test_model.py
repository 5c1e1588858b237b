"""The learned weights: what they say, that they can be taken apart, and what happens without them."""

from pathlib import Path

import numpy as np
import pytest

from intents import understanding
from intents.features import Features, named
from intents.keyfile import KeywordError
from intents.model import DANGER, INTENT, Head, Model, load, save
from intents.understanding import MODEL, Understanding
from tests.intents.conftest import KEYWORDS, table


def small() -> Model:
    weights = np.array([[2.0, -1.0, 0.5], [0.0, 1.0, -0.25]], np.float32)
    heads = {INTENT: Head(("other", "repair"), slice(0, 2), np.array([0.0, 0.5], np.float32), 1.0),
             DANGER: Head(("-",), slice(2, 3), np.array([0.0], np.float32), 2.0)}  # fmt: skip
    return Model("small", ["k:早", "d:坏"], weights, heads)


def test_probabilities_add_up_and_the_likeliest_stands_first() -> None:
    chances = small().judge(Features("^没$", set(), {"坏", "unknown"})).probabilities(INTENT)
    assert list(chances) == ["repair", "other"]
    assert sum(chances.values()) == pytest.approx(1.0)


def test_a_message_of_unknown_features_is_judged_by_what_is_usual() -> None:
    assert list(small().judge(Features("", set(), set())).probabilities(INTENT)) == [
        "repair",
        "other",
    ]  # the bias alone
    assert small().judge(Features("", set(), set())).probabilities("category:nothing") == {}


def test_reasons_are_the_features_that_spoke_for_the_answer() -> None:
    reasons = small().reasons(Features("", {"早"}, {"坏"}), INTENT)
    assert [reason.feature for reason in reasons] == ["d:坏"]
    assert reasons[0].weight == pytest.approx(1.5, abs=0.02)


def test_what_is_written_is_read_again_and_gives_the_same_bytes(tmp_path: Path) -> None:
    save(tmp_path / "one.npz", small())
    again = load(tmp_path / "one.npz")
    save(tmp_path / "two.npz", again)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    before, after = small().judge(Features("", set(), {"坏"})), again.judge(Features("", set(), {"坏"}))
    assert after.probabilities(INTENT)["repair"] == pytest.approx(before.probabilities(INTENT)["repair"], abs=0.02)
    assert again.version == "small"


def test_what_it_makes_of_a_message_is_the_sum_over_its_named_features(understanding: Understanding) -> None:
    """Looked up all at once and added up as whole numbers, or one by one by their names."""
    model = understanding.judge.model
    assert model is not None
    kept = np.load(KEYWORDS / MODEL)
    rows = dict(zip(bytes(kept["features"]).decode().split("\n"), kept["weights"] * kept["scales"], strict=True))
    head = model.heads[INTENT]
    for _, text in table("voices.tsv"):
        features = understanding.reader.read(text, "group").features
        sums = sum(counts * rows[name] for name, counts in named(features).items() if name in rows)
        powers = np.exp((sums[head.columns] + head.bias) / head.temperature)
        expected = dict(zip(head.answers, powers / powers.sum(), strict=True))
        opinion = model.judge(features)
        assert opinion.chances(INTENT) == pytest.approx(expected, abs=1e-4)
        assert opinion.chance(INTENT, "other", 0.0) == pytest.approx(opinion.chances(INTENT)["other"])
        assert opinion.likeliest(INTENT) == next(iter(opinion.probabilities(INTENT)))
        matter = opinion.likeliest(INTENT, besides="other")
        assert matter == opinion.likeliest(INTENT, among={*head.answers} - {"other"}) != "other"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"not a model at all", b"\x93NUMPY"])
def test_a_file_that_is_no_model_stops_the_start_with_its_name(spoiled: Path, content: bytes) -> None:
    (spoiled / MODEL).write_bytes(content)
    with pytest.raises(KeywordError, match=MODEL):
        understanding.load(spoiled)


def test_a_model_of_another_format_says_what_to_do(spoiled: Path) -> None:
    np.savez(spoiled / MODEL, format=np.asarray(99))
    with pytest.raises(KeywordError, match="train"):
        understanding.load(spoiled)


def test_without_a_model_the_keyword_files_decide_alone(spoiled: Path) -> None:
    (spoiled / MODEL).unlink()
    words = understanding.load(spoiled)
    assert words.judge.model is None
    verdict = words.read("3栋2单元电梯又坏了", "group")
    assert (verdict.intent, verdict.category, verdict.sure, verdict.perhaps) == ("repair", "lift", True, None)


@pytest.mark.parametrize("setting", ["group", "private"])
def test_scores_are_probabilities(understanding: Understanding, setting: str) -> None:
    for text in ("电梯停了", "早上好", "楼上又在跳绳", "洗到一半满头泡沫", "😀😀", ""):
        verdict = understanding.read(text, setting)
        assert 0.0 <= verdict.score <= 1.0


def test_a_group_is_silent_where_it_is_not_sure_and_says_what_it_might_be(understanding: Understanding) -> None:
    perhaps = [understanding.read(text, "group") for text in DOUBTFUL]
    assert any(verdict.perhaps for verdict in perhaps)
    assert all(verdict.perhaps is None or (verdict.intent == "other" and not verdict.sure) for verdict in perhaps)
    assert understanding.read("早上好", "group").perhaps is None


DOUBTFUL = [
    "又来了",
    "这味道谁受得了",
    "黑咕隆咚的",
    "谁家的啊",
    "没声音了",
    "还让不让人活",
    "找哪个都不管",
    "一股怪味",
]


def test_the_shipped_model_knows_every_intent_and_category(understanding: Understanding) -> None:
    model = understanding.judge.model
    assert model is not None
    assert set(model.heads[INTENT].answers) == set(understanding.intents)
    assert set(model.heads[DANGER].answers) <= {*understanding.danger, "-"}
    assert load(KEYWORDS / MODEL).version == model.version
