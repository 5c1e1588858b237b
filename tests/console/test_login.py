"""Coming in: passwords, second factors, sessions that end, and who tries too often."""

import re
from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot import accounts, signing_in
from models import AuditEntry, LoginFailure, User, UserSession
from tests.conftest import StandingClock
from tests.console.place import PASSWORD, Place

WRONG = "用户名或密码不对"
NEW = "去年冬天桥头那家面馆搬走了"


def clock_of(place: Place) -> StandingClock:
    clock = place.world.services.now
    assert isinstance(clock, StandingClock)
    return clock


def audited(place: Place, user: str) -> list[str]:
    """What the audit log says about a user, oldest first."""
    with place.world.services.reading() as session:
        row = session.exec(select(User).where(col(User.name) == user)).one()
        query = select(AuditEntry.action).where(AuditEntry.subject == f"user:{row.id}").order_by(col(AuditEntry.id))
        return [action for action in session.exec(query) if not action.startswith("token.")]


def test_who_is_not_signed_in_is_sent_to_the_door_and_back(place: Place) -> None:
    browser = place.browser()
    answer = browser.get("/account?from=here")
    assert answer.status_code == 302
    assert answer.location == "/console/login?next=/console/account?from%3Dhere"
    assert 'value="/console/account?from=here"' in browser.get(answer.location.removeprefix("/console")).text


def test_name_and_password_open_and_both_wrong_ones_say_the_same(place: Place) -> None:
    place.give_password("staff")
    browser = place.browser()
    for name, password in (("staff", "not the password"), ("nobody", PASSWORD), ("auditor", PASSWORD), ("staff", "")):
        answer = browser.post("/login", name=name, password=password)
        assert answer.status_code == 401
        assert WRONG in answer.text
    answer = browser.post("/login", name="staff", password=PASSWORD, next="/console/account")
    assert (answer.status_code, answer.location) == (302, "/console/account")
    assert "staff的名字" in browser.get("/account").text
    assert audited(place, "staff") == ["login.failed", "login.failed", "login"]


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/console//evil", "/\\evil", "/consoles", "/api/v1/me"]
)
def test_nobody_is_sent_on_to_another_site(place: Place, elsewhere: str) -> None:
    place.give_password("staff")
    browser = place.browser()
    assert browser.post("/login", name="staff", password=PASSWORD, next=elsewhere).location == "/console"


def test_who_fails_too_often_waits_even_with_the_right_password(place: Place) -> None:
    place.give_password("staff")
    place.give_password("colleague")
    browser = place.browser()
    answers = [browser.post("/login", name="staff", password="wrong").status_code for _ in range(signing_in.LIMIT)]
    assert answers == [401] * (signing_in.LIMIT - 1) + [429]
    assert browser.post("/login", name="staff", password=PASSWORD).status_code == 429
    assert browser.post("/login", name="colleague", password=PASSWORD).status_code == 302
    clock_of(place).forward(minutes=15)
    assert place.browser().post("/login", name="staff", password=PASSWORD).status_code == 302
    assert "login.locked" in audited(place, "staff")


def test_a_name_that_does_not_exist_is_locked_like_any_other(place: Place) -> None:
    browser = place.browser()
    answers = [browser.post("/login", name="ghost", password="x").status_code for _ in range(signing_in.LIMIT)]
    assert answers[-1] == 429


def test_a_form_without_its_token_does_nothing(place: Place) -> None:
    place.give_password("staff")
    browser = place.browser()
    answer = browser.post("/login", name="staff", password=PASSWORD, csrf_token="")
    assert answer.status_code == 400
    assert "放得太久" in answer.text
    assert browser.get("/account").status_code == 302


def test_the_token_of_somebody_elses_form_is_worth_nothing(place: Place) -> None:
    mine, theirs = place.signed_in("staff"), place.signed_in("colleague")
    assert mine.post("/account/sessions", csrf_token=theirs.token).status_code == 400


