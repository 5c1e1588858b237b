"""One ticket: what is shown of it and to whom, moves, and two people at it."""

import re
from datetime import timedelta

from sqlmodel import select

from models import Intent, Status, TicketEvent
from tests.console.place import Browser, Place
from tests.web.world import PHONE

HOSTILE = "<script>alert(1)</script>\"'&"


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def stamp(page: str) -> str:
    found = re.search(r'data-version="([\d.]+)"', page)
    assert found is not None
    return found[1]


def move(browser: Browser, ref: str, verb: str, **form: str):  # type: ignore[no-untyped-def]
    """Open the page and do it."""
    page = browser.get(f"/tickets/{ref}").text
    return browser.post(f"/tickets/{ref}/move", verb=verb, **{"version": version(page), **form})


def test_the_page_shows_what_was_said_and_no_phone(place: Place) -> None:
    ref = place.world.ticket(why=["3栋2单元的单元长在"], need=f"电梯停了 {PHONE}")
    page = place.signed_in("staff").get(f"/tickets/{ref}").text
    assert "3栋2单元的单元长在" in page
    assert "王奶奶" in page
    assert "302" in page
    assert PHONE not in page
    assert [entry.detail for entry in place.world.audited("ticket.read")] == [{"phones": False}]


def test_phones_only_with_the_second_factor_and_written_down(place: Place) -> None:
    ref = place.world.ticket()
    browser = place.signed_in("staff")
    browser.get(f"/tickets/{ref}")
    answer = browser.post(f"/tickets/{ref}/phones")
    assert answer.location == "/console/account/factor?needed=1"
    browser = place.with_second("secretary")
    browser.get(f"/tickets/{ref}")
    assert PHONE in browser.post(f"/tickets/{ref}/phones").text
    assert [entry.person_id for entry in place.world.audited("ticket.unmasked")] == [place.world.people["secretary"]]


def test_a_grid_leader_sees_no_phone_at_all(place: Place) -> None:
    ref = place.world.ticket()
    browser = place.with_second("grid_leader")
    assert "看电话" not in browser.get(f"/tickets/{ref}").text
    assert browser.post(f"/tickets/{ref}/phones").status_code == 403


def test_what_is_outside_ones_areas_is_not_there(place: Place) -> None:
    ref = place.world.ticket(area="yh")
    browser = place.signed_in("staff")
    for path in (f"/tickets/{ref}", f"/tickets/{ref}/live", "/tickets/nothing", "/tickets/%00"):
        assert browser.get(path).status_code == 404
    for action in ("move", "merge", "split", "whistle", "phones"):
        assert browser.post(f"/tickets/{ref}/{action}", verb="accept", version="9", report="1").status_code in (
            302,
            404,
        )
    assert place.world.stored(ref).status == Status.DISPATCHED


def test_every_move_of_the_page_is_the_apis(place: Place) -> None:
    ref = place.world.ticket()
    browser = place.signed_in("staff")
    assert move(browser, ref, "accept").status_code == 302
    assert "记下了" in browser.get(f"/tickets/{ref}").text
    assert move(browser, ref, "progress", note="师傅下午来").status_code == 302
    assert move(browser, ref, "resolve", note="换了主板").status_code == 302
    assert move(browser, ref, "reopen").status_code == 302
    assert place.world.stored(ref).status == Status.REOPENED
    done = [len(place.world.audited(f"ticket.{verb}")) for verb in ("accept", "progress", "resolve", "reopen")]
    assert done == [1] * 4


def test_what_is_the_services_own_is_not_offered(place: Place) -> None:
    ref = place.world.ticket(status=Status.RESOLVED)
    assert '<option value="close"' not in place.signed_in("staff").get(f"/tickets/{ref}").text


def offered(browser: Browser, ref: str) -> set[str]:
    return set(re.findall(r'<option value="([a-z]+)" data-needs', browser.get(f"/tickets/{ref}").text))


