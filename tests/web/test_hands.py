"""Whistles and external cases over HTTP: who is called, what is counted, and one answer to two numbers."""

from datetime import timedelta
from typing import Any

import pytest

from models import Status
from tests.web.world import World


def error(response: Any) -> tuple[int, str, str | None]:
    return response.status_code, response.json["error"]["code"], response.json["error"]["field"]


# --- whistles


def test_a_whistle_calls_by_remit_and_says_whom_it_could_not(world: World) -> None:
    ref = world.ticket()
    world.organisation("pcs", name="青禾派出所")
    world.organisation("far", area="yh", name="隔壁派出所")
    told = world.post("staff", f"/tickets/{ref}/whistle", organisations=["派出所", "城管"]).json
    assert told is not None
    assert ([one["name"] for one in told["called"]], told["unknown"]) == (["青禾派出所"], ["城管"])
    again = world.post("colleague", f"/tickets/{ref}/whistle", organisations=["pcs"]).json
    assert again is not None
    assert (again["called"], again["already"]) == ([], ["青禾派出所"])
    assert [entry.subject for entry in world.audited("ticket.whistle")] == [f"ticket:{ref}"] * 2


def test_the_hands_of_a_ticket_are_shown_with_their_answers(world: World) -> None:
    ref = world.ticket()
    call = world.called(ref)
    assert error(world.post("staff", f"/tickets/{ref}/hands/{call}", answer="cannot")) == (400, "bad_value", "note")
    world.post("staff", f"/tickets/{ref}/hands/{call}", answer="coming", note="路上堵")
    came = world.post("staff", f"/tickets/{ref}/hands/{call}", answer="came").json
    assert came is not None
    assert came["came_at"] is not None
    (shown,) = world.get("auditor", f"/tickets/{ref}/hands")["co_handlers"]
    assert (shown["note"], shown["left_at"], shown["kind"]) == ("路上堵", None, "whistle")
    assert world.stored(ref).status == Status.DISPATCHED  # what staff write down for others moves nothing
    assert world.stored(ref).attended_at is None


def test_an_answer_needs_a_running_call_on_that_very_ticket(world: World) -> None:
    ref, other = world.ticket(), world.ticket()
    call = world.called(ref)
    assert error(world.post("staff", f"/tickets/{other}/hands/{call}", answer="came"))[:2] == (404, "not_found")
    world.post("staff", f"/tickets/{ref}/hands/{call}", answer="cannot", note="没人")
    assert error(world.post("staff", f"/tickets/{ref}/hands/{call}", answer="came"))[:2] == (409, "not_possible")


@pytest.mark.parametrize("columns", [{"private": True}, {"status": Status.CLOSED}])
def test_nobody_is_whistled_to_what_is_private_or_over(world: World, columns: dict[str, Any]) -> None:
    ref = world.ticket(**columns)
    world.organisation("pcs")
    answer = world.post("staff", f"/tickets/{ref}/whistle", organisations=["pcs"])
    assert error(answer)[:2] == (409, "not_possible")


def test_rates_are_counted_for_the_readers_areas_with_their_rule(world: World) -> None:
    now = world.services.now()
    one, two = world.organisation("one"), world.organisation("two", area="street")
    near, far = world.ticket(), world.ticket(area="yh")
    hour = timedelta(hours=1)
    world.called(near, organisation_id=one, called_at=now - 5 * hour, came_at=now - 4.5 * hour)
    world.called(near, organisation_id=one, called_at=now - 3 * hour)
    world.called(near, organisation_id=one, called_at=now)  # may still answer
    world.called(far, organisation_id=two, called_at=now - 3 * hour, refused_at=now - 3 * hour)

    found = world.get("staff", "/whistles/rates")
    assert "只算单位，不算个人" in found["rule"]
    assert found["within_minutes"] == 60
    assert [(i["organisation"], i["numerator"], i["denominator"], i["rate"]) for i in found["items"]] == [
        ("one", 1, 2, 0.5)
    ]
    both = world.get("administrator", "/whistles/rates")["items"]
    assert [(i["organisation"], i["numerator"], i["denominator"]) for i in both] == [("one", 1, 2), ("two", 1, 1)]
    earlier = world.get("administrator", "/whistles/rates", to=(now - 4 * hour).isoformat())["items"]
    assert [(i["organisation"], i["denominator"]) for i in earlier] == [("one", 1)]
    assert error(world.ask("staff", "GET", "/whistles/rates?area=yh")) == (404, "not_found", "area")
    backwards = {"from": now.isoformat(), "to": (now - hour).isoformat()}
    assert error(world.ask("staff", "GET", "/whistles/rates", query_string=backwards)) == (400, "bad_value", "from")


