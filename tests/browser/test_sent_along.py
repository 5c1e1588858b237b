"""A picture is seen and a voice heard on a ticket's page, in a real browser; one that comes late appears by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot.channels import DeliveryError, Kind
from tests.browser.looking import faults
from tests.browser.test_console import NARROW, sign_in, visiting
from tests.console.busy import STAFF, sign_in_ready, two_days
from tests.stories.town import Town

pytestmark = pytest.mark.browser

SEEN = "one => one.complete && one.naturalWidth > 0"
LENGTH = """one => new Promise((found, lost) => {
    one.addEventListener("loadedmetadata", () => found(one.duration));
    one.addEventListener("error", lost);
    one.load();
})"""


@pytest.fixture
def town(sqlite: str, tmp_path: Path) -> Iterator[Town]:
    built = two_days(sqlite, tmp_path)
    sign_in_ready(built, STAFF)
    yield built
    built.services.engine.dispose()


def test_pictures_are_seen_voices_are_heard_and_what_comes_late_appears(
    browser: Browser, town: Town, artifacts: Path
) -> None:
    held = town.channels["oa"].holds
    recording, held["voice"] = held["voice"], DeliveryError("busy")
    with visiting(browser, town, NARROW, "light") as (page, url):
        sign_in(page, url)
        page.goto(f"{url}/tickets/2026-XF-2")
        came = page.get_by_role("region", name="照片、语音和文件")
        picture = came.get_by_role("img").first
        expect(picture).to_have_attribute("alt", "王阿姨昨天 09:10发来的照片，点开看大图")
        picture.scroll_into_view_if_needed()
        page.wait_for_function(SEEN, arg=picture.element_handle())
        expect(came).to_contain_text("那边已经没有了，请本人再发一次")

        with page.expect_popup() as opened:
            picture.click()
        assert opened.value.evaluate("document.images[0].naturalWidth") == 960
        opened.value.close()

        town.say("王阿姨", "", kind=Kind.VOICE, media_id="voice")
        late = town.tickets()[-1]
        page.goto(f"{url}/tickets/{late.ref}")
        expect(came).to_contain_text("正在取")
        expect(page.get_by_role("region", name="谁报的")).to_contain_text("没有写字，看下面的照片或语音")
        held["voice"] = recording
        town.wait(minutes=2)
        page.evaluate(
            "document.dispatchEvent(new Event('visibilitychange'))"
        )  # as when somebody comes back to the page
        sound = came.locator("audio")
        expect(sound).to_be_visible()
        assert 1.5 < sound.evaluate(LENGTH) < 3
        page.screenshot(path=artifacts / "console-voice-390-light.png", full_page=True)
        assert faults(page) == []
