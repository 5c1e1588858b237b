"""Planned outages on the staff's API: whose areas, in which order, which of them run."""

from datetime import timedelta

import pytest

from models import Announcement
from tests.web.world import World


def announce(world: World, area: str, begins: float, hours: float = 2.0) -> int:
    """An outage that begins in so many hours; returns its id."""
    now = world.services.now()
    with world.services.transaction() as session:
        row = Announcement(
            area_id=world.areas[area],
            supplies=["water"],
            words="停水换阀门",
            starts_at=now + timedelta(hours=begins),
            ends_at=now + timedelta(hours=begins + hours),
            said_at=now,
            post_id=world.posts["property"],
        )
        session.add(row)
        session.flush()
        return row.id


def ids(world: World, user: str, **query: str) -> list[int]:
    return [item["id"] for item in world.get(user, "/announcements", **query)["items"]]


def test_each_sees_those_of_their_areas_the_last_to_begin_first(world: World) -> None:
    near, later, far = announce(world, "xf-3-2", 1), announce(world, "xf-3-2", 5), announce(world, "yh", 1)

    assert ids(world, "staff") == [later, near]
    assert ids(world, "staff_next_door") == [far]
    assert ids(world, "neighbour_grid") == []
    assert set(ids(world, "administrator")) == {near, later, far}


@pytest.mark.parametrize(("when", "which"), [("running", 0), ("coming", 1), ("over", 2)])
def test_the_running_the_coming_and_those_that_are_over(world: World, when: str, which: int) -> None:
    rows = [announce(world, "xf-3-2", begins) for begins in (-1, 3, -9)]

    assert ids(world, "staff", when=when) == [rows[which]]


def test_it_says_what_where_and_by_which_office(world: World) -> None:
    announce(world, "xf-3-2", 1)

    [item] = world.get("staff", "/announcements")["items"]

    assert (item["area"]["code"], item["supplies"], item["words"], item["by"]) == (
        "xf-3-2",
        ["water"],
        "停水换阀门",
        "物业",
    )


def test_pages_follow_each_other_without_a_gap(world: World) -> None:
    rows = [announce(world, "xf-3-2", begins) for begins in (4, 3, 2)]

    first = world.get("staff", "/announcements", limit=2)
    second = world.get("staff", "/announcements", limit=2, cursor=first["next"])

    assert [item["id"] for page in (first, second) for item in page["items"]] == rows
    assert second["next"] is None
