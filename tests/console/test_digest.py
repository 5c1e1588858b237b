"""The digest's pages: what was told stays as it was, charts are files, an export asks for the second factor."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlmodel import col, select

from bot import digesting
from bot.console.digest import PICTURE
from bot.digest.periods import Period
from models import AuditEntry, KeptDigest, Status
from tests.console.place import Place
from tests.web.world import PHONE

WEEK = timedelta(days=7)


@pytest.fixture
def told(place: Place) -> KeptDigest:
    """A digest told of a ticket that is solved later, and of one told in confidence."""
    world = place.world
    at = digesting.times(world.services.settings, "xf").last(Period.DAY, world.services.now()).due_at
    world.ticket(opened_at=at - timedelta(hours=2), status=Status.REOPENED, matter="<b>电梯停了</b>")
    world.ticket(opened_at=at - timedelta(hours=3), status=Status.REOPENED, private=True, matter="楼上太吵")
    world.services.now.at = at  # type: ignore[attr-defined]  # the standing clock of the tests
    assert digesting.tell_due(world.services) >= 2  # of both communities
    world.services.now.at = at + timedelta(hours=1)  # type: ignore[attr-defined]
    with world.services.reading() as session:
        mine = select(KeptDigest).where(
            KeptDigest.community_id == world.communities["xf"], KeptDigest.period == Period.DAY
        )
        return session.exec(mine).one()


def test_the_list_and_the_digest_as_it_was_told(place: Place, told: KeptDigest) -> None:
    browser = place.signed_in("staff")
    address = f"/digest/xf/day/{told.told_on.isoformat()}"
    assert f"/console{address}" in browser.get("/digest").text
    place.world.ticket(opened_at=told.ends_at - timedelta(hours=1))  # heard of too late to be told
    page = browser.get(address).text
    assert "<dt>新来</dt><dd>2</dd>" in page
    assert "&lt;b&gt;电梯停了&lt;/b&gt;" in page
    assert "楼上太吵" not in page  # counted, and no more
    assert "另外1件是私下反映的" in page
    assert PHONE not in page
    assert "王奶奶" not in page
    assert "<dt>新来</dt><dd>0</dd>" in browser.get("/digest/xf/day/now").text


def test_what_is_not_there_is_not_found(place: Place, told: KeptDigest) -> None:
    browser = place.signed_in("staff")
    for path in ("/digest/yh/day/now", "/digest/xf/year/now", "/digest/xf/day/2026-13-01", "/digest/xf/day/2099-01-01",
                 "/digest/xf/day/now/rain.svg", "/digest?period=year", "/digest?before=never"):  # fmt: skip
        assert browser.get(path).status_code == 404, path
    assert place.signed_in("grid_leader").get("/digest").text.count("/console/digest/") == 0


def test_a_chart_is_a_file_of_its_own_in_both_themes(place: Place, told: KeptDigest) -> None:
    browser = place.signed_in("staff")
    light, dark = (browser.get(f"/digest/xf/day/now/trend.svg?theme={theme}") for theme in ("light", "dark"))
    assert light.content_type == "image/svg+xml"
    assert light.headers["Content-Security-Policy"] == PICTURE
    assert b"<text" not in light.data
    assert light.data != dark.data
    page = browser.get("/digest/xf/day/now")
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    assert "trend.svg?theme=light" in page.text


def test_an_export_asks_for_the_second_factor_and_is_written_down(place: Place, told: KeptDigest) -> None:
    base = f"/digest/xf/day/{told.told_on.isoformat()}"
    refused = place.signed_in("staff").get(f"{base}/digest.xlsx")
    assert (refused.status_code, "/account/factor" in refused.headers["Location"]) == (302, True)
    browser = place.with_second("staff")
    book = load_workbook(BytesIO(browser.client.get(f"/console{base}/digest.xlsx").data))
    words = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "<b>电梯停了</b>" in words
    assert PHONE not in "".join(words)
    paper = browser.client.get(f"/console{base}/digest.pdf")
    assert paper.data.startswith(b"%PDF-")
    now = browser.client.get("/console/digest/xf/day/now/digest.xlsx")
    zone = place.world.services.settings.zone
    assert place.world.services.now().astimezone(zone).date().isoformat() in now.headers["Content-Disposition"]
    with place.world.services.reading() as session:
        seen = session.exec(select(AuditEntry).where(col(AuditEntry.action) == "digest.exported")).all()
    assert [entry.detail["format"] for entry in seen] == ["xlsx", "pdf", "xlsx"]


def test_a_list_goes_on(place: Place, told: KeptDigest) -> None:
    with place.world.services.transaction() as session:
        for days in range(1, 40):
            copy = told.model_dump(exclude={"id", "told_on"})
            figures = {**told.figures, "told_on": (told.told_on - timedelta(days=days)).isoformat()}
            session.add(KeptDigest(**{**copy, "figures": figures}, told_on=told.told_on - timedelta(days=days)))
    browser = place.signed_in("auditor")
    first = browser.get("/digest").text
    following = first.split("before=")[1].split('"')[0]
    second = browser.get(f"/digest?before={following}").text
    assert (first.count('class="matter"'), second.count('class="matter"')) == (30, 10)
    assert "更早的" not in second