def test_a_session_ends_without_a_click_and_at_the_latest_after_its_hours(place: Place) -> None:
    browser, clock = place.signed_in("staff"), clock_of(place)
    for _ in range(3):
        clock.forward(minutes=29)
        assert browser.get("/account").status_code == 200
    clock.forward(minutes=30)
    assert browser.get("/account").status_code == 302
    browser = place.signed_in("staff")
    for _ in range(12 * 3 - 1):
        clock.forward(minutes=20)
        assert browser.get("/account").status_code == 200
    clock.forward(minutes=20)
    assert browser.get("/account").status_code == 302


def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(place: Place) -> None:
    browser, clock = place.signed_in("staff"), clock_of(place)
    for _ in range(2):
        clock.forward(minutes=14)
        assert browser.get("/account", headers={"X-Fragment": "1"}).status_code == 200
    clock.forward(minutes=2)
    assert browser.get("/account", headers={"X-Fragment": "1"}).status_code == 401


def test_signing_out_ends_the_session_on_the_server(place: Place) -> None:
    browser = place.signed_in("staff")
    stolen = browser.client.get_cookie("danyuan_console", path="/console")
    assert stolen is not None
    assert browser.post("/logout").location == "/console/login"
    browser.client.set_cookie("danyuan_console", stolen.value, path="/console")
    assert browser.get("/account").status_code == 302


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(place: Place) -> None:
    place.give_password("staff")
    browser = place.browser()
    cookie = next(
        line for line in browser.post("/login", name="staff", password=PASSWORD).headers.getlist("Set-Cookie")
        if line.startswith("danyuan_console=")
    )  # fmt: skip
    assert {"HttpOnly", "SameSite=Lax", "Path=/console"} <= set(cookie.split("; "))
    with place.world.services.reading() as session:
        kept = session.exec(select(UserSession)).one()
    assert kept.token_hash not in cookie


def test_a_disabled_user_is_out_at_once(place: Place) -> None:
    browser = place.signed_in("staff")
    with place.world.services.transaction() as session:
        accounts.disable(place.world.services.desk(session), "staff")
    assert browser.get("/account").status_code == 302
    assert place.browser().post("/login", name="staff", password=PASSWORD).status_code == 401


def test_a_password_made_by_somebody_else_is_changed_first(place: Place) -> None:
    place.give_password("staff", must_change=True)
    browser = place.browser()
    browser.post("/login", name="staff", password=PASSWORD)
    assert browser.get("/account").location == "/console/account/password"
    assert browser.get("/account/password").status_code == 200
    answer = browser.post("/account/password", old=PASSWORD, new=NEW, again=NEW)
    assert answer.location == "/console/"
    assert "密码改好了" in browser.get("/").text
    assert place.browser().post("/login", name="staff", password=PASSWORD).status_code == 401
    assert place.browser().post("/login", name="staff", password=NEW).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("not the old one", NEW, NEW, "现在的密码不对"),
        (PASSWORD, "short", "short", "太短了，至少12个字"),
        (PASSWORD, "123456789012", "123456789012", "太好猜"),
        (PASSWORD, "password1234", "password1234", "太好猜"),
        (PASSWORD, "aaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaa", "太好猜"),
        (PASSWORD, "staff的名字staff", "staff的名字staff", "太好猜"),
        (PASSWORD, "长" * 60 + "短" * 70, "长" * 60 + "短" * 70, "太长了"),
        (PASSWORD, PASSWORD, PASSWORD, "新密码和旧密码一样"),
        (PASSWORD, NEW, NEW + "。", "两遍不一样"),
    ],
)
def test_a_new_password_is_refused_in_plain_words(place: Place, old: str, new: str, again: str, said: str) -> None:
    browser = place.signed_in("staff")
    answer = browser.post("/account/password", old=old, new=new, again=again)
    assert answer.status_code == 400
    assert said in answer.text
    assert new not in answer.text


