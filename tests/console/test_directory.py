"""People and places, and rules: what is listed of my areas, and what staff decide there. The doing is the API's."""

import re
from datetime import date, timedelta

from sqlmodel import col, select

from models import Absence, Area, Chat, ChatKind, Person, Post, Role, Slot
from tests.console.place import Place

HOSTILE = "<img src=x onerror=alert(1)>"


def test_the_tree_the_posts_and_the_groups_of_my_areas_alone(place: Place) -> None:
    place.world.group("xf-3-2", ChatKind.RESIDENTS)
    page = place.signed_in("staff").get("/directory").text
    for own in ("xf-3-2", "unit_leader的名字", "居民群"):
        assert own in page
    assert "unit_leader_next_door" not in page
    assert "tickets?area=yh" not in page


def test_a_strange_group_is_told_whose_it_is_and_made_silent(place: Place) -> None:
    chat = place.world.group("xf-3-2")
    browser = place.signed_in("staff")
    assert "还不知道是谁的群" in browser.get("/directory").text
    assert browser.post(f"/directory/chats/{chat}", area="xf-3-2", kind="residents").status_code == 302
    assert browser.post(f"/directory/chats/{chat}/listen", listen_only="on").status_code == 302
    with place.world.services.reading() as session:
        row = session.get_one(Chat, chat)
    assert (row.kind, row.area_id, row.listen_only) == (ChatKind.RESIDENTS, place.world.areas["xf-3-2"], True)
    assert browser.post(f"/directory/chats/{chat}", area="xf-3-2", kind="private").status_code == 400
    assert browser.post(f"/directory/chats/{chat}", area="yh", kind="residents").status_code == 404


def test_a_leave_is_recorded_and_ended(place: Place) -> None:
    post = place.world.posts["unit_leader"]
    browser = place.signed_in("staff")
    browser.get("/directory")
    assert browser.post(f"/directory/posts/{post}", to="not a day").status_code == 400
    assert browser.post(f"/directory/posts/{post}", to="").status_code == 302
    assert "请假的" in browser.get("/directory").text
    with place.world.services.reading() as session:
        absence = session.exec(select(Absence)).one()
    assert browser.post(f"/directory/absences/{absence.id}").status_code == 302
    assert "请假的" not in browser.get("/directory").text
    assert browser.post("/directory/absences/99999999999").status_code == 404


def test_somebody_takes_up_a_post_and_its_last_day_is_set(place: Place) -> None:
    browser = place.signed_in("staff")
    browser.get("/directory/posts/new")
    new = {"who": "赵姐", "new": "on", "role": "unit_leader", "area": "xf-3-2", "slot": "B"}
    page = browser.post("/directory/posts/new", **new).text
    assert re.search(r'class="number">[A-Z0-9-]{4,}<', page)
    browser.get("/directory/posts/new")
    again = {**new, "new": ""}
    assert "已经有这个岗位" in browser.post("/directory/posts/new", **again).text
    with place.world.services.reading() as session:
        post = session.exec(select(Post).join(Person).where(Person.name == "赵姐")).one()
    assert (post.role, post.slot, post.ends_on) == (Role.UNIT_LEADER, Slot.B, None)
    for wrong, said in (
        ({"who": "没有这人"}, "没有找到"),
        ({"role": "staff"}, "能登录的人"),
        ({"from": "2026-02-01", "to": "2026-01-01"}, "日子不对"),
        ({"from": "x"}, "日子不对"),
    ):
        assert said in browser.post("/directory/posts/new", **{**again, **wrong}).text
    assert browser.post("/directory/posts/new", **{**new, "area": "yh"}).status_code == 404
    assert browser.post(f"/directory/posts/{post.id}/end", last="2000-01-01").status_code == 400
    assert browser.post(f"/directory/posts/{post.id}/end", last="2099-01-01").status_code == 302
    with place.world.services.reading() as session:
        assert session.get_one(Post, post.id).ends_on == date(2099, 1, 1)


def test_a_group_that_was_anothers_is_silent_again(place: Place) -> None:
    chat = place.world.group("xf-3-2", ChatKind.RESIDENTS)
    with place.world.services.transaction() as session:
        session.get_one(Chat, chat).last_heard_at = place.world.services.now() - timedelta(days=8)
    browser = place.signed_in("staff")
    assert "一个星期没声音" in browser.get("/directory").text
    assert browser.post(f"/directory/chats/{chat}/unbind").status_code == 302
    assert "一个星期没声音" not in browser.get("/directory").text
    with place.world.services.reading() as session:
        row = session.get_one(Chat, chat)
    assert (row.kind, row.area_id) == (ChatKind.UNBOUND, None)
    assert browser.post(f"/directory/chats/{chat}/unbind").status_code == 404


def test_a_question_is_tried_and_answered_with_its_source(place: Place) -> None:
    browser = place.signed_in("grid_leader")
    page = browser.get("/policies").text
    assert "没答上的" in page
    assert "出处：" in browser.get("/policies?q=居住证怎么续签").text
    assert "没有拿得准的条文" in browser.get("/policies?q=隔壁的猫叫什么名字").text


def test_hostile_names_show_as_names(place: Place) -> None:
    chat = place.world.group("xf-3-2", ChatKind.RESIDENTS)
    with place.world.services.transaction() as session:
        session.get_one(Chat, chat).name = HOSTILE
        session.get_one(Area, place.world.areas["xf-3"]).name = HOSTILE
        session.get_one(Area, place.world.areas["xf-3"]).aliases = [HOSTILE]
        session.exec(select(Person).where(col(Person.code) == "unit_leader")).one().name = HOSTILE
    browser = place.signed_in("staff")
    for path in ("/directory", "/tickets", f"/policies?q={HOSTILE}"):
        page = browser.get(path).text
        assert "<img" not in page
        assert "&lt;img" in page
