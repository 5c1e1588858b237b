"""Whole chats of several regions, with all that should come of them: scenes.json, in the format of docs/rehearse.md."""

import copy
import json
from pathlib import Path

import pytest

from bot.rehearse import rehearse
from bot.rehearse.ledger import Ledger
from bot.rehearse.scene import read_json
from bot.settings import Settings
from intents.understanding import Understanding
from tests.rehearse.judging import faults

FILE = Path(__file__).with_name("scenes.json")
SCENES = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def ledgers(understanding: Understanding) -> dict[str, Ledger]:
    chats = read_json(FILE.read_text(encoding="utf-8"))
    return {played.scene.id: played.ledger for played in rehearse(Settings(), understanding, chats)}


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene["id"])
def test_everything_comes_out_as_it_should(scene: dict[str, object], ledgers: dict[str, Ledger]) -> None:
    assert faults(scene["expect"], ledgers[str(scene["id"])]) == []  # type: ignore[arg-type]  # JSON


def test_the_judge_sees_what_is_wrong(ledgers: dict[str, Ledger]) -> None:
    """Each point turned wrong in a ledger that is right."""
    scene = next(one for one in SCENES if one["id"] == "north-heating")
    right = ledgers["north-heating"]
    for field, value in (("intent", "help"), ("category", "lift"), ("urgent", True), ("building", "1"),
                         ("reporters", []), ("status", "new"), ("history", [])):  # fmt: skip
        wrong = copy.deepcopy(right)
        wrong["tickets"][0][field] = value
        assert faults(scene["expect"], wrong), field
    loud = copy.deepcopy(right)
    loud["said"].append({"setting": "group", "in_answer_to": 0, "text": "早"})
    assert faults(scene["expect"], loud)
    assert faults(scene["expect"], {**right, "tickets": []})
