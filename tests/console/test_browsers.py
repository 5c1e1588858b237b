"""The browsers somebody is signed in with, as they would say it themselves."""

import pytest
from sqlmodel import col, select

from bot.console import browsers
from models import UserSession
from tests.console.place import PASSWORD, Place

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_WEBKIT} Chrome/131.0.0.0 Safari/537.36"
WECHAT = (
    f"Mozilla/5.0 (Linux; Android 13; V2148A Build/TP1A.220624.014; wv) {_WEBKIT} Version/4.0 Chrome/116.0.0.0 Mobile "
    "Safari/537.36 XWEB/1160065 MMWEBSDK/20231202 MicroMessenger/8.0.47.2560(0x28002F35) WeChat/arm64 NetType/WIFI"
)
APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "machine", "browser"),
    [
        (CHROME, "windows", "chrome"),
        (f"{CHROME} Edg/131.0.0.0", "windows", "edge"),
        (f"{CHROME} QIHU 360SE", "windows", "360"),
        (f"{CHROME} MicroMessenger/7.0.20.1781(0x6700143B) WindowsWechat(0x63090a13)", "windows", "wechat"),
        (f"{CHROME} wxwork/4.1.22 (MicroMessenger/6.2) WindowsWechat", "windows", "wecom"),
        (WECHAT, "android", "wechat"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) {APPLE} Version/17.1 Mobile/15E148 Safari/604.1",
         "iphone", "safari"),
        (f"Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) {APPLE} Version/16.6 Mobile/15E148 Safari/604.1",
         "ipad", "safari"),
        (f"Mozilla/5.0 (Phone; OpenHarmony 5.0) {_WEBKIT} Chrome/114.0.0.0 Safari/537.36 Mobile HuaweiBrowser/5.0",
         "harmony", "huawei"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0", "linux", "firefox"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {APPLE} Version/17.1 Safari/605.1.15", "mac", "safari"),
        ("<script>curl/8", "other", "other"),
        ("", "other", "other"),
    ],
)  # fmt: skip
def test_a_browser_is_told_by_what_it_calls_itself(agent: str, machine: str, browser: str) -> None:
    assert browsers.read(browsers.noted(agent)) == browsers.read(agent) == (machine, browser)


def test_sessions_are_told_apart_in_plain_words(place: Place) -> None:
    place.signed_in("staff")
    browser = place.browser()
    browser.client.post(
        "/console/login",
        data={"name": "staff", "password": PASSWORD, "csrf_token": browser.token},
        headers={"User-Agent": WECHAT},
    )
    page = browser.get("/account").text
    assert "安卓手机上的微信" in page
    assert "Mozilla" not in page
    with place.world.services.transaction() as session:
        row = session.exec(select(UserSession).order_by(col(UserSession.id).desc())).first()
        assert row is not None
        assert row.browser == "android/wechat"  # all that is kept of it
        row.browser = CHROME  # begun before
    assert "Windows 电脑上的 Chrome" in browser.get("/account").text
