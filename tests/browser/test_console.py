"""The console's pages in a real browser: two widths, both themes, with data and without; axe finds nothing serious."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from bot import digesting, tokens
from bot.desk import Desk
from bot.words import drafts
from bot.words.drafts import Where, Who
from models import ChangeKind, Intent, Learning, Review, ReviewState
from tests.browser.looking import Scheme, faults, in_both_themes
from tests.console.busy import HOSTILE, STAFF, open_console, sign_in_ready, two_days
from tests.console.place import PASSWORD
from tests.console.test_importing import AREA, PERSON, book
from tests.stories.conftest import build, people
from tests.stories.town import Town

pytestmark = pytest.mark.browser

WIDE, NARROW = (1280, 900), (390, 844)
PAGES = {
    "today": "/", "tickets": "/tickets", "found": "/tickets?q=电梯&status=all", "ticket": "/tickets/2026-XF-2",
    "private": "/tickets/2026-XF-3", "hostile": "/tickets/2026-XF-6", "account": "/account",
    "factor": "/account/factor",
    "owed": "/owed", "directory": "/directory", "policies": "/policies?q=居住证怎么续签", "users": "/users",
    "digests": "/digest", "digest": "/digest/XF/week/now", "digest-told": "/digest/XF/day/2026-11-24",
    "policy": "/policies/annual-leave", "policy-new": "/policies/new?from=2026-XF-5",
    "settings": "/settings", "people": "/people?q=王阿姨", "person": "/people/p11", "erasures": "/people/erasures",
    "appoint": "/directory/posts/new",
    "password": "/account/password", "design": "/design", "missing": "/tickets/nothing",
}  # fmt: skip
DRAFT = "/words/drafts/1"
PAGES |= {
    "words": "/words", "words-draft": DRAFT, "words-lists": f"{DRAFT}/lists?file=repair.toml&at=categories/lift",
    "words-danger": f"{DRAFT}/lists?file=danger.toml&at=kinds/gas", "words-pairs": f"{DRAFT}/pairs?q=冇",
    "words-sentences": f"{DRAFT}/sentences?q=记下", "words-lines": f"{DRAFT}/lines?q=扶梯",
    "words-sentence": f"{DRAFT}/sentence?file=wording.toml&place=receipts/receipt_group",
    "words-file": f"{DRAFT}/file?name=help.toml", "words-try": f"{DRAFT}/try", "words-replay": f"{DRAFT}/replay",
    "words-version": "/words/versions/0", "words-samples": "/words/samples",
}  # fmt: skip
EMPTY_PAGES = {
    "today-empty": "/", "tickets-empty": "/tickets", "nothing-found": "/tickets?q=天花板", "digests-empty": "/digest",
    "digest-empty": "/digest/XF/day/now", "words-empty": "/words", "words-samples-empty": "/words/samples",
}  # fmt: skip


@contextmanager
def visiting(browser: Browser, town: Town, size: tuple[int, int], scheme: Scheme) -> Iterator[tuple[Page, str]]:
    """A browser before the town's console; it complains of nothing."""
    viewport: Any = {"width": size[0], "height": size[1]}
    with open_console(town) as url:
        context = browser.new_context(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
        page.on("dialog", lambda dialog: complaints.append(f"a dialog: {dialog.message}"))
        yield page, f"{url}/console"
        context.close()
    assert complaints == []


def sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/login")
    page.get_by_label("用户名").fill(STAFF)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("今日")


@pytest.fixture
def town(sqlite: str, tmp_path: Path) -> Iterator[Town]:
    built = two_days(sqlite, tmp_path)
    sign_in_ready(built, STAFF)
    with built.services.transaction() as session:  # so that every page is theirs
        tokens.create(built.services.desk(session), STAFF, "administrator", "XF")
        a_draft(built.services.desk(session))
    digesting.tell_due(built.services)
    built.drain()
    yield built
    built.services.engine.dispose()


def a_draft(desk: Desk) -> None:
    """Of the words: something of each kind is changed in it, and one sentence is approved to be learned from."""
    who = Who(STAFF, None)
    draft = drafts.begin(desk, "电梯的新说法", who)
    lift = Where("repair.toml", "categories/lift/things")
    drafts.enter(desk, draft, ChangeKind.ADD, lift, "哐叽笼", who)
    drafts.enter(desk, draft, ChangeKind.STRIKE, lift, "货梯", who)
    drafts.enter(desk, draft, ChangeKind.ADD, Where("dialects.toml", "community"), f"轿箱\t{HOSTILE}", who)
    said = "{topic}的事记下了(#{number})，有消息在这里说。"
    where = Where("wording.toml", "receipts/receipt_group")
    drafts.put(desk, draft, ChangeKind.SET, where, "{topic}记下了(#{number})。", who, base=said, shown=said)
    review = desk.session.exec(select(Review)).first()
    assert review is not None
    review.state, review.learning, review.expires_at = ReviewState.IGNORED, Learning.APPROVED, None
    review.label_intent, review.label_category = Intent.OTHER, "chat"


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_every_page_at_both_widths_in_both_themes(
    browser: Browser, town: Town, artifacts: Path, size: tuple[int, int]
) -> None:
    wrong: dict[str, list[str]] = {}
    with visiting(browser, town, size, "light") as (page, url):
        page.goto(f"{url}/login")
        for name, path in {"login": None, **PAGES}.items():
            if name == "today":
                sign_in(page, url)
            if path is not None:
                answer = page.goto(url + path)
                assert answer is not None
                assert answer.status < 500, name
            if problems := in_both_themes(page, artifacts, f"console-{name}-{size[0]}"):
                wrong[name] = problems
    assert wrong == {}, json.dumps(wrong, ensure_ascii=False, indent=1)


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")])
def test_the_pages_of_a_town_where_nothing_has_happened(
    browser: Browser, sqlite: str, tmp_path: Path, artifacts: Path, size: tuple[int, int], scheme: Scheme
) -> None:
    quiet = build(sqlite, tmp_path)
    people(quiet)
    sign_in_ready(quiet, STAFF)
    wrong: dict[str, list[str]] = {}
    with visiting(browser, quiet, size, scheme) as (page, url):
        sign_in(page, url)
        for name, path in EMPTY_PAGES.items():
            page.goto(url + path)
            page.screenshot(path=artifacts / f"console-{name}-{size[0]}-{scheme}.png", full_page=True)
            if problems := faults(page):
                wrong[name] = problems
    assert wrong == {}, json.dumps(wrong, ensure_ascii=False, indent=1)


def test_a_social_workers_afternoon(browser: Browser, town: Town) -> None:
    with visiting(browser, town, WIDE, "light") as (page, url):
        sign_in(page, url)
        page.get_by_role("region", name=re.compile("拿不准的话")).get_by_role("button", name="建单").last.click()
        expect(page.get_by_role("status")).to_have_text("处理好了。")

        page.get_by_role("link", name=re.compile("5栋1单元 电梯困人")).click()
        page.get_by_label("做什么").select_option(label="已经到场")
        page.get_by_label("写一句").fill("维保师傅到了")
        page.get_by_role("button", name="就这么办").click()
        expect(page.get_by_role("status").first).to_have_text("记下了。")
        expect(page.get_by_role("region", name="经过")).to_contain_text("维保师傅到了")

        page.get_by_role("link", name="工单").first.click()
        page.get_by_label("找").fill("下水道")
        page.keyboard.press("Enter")
        expect(page.locator("tbody tr")).to_have_count(1)
        page.get_by_role("link", name=re.compile("下水道堵了")).click()
        page.get_by_label("做什么").select_option(label="转给别的单位")
        expect(page.get_by_label("到什么时候")).to_be_hidden()
        page.get_by_label("转给谁").fill("物业")
        page.get_by_role("button", name="就这么办").click()
        expect(page.locator("h1 + .row")).to_contain_text("已转出")


def test_what_is_new_appears_and_what_is_typed_stays(browser: Browser, town: Town) -> None:
    with visiting(browser, town, WIDE, "light") as (page, url):
        sign_in(page, url)
        page.clock.install()
        page.goto(f"{url}/tickets/2026-XF-4")
        page.get_by_label("写一句").fill("我正在写，还没写完")
        town.say("王阿姨", "催一下4号")
        with page.expect_response("**/live") as fresh:
            page.clock.fast_forward(16_000)
        assert fresh.value.status == 200
        expect(page.get_by_role("region", name=re.compile("说了什么"))).to_contain_text("催一下4号")
        expect(page.get_by_role("region", name="经过")).to_contain_text("有人催")
        expect(page.get_by_label("写一句")).to_have_value("我正在写，还没写完")
        expect(page.get_by_text("这件事有新情况")).to_be_visible()


def test_hostile_words_stand_there_as_words(browser: Browser, town: Town) -> None:
    with visiting(browser, town, WIDE, "light") as (page, url):
        sign_in(page, url)
        page.goto(f"{url}/tickets/2026-XF-6")
        expect(page.get_by_role("region", name=re.compile("谁报的"))).to_contain_text(HOSTILE[:20])
        assert page.locator("main img").count() == 0


def test_by_keyboard_alone(browser: Browser, town: Town) -> None:
    with visiting(browser, town, WIDE, "light") as (page, url):
        sign_in(page, url)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        page.goto(f"{url}/tickets")
        page.keyboard.press("/")
        expect(page.get_by_label("找")).to_be_focused()
        page.keyboard.type("门")
        page.keyboard.press("Enter")
        expect(page.locator("tbody tr")).not_to_have_count(0)


def test_on_a_phone_a_list_begins_with_its_tickets(browser: Browser, town: Town) -> None:
    with visiting(browser, town, NARROW, "light") as (page, url):
        sign_in(page, url)
        page.goto(f"{url}/tickets")
        expect(page.get_by_label("次序")).to_be_hidden()
        page.get_by_role("button", name="还要挑一挑").click()
        expect(page.get_by_label("到哪步")).to_be_focused()
        page.get_by_label("到哪步").select_option(label="全部")
        page.get_by_role("button", name="找", exact=True).click()
        expect(page.get_by_label("到哪步")).to_be_visible()  # it is narrowed: what narrows it is seen


@pytest.mark.parametrize(
    ("system", "round_", "shows"),
    [
        ("light", {"dark": "深色", "light": "浅色", "auto": "跟随系统"}, "rgb(17, 24, 26)"),
        ("dark", {"light": "浅色", "dark": "深色", "auto": "跟随系统"}, "rgb(245, 243, 238)"),
    ],
)
def test_the_theme_is_the_readers_choice_and_is_kept(
    browser: Browser, town: Town, system: Scheme, round_: dict[str, str], shows: str
) -> None:
    """Whatever the system looks like, the first click shows, and three bring it back. By keyboard, and heard."""
    with visiting(browser, town, WIDE, system) as (page, url):
        sign_in(page, url)
        root, switch = page.locator("html"), page.locator("button[name=theme]:visible")
        switch.focus()
        for chosen, named in round_.items():
            page.keyboard.press("Enter")
            expect(root).to_have_attribute("data-theme", chosen)
            expect(page.get_by_role("group", name=f"页面颜色：现在{named}")).to_be_focused()
            page.keyboard.press("Tab")
            expect(switch).to_be_focused()
            expect(switch).to_have_accessible_name(re.compile(f"现在{named}"))
        switch.click()
        page.goto(f"{url}/tickets?q=门")
        expect(root).to_have_attribute("data-theme", next(iter(round_)))
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == shows


def test_paper_shows_the_ticket_and_no_buttons(browser: Browser, town: Town, artifacts: Path) -> None:
    with visiting(browser, town, WIDE, "dark") as (page, url):
        sign_in(page, url)
        page.goto(f"{url}/tickets/2026-XF-2")
        page.emulate_media(media="print")
        expect(page.get_by_role("button", name="就这么办")).to_be_hidden()
        expect(page.get_by_role("navigation")).to_be_hidden()
        expect(page.locator(".only-paper")).to_be_visible()
        expect(page.get_by_role("region", name=re.compile("谁报的"))).to_contain_text("王阿姨")
        expect(page.get_by_text("三楼到四楼一片黑").nth(1)).to_be_visible()
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        page.screenshot(path=artifacts / "console-ticket-paper.png", full_page=True)


def test_a_secretary_teaches_a_new_word(browser: Browser, town: Town) -> None:
    """From the first look at the page: try it, open a draft, add what people say, try again, publish, look."""
    with visiting(browser, town, WIDE, "light") as (page, url):
        sign_in(page, url)
        page.get_by_role("link", name="词和例句").first.click()
        page.get_by_label("草稿叫什么").fill("电梯的土话")
        page.get_by_role("button", name="开一稿").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("电梯的土话")
        page.get_by_role("link", name="方言").first.click()
        page.get_by_label("大家怎么叫").fill("哐叽笼")
        page.get_by_label("就是什么").fill("电梯")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").first).to_have_text("加上了。")
        page.get_by_role("link", name="试一句").click()
        page.get_by_label("居民会怎么说").fill("3栋2单元哐叽笼停了")
        page.get_by_role("button", name="现在的和这一稿的一起看").click()
        expect(page.get_by_role("region", name="这一稿")).to_contain_text("报修，电梯")
        page.get_by_role("link", name="改了什么").click()
        page.get_by_label("为什么改").fill("居民都这么叫")
        page.get_by_role("button", name="发布，马上用").click()
        expect(page.get_by_text("发布了，几秒钟后都用这一版")).to_be_visible()
        page.get_by_role("link", name="第1版").click()
        expect(page.get_by_role("region", name=re.compile("改了什么"))).to_contain_text("哐叽笼 → 电梯")
        page.get_by_role("link", name="词和例句").first.click()
        page.get_by_role("link", name="第0版").click()
        page.get_by_role("button", name="退回到这一版").click()
        expect(page.get_by_text("退回去了")).to_be_visible()


def second_factor(page: Page, url: str, town: Town) -> None:
    """Set it up as an authenticator would."""
    page.goto(f"{url}/account/factor")
    secret = re.sub(r"\s", "", page.locator(".panel > .number").inner_text())
    page.get_by_label("六位数").fill(pyotp.TOTP(secret).at(town.services.now()))
    page.get_by_role("button", name="加上").click()
    expect(page.locator(".codes")).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")])
def test_a_roster_is_taken_in_and_somebody_is_forgotten(
    browser: Browser, town: Town, tmp_path: Path, artifacts: Path, size: tuple[int, int], scheme: Scheme
) -> None:
    area, unit = ("B7", "W1", "楼栋", "7栋"), ("B7U1", "B7", "单元", "1单元")
    sheets = {"区域": (AREA, area, unit), "人员": (PERSON, ("N1", "新来的赵姐", None, "B7U1"))}
    (tmp_path / "roster.xlsx").write_bytes(book(sheets))
    wrong: dict[str, list[str]] = {}

    def look(name: str) -> None:
        page.screenshot(path=artifacts / f"console-{name}-{size[0]}-{scheme}.png", full_page=True)
        if problems := faults(page):
            wrong[name] = problems

    with visiting(browser, town, size, scheme) as (page, url):
        sign_in(page, url)
        second_factor(page, url, town)
        page.goto(f"{url}/directory")
        page.get_by_role("link", name="导入名单").click()
        page.get_by_label("名单（.xlsx）").set_input_files(tmp_path / "roster.xlsx")
        page.get_by_role("button", name="看会改什么").click()
        expect(page.get_by_role("region", name="人员")).to_contain_text("新来的赵姐")
        look("import")
        page.get_by_role("button", name="就按这个导入").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("导入好了")
        look("imported")

        page.goto(f"{url}/directory")
        page.get_by_label("找一个人").fill("张伯")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="张伯").click()
        page.get_by_role("link", name="去删").click()
        look("erase")
        page.get_by_label("本人要求的", exact=True).check()
        page.get_by_label("请写下").fill("张伯")
        page.get_by_role("button", name="删掉").click()
        expect(page.get_by_role("status")).to_contain_text("删好了")
        expect(page.locator("tbody tr")).to_have_count(1)
        look("erased")
    assert wrong == {}, json.dumps(wrong, ensure_ascii=False, indent=1)
