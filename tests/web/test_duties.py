"""Leave and turns on the staff's API: recorded, shown, ended."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models import Account, AuditEntry, BindRequest, Status, Ticket
from tests.web.world import World


def test_a_leave_recorded_by_staff_hands_over_what_is_held_and_stands_in_the_lists(world: World) -> None:
    ref = world.ticket(holder_post_id=world.posts["unit_leader"], status=Status.DISPATCHED)
    ends = world.services.now() + timedelta(days=3)

    answer = world.post("staff", f"/posts/{world.posts['unit_leader']}/absences", to=ends.isoformat())

    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json["handed"] == 1
    with world.services.reading() as session:
        ticket = session.exec(select(Ticket).where(Ticket.ref == ref)).one()
        assert ticket.holder_post_id == world.posts["grid_leader"]
        assert "absence.record" in set(session.exec(select(AuditEntry.action)))
    away = {item["id"]: item["away"] for item in world.get("auditor", "/posts")["items"]}
    assert away[world.posts["unit_leader"]].startswith("请假到")
    assert away[world.posts["grid_leader"]] is None
    [item] = world.get("staff", "/absences")["items"]
    assert item["id"] == answer.json["id"]

    back = world.ask("staff", "DELETE", f"/absences/{item['id']}")
    assert back.json is not None
    assert back.json["handed"] == 1
    assert world.ask("staff", "DELETE", f"/absences/{item['id']}").status_code == 409
    with world.services.reading() as session:
        again = session.exec(select(Ticket.holder_post_id).where(Ticket.ref == ref)).one()
        assert again == world.posts["unit_leader"]


def test_one_post_of_several_alone(world: World) -> None:
    world.add_post("unit_leader", "grid_leader", "xf-g1")
    world.post("staff", f"/posts/{world.posts['unit_leader']}/absences", only_this_post=True)

    gone = [item for item in world.get("staff", "/posts")["items"] if item["away"]]
    assert [item["id"] for item in gone] == [world.posts["unit_leader"]]


@pytest.mark.parametrize(("days", "field"), [(-1, "to"), (0, "to")])
def test_a_leave_that_is_over_before_it_begins_is_refused(world: World, days: int, field: str) -> None:
    ends = world.services.now() + timedelta(days=days)
    answer = world.post("staff", f"/posts/{world.posts['unit_leader']}/absences", to=ends.isoformat())

    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["error"]["field"] == field


def test_a_turn_is_shown_while_it_runs_and_the_same_turn_twice_is_refused(world: World) -> None:
    path = f"/posts/{world.posts['unit_leader']}/shifts"
    assert world.post("staff", path, starts="00:00", ends="00:00").status_code == 201  # all day, every day
    assert world.post("staff", path, starts="00:00", ends="00:00").status_code == 409
    assert world.post("staff", path, starts="18:00", ends="08:00", weekday=7).status_code == 400
    assert world.post("staff", path, starts="18:00", ends="08:00", to="2020-01-01").status_code == 400

    [shift] = world.get("grid_leader", "/shifts")["items"]
    assert shift["running"] is True
    assert shift["weekday"] is None
    on_duty = {item["id"] for item in world.get("staff", "/posts")["items"] if item["on_duty"]}
    assert on_duty == {world.posts["unit_leader"]}
    assert world.ask("staff", "DELETE", f"/shifts/{shift['id']}").status_code == 200
    assert world.get("staff", "/shifts")["items"] == []


def test_posts_come_in_pages_each_once(world: World) -> None:
    first = world.get("staff", "/posts", limit=3)
    rest = world.get("staff", "/posts", limit=200, cursor=first["next"])
    ids = [item["id"] for item in [*first["items"], *rest["items"]]]

    assert ids == sorted(set(ids))
    assert rest["next"] is None
    assert world.ask("staff", "GET", "/absences", query_string={"cursor": first["next"]}).status_code == 400


def test_staff_confirm_a_home_or_another_one_and_once(world: World) -> None:
    now = world.services.now()
    with world.services.transaction() as session:
        account = Account(channel="wechat", user_id="newcomer", created_at=now)
        session.add(account)
        session.flush()
        request = BindRequest(account_id=account.id, area_id=world.areas["xf-3-2"], asked_at=now)
        session.add(request)
        session.flush()
        account_id, wish = account.id, request.id

    [item] = world.get("staff", "/bindings", state="staff")["items"]
    assert (item["id"], item["area"]["code"]) == (wish, "xf-3-2")
    assert world.post("staff", f"/bindings/{wish}", decision="confirm", area="yh").status_code == 404
    assert world.post("staff", f"/bindings/{wish}", decision="confirm", area="xf").status_code == 400
    assert world.post("staff", f"/bindings/{wish}", decision="confirm", area="xf-3").status_code == 200
    assert world.post("staff", f"/bindings/{wish}", decision="refuse").status_code == 409
    assert world.get("staff", "/bindings", state="staff")["items"] == []
    with world.services.reading() as session:
        bound = session.get_one(Account, account_id)
        assert (bound.bound_area_id, bound.area_id, bound.bound_by) == (*[world.areas["xf-3"]] * 2, "staff")
