"""Recurring duties and looking again through the API."""

from datetime import timedelta
from typing import Any

import pytest

from bot.inbox.ticking import clockwork
from models import Intent, Origin, Status
from tests.web.world import World

WEEKLY: dict[str, Any] = {"area": "xf-3-2", "title": "清理楼道", "weekdays": [4]}


def test_a_duty_from_its_beginning_to_its_end(world: World) -> None:
    made = world.post("staff", "/duties", **WEEKLY, role="unit_leader").json
    assert made is not None
    assert (made["area"]["code"], made["role"], made["made_from"]) == ("xf-3-2", "unit_leader", None)
    assert world.get("staff", f"/duties/{made['id']}") == made

    changed = world.post("staff", f"/duties/{made['id']}", title="巡查消防栓", every_days=3).json
    assert changed is not None
    assert (changed["title"], changed["every_days"], changed["weekdays"]) == ("巡查消防栓", 3, [])

    assert [duty["id"] for duty in world.get("staff", "/duties", area="xf-3")["items"]] == [made["id"]]
    stopped = [world.post("staff", f"/duties/{made['id']}/stop").json for _ in range(2)]
    assert stopped[0] == stopped[1]
    assert world.get("staff", "/duties")["items"] == []
    assert [duty["id"] for duty in world.get("staff", "/duties", over=True)["items"]] == [made["id"]]
    assert len(world.audited("duty.made")) == len(world.audited("duty.changed")) == 1


def test_it_opens_a_ticket_on_its_day(world: World) -> None:
    duty = world.post("staff", "/duties", area="xf-3-2", title="清理楼道", every_days=1, role="unit_leader").json

    world.services.now.forward(days=1)  # type: ignore[attr-defined]  # the standing clock
    for _ in range(2):
        clockwork(world.services)

    items = world.get("staff", "/tickets")["items"]
    assert [item["matter"] for item in items] == ["清理楼道"]
    stored = world.stored(items[0]["ref"])
    assert duty is not None
    assert (stored.origin, stored.duty_id, stored.holder_post_id) == (
        Origin.DUTY, duty["id"], world.posts["unit_leader"],
    )  # fmt: skip


def test_made_from_a_ticket_it_takes_place_matter_and_kind(world: World) -> None:
    ref = world.ticket(matter="楼道灯不亮", category="light")

    duty = world.post("staff", "/duties", ticket=ref, month_days=[15, 1, 15]).json

    assert duty is not None
    assert (duty["area"]["code"], duty["title"], duty["category"], duty["made_from"], duty["month_days"]) == (
        "xf-3-2", "楼道灯不亮", "light", ref, [1, 15],
    )  # fmt: skip


BAD = [
    ({"title": "清理", "weekdays": [4]}, 400),
    ({"area": "xf-3-2", "weekdays": [4]}, 400),
    ({"area": "xf-3-2", "title": "看望302王奶奶", "weekdays": [4]}, 400),
    ({"area": "xf-3-2", "title": "清理"}, 400),
    ({"area": "xf-3-2", "title": "清理", "weekdays": [4], "every_days": 2}, 400),
    ({"area": "xf-3-2", "title": "清理", "weekdays": [7]}, 400),
    ({**WEEKLY, "category": "nonsense"}, 400),
    ({**WEEKLY, "role": "king"}, 400),
    ({**WEEKLY, "starts_on": "2040-02-02", "ends_on": "2040-02-01"}, 400),
    ({**WEEKLY, "area": "nowhere"}, 404),
    ({**WEEKLY, "area": "yh"}, 404),
    ({**WEEKLY, "ticket": "0-xf-0"}, 404),
]


@pytest.mark.parametrize(("body", "status"), BAD)
def test_what_is_no_duty(world: World, body: dict[str, Any], status: int) -> None:
    assert world.post("staff", "/duties", **body).status_code == status
    assert world.get("staff", "/duties")["items"] == []


def test_a_dispute_never_becomes_a_duty_that_others_read(world: World) -> None:
    ref = world.ticket(intent=Intent.DISPUTE, category="noise", private=True)

    assert world.post("staff", "/duties", ticket=ref, every_days=7).status_code == 404


def test_an_unknown_number_is_not_found(world: World) -> None:
    for number in (0, 99, 2**31, 2**70):
        assert world.ask("staff", "GET", f"/duties/{number}").status_code == 404


def test_the_list_goes_on_where_it_stopped(world: World) -> None:
    ids = [world.duty("xf-3-2") for _ in range(5)]

    first = world.get("staff", "/duties", limit=3)
    rest = world.get("staff", "/duties", limit=3, cursor=first["next"])

    assert [duty["id"] for page in (first, rest) for duty in page["items"]] == ids[::-1]
    assert rest["next"] is None


# --- looking again


def test_a_solved_matter_is_looked_at_again_on_the_day(world: World) -> None:
    now = world.services.now()
    ref = world.ticket(status=Status.CLOSED, resolved_at=now, closed_at=now, holder_post_id=world.posts["unit_leader"])
    on = (now + timedelta(days=30)).date()

    answer = world.post("staff", f"/tickets/{ref}/look-again", on=on.isoformat()).json
    assert answer is not None
    assert (answer["look_again_on"], answer["origin"]) == (on.isoformat(), "report")
    assert world.stored(ref).look_again_on == on

    world.services.now.forward(days=31)  # type: ignore[attr-defined]
    for _ in range(2):
        clockwork(world.services)
    assert world.stored(ref).look_again_on is None
    kinds = [event["kind"] for event in world.get("staff", f"/tickets/{ref}")["events"]]
    assert kinds == ["opened", "look_again_set", "look_again"]


def test_neither_what_is_open_nor_a_day_gone_by(world: World) -> None:
    now = world.services.now()
    solved, still_open = world.ticket(status=Status.RESOLVED, resolved_at=now), world.ticket()
    later, today = (now + timedelta(days=30)).date().isoformat(), now.date().isoformat()

    assert world.post("staff", f"/tickets/{still_open}/look-again", on=later).status_code == 409
    assert world.post("staff", f"/tickets/{solved}/look-again", on=today).status_code == 409
    assert world.post("staff", f"/tickets/{solved}/look-again", on="soon").status_code == 400


def test_a_word_beside_the_resolution_sets_the_day(world: World) -> None:
    ref = world.ticket()

    assert world.post("staff", f"/tickets/{ref}/resolve", note="是主板烧了，换了主板，30天后再看看").status_code == 200

    stored = world.stored(ref)
    assert (stored.cause, stored.outcome) == ("主板烧了", "换了主板")
    zone = world.services.settings.zone
    assert stored.look_again_on == world.services.now().astimezone(zone).date() + timedelta(days=30)