def test_only_what_would_be_taken_is_offered(place: Place) -> None:
    world, now = place.world, place.world.services.now()
    browser, colleague = place.signed_in("staff"), place.signed_in("colleague")
    lift, question = world.ticket(), world.ticket(intent=Intent.POLICY, category="other")
    assert {"attend", "pause", "accept"} <= offered(browser, lift)
    assert "attend" not in offered(browser, question)
    assert "pause" not in offered(browser, world.ticket(danger="fire", urgent=True))
    assert "undo" not in offered(browser, lift)
    move(browser, lift, "accept")
    assert "undo" in offered(browser, lift)
    assert "undo" not in offered(colleague, lift)
    place.world.services.now.forward(minutes=11)  # type: ignore[attr-defined]  # the standing clock of the tests
    assert "undo" not in offered(browser, lift)
    closed = world.ticket(status=Status.CLOSED, closed_at=now)
    page = browser.get(f"/tickets/{closed}").text
    assert ("并到几号" in page, "叫一声" in page, offered(browser, closed)) == (False, False, {"reopen"})
    long_ago = world.ticket(status=Status.CLOSED, closed_at=now - timedelta(days=31))
    assert offered(browser, long_ago) == set()


def test_what_a_move_lacks_is_said_and_nothing_typed_is_lost(place: Place) -> None:
    ref = place.world.ticket()
    browser = place.signed_in("staff")
    answer = move(browser, ref, "decline", reason="不在我们这里")
    assert answer.status_code == 400
    assert 'value="不在我们这里"' in answer.text
    assert "没做成" in answer.text
    assert "“不办”要写另一位同意的同事" in answer.text
    for form, said in (({"verb": "pause"}, "“先放一放”要写为什么"), ({"verb": "progress"}, "“记一笔进展”要写一句话"),
                       ({"verb": "transfer"}, "要写转给哪个单位"), ({"verb": "give"}, "要选派给谁"),
                       ({"verb": ""}, "没做成：先选做什么")):  # fmt: skip
        answer = move(browser, ref, **form)
        assert (answer.status_code, said in answer.text) == (400, True), said
    answer = move(browser, ref, "pause", reason="等配件", until="not a moment")
    assert answer.status_code == 400
    assert 'value="等配件"' in answer.text
    assert move(browser, ref, "confirm").status_code == 400
    assert move(browser, ref, "explode").status_code == 400
    assert place.world.stored(ref).status == Status.DISPATCHED


def test_given_to_somebody_of_the_offices_choice(place: Place) -> None:
    ref, property_ = place.world.ticket(), place.world.posts["property"]
    browser = place.signed_in("staff")
    assert "property的名字" in browser.get(f"/tickets/{ref}").text
    refused = move(browser, ref, "give", post="999")
    assert (refused.status_code, "请换一位" in refused.text) == (400, True)
    assert move(browser, ref, "give", post=str(property_)).status_code == 302
    assert place.world.stored(ref).holder_post_id == property_
    grid = place.signed_in("grid_leader")
    assert "派给别人" not in grid.get(f"/tickets/{ref}").text
    assert move(grid, ref, "give", post=str(property_)).status_code == 403


def test_a_pause_until_a_moment_of_the_communitys_own_time(place: Place) -> None:
    ref = place.world.ticket()
    zone, now = place.world.services.settings.zone, place.world.services.now()
    until = (now + timedelta(days=2)).astimezone(zone)
    assert (
        move(place.signed_in("staff"), ref, "pause", reason="等配件", until=f"{until:%Y-%m-%dT%H:%M}").status_code
        == 302
    )
    assert place.world.stored(ref).status == Status.PAUSED


def test_who_comes_second_does_not_overwrite_the_first(place: Place) -> None:
    ref = place.world.ticket()
    first, second = place.signed_in("staff"), place.signed_in("colleague")
    shown = version(second.get(f"/tickets/{ref}").text)
    assert move(first, ref, "accept").status_code == 302
    answer = second.post(f"/tickets/{ref}/move", verb="transfer", target="物业", note="请物业看看", version=shown)
    assert answer.status_code == 409
    assert "刚才有人先动了这件事" in answer.text
    assert "staff的名字接下了" in answer.text
    assert 'value="物业"' in answer.text
    assert "请物业看看" in answer.text
    assert place.world.stored(ref).status == Status.ACCEPTED
    again = second.post(
        f"/tickets/{ref}/move", verb="transfer", target="物业", note="请物业看看", version=version(answer.text)
    )
    assert again.status_code == 302
    assert place.world.stored(ref).status == Status.TRANSFERRED


def test_a_form_without_a_version_is_older_than_everything(place: Place) -> None:
    ref = place.world.ticket()
    browser = place.signed_in("staff")
    browser.get(f"/tickets/{ref}")
    for shown in ("", "-1", "x", "٣"):
        assert browser.post(f"/tickets/{ref}/move", verb="accept", version=shown).status_code == 409


