"""Staff make two tickets one and one two over HTTP."""

from typing import Any

import pytest

from models import Status
from tests.web.world import World


def error(response: Any) -> tuple[int, str]:
    return response.status_code, response.json["error"]["code"]


def test_a_merge_answers_with_the_ticket_that_lives_on_and_a_split_with_what_came_back(world: World) -> None:
    first, second = world.ticket(), world.joined(world.ticket())

    merged = world.post("staff", f"/tickets/{second}/merge", into=first)
    assert merged.json["ref"] == first  # type: ignore[index]  # a JSON object
    assert merged.json["reports_count"] == 3  # type: ignore[index]  # a JSON object
    gone = world.get("staff", f"/tickets/{second}")
    assert (gone["status"], gone["merged_into"], gone["reports_count"]) == ("withdrawn", first, 0)

    apart = world.post("staff", f"/tickets/{first}/split")
    assert [item["ref"] for item in apart.json["items"]] == [second]  # type: ignore[index]  # a JSON object
    back = world.get("staff", f"/tickets/{second}")
    assert (back["status"], back["merged_into"], back["reports_count"]) == ("dispatched", None, 2)
    assert [entry.action for entry in world.audited("ticket.merge")] == ["ticket.merge"]
    assert [entry.detail for entry in world.audited("ticket.split")] == [{"apart": [second]}]


def test_a_named_voice_gets_a_ticket_of_its_own_about_what_it_says(world: World) -> None:
    ref = world.joined(world.ticket())
    voices = world.get("staff", f"/tickets/{ref}")["reports"]

    apart = world.post("staff", f"/tickets/{ref}/split", reports=[voices[1]["id"]])

    (item,) = apart.json["items"]  # type: ignore[index]  # a JSON object
    assert (item["category"], item["status"], item["reports_count"]) == ("light", "dispatched", 1)
    assert [row["id"] for row in world.get("staff", f"/tickets/{ref}")["reports"]] == [voices[0]["id"]]
    assert [row["id"] for row in world.get("staff", f"/tickets/{item['ref']}")["reports"]] == [voices[1]["id"]]


def test_what_cannot_be_one_is_refused_and_nothing_changes(world: World) -> None:
    ref, private = world.ticket(), world.ticket(private=True)
    done, danger = world.ticket(status=Status.CLOSED), world.ticket(danger="fire")
    refused = {
        "itself": world.post("staff", f"/tickets/{ref}/merge", into=ref),
        "in confidence": world.post("staff", f"/tickets/{private}/merge", into=ref),
        "into confidence": world.post("staff", f"/tickets/{ref}/merge", into=private),
        "closed": world.post("staff", f"/tickets/{done}/merge", into=ref),
        "into closed": world.post("staff", f"/tickets/{ref}/merge", into=done),
        "an emergency": world.post("staff", f"/tickets/{danger}/merge", into=ref),
        "one voice": world.post("staff", f"/tickets/{ref}/split"),
    }
    assert {name: error(answer) for name, answer in refused.items()} == dict.fromkeys(refused, (409, "not_possible"))
    assert [world.stored(r).merged_into_id for r in (ref, private, done, danger)] == [None] * 4
    assert world.audited("ticket.merge") == []


@pytest.mark.parametrize("body", [{}, {"into": ""}, {"into": 3}, {"into": "x", "more": 1}])
def test_a_merge_without_its_goal_is_told_so(world: World, body: dict[str, Any]) -> None:
    assert error(world.post("staff", f"/tickets/{world.ticket()}/merge", **body)) == (400, "bad_value")


def test_a_goal_that_one_may_not_see_does_not_exist(world: World) -> None:
    assert error(world.post("staff", f"/tickets/{world.ticket()}/merge", into=world.ticket(area="yh"))) == (
        404,
        "not_found",
    )


def test_a_voice_of_another_ticket_is_no_voice_of_this_one(world: World) -> None:
    ref, other = world.joined(world.ticket()), world.ticket()
    foreign = world.get("staff", f"/tickets/{other}")["reports"][0]["id"]

    assert error(world.post("staff", f"/tickets/{ref}/split", reports=[foreign])) == (400, "bad_value")


def test_undo_does_not_know_a_merge_and_says_so(world: World) -> None:
    first, second = world.ticket(), world.ticket()
    world.post("staff", f"/tickets/{second}/merge", into=first)

    for ref in (first, second):
        assert error(world.post("staff", f"/tickets/{ref}/undo")) == (409, "not_possible")
