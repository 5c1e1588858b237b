"""Learning from examples: what is read, that it comes out the same, that unseen voices are judged fairly."""

import json
import shutil
from pathlib import Path

import pytest

from intents import understanding
from intents.keyfile import KeywordError
from intents.model import INTENT
from intents.understanding import MODEL
from training import command, crossval, measures, samples
from training.measures import Judged

KEYWORDS = Path(__file__).parents[2] / "keywords"
HEADER = "label\tdanger\tsetting\ttext\n"
VOICES = {
    "one.tsv": """# 一个人
repair.lift\t-\tgroup\t电梯又不走了
repair.lift\tlift_trapped\tgroup\t有人困在电梯里
repair.light\t-\tgroup\t楼道灯不亮
other.chat\t-\tgroup\t早上好大家
other.chat\t-\tgroup\t今天天气真好
""",
    "two.tsv": """# 另一个人
repair.lift\t-\tprivate\t电梯停在三楼不动
repair.light\t-\tprivate\t走道的灯黑了
other.chat\t-\tgroup\t大家早上好
dispute.noise\t-\tprivate\t楼上半夜吵
dispute.noise\t-\tgroup\t天天半夜拖椅子
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped keyword files with two voices of a few messages."""
    copy = tmp_path / "keywords"
    shutil.copytree(KEYWORDS, copy, ignore=shutil.ignore_patterns("examples", "*.npz"))
    (copy / "examples").mkdir()
    for name, rows in VOICES.items():
        comment, _, lines = rows.partition("\n")
        (copy / "examples" / name).write_text(f"{comment}\n{HEADER}{lines}", encoding="utf-8")
    return copy


def test_the_shipped_model_was_learned_from_the_shipped_examples() -> None:
    """Whoever changes an example or a keyword file runs `train`: this says so when it was forgotten."""
    model = understanding.load(KEYWORDS).judge.model
    assert model is not None
    assert model.version == samples.version(KEYWORDS)


def test_there_are_examples_enough_of_every_kind() -> None:
    loaded = understanding.load(KEYWORDS, learned=False)
    found = samples.voices(KEYWORDS, loaded)
    assert len(found) >= 3000
    assert len({example.voice for example in found}) >= 20
    matters = sum(example.intent != "other" for example in found)
    assert 0.35 <= matters / len(found) <= 0.65
    assert {example.label for example in found} >= {
        label for label in loaded.labels if not label.startswith("help.human")
    }
    texts = [example.text for example in found]
    assert len(set(texts)) >= 0.995 * len(texts)


def test_training_twice_gives_the_same_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--keywords", str(folder)]) == 0
    first = (folder / MODEL).read_bytes()
    assert command.main(["--keywords", str(folder)]) == 0
    assert (folder / MODEL).read_bytes() == first
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["version"] == understanding.load(folder).judge.model.version  # type: ignore[union-attr]  # just trained
    assert 0 <= told["macro_f1"] <= 1


def test_a_voice_is_never_judged_by_a_model_that_has_seen_it(folder: Path) -> None:
    corpus = samples.read(folder)
    parts = crossval.folds(corpus)
    for part in parts:
        voices = {corpus.examples[place].voice for place in part}
        rest = {example.voice for place, example in enumerate(corpus.examples) if place not in part}
        assert not voices & rest
    held = list(crossval.validate(corpus))
    assert sorted(one.place for one in held) == sorted(place for part in parts for place in part)
    assert all(abs(sum(one.chances[INTENT].values()) - 1) < 1e-6 for one in held)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("repair.elevator\t-\tgroup\t电梯停了", "label"),
        ("repair.lift\tboredom\tgroup\t电梯停了", "danger"),
        ("repair.lift\t-\tchannel\t电梯停了", "setting"),
        ("repair.lift\t-\tgroup\t ", "text"),
        ("repair.lift\t-\tgroup", "columns"),
    ],
)
def test_a_wrong_line_is_named(folder: Path, row: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "examples" / "wrong.tsv").write_text(HEADER + row + "\n", encoding="utf-8")
    with pytest.raises(KeywordError, match=rf"wrong\.tsv:2.*{said}"):
        samples.read(folder)
    assert command.main(["--keywords", str(folder)]) == 2
    assert "wrong.tsv:2" in capsys.readouterr().err


def test_figures_are_what_they_are_called() -> None:
    told = measures.figures(
        [
            Judged("repair", "repair", danger=True, alarm=True),
            Judged("repair", "other", danger=True, alarm=False),
            Judged("other", "repair", danger=False, alarm=False),
            Judged("other", "other", danger=False, alarm=False),
        ]
    )
    assert told["false_tickets"] == 0.5
    assert told["missed"] == 0.5
    assert told["urgent_recall"] == 0.5
    assert told["urgent_false_alarms"] == 0.0
    assert told["macro_f1"] == 0.5
