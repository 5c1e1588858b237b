"""A social worker's day on the console, from the first click to the digest, and what neighbours hear of it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot import digesting
from models import Status
from tests.browser.test_console import NARROW, WIDE, sign_in, visiting
from tests.console.busy import LAMP, STAFF, sign_in_ready, two_days
from tests.stories.town import Town

pytestmark = pytest.mark.browser

ANSWER = "带身份证到社区大厅办，上班时间都行，当场能办好"


@pytest.fixture
def town(sqlite: str, tmp_path: Path) -> Iterator[Town]:
    built = two_days(sqlite, tmp_path)
    sign_in_ready(built, STAFF)
    yield built
    built.services.engine.dispose()


def do(page: Page, what: str, note: str = "") -> None:
    """A move on the ticket's page."""
    page.get_by_label("做什么").select_option(label=what)
    if note:
        page.get_by_label("写一句").fill(note)
    page.get_by_role("button", name="就这么办").click()
    expect(page.get_by_role("status").first).to_have_text("记下了。")


def heard(town: Town, chat: str) -> str:
    """Everything that was sent there."""
    town.drain()
    return "\n".join(line.text for channel in town.channels.values() for line in channel.sent if line.chat_id == chat)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["office", "phone"])
def test_a_day(browser: Browser, town: Town, artifacts: Path, size: tuple[int, int]) -> None:
    with visiting(browser, town, size, "light") as (page, url):
        sign_in(page, url)

        # The emergency first: somebody is there.
        page.get_by_role("link", name=re.compile("5栋1单元 电梯困人")).click()
        do(page, "已经到场", "维保师傅到了")
        assert "到了" in heard(town, "oa-王阿姨")

        # What nobody was sure of, in one click; it is a matter that is known already, so the two become one.
        page.goto(url)
        unsure = page.get_by_role("region", name=re.compile("拿不准的话"))
        unsure.get_by_role("listitem").filter(has_text=LAMP).get_by_role("button", name="建单").click()
        expect(page.get_by_role("status")).to_contain_text("处理好了")
        page.goto(f"{url}/tickets/2026-XF-8")
        page.get_by_label("并到几号").fill("2")
        page.get_by_role("button", name="并过去").click()
        expect(page.get_by_role("region", name=re.compile("谁报的"))).to_contain_text(LAMP)

        # Given to whom the office chooses.
        page.goto(f"{url}/tickets/2026-XF-4")
        page.get_by_label("派给谁").wait_for(state="attached")
        page.get_by_label("做什么").select_option(label="派给别人")
        page.get_by_label("派给谁").select_option(label="网格长 网格刘")
        page.get_by_role("button", name="就这么办").click()
        expect(page.get_by_role("status").first).to_have_text("记下了。")
        assert "社区请网格长接一下" in heard(town, "单元长群")

        # A question answered, and whoever asked it hears the answer.
        page.goto(f"{url}/tickets/2026-XF-5")
        do(page, "办好了", ANSWER)
        assert ANSWER in heard(town, "oa-张伯")

        # A repair done; the neighbour says so, and it is closed without another click.
        page.goto(f"{url}/tickets/2026-XF-6")
        do(page, "办好了", "门锁换了")
        town.say("王阿姨", "好了，谢谢")
        assert town.ticket(6).status == Status.CLOSED
        page.reload()
        expect(page.locator("h1 + .row")).to_contain_text("办结")

        # The day in numbers, as the staff's chat will be told of it.
        page.get_by_role("link", name="日报").first.click()
        page.get_by_role("link", name=re.compile("上次日报到现在")).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("幸福社区日报")
        page.screenshot(path=artifacts / f"console-day-digest-{size[0]}.png", full_page=True)
        town.wait(hours=20)
        digesting.tell_due(town.services)
        assert "响应率" in heard(town, "社工群")
