"""The list: what it is narrowed to, Chinese words, orders, pages by key, views, and one move for several."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from bot.console import filters
from models import Area, Intent, Report, SavedView, Status
from tests.console.place import Browser, Place

HOSTILE = "<img src=x onerror=alert(1)>\"'&lt;"


def refs(text: str) -> list[str]:
    """The refs in the table, in order."""
    return re.findall(r'name="ref" value="([^"]+)"', text)


def listed(browser: Browser, query: str = "") -> list[str]:
    answer = browser.get(f"/tickets{query}")
    assert answer.status_code == 200, answer.text
    return refs(answer.text)


def test_open_ones_newest_first_and_the_closed_on_demand(place: Place) -> None:
    now = place.world.services.now()
    old = place.world.ticket(opened_at=now - timedelta(days=2))
    new = place.world.ticket()
    closed = place.world.ticket(status=Status.CLOSED, opened_at=now - timedelta(days=1))
    browser = place.signed_in("staff")
    assert listed(browser) == [new, old]
    assert listed(browser, "?status=all") == [new, closed, old]
    assert listed(browser, "?status=closed") == [closed]
    assert listed(browser, "?status=all&sort=oldest") == [old, closed, new]


def test_narrowed_by_kind_place_due_time_danger_and_holder(place: Place) -> None:
    world, now = place.world, place.world.services.now()
    help_ = world.ticket(intent=Intent.HELP, category="other")
    elsewhere = world.ticket(area="xf-g2")
    late = world.ticket(resolve_due_at=now - timedelta(hours=1))
    soon = world.ticket(resolve_due_at=now + timedelta(minutes=30))
    danger = world.ticket(danger="fire", urgent=True)
    mine = world.ticket(holder_post_id=world.posts["staff"])
    browser = place.signed_in("staff")
    assert listed(browser, "?intent=help") == [help_]
    assert listed(browser, "?area=xf-g2") == [elsewhere]
    assert listed(browser, "?due=late") == [late]
    assert listed(browser, "?due=today") == [soon]
    assert listed(browser, "?sort=due") == [late, soon]
    assert listed(browser, "?danger=1") == [danger]
    assert listed(browser, "?mine=1") == [mine]


def test_an_area_of_somebody_else_is_not_there(place: Place) -> None:
    browser = place.signed_in("staff")
    assert browser.get("/tickets?area=yh").status_code == 404
    assert browser.get("/tickets?area=nowhere").status_code == 404


def test_values_that_nobody_could_choose_are_passed_over(place: Place) -> None:
    ref = place.world.ticket()
    browser = place.signed_in("staff")
    assert listed(browser, "?status=%00&intent=x&sort=drop&due=1&danger=2&mine=yes") == [ref]
    assert browser.get("/tickets?cursor=abc").status_code == 400
    assert browser.get("/tickets?q=%00%ff").status_code == 200


def test_found_by_chinese_words_a_place_a_number_or_a_ref(place: Place) -> None:
    world = place.world
    lift = world.ticket(words="电梯间的门关不上", matter="电梯停了", building="3", unit="2")
    water = world.ticket(words="水管在滴水", matter="下水道堵了", building="13", unit="2")
    browser = place.signed_in("staff")
    assert listed(browser, "?q=电梯") == [lift]
    assert listed(browser, "?q=下水道") == [water]
    assert listed(browser, "?q=滴水") == [water]
    assert listed(browser, "?q=3栋") == [lift]
    assert listed(browser, "?q=2单元 电梯") == [lift]
    assert listed(browser, "?q=2单元") == [water, lift]
    assert listed(browser, f"?q=%23{world.stored(water).number}") == [water]
    assert listed(browser, f"?q={lift}") == [lift]
    assert listed(browser, "?q=天花板") == []
    assert "?q=%E5%A4%A9%E8%8A%B1%E6%9D%BF&amp;status=all" in browser.get("/tickets?q=天花板").text
    assert listed(browser, "?q='\" OR 1=1 --") == []
    assert listed(browser, "?q=AND OR NOT NEAR ( ) * : ^") == []


def test_words_are_found_as_soon_as_they_are_said_and_no_longer_when_they_are_erased(place: Place) -> None:
    ref = place.world.ticket(words="窗户漏风")
    browser = place.signed_in("staff")
    assert listed(browser, "?q=漏风") == [ref]
    with place.world.services.transaction() as session:
        report = session.exec(select(Report)).one()
        report.words = "玻璃碎了"
        session.add(report)
    assert listed(browser, "?q=漏风") == []
    assert listed(browser, "?q=玻璃") == [ref]
    with place.world.services.transaction() as session:
        session.exec(select(Report)).one().words = None
    assert listed(browser, "?q=玻璃") == []


@pytest.mark.parametrize("sort", filters.SORTS)
def test_pages_neither_repeat_nor_skip_a_ticket_whatever_comes_in_between(place: Place, sort: str) -> None:
    world, now = place.world, place.world.services.now()
    moments = [now - timedelta(hours=n // 3) for n in range(60)]  # three at each moment
    made = [world.ticket(opened_at=at, resolve_due_at=at + timedelta(days=3)) for at in moments]
    browser, seen = place.signed_in("staff"), []
    page = browser.get(f"/tickets?sort={sort}").text
    while True:
        seen += refs(page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if following is None:
            break
        world.ticket(opened_at=now + timedelta(minutes=1), resolve_due_at=now + timedelta(days=9))
        page = browser.get(following[1].replace("&amp;", "&").removeprefix("/console")).text
    assert len(seen) == len(set(seen))
    assert set(made) <= set(seen)


def test_the_cursor_of_another_list_is_refused(place: Place) -> None:
    for _ in range(filters.PAGE + 1):
        place.world.ticket()
    browser = place.signed_in("staff")
    following = re.search(r"cursor=([\w-]+)", browser.get("/tickets").text)
    assert following is not None
    assert browser.get(f"/tickets?cursor={following[1]}").status_code == 200
    assert browser.get(f"/tickets?status=all&cursor={following[1]}").status_code == 400


def test_a_page_takes_as_many_queries_however_long_it_is(place: Place) -> None:
    browser = place.signed_in("staff")
    place.world.ticket()

    def queries() -> int:
        asked: list[str] = []
        note = lambda *given: asked.append(given[2])  # noqa: E731
        event.listen(place.world.services.engine, "before_cursor_execute", note)
        browser.get("/tickets")
        event.remove(place.world.services.engine, "before_cursor_execute", note)
        return len(asked)

    browser.get("/tickets")  # what /health has to say is asked every few seconds
    few = queries()
    for _ in range(filters.PAGE - 1):
        place.world.ticket()
    assert queries() == few <= 20


def test_a_view_is_kept_used_replaced_and_forgotten(place: Place) -> None:
    browser = place.signed_in("staff")
    answer = browser.post("/tickets/views", name=HOSTILE[:40], query="q=电梯&status=all&sort=due&junk=1")
    assert answer.location == "/console/tickets?q=%E7%94%B5%E6%A2%AF&status=all&sort=due"
    page = browser.get("/tickets").text
    assert "<img" not in page
    assert "&lt;img src=x" in page
    browser.post("/tickets/views", name=HOSTILE[:40], query="due=late")
    with place.world.services.reading() as session:
        view = session.exec(select(SavedView)).one()
    assert view.query == "due=late"
    other = place.signed_in("colleague")
    assert "&lt;img src=x" not in other.get("/tickets").text
    assert other.post(f"/tickets/views/{view.id}/delete").status_code == 404
    assert browser.post(f"/tickets/views/{view.id}/delete").status_code == 302
    assert "&lt;img src=x" not in browser.get("/tickets?status=all").text


def test_one_move_for_several_tells_what_could_not_be_done(place: Place) -> None:
    world = place.world
    one, two = world.ticket(), world.ticket()
    closed, foreign = world.ticket(status=Status.CLOSED), world.ticket(area="yh")
    browser = place.signed_in("staff")
    answer = browser.post("/tickets/moves", ref=[one, two, closed, foreign], verb="accept", note="社区统一来办")
    assert "4件里做了2件" in answer.text
    refused, done = answer.text.split('id="refused"')[1].split('id="done"')
    for ref in (one, two):
        assert f'<a href="/console/tickets/{ref}"><b>xf-3xf-3-2 电梯停了</b>' in done
    assert f'<a href="/console/tickets/{closed}"><b>xf-3xf-3-2 电梯停了</b>' in refused
    assert "现在是“办结”，“我来办”做不了" in refused
    assert f'{foreign}</b><br><span class="small wrong-is">没有找到它，或者它不归您管' in refused
    assert "要写一句话，这回没有写" in browser.post("/tickets/moves", ref=[one], verb="progress").text
    assert "没有写转给哪个单位" in browser.post("/tickets/moves", ref=[one], verb="transfer").text
    assert "一件也没选上" in browser.post("/tickets/moves", verb="progress").text
    assert [world.stored(ref).status for ref in (one, two, closed, foreign)] == [
        Status.ACCEPTED, Status.ACCEPTED, Status.CLOSED, Status.DISPATCHED,
    ]  # fmt: skip
    assert len(world.audited("ticket.accept")) == 2


def test_what_was_told_in_confidence_is_not_handed_out_among_others(place: Place) -> None:
    world = place.world
    private, fire = world.ticket(intent=Intent.DISPUTE, private=True), world.ticket(danger="fire", urgent=True)
    answer = place.signed_in("staff").post("/tickets/moves", ref=[private, fire], verb="transfer", note="物业")
    assert answer.text.count("紧急的和私密的不跟着一起转") == 2
    assert {world.stored(ref).status for ref in (private, fire)} == {Status.DISPATCHED}


def test_what_ends_a_matter_is_never_done_to_several(place: Place) -> None:
    ref = place.world.ticket()
    answer = place.signed_in("staff").post("/tickets/moves", ref=[ref], verb="decline", note="x")
    assert answer.status_code == 400
    assert place.world.stored(ref).status == Status.DISPATCHED


def test_who_sees_several_communities_can_tell_their_numbers_apart(place: Place) -> None:
    world, late = place.world, place.world.services.now() - timedelta(hours=1)
    with world.services.transaction() as session:
        for code, name in (("xf", "幸福社区"), ("yh", "云河社区")):
            session.get_one(Area, world.areas[code]).name = name
    world.ticket(resolve_due_at=late)
    theirs = world.ticket(area="yh", resolve_due_at=late)
    above, inside = place.signed_in("administrator"), place.signed_in("staff")
    moved = above.post("/tickets/moves", ref=[theirs], verb="progress", note="x").text
    for page in (above.get("/tickets").text, above.get("/tickets?q=电梯").text, above.get("/").text):
        assert "幸福#1<" in page
        assert "云河#2<" in page
    assert "云河#2<" in moved
    for page in (inside.get("/tickets").text, inside.get("/").text):
        assert ">#1<" in page
    with world.services.transaction() as session:
        session.get_one(Area, world.areas["yh"]).name = "幸福社区"
    assert "yh#2<" in above.get("/tickets").text


def test_hostile_words_show_as_words(place: Place) -> None:
    place.world.ticket(matter=HOSTILE, location=HOSTILE, words=HOSTILE, transferred_to=HOSTILE)
    browser = place.signed_in("staff")
    for path in ("/tickets", f"/tickets?q={HOSTILE}", "/"):
        page = browser.get(path).text
        assert "<img" not in page
        assert "onerror=alert(1)>" not in page


def test_who_only_reads_is_offered_nothing_to_do(place: Place) -> None:
    ref = place.world.ticket()
    for user, offered in (("staff", True), ("auditor", False)):
        page = place.signed_in(user).get("/tickets").text
        assert ref in page
        assert ("一起做" in page, 'name="ref"' in page) == (offered, offered)
