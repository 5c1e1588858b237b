"""Every page has a guard, and every guard holds."""

import re

from bot.web.auth import Allow
from tests.console.place import Place

OPEN = {
    f"console.{name}" for name in ("static", "design", "theme", "login", "log_in", "log_out", "_nowhere")
}  # fmt: skip
EARLY = {"console.second", "console.show_second", "console.password", "console.change_password"}


def test_every_page_has_a_guard(place: Place) -> None:
    rules = [rule for rule in place.app.url_map.iter_rules() if rule.rule.startswith("/console")]
    assert rules
    assert [rule.rule for rule in rules if rule.endpoint not in place.pages.guards] == []
    assert {name for name, guard in place.pages.guards.items() if guard.allow is Allow.ANYONE} == OPEN
    assert {name for name, guard in place.pages.guards.items() if guard.early} == EARLY


def test_a_page_that_is_in_no_table_answers_nobody(place: Place) -> None:
    place.app.add_url_rule("/console/stray", "console.stray", lambda: "secret")
    answer = place.signed_in("administrator").get("/stray")
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_nobody_gets_past_the_door(place: Place) -> None:
    browser = place.browser()
    for rule in place.app.url_map.iter_rules():
        if not rule.rule.startswith("/console") or rule.endpoint in OPEN:
            continue
        path = re.sub(r"<[^>]+>", "1", rule.rule).removeprefix("/console")
        answer = browser.get(path) if "GET" in (rule.methods or ()) else browser.post(path)
        assert answer.status_code == 302, rule.rule
        assert answer.location.startswith("/console/login"), rule.rule


def test_no_page_may_be_framed_or_run_what_is_not_ours(place: Place) -> None:
    for path in ("/login", "/design", "/nowhere/at/all", "/static/console.css"):
        headers = place.browser().get(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'self';")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert place.browser().get("/login").headers["Cache-Control"] == "no-store"
