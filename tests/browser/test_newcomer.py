"""The first thing a newcomer sees: the whole service as `run` starts it, through its simulator, in a real browser."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
WIDE, NARROW = (1440, 900), (390, 844)
PATIENCE = 15_000  # ms a line may take on a busy machine before the test gives up


@dataclass
class Service:
    """What `run` printed."""

    url: str
    token: str
    output: str

    def control(self, **switches: object) -> None:
        """Turn a switch of the stand-in platform."""
        standin = re.search(r"^http://127\.0\.0\.1:\d+$", self.output, re.MULTILINE)
        assert standin is not None, self.output
        requests.post(f"{standin[0]}/control", json=switches, timeout=5).raise_for_status()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    prefixes = ("WECHAT_", "ONEBOT", "WEBHOOK_", "DATABASE_URL", "REDIS_URL")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(prefixes)}
    folder = tmp_path_factory.mktemp("newcomer")
    log = folder / "output"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "app.py", "run", "--port", "0", "--data", str(folder / "data")],
            cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env=environment,
        )  # fmt: skip
    until = time.monotonic() + 90
    while "\nready" not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.2)
    output = log.read_text()
    url = re.search(r"simulator: (http://\S+)/simulator", output)
    token = re.search(r"staff token: (\S+)", output)
    assert url is not None
    assert token is not None
    yield Service(url[1], token[1], output)
    process.terminate()
    process.wait(30)


@dataclass
class Street:
    page: Page

    def phone(self, person: str) -> Locator:
        return self.page.locator(f'.phone[data-person="{person}"]')

    def look_at(self, name: str) -> None:
        tab = self.page.locator(".tab", has_text=name)
        if tab.is_visible():
            tab.click()


@pytest.fixture
def street(request: pytest.FixtureRequest, browser: Browser, service: Service) -> Iterator[Street]:
    size = getattr(request, "param", WIDE)
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{service.url}/simulator")
    expect(page.locator(".phone:visible").first).to_be_visible()
    yield Street(page)
    context.close()


@pytest.mark.parametrize("street", [WIDE, NARROW], indirect=True, ids=["wide", "narrow"])
def test_report_card_answer_told_within_a_minute(
    street: Street, artifacts: Path, request: pytest.FixtureRequest
) -> None:
    page, name = street.page, request.node.callspec.id
    resident, leader = street.phone("wang-ayi"), street.phone("zhou-jie")

    resident.get_by_role("button", name="3栋2单元电梯又坏了", exact=True).first.click()
    expect(resident.locator(".bubble:visible", has_text="记").last).to_contain_text("#", timeout=PATIENCE)

    street.look_at("周大姐")
    expect(leader.locator(".bubble:visible", has_text="3栋2单元").last).to_be_visible(timeout=PATIENCE)
    leader.get_by_role("button", name="我去看看", exact=True).first.click()

    street.look_at("王阿姨")
    expect(resident.locator(".bubble:visible", has_text="单元长去看了").last).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".finish")).to_be_visible(timeout=PATIENCE)
    page.screenshot(path=artifacts / f"newcomer-{name}.png")


def test_a_wrong_hook_secret_is_a_403_that_the_sender_sees(street: Street, service: Service) -> None:
    service.control(wechat={"wrong_secret": True})
    try:
        with street.page.expect_response("**/api/say") as said:
            street.phone("wang-ayi").get_by_role("button", name="3栋2单元电梯又坏了", exact=True).first.click()
        assert said.value.status == 403
        expect(street.phone("wang-ayi").locator(".is-failed .why").last).to_contain_text("403")
    finally:
        service.control(wechat={"wrong_secret": False})


def test_what_happened_is_there_for_staff_by_api(service: Service) -> None:
    headers = {"Authorization": f"Bearer {service.token}"}
    listed = requests.get(f"{service.url}/api/v1/tickets", headers=headers, timeout=10)
    assert listed.status_code == 200
    first = listed.json()["items"][-1]
    detail = requests.get(f"{service.url}/api/v1/tickets/{first['ref']}", headers=headers, timeout=10).json()
    assert detail["building"] == "3"
    assert {"opened", "dispatched", "accepted"} <= {event["kind"] for event in detail["history"]}
    assert requests.get(f"{service.url}/api/v1/tickets", timeout=10).status_code == 401