# --- external cases


def test_a_number_is_kept_once_and_the_stricter_deadline_wins(world: World) -> None:
    now = world.services.now()
    ref = world.ticket(resolve_due_at=now + timedelta(days=3))
    due = now + timedelta(days=1)
    kept = world.post("staff", f"/tickets/{ref}/cases", number=" cs 2026-1 ", due_at=due.isoformat()).json
    assert kept is not None
    assert (kept["source"], kept["number"], kept["answered_at"]) == ("12345", "CS2026-1", None)
    assert world.stored(ref).resolve_due_at == due
    world.post("staff", f"/tickets/{ref}/cases", number="CS2026-1", due_at=(now + timedelta(hours=5)).isoformat())
    assert world.stored(ref).resolve_due_at == now + timedelta(hours=5)
    assert world.get("staff", "/cases")["cases"] == 1


def test_a_number_of_another_matter_is_a_conflict_unless_it_is_put_right(world: World) -> None:
    ref, other = world.ticket(), world.ticket()
    world.post("staff", f"/tickets/{ref}/cases", number="20261")
    assert error(world.post("staff", f"/tickets/{other}/cases", number="20261"))[:2] == (409, "not_possible")
    moved = world.post("staff", f"/tickets/{other}/cases", number="20261", move=True).json
    assert moved is not None
    assert moved["ticket"] == other


def test_two_numbers_are_one_matter_and_get_one_answer(world: World) -> None:
    ref, other = world.ticket(), world.ticket()
    for number in ("20261", "20262"):
        world.post("staff", f"/tickets/{ref}/cases", number=number)
    world.post("staff", f"/tickets/{other}/cases", number="20263", source="信访")
    world.post("staff", f"/tickets/{ref}/resolve", note="换了门机")
    every = world.get("staff", "/cases")
    assert (every["cases"], every["matters"]) == (3, 2)
    answered = world.get("staff", "/cases", state="answered")
    assert (answered["cases"], answered["matters"]) == (2, 1)
    assert {item["answer"] for item in answered["items"]} == {"换了门机"}
    assert [item["number"] for item in world.get("staff", "/cases", state="open")["items"]] == ["20263"]
    assert len(world.get("staff", f"/tickets/{ref}/hands")["cases"]) == 2


def test_cases_come_in_pages_and_only_of_ones_own_area(world: World) -> None:
    now = world.services.now()
    for number in range(5):
        at = (now - timedelta(minutes=number)).isoformat()
        world.post("staff", f"/tickets/{world.ticket()}/cases", number=f"2026{number}", received_at=at)
    world.post("administrator", f"/tickets/{world.ticket(area='yh')}/cases", number="99999")
    first = world.get("staff", "/cases", limit=3)
    rest = world.get("staff", "/cases", limit=3, cursor=first["next"])
    assert [i["number"] for i in [*first["items"], *rest["items"]]] == [f"2026{n}" for n in range(5)]
    assert rest["next"] is None
    assert [i["number"] for i in world.get("staff_next_door", "/cases")["items"]] == ["99999"]
    assert error(world.ask("staff", "GET", "/cases?area=yh")) == (404, "not_found", "area")


def test_overdue_is_what_nobody_answered_in_time(world: World) -> None:
    now = world.services.now()
    ref = world.ticket()
    body = {"received_at": (now - timedelta(days=3)).isoformat(), "due_at": (now - timedelta(days=1)).isoformat()}
    late = world.post("staff", f"/tickets/{ref}/cases", number="20261", **body).json
    assert late is not None
    assert late["overdue"] is True
    assert [i["number"] for i in world.get("staff", "/cases", state="overdue")["items"]] == ["20261"]
    world.post("staff", f"/tickets/{ref}/resolve", note="好了")
    assert world.get("staff", "/cases", state="overdue")["items"] == []
    backwards = {"received_at": now.isoformat(), "due_at": (now - timedelta(hours=1)).isoformat()}
    assert error(world.post("staff", f"/tickets/{ref}/cases", number="20262", **backwards))[2] == "due_at"
