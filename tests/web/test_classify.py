"""POST /classify: a sentence understood and taken apart, and nothing of it kept."""

import pytest
from sqlmodel import select

from models import Inbound, Ticket
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
