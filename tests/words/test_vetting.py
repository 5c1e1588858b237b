"""What is published has proved itself: it loads, takes nothing away, and understands its own examples."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.services import KEYWORDS
from bot.wording import WordingError
from bot.words import WordsError, vetting
from intents.keyfile import KeywordError
from intents.understanding import load
from tests.words.conftest import SAID
from tests.words.editing import edit

TODAY = datetime.now(UTC).date()


def vet(folder: Path) -> str:
    return vetting.vet(folder, KEYWORDS, TODAY).version


def line_of(folder: Path, name: str, *words: str) -> int:
    (path,) = folder.rglob(name)
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if all(word in line for word in words))


def test_the_shipped_files_prove_themselves_and_so_do_a_communitys_own(own: Path) -> None:
    assert vet(KEYWORDS) == load(KEYWORDS).version
    assert vet(own) == load(own).version != load(KEYWORDS).version
    assert load(own).read(SAID, "private").category == "lift" != load(KEYWORDS).read(SAID, "private").category


def _wrong_example(folder: Path) -> None:
    edit(folder / "repair.toml", "examples = [", 'examples = [ "早上好呀各位",')


def _wrong_counter_example(folder: Path) -> None:
    edit(folder / "repair.toml", "counter_examples = [", 'counter_examples = [ "5栋2单元电梯又坏了",')


def _wrong_chatter(folder: Path) -> None:
    edit(folder / "other.toml", "examples = [", 'examples = [ "5栋2单元电梯又坏了",')


def _wrong_command(folder: Path) -> None:
    edit(folder / "commands.toml", 'examples = ["撤销", ', 'examples = ["撤销", "今天天气好",')


def _wrong_counter_command(folder: Path) -> None:
    edit(folder / "commands.toml", 'counter_examples = ["团购取消了"', 'counter_examples = ["撤销", "团购取消了"')


def _wrong_question(folder: Path) -> None:
    edit(folder / "policies" / "annual-leave.md", "examples: [", 'examples: ["早上好呀各位", ')


@pytest.mark.parametrize(
    ("spoil", "name", "key", "example"),
    [
        (_wrong_example, "repair.toml", "examples", "早上好呀各位"),
        (_wrong_counter_example, "repair.toml", "counter_examples", "5栋2单元电梯又坏了"),
        (_wrong_chatter, "other.toml", "examples", "5栋2单元电梯又坏了"),
        (_wrong_command, "commands.toml", "handler.undo.examples", "今天天气好"),
        (_wrong_counter_command, "commands.toml", "handler.undo.counter_examples", "撤销"),
        (_wrong_question, "annual-leave.md", "examples", "早上好呀各位"),
    ],
)
def test_an_example_that_is_not_understood_is_named_with_file_line_and_key(
    folder: Path, spoil: Callable[[Path], None], name: str, key: str, example: str
) -> None:
    spoil(folder)
    with pytest.raises(WordsError) as caught:
        vet(folder)
    line = line_of(folder, name, key.rsplit(".", maxsplit=1)[-1], example)
    assert f"{name}:{line}: {key}: “{example}”" in str(caught.value)


def test_of_much_that_is_wrong_a_handful_is_told(folder: Path) -> None:
    many = ", ".join(f'"早上好{number}号楼的各位"' for number in range(20))
    edit(folder / "repair.toml", "examples = [", f"examples = [ {many},")
    with pytest.raises(WordsError) as caught:
        vet(folder)
    assert len(str(caught.value).splitlines()) == vetting.SHOWN + 1
    assert str(caught.value).endswith("and 10 more")


def _without_policy(folder: Path) -> None:
    (folder / "policy.toml").unlink()


def _with_praise(folder: Path) -> None:
    text = (folder / "help.toml").read_text(encoding="utf-8")
    (folder / "praise.toml").write_text(text, encoding="utf-8")


def _without_gas(folder: Path) -> None:
    edit(folder / "danger.toml", "[kinds.gas]", "[kinds.gaz]")


def _without_undo(folder: Path) -> None:
    edit(folder / "commands.toml", "[handler.undo]", "[handler.undoing]")


def _unknown_sentence(folder: Path) -> None:
    edit(folder / "wording.toml", "receipt_group =", "receipt_grup =")


def _unknown_blank(folder: Path) -> None:
    edit(folder / "wording.toml", 'receipt_group = "{topic}', 'receipt_group = "{room}{topic}')


def _nameless_blank(folder: Path) -> None:
    edit(folder / "wording.toml", 'receipt_group = "{topic}', 'receipt_group = "{}{topic}')


def _inside_of_a_blank(folder: Path) -> None:
    edit(folder / "wording.toml", 'receipt_group = "{topic}', 'receipt_group = "{topic.__class__}')


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_without_policy, ["policy.toml: is missing"]),
        (_with_praise, ["praise.toml: no behaviour"]),
        (_without_gas, ["danger.toml: kinds.gas: is missing"]),
        (_without_undo, ["handler.undo: is missing", "handler.undoing: no such command"]),
        (_unknown_sentence, ["wording.toml:", "receipt_grup: there is no such sentence"]),
        (_unknown_blank, ["wording.toml:", "receipt_group: only these blanks are filled in here: number, topic"]),
        (_nameless_blank, ["receipt_group: only these blanks"]),
        (_inside_of_a_blank, ["receipt_group: only these blanks"]),
    ],
)
def test_what_the_service_acts_on_may_not_be_taken_away(
    folder: Path, spoil: Callable[[Path], None], said: list[str]
) -> None:
    spoil(folder)
    with pytest.raises(WordsError) as caught:
        vet(folder)
    assert [words for words in said if words not in str(caught.value)] == []


def test_what_cannot_be_read_is_refused_as_at_the_start(folder: Path) -> None:
    edit(folder / "repair.toml", "place = true", 'place = "yes"')
    with pytest.raises(KeywordError, match=r"repair.toml:\d+: place"):
        vet(folder)
    edit(folder / "repair.toml", 'place = "yes"', "place = true")
    edit(folder / "wording.toml", "receipt_group = ", "receipt_group = 7 #")
    with pytest.raises(WordingError, match=r"receipt_group"):
        vet(folder)


def test_a_passage_that_a_local_one_stands_for_finds_that_one(folder: Path) -> None:
    text = (folder / "policies" / "annual-leave.md").read_text(encoding="utf-8")
    local = text.replace("region: 全国", "region: 青禾街道\ninstead: annual-leave")
    (folder / "policies" / "annual-leave-local.md").write_text(local, encoding="utf-8")
    assert vet(folder)


def test_what_is_no_longer_in_force_is_not_asked(folder: Path) -> None:
    edit(folder / "policies" / "annual-leave.md", "region:", "until: 2020-12-31\nregion:")
    assert vet(folder)


def test_a_version_without_sentences_speaks_as_installed(folder: Path) -> None:
    (folder / "wording.toml").unlink()
    assert vet(folder)
