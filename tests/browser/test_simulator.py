"""The simulator's page in a real browser, against the stand-in and a small signature-checking service."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
import requests
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from bot.web import simulator
from standin.server import running
from tests.standin.cast import CHATS, PEOPLE, Town, config, nobody, serving, town
from tests.standin.echo import Echo

pytestmark = pytest.mark.browser

WIDE, NARROW = (1440, 900), (390, 844)
ELEVATOR = "3栋2单元电梯又坏了"
HOSTILE = "<img src=x onerror=alert(1)>\"'&lt;"


@dataclass
class Street:
    """The open page, the stand-in behind it, and what the browser complained of."""

    page: Page
    place: Town
    complaints: list[str]

    def phone(self, person: str) -> Locator:
        return self.page.locator(f'.phone[data-person="{person}"]')

    def bubbles(self, person: str) -> Locator:
        return self.phone(person).locator(".bubble:visible")

    def look_at(self, name: str) -> None:
        """On a narrow screen one phone is in front at a time."""
        tab = self.page.locator(".tab", has_text=name)
        if tab.is_visible():
            tab.click()

    def tap(self, person: str, words: str) -> None:
        self.phone(person).get_by_role("button", name=words, exact=True).first.click()

    def write(self, person: str, words: str) -> None:
        self.phone(person).get_by_role("textbox").fill(words)
        self.phone(person).get_by_role("textbox").press("Enter")


@contextmanager
def street(
    browser: Browser, size: tuple[int, int] = WIDE, scheme: Literal["light", "dark"] = "light", **over: Any
) -> Iterator[Street]:
    app = Flask("main")
    with town(**over) as place:
        app.register_blueprint(simulator.blueprint(place.url))
        with serving(app) as url:
            viewport: Any = {"width": size[0], "height": size[1]}
            context = browser.new_context(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
            page = context.new_page()
            complaints: list[str] = []
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
            page.goto(url + "/simulator")
            expect(page.locator(".phone:visible").first).to_be_visible()
            yield Street(page, place, complaints)
            context.close()
    assert complaints == []


def overflows(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (WIDE, "dark"), (NARROW, "light"), ((360, 740), "dark")])
def test_a_newcomer_goes_once_round(
    browser: Browser, artifacts: Path, size: tuple[int, int], scheme: Literal["light", "dark"]
) -> None:
    with street(browser, size, scheme) as town_street:
        page = town_street.page
        shot = f"simulator-{size[0]}-{scheme}"
        expect(page.locator(".step.active")).to_contain_text("王阿姨")
        page.screenshot(path=artifacts / f"{shot}-begins.png")

        town_street.tap("wang", ELEVATOR)
        expect(town_street.bubbles("wang")).to_have_count(2)
        expect(page.locator(".step.done")).to_have_count(1)

        town_street.look_at("李师傅")
        expect(town_street.bubbles("li")).to_contain_text("电梯停了")
        town_street.tap("li", "我去看看")
        expect(page.locator(".step.done")).to_have_count(3)

        town_street.look_at("王阿姨")
        expect(town_street.bubbles("wang").last).to_contain_text("李师傅说他去看看")
        expect(page.locator(".finish")).to_be_visible()
        assert not overflows(page)
        page.screenshot(path=artifacts / f"{shot}-ends.png")


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_a_wrong_hook_secret_fails_visibly_with_403(browser: Browser, artifacts: Path, size: tuple[int, int]) -> None:
    with street(browser, size, wechat={"token": "not-the-services-token"}) as town_street:
        with town_street.page.expect_response("**/api/say") as said:
            town_street.tap("wang", ELEVATOR)
        assert said.value.status == 403
        failed = town_street.phone("wang").locator(".is-failed")
        expect(failed.locator(".why")).to_contain_text("403")
        expect(failed.get_by_role("button", name="没发出去，再发一次")).to_be_visible()
        expect(town_street.page.locator(".step.done")).to_have_count(0)
        assert town_street.place.echo.heard == []
        town_street.page.screenshot(path=artifacts / f"simulator-{size[0]}-403.png")


def test_what_failed_can_be_sent_again(browser: Browser) -> None:
    with street(browser) as town_street:
        town_street.place.control(wechat={"wrong_secret": True})
        town_street.tap("wang", ELEVATOR)
        again = town_street.phone("wang").get_by_role("button", name="没发出去，再发一次")
        expect(again).to_be_visible()
        town_street.place.control(wechat={"wrong_secret": False})
        again.click()
        expect(town_street.bubbles("wang").last).to_contain_text("记下了")


def test_hostile_names_and_texts_stay_text(browser: Browser, artifacts: Path) -> None:
    people = [*PEOPLE, {"id": "evil", "name": HOSTILE, "role": HOSTILE, "about": HOSTILE, "lines": [HOSTILE]}]
    chats = [
        {"id": "g", "name": HOSTILE, "members": ["evil", "li", "wang"], "channel": "onebot", "about": HOSTILE},
        *CHATS,
    ]
    with street(browser, people=people, chats=chats, phones=["evil", "li"]) as town_street:
        town_street.place.echo.answer = HOSTILE + " #7"
        page = town_street.page
        town_street.write("evil", HOSTILE)
        expect(town_street.bubbles("evil").first).to_have_text(HOSTILE)
        expect(town_street.bubbles("evil").last).to_contain_text(HOSTILE)
        town_street.place.say(**{"as": "evil", "chat": "g", "text": HOSTILE})
        expect(town_street.phone("li").locator(".banner")).to_contain_text(HOSTILE)
        town_street.phone("li").locator(".banner").click()
        expect(town_street.phone("li").locator(".by").first).to_contain_text(HOSTILE)
        page.locator(".add-phone").click()
        expect(page.locator("#picker")).to_contain_text(HOSTILE)
        assert page.locator("img").count() == 0
        page.screenshot(path=artifacts / "simulator-hostile.png")


def test_a_neighbours_group_shows_a_badge_a_banner_and_the_quotation(browser: Browser) -> None:
    with street(browser) as town_street:
        said = town_street.place.say(**{"as": "zhou", "chat": "50002", "text": "走道灯不亮"}).json()["message"]
        wang = town_street.phone("wang")
        expect(wang.locator(".banner")).to_contain_text("周姐：走道灯不亮")
        expect(wang.locator(".back-count")).to_have_text("1")
        wang.get_by_role("button", name="回到消息列表").click()
        expect(wang.locator('.row[data-chat="50002"] .badge')).to_have_text("1")
        wang.locator('.row[data-chat="50002"]').click()
        wang.locator(".bubble", has_text="走道灯不亮").click()
        expect(wang.locator(".quoting")).to_contain_text("走道灯不亮")
        town_street.write("wang", "我家也是")
        expect(wang.locator(".line.mine .quoted")).to_contain_text("周姐：走道灯不亮")
        expect(wang.locator(".line.mine.is-sent")).to_be_visible()
        assert town_street.place.echo.heard[-1]["message"][0] == {"type": "reply", "data": {"id": said["id"]}}


def test_one_may_recall_in_a_group_and_is_told_why_not_in_the_account(browser: Browser) -> None:
    with street(browser, phones=["li", "wang"]) as town_street:
        town_street.write("li", "说错了")
        line = town_street.phone("li").locator(".line.mine")
        line.hover()
        line.get_by_role("button", name="撤回").click()
        expect(town_street.phone("li").locator(".note")).to_contain_text("您撤回了一条消息")
        town_street.write("wang", "你好")
        town_street.place.echo.answer = "好的"
        town_street.bubbles("wang").first.click()
        expect(town_street.phone("wang").locator(".toast")).to_contain_text("公众号里不能引用")


def test_a_number_can_be_tapped_into_the_answer(browser: Browser) -> None:
    with street(browser) as town_street:
        town_street.tap("wang", ELEVATOR)
        town_street.phone("wang").get_by_role("button", name="#128").first.click()
        expect(town_street.phone("wang").get_by_role("textbox")).to_have_value("#128 ")


def test_phones_are_added_switched_put_away_and_kept_over_a_reload(browser: Browser) -> None:
    with street(browser, phones=["wang", "li"]) as town_street:
        page = town_street.page
        page.locator(".add-phone").click()
        page.get_by_label("找人").fill("陈")
        page.locator('.candidate[data-person="chen"]').click()
        expect(town_street.phone("chen")).to_be_visible()
        town_street.phone("wang").locator(".owner").click()
        page.locator('.candidate[data-person="zhou"]').click()
        expect(town_street.phone("wang")).to_have_count(0)
        town_street.phone("li").get_by_role("button", name="收起李师傅的手机").click()
        page.reload()
        expect(page.locator(".phone")).to_have_count(2)
        assert [phone.get_attribute("data-person") for phone in page.locator(".phone").all()] == ["zhou", "chen"]


def test_it_can_be_used_with_the_keyboard_and_is_read_out(browser: Browser) -> None:
    with street(browser) as town_street:
        page = town_street.page
        page.locator(".step.active button").focus()
        page.keyboard.press("Enter")
        page.keyboard.type("路灯不亮")
        page.keyboard.press("Enter")
        expect(town_street.bubbles("wang")).to_have_count(2)
        expect(page.locator("#announcer")).to_contain_text("小单说")
        page.keyboard.press("Escape")
        expect(town_street.phone("wang").locator(".list .row").first).to_be_focused()


def test_photo_and_voice_go_out_and_are_drawn(browser: Browser, artifacts: Path) -> None:
    with street(browser) as town_street:
        wang = town_street.phone("wang")
        for deed in ("image", "voice", "location"):
            wang.get_by_role("button", name="照片、语音和别的").click()
            wang.locator(f'.extra[data-deed="{deed}"]').click()
            expect(wang.locator(f".of-{deed}")).to_be_visible()
        expect(wang.locator(".is-sent.mine")).to_have_count(3)
        town_street.page.screenshot(path=artifacts / "simulator-media.png")
        assert [told["MsgType"] for told in town_street.place.echo.heard] == ["image", "voice", "location"]


def test_the_dots_show_while_a_slow_service_thinks(browser: Browser, artifacts: Path) -> None:
    with street(browser) as town_street:
        town_street.place.echo.slow = 1.2
        town_street.tap("wang", ELEVATOR)
        expect(town_street.phone("wang").locator(".typing")).to_be_visible()
        town_street.page.screenshot(path=artifacts / "simulator-waiting.png")
        expect(town_street.bubbles("wang").last).to_contain_text("记下了")
        expect(town_street.phone("wang").locator(".typing")).to_be_hidden()


def test_the_page_keeps_to_itself_and_the_proxy_passes_on_four_calls_only() -> None:
    app = Flask("main")
    with town() as place:
        app.register_blueprint(simulator.blueprint(place.url))
        with serving(app) as url:
            page = requests.get(url + "/simulator", timeout=5)
            assert "default-src 'none'" in page.headers["Content-Security-Policy"]
            assert "<style" not in page.text
            assert "style=" not in page.text
            assert requests.get(url + "/simulator/api/cast", timeout=5).json()["bot"]["name"] == "小单"
            for path in ("control", "calls", "../control"):
                assert requests.post(f"{url}/simulator/api/{path}", json={}, timeout=5).status_code == 404
            form = requests.post(url + "/simulator/api/say", data={"as": "wang", "text": "喂"}, timeout=5)
            assert form.status_code == 400
            long = requests.post(url + "/simulator/api/say", json={"as": "wang", "text": "字" * 9000}, timeout=5)
            assert long.status_code == 413
            assert place.echo.heard == []


def test_a_service_with_one_thread_is_not_held_up_by_its_own_page() -> None:
    echo = Echo()
    app = echo.app()
    with serving(app, threaded=False) as url, running(config(url)) as standin:
        app.register_blueprint(simulator.blueprint(standin))
        say = {"as": "wang", "text": "路灯不亮"}
        assert requests.post(url + "/simulator/api/say", json=say, timeout=4).status_code == 202
        heard = Town(standin, echo).wait_for("private:wang", 2)
        assert [(line["by"], line["state"]) for line in heard] == [("wang", "sent"), ("bot", "sent")]


def test_without_the_stand_in_the_proxy_says_so() -> None:
    app = Flask("main")
    with nobody() as nowhere:
        app.register_blueprint(simulator.blueprint(nowhere))
        with serving(app) as url:
            for answer in (
                requests.get(url + "/simulator/api/since", timeout=5),
                requests.post(url + "/simulator/api/say", json={"as": "wang", "text": "喂"}, timeout=5),
            ):
                assert (answer.status_code, "替身平台" in answer.json()["reason"]) == (502, True)
