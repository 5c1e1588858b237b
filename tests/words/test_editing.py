"""A draft's changes in the files: what is meant is what stands there afterwards, and nothing else has moved."""

import tomllib
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.services import KEYWORDS
from bot.words import catalogue
from bot.words.differences import differences
from bot.words.editing import Clash, Edited, Files, edited
from bot.words.library import Library
from models import ChangeKind as Kind

FILES = Library(KEYWORDS).installed()
LIFT = "categories/lift/things"
RECEIPT = "receipts/receipt_group"
RECEIVED = tomllib.loads(FILES["wording.toml"].decode())["receipts"]["receipt_group"]


@dataclass(frozen=True)
class One:
    file: str
    place: str
    kind: Kind
    value: str
    was: str | None = None


def things(files: Files) -> tuple[str, ...]:
    return catalogue.lists("repair.toml", files)[LIFT].entries


def made(*changes: One, files: Files = FILES) -> Edited:
    return edited(files, changes)


def test_a_word_comes_and_another_goes_and_every_comment_stays() -> None:
    after = made(One("repair.toml", LIFT, Kind.ADD, "哐叽笼"), One("repair.toml", LIFT, Kind.STRIKE, "货梯"))
    before_things, after_things = things(FILES), things(after.files)
    assert set(after_things) == (set(before_things) | {"哐叽笼"}) - {"货梯"}
    text, old = (files["repair.toml"].decode() for files in (after.files, FILES))
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        line for line in old.splitlines() if line.startswith("#")
    ]
    assert sum(a != b for a, b in zip(text.splitlines(), old.splitlines(), strict=True)) == 1
    assert after.files["help.toml"] is FILES["help.toml"]


def test_a_weight_and_a_table_that_were_not_there_are_made() -> None:
    after = made(
        One("repair.toml", "categories/lift/words/2", Kind.ADD, "梯子歇了"),
        One("dialects.toml", "community", Kind.ADD, "哐叽笼\t电梯"),
        One("examples/community.tsv", "", Kind.ADD, "repair.lift\t-\tgroup\t梯子歇了"),
    )
    assert not after.clashes + after.idle
    assert "梯子歇了" in catalogue.lists("repair.toml", after.files)["categories/lift/words/2"].entries
    assert ("community", "哐叽笼", "电梯") in catalogue.pairs(after.files)
    assert after.files["examples/community.tsv"].decode().splitlines()[1].endswith("梯子歇了")


@pytest.mark.parametrize(
    ("change", "now"),
    [
        (One("wording.toml", RECEIPT, Kind.SET, "好", "别的"), RECEIVED),
        (One("repair.toml", "categories/nothing/things", Kind.ADD, "x"), None),
        (One("dialects.toml", "hunan", Kind.ADD, "冇得\t有"), "冇得\t没有"),
        (One("repair.toml", "", Kind.FILE, "x", "0000"), FILES["repair.toml"].decode()),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_with_what_stands_there(change: One, now: str | None) -> None:
    after = made(change)
    assert list(after.clashes) == [Clash(change, now)]
    assert after.files == FILES


def test_what_is_so_already_changes_nothing() -> None:
    there, gone = One("repair.toml", LIFT, Kind.ADD, "货梯"), One("repair.toml", LIFT, Kind.STRIKE, "哐叽笼")
    after = made(there, gone)
    assert list(after.idle) == [there, gone]
    assert after.files == FILES


@settings(max_examples=25)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20))
def test_whatever_the_words_they_come_back_as_they_were(word: str) -> None:
    sentence = One("other.toml", "categories/chat/label", Kind.SET, word, "闲聊")
    after = made(One("other.toml", "categories/chat/words/2", Kind.ADD, word), sentence)
    assert after.clashes == ()
    assert word in catalogue.lists("other.toml", after.files)["categories/chat/words/2"].entries
    told = {(one.place, one.kind, one.value) for one in differences(FILES, after.files)}
    assert told <= {("categories/chat/words/2", Kind.ADD, word), (sentence.place, Kind.SET, word)}


def test_every_shipped_list_and_sentence_is_offered() -> None:
    offered = {file: catalogue.lists(file, FILES) for file in (*catalogue.INTENTS, "danger.toml", "commands.toml")}
    assert all(offered.values())
    assert "kinds/gas/words" in offered["danger.toml"]
    said = catalogue.sentences(FILES, FILES)
    assert len(said) == sum(len(lines) for lines in tomllib.loads(FILES["wording.toml"].decode()).values())
    assert next(one for one in said if one.place == RECEIPT).blanks == frozenset({"topic", "number"})
