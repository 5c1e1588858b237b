"""POST /classify: a sentence understood and taken apart, and nothing of it kept."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from bot.masking import impersonal
from bot.web.api_classify import KnownExamples
from intents import examples
from models import Inbound, Ticket
from tests.intents.conftest import KEYWORDS, MISHEARD
from tests.web.world import World


def test_a_sentence_is_understood_and_taken_apart(world: World) -> None:
    told = world.ask("staff", "POST", "/classify", json={"text": "3栋2单元电梯又坏了"}).get_json()
    assert (told["intent"], told["category"], told["building"], told["unit"]) == ("repair", "lift", "3", "2")
    assert told["sure"]
    assert told["why"]["words"][0]["intent"] == "repair"
    assert sum(told["why"]["chances"].values()) == pytest.approx(1.0, abs=0.01)
    assert told["why"]["learned"]
    assert told["why"]["version"] == world.services.understanding.version


def test_a_danger_names_its_rule(world: World) -> None:
    told = world.ask("staff", "POST", "/classify", json={"text": "有人困在电梯里了"}).get_json()
    assert (told["danger"], told["urgent"]) == ("lift_trapped", True)
    assert {key: value for key, value in told["why"]["danger"][0].items() if key != "found"} == {
        "kind": "lift_trapped",
        "meant": True,
    }


def test_the_likest_examples_are_told_masked(world: World) -> None:
    understanding = world.services.understanding
    known = examples.load(KEYWORDS / "examples", understanding.labels, understanding.danger)
    personal = next(example for example in known if impersonal(example.text) != example.text)
    told = world.ask("auditor", "POST", "/classify", json={"text": personal.text}).get_json()["why"]["examples"]
    assert told[0] == {
        "voice": personal.voice,
        "line": personal.line,
        "label": personal.label,
        "text": impersonal(personal.text),
        "like": 1.0,
    }
    assert len(told) == 3
    assert [example["like"] for example in told] == sorted((example["like"] for example in told), reverse=True)


def test_a_reading_with_a_mishearing_put_right_is_told(world: World) -> None:
    told = {
        heard: world.ask("staff", "POST", "/classify", json={"text": heard}).get_json()["why"] for heard in MISHEARD
    }
    restored = {heard: why["restored"] for heard, why in told.items() if why["restored"]}
    assert restored
    assert restored.items() <= MISHEARD.items()
    assert all(why["said"] == heard for heard, why in told.items())


def test_examples_are_read_once_for_each_version_of_the_words(world: World) -> None:
    known = KnownExamples(KEYWORDS / "examples")
    understanding = world.services.understanding
    first = known.under(understanding)
    assert first.to("电梯停了")
    assert known.under(understanding) is first
    assert known.under(replace(understanding, version="another")) is not first


@pytest.mark.parametrize("line", ["label\ttext\n", None])
def test_without_examples_that_can_be_used_there_are_none(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture, line: str | None
) -> None:
    if line:
        (tmp_path / "aunt.tsv").write_text(line, encoding="utf-8")
    assert KnownExamples(tmp_path).under(world.services.understanding).to("电梯停了") == []
    assert ("aunt.tsv:1" in caplog.text) == bool(line)


def test_nothing_of_it_is_kept(world: World) -> None:
    before = _rows(world)
    assert world.ask("staff", "POST", "/classify", json={"text": "5栋停水了 13912345678"}).status_code == 200
    assert _rows(world) == before


@pytest.mark.parametrize(
    "body", [{}, {"text": ""}, {"text": "a", "setting": "channel"}, {"text": "a", "more": 1}, {"text": "a" * 5000}]
)
def test_what_is_no_sentence_is_refused(world: World, body: dict[str, object]) -> None:
    assert world.ask("staff", "POST", "/classify", json=body).status_code == 400


def _rows(world: World) -> int:
    with world.services.reading() as session:
        return len(session.exec(select(Inbound.id)).all()) + len(session.exec(select(Ticket.id)).all())
