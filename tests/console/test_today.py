"""Today: what needs somebody now, and only what is theirs; what was unsure, decided in one click."""

import re
from datetime import timedelta

from sqlmodel import col, select

from models import Heartbeat, Intent, Learning, Post, Review, ReviewState, Status
from tests.console.place import Place
from tests.web.test_reviews import heard

HOSTILE = "<img src=x onerror=alert(1)>"


def section(page: str, title: str) -> str:
    """The panel with this heading; "" where it is not there."""
    return next((part for part in re.split(r"<section", page) if title in part), "")


def test_each_thing_stands_under_what_it_needs(place: Place) -> None:
    world, now = place.world, place.world.services.now()
    danger = world.ticket(danger="fire", urgent=True)
    late = world.ticket(resolve_due_at=now - timedelta(hours=1))
    untaken = world.ticket(accept_due_at=now - timedelta(hours=1), resolve_due_at=now + timedelta(days=2))
    today = world.ticket(resolve_due_at=now + timedelta(hours=1))
    unhappy = world.ticket(status=Status.REOPENED)
    calm = world.ticket(resolve_due_at=now + timedelta(days=3))
    page = place.signed_in("staff").get("/").text
    assert danger in section(page, "紧急，还没完")
    assert late in section(page, "过了时间")
    assert untaken in section(page, "过了时间")
    assert today in section(page, "今天要回话")
    assert unhappy in section(page, "说没办好的")
    assert calm not in page


def test_nothing_of_another_community(place: Place) -> None:
    now = place.world.services.now()
    refs = [
        place.world.ticket(area="yh", danger="fire"),
        place.world.ticket(area="yh", resolve_due_at=now - timedelta(days=1)),
        place.world.ticket(area="yh", status=Status.REOPENED),
    ]
    place.world.lost(ref=refs[0])
    page = place.signed_in("staff").get("/").text
    assert [ref for ref in refs if ref in page] == []
    assert "没有等着您的事" in page


def test_more_than_a_handful_are_counted_and_not_listed(place: Place) -> None:
    now = place.world.services.now()
    for _ in range(11):
        place.world.ticket(resolve_due_at=now - timedelta(hours=1))
    part = section(place.signed_in("staff").get("/").text, "过了时间")
    assert 'class="count hot">11<' in part
    assert part.count("<li>") == 8
    assert "/console/tickets?due=late&amp;sort=due" in part


def test_what_was_unsure_becomes_a_ticket_or_nothing_in_one_click(place: Place) -> None:
    review_id = heard(place.world)
    browser = place.signed_in("staff")
    assert "拿不准的话" in browser.get("/").text
    answer = browser.post(f"/reviews/{review_id}", decision="ignore", learn="on", intent="")
    assert answer.location == "/console/"
    with place.world.services.reading() as session:
        row = session.exec(select(Review).where(col(Review.id) == review_id)).one()
    assert (row.state, row.learning) == (ReviewState.IGNORED, Learning.APPROVED)
    page = browser.get("/").text
    assert "处理好了" in page
    assert "拿不准的话" not in page
    assert browser.post(f"/reviews/{review_id}", decision="ignore").status_code == 409


def test_the_list_of_what_was_unsure_is_the_offices(place: Place) -> None:
    review_id = heard(place.world)
    browser = place.signed_in("grid_leader")
    assert "拿不准的话" not in browser.get("/").text
    assert browser.post(f"/reviews/{review_id}", decision="ignore").status_code == 403


def test_another_intent_is_only_noted(place: Place) -> None:
    review_id = heard(place.world)
    place.signed_in("staff").post(f"/reviews/{review_id}", decision="intent", intent="help")
    with place.world.services.reading() as session:
        row = session.exec(select(Review).where(col(Review.id) == review_id)).one()
    assert (row.state, row.label_intent) == (ReviewState.INTENT, Intent.HELP)


def test_what_reached_nobody_is_taken_off_by_whoever_sees_to_it(place: Place) -> None:
    line = place.world.lost(ref=place.world.ticket())
    browser = place.signed_in("staff")
    assert "没送到的话" in browser.get("/").text
    assert browser.post(f"/undelivered/{line}").status_code == 302
    assert "没送到的话" not in browser.get("/").text


def test_what_reached_none_of_several_is_read_once_and_taken_on_at_once(place: Place) -> None:
    ref = place.world.ticket(matter="着火了")
    lines = [place.world.lost(ref=ref) for _ in range(3)]
    browser = place.signed_in("staff")
    part = section(browser.get("/").text, "没送到的话")
    assert (part.count("<h3>"), part.count("<p>电话"), part.count(">我来转告")) == (1, 1, 3)
    assert "着火了" in part
    assert browser.post("/undelivered", line=[str(line) for line in lines]).status_code == 302
    assert "没送到的话" not in browser.get("/").text
    assert browser.post("/undelivered", line="x").status_code == 302


def test_posts_that_end_stand_under_people(place: Place) -> None:
    with place.world.services.transaction() as session:
        post = session.get_one(Post, place.world.posts["unit_leader"])
        post.ends_on = (place.world.services.now() + timedelta(days=9)).date()
        session.add(post)
    assert "unit_leader的名字" in section(place.signed_in("staff").get("/").text, "人手")


def test_a_banner_on_every_page_while_something_is_wrong(place: Place) -> None:
    browser = place.signed_in("staff")
    for path in ("/", "/tickets", "/account", "/design"):
        assert "定时程序停了" in browser.get(path).text
    with place.world.services.transaction() as session:
        session.add(Heartbeat(name="clock:a:1", kind="clock", seen_at=place.world.services.now()))
    place.world.services.now.forward(seconds=6)  # type: ignore[attr-defined]  # the standing clock of the tests
    assert "定时程序停了" not in browser.get("/").text
    assert "定时程序停了" not in place.browser().get("/login").text


def test_hostile_words_show_as_words(place: Place) -> None:
    with place.world.services.transaction() as session:
        row = session.get_one(Review, heard(place.world))
        row.text = HOSTILE
        session.add(row)
    place.world.lost(ref=place.world.ticket(matter=HOSTILE, danger="fire"))
    page = place.signed_in("staff").get("/").text
    assert "<img" not in page
    assert "&lt;img" in page
