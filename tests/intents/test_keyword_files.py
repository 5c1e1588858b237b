"""What is wrong in a keyword file stops the start, and the message says where."""

from collections.abc import Callable
from pathlib import Path

import pytest

from intents import understanding
from intents.keyfile import KeywordError
from tests.intents.conftest import KEYWORDS

NEW_INTENT = """
label = "表扬"
action = "none"
threshold = { group = 2, private = 1 }
examples = ["给门卫送锦旗"]
counter_examples = ["早上好"]
[categories.flag]
label = "锦旗"
matter = "送锦旗"
words = { "9" = ["送锦旗"] }
"""


def _spoil(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


SPOILT: list[tuple[str, str, str, list[str]]] = [
    ("repair.toml", 'label = "报修"', "label = 7", ["repair.toml", "label", ":5:"]),
    ("repair.toml", 'label = "报修"', 'lable = "报修"', ["repair.toml", "label", "missing"]),
    ("repair.toml", 'action = "ticket"', 'action = "tickets"', ["repair.toml", "action", "one of"]),
    ("repair.toml", "place = true", 'place = "yes"', ["repair.toml", "place", "true or false"]),
    ("repair.toml", "group = 2.3", 'group = "2.3"', ["repair.toml", "threshold.group", "number"]),
    (
        "repair.toml",
        "[categories.lift]",
        "[categories.lift]\nthing = []",
        ["repair.toml", "categories.lift.thing", "unknown"],
    ),
    ("repair.toml", "[categories.lift]", "[categories.lift", ["repair.toml", "line"]),
    ("repair.toml", "[signs]", '[signs]\n"heavy" = ["x"]', ["repair.toml", "signs.heavy", "weight"]),
    ("repair.toml", "negations = [", 'negations = [ "坏.*了",', ["repair.toml", "negations", "upper bound"]),
    ("repair.toml", "negations = [", 'negations = [ "坏(",', ["repair.toml", "negations"]),
    ("repair.toml", "negations = [", "negations = [ 3,", ["repair.toml", "negations", "list of texts"]),
    ("danger.toml", 'audience = "trained"', 'audience = "all of them"', ["danger.toml", "audience", "one of"]),
    ("danger.toml", "抢修{gas}", "抢修{gass}", ["danger.toml", "gass"]),
    ("danger.toml", 'category = "violence"', 'category = "violent"', ["danger.toml", "no such intent"]),
    ("danger.toml", "within = 10", 'within = "10"', ["danger.toml", "within", "number"]),
    ("danger.toml", "[kinds.fire]", "[kinds.fire]\nloud = true", ["danger.toml", "kinds.fire.loud"]),
    ("commands.toml", "longest = 400", 'longest = "400"', ["commands.toml", "longest"]),
    ("commands.toml", "[handler.undo]", "[handler.undo]\nwhat = 1", ["commands.toml", "handler.undo.what"]),
    ("commands.toml", 'whole = ["', 'whole = ["(', ["commands.toml", "whole"]),
    ("dialects.toml", '"冇得" = "没有"', '"冇得" = 3', ["dialects.toml", "冇得"]),
    ("policies/fee-arrears.md", "in_force: 2021-01-01", "in_force: soon", ["fee-arrears.md", "in_force", "date"]),
    ("policies/fee-arrears.md", "issuer:", "issued:", ["fee-arrears.md", "issued", "unknown"]),
    ("policies/fee-arrears.md", "region: 全国\n", "", ["fee-arrears.md", "region", "missing"]),
    ("policies/fee-arrears.md", "---\n", "", ["fee-arrears.md", "front matter"]),
    ("policies/fee-arrears.md", "keywords: [", "keywords: [3, ", ["fee-arrears.md", "keywords", "list of texts"]),
]


@pytest.mark.parametrize(("name", "old", "new", "said"), SPOILT, ids=[f"{row[0]}: {row[2][:40]}" for row in SPOILT])
def test_what_is_wrong_is_named(spoiled: Path, name: str, old: str, new: str, said: list[str]) -> None:
    _spoil(spoiled, name, old, new)
    with pytest.raises(KeywordError) as caught:
        understanding.load(spoiled)
    for word in said:
        assert word in str(caught.value)


def _without_other(folder: Path) -> None:
    (folder / "other.toml").unlink()


def _without_danger(folder: Path) -> None:
    (folder / "danger.toml").unlink()


def _with_a_bad_name(folder: Path) -> None:
    (folder / "Repair 2.toml").write_text("", encoding="utf-8")


def _with_other_bytes(folder: Path) -> None:
    (folder / "repair.toml").write_bytes(b"\xff\xfe")


@pytest.mark.parametrize("spoil", [_without_other, _without_danger, _with_a_bad_name, _with_other_bytes])
def test_a_missing_or_strange_file_is_named(spoiled: Path, spoil: Callable[[Path], None]) -> None:
    spoil(spoiled)
    with pytest.raises(KeywordError, match=r"\.toml"):
        understanding.load(spoiled)


def test_a_new_intent_is_a_new_file(spoiled: Path) -> None:
    (spoiled / "praise.toml").write_text(NEW_INTENT, encoding="utf-8")
    loaded = understanding.load(spoiled)
    verdict = loaded.read("明天给门卫送锦旗去", "group")
    assert (verdict.intent, verdict.category, verdict.matter) == ("praise", "flag", "送锦旗")


def test_another_content_is_another_version(spoiled: Path) -> None:
    before = understanding.load(spoiled).version
    assert before == understanding.load(KEYWORDS).version
    (spoiled / "praise.toml").write_text(NEW_INTENT, encoding="utf-8")
    assert understanding.load(spoiled).version != before