def test_a_new_password_ends_every_other_session(place: Place) -> None:
    here, there = place.signed_in("staff"), place.signed_in("staff")
    here.post("/account/password", old=PASSWORD, new=NEW, again=NEW)
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302


def test_the_second_factor_is_asked_for_from_then_on(place: Place) -> None:
    first = place.with_second("staff")
    assert "已加上" in first.get("/account").text
    clock_of(place).forward(seconds=60)
    browser = place.browser()
    browser.post("/login", name="staff", password=PASSWORD)
    assert browser.get("/account").location == "/console/second?next=/console/account"
    browser.get("/second")
    answer = browser.post("/second", code="000000")
    assert answer.status_code == 401
    assert "这个码不对" in answer.text
    answer = browser.post("/second", code=place.code(place.secrets["staff"]), next="/console/account")
    assert answer.location == "/console/account"
    assert browser.get("/account").status_code == 200


def test_a_code_counts_once(place: Place) -> None:
    place.with_second("staff")
    browser = place.browser()
    browser.post("/login", name="staff", password=PASSWORD)
    browser.get("/second")
    assert browser.post("/second", code=place.code(place.secrets["staff"])).status_code == 401


def test_a_recovery_code_stands_in_once(place: Place) -> None:
    browser = place.signed_in("staff")
    page = browser.get("/account/factor").text
    secret = re.sub(r"\s", "", re.search(r'class="number">([A-Z2-7 ]+)<', page)[1])  # type: ignore[index]
    codes = re.findall(
        r"<li>([0-9a-f]{8}-[0-9a-f]{8})</li>", browser.post("/account/factor", code=place.code(secret)).text
    )
    assert len(codes) == accounts.RECOVERY_CODES
    for expected in (302, 401):
        other = place.browser()
        other.post("/login", name="staff", password=PASSWORD)
        other.get("/second")
        assert other.post("/second", code=codes[0]).status_code == expected
    assert "备用码还剩9个" in browser.get("/account").text


def test_codes_are_not_to_be_guessed(place: Place) -> None:
    place.with_second("staff")
    browser = place.browser()
    browser.post("/login", name="staff", password=PASSWORD)
    browser.get("/second")
    answers = [browser.post("/second", code=f"00000{n}").status_code for n in range(signing_in.LIMIT + 1)]
    assert answers[-1] == 429
    clock_of(place).forward(seconds=60)
    assert browser.post("/second", code=place.code(place.secrets["staff"])).status_code == 429
    assert "totp.locked" in audited(place, "staff")


def test_a_lost_second_factor_is_set_up_anew(place: Place) -> None:
    place.with_second("staff")
    with place.world.services.transaction() as session:
        accounts.reset_totp(place.world.services.desk(session), "staff")
    browser = place.signed_in("staff")
    assert "还没有" in browser.get("/account").text


def test_the_secret_lies_sealed_in_the_database(place: Place) -> None:
    place.with_second("staff")
    with place.world.services.reading() as session:
        user = session.exec(select(User).where(col(User.name) == "staff")).one()
    assert user.totp_sealed is not None
    assert place.secrets["staff"] not in user.totp_sealed


def test_the_token_changes_with_the_rights(place: Place) -> None:
    browser = place.signed_in("staff")
    before = browser.client.get_cookie("danyuan_console", path="/console")
    page = browser.get("/account/factor").text
    secret = re.sub(r"\s", "", re.search(r'class="number">([A-Z2-7 ]+)<', page)[1])  # type: ignore[index]
    browser.post("/account/factor", code=place.code(secret))
    after = browser.client.get_cookie("danyuan_console", path="/console")
    assert before is not None
    assert after is not None
    assert before.value != after.value


def test_failures_are_forgotten_after_a_day(place: Place) -> None:
    browser = place.browser()
    browser.post("/login", name="ghost", password="x")
    clock_of(place).at += timedelta(days=2)
    browser.post("/login", name="other", password="x")
    with place.world.services.reading() as session:
        assert len(session.exec(select(LoginFailure)).all()) == 2  # the name's and the address's of today