def test_a_neighbour_who_joins_stands_in_nobodys_way(place: Place) -> None:
    ref = place.world.ticket()
    browser = place.signed_in("staff")
    shown = version(browser.get(f"/tickets/{ref}").text)
    with place.world.services.transaction() as session:
        ticket = place.world.row(session, ref)
        session.add(TicketEvent(ticket_id=ticket.id, at=place.world.services.now(), kind="joined"))
    assert browser.post(f"/tickets/{ref}/move", verb="accept", version=shown).status_code == 302


def test_the_living_part_comes_anew_only_where_something_is_new(place: Place) -> None:
    ref = place.world.ticket()
    browser = place.signed_in("staff")
    page = browser.get(f"/tickets/{ref}").text
    quiet = browser.get(f"/tickets/{ref}/live", headers={"If-None-Match": f'"{stamp(page)}"', "X-Fragment": "1"})
    assert (quiet.status_code, quiet.text) == (304, "")
    place.world.joined(ref)
    fresh = browser.get(f"/tickets/{ref}/live", headers={"If-None-Match": f'"{stamp(page)}"', "X-Fragment": "1"})
    assert fresh.status_code == 200
    assert stamp(fresh.text) != stamp(page)
    assert "<form" not in fresh.text
    assert len(place.world.audited("ticket.read")) == 2


def test_merged_by_number_and_parted_again(place: Place) -> None:
    world = place.world
    one, two = world.ticket(), world.ticket()
    browser = place.signed_in("staff")
    shown = version(browser.get(f"/tickets/{two}").text)
    answer = browser.post(f"/tickets/{two}/merge", into=f"#{world.stored(one).number}", version=shown)
    assert answer.location == f"/console/tickets/{one}"
    assert world.stored(two).status == Status.WITHDRAWN
    page = browser.get(f"/tickets/{one}").text
    voice = re.findall(r'name="report" value="(\d+)"', page)[-1]
    apart = browser.post(f"/tickets/{one}/split", report=voice, version=version(page))
    assert apart.status_code == 302
    assert world.stored(two).status == Status.DISPATCHED
    slip = browser.post(f"/tickets/{one}/merge", into="99999", version=version(browser.get(f"/tickets/{one}").text))
    assert slip.status_code == 404
    assert "没做成：没有找到" in slip.text
    assert 'name="into"' in slip.text  # the ticket is still there, to try again


def test_who_was_called_stands_on_the_page(place: Place) -> None:
    world = place.world
    ref = world.ticket()
    world.organisation("派出所")
    browser = place.signed_in("staff")
    browser.get(f"/tickets/{ref}")
    assert browser.post(f"/tickets/{ref}/whistle", organisations="派出所、燃气").status_code == 302
    page = browser.get(f"/tickets/{ref}").text
    assert "还没回话" in page
    assert browser.post(f"/tickets/{ref}/whistle", organisations="没有这家").status_code == 409


def test_a_private_matter_is_for_those_it_was_told_to(place: Place) -> None:
    ref = place.world.ticket(intent=Intent.DISPUTE, category="noise", private=True)
    assert place.signed_in("grid_leader").get(f"/tickets/{ref}").status_code == 404
    page = place.signed_in("staff").get(f"/tickets/{ref}").text
    assert "私密：不进群" in page
    assert "叫一声" not in page


def test_an_auditor_reads_and_moves_nothing(place: Place) -> None:
    ref = place.world.ticket()
    browser = place.signed_in("auditor")
    assert "就这么办" not in browser.get(f"/tickets/{ref}").text
    assert browser.post(f"/tickets/{ref}/move", verb="accept", version="9").status_code == 403


def test_hostile_words_show_as_words(place: Place) -> None:
    world = place.world
    ref = world.ticket(
        matter=HOSTILE, location=HOSTILE, words=HOSTILE, transferred_to=HOSTILE, why=[HOSTILE], need=HOSTILE,
        cause=HOSTILE, plan=HOSTILE, progress=HOSTILE, outcome=HOSTILE, room=HOSTILE[:20],
    )  # fmt: skip
    browser = place.signed_in("staff")
    move(browser, ref, "progress", note=HOSTILE)
    answer = move(browser, ref, "pause", reason=HOSTILE, note=HOSTILE, target=HOSTILE, second=HOSTILE, until=HOSTILE)
    for page in (browser.get(f"/tickets/{ref}").text, browser.get(f"/tickets/{ref}/live").text, answer.text):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
    with world.services.reading() as session:
        assert any(HOSTILE in (event.note or "") for event in session.exec(select(TicketEvent)))
