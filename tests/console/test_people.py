"""One person: found in one's own areas alone, handed over and forgotten by whoever answers for it, with a register."""

import json
import zipfile
from io import BytesIO
from pathlib import Path

from click.testing import CliRunner, Result
from sqlmodel import select

from bot import services as building
from bot.commandline.person import person_
from bot.settings import Settings
from models import Account, AuditEntry, Erasure, Report, Token, db
from tests.console.place import Browser, Place
from tests.stories.conftest import understood
from tests.web.world import PHONE, World
from tests.web.world import build as build_world

HOSTILE = "<img src=x onerror=alert(1)>"


def teller(world: World, **columns: object) -> str:
    """The key of somebody who told something."""
    ref = world.ticket(**columns)
    with world.services.reading() as session:
        report = session.exec(select(Report).where(Report.ticket_id == World.row(session, ref).id)).one()
    return f"a{report.account_id}"


def erase(browser: Browser, key: str, **form: str) -> int:
    browser.get("/account")
    return browser.post(f"/people/{key}/erase", **{"reason": "self", "confirm": "王奶奶", **form}).status_code


def test_found_by_name_number_and_phone_and_only_ones_own(place: Place) -> None:
    key = teller(place.world)
    ref = place.world.ticket(area="yh")
    staff = place.signed_in("staff")
    for words in ("王奶奶", "奶奶", "1", "#1", PHONE, f"{PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}"):
        assert f"/people/{key}" in staff.get("/people", query_string={"q": words}).text, words
    for words in ("%", "_", "李", ref, ""):
        assert "报过" not in staff.get("/people", query_string={"q": words}).text, words
    assert f"/people/{key}" not in place.signed_in("staff_next_door").get("/people?q=王奶奶").text
    assert PHONE not in staff.get("/people?q=王奶奶").text + staff.get(f"/people/{key}").text
    assert len(place.world.audited("person.looked")) == 1


def test_the_secretary_hands_over_all_that_is_held_with_the_second_factor(place: Place) -> None:
    key = teller(place.world)
    assert place.signed_in("secretary").post(f"/people/{key}/export").status_code == 302
    browser = place.with_second("secretary")
    answer = browser.post(f"/people/{key}/export")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(BytesIO(answer.data)) as bundle:
        said = json.loads(bundle.read("data.json"))
    assert said["records"]["报过的事"][0]["电话"] == PHONE
    assert [entry.subject for entry in place.world.audited("person.exported")] == [f"person:{key}"]
    assert place.with_second("staff").post(f"/people/{key}/export").status_code == 403


def test_forgotten_only_after_the_name_is_typed_and_then_for_good(place: Place) -> None:
    key = teller(place.world)
    browser = place.with_second("secretary")
    page = browser.get(f"/people/{key}/erase").text
    assert "请写下“王奶奶”" in page
    assert erase(browser, key, confirm="王奶") == 400
    assert erase(browser, key, reason="") == 400
    assert erase(browser, key) == 302
    assert erase(browser, key) == 404
    with place.world.services.reading() as session:
        row = session.exec(select(Erasure)).one()
        account = session.get_one(Account, int(key[1:]))
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "person.erased")).one()
    assert account.user_id.startswith("erased-")
    assert (row.ordered_by, row.reason) == (place.world.people["secretary"], "self")
    assert entry.person_id == row.ordered_by
    register = browser.get("/people/erasures").text
    assert "本人要求" in register
    assert "王奶奶" not in register
    assert "没有别的" not in register
    assert "secretary的名字" not in place.signed_in("secretary_next_door").get("/people/erasures").text


def test_who_told_something_elsewhere_or_is_a_party_is_for_somebody_else(place: Place) -> None:
    key = teller(place.world)
    with place.world.services.transaction() as session:
        session.get_one(Account, int(key[1:])).area_id = place.world.areas["yh"]
    assert place.with_second("secretary").get(f"/people/{key}/erase").status_code == 403
    assert place.with_second("administrator").get(f"/people/{key}/erase").status_code == 200
    party = teller(place.world, recused_person_ids=[place.world.people["administrator"]])
    assert place.with_second("administrator_next_door").get(f"/people/{party}/erase").status_code == 404
    browser = place.signed_in("administrator")
    assert browser.get(f"/people/{party}/erase").status_code == 302
    assert "电梯停了" not in browser.get(f"/people/{party}").text


def test_who_holds_a_post_is_not_forgotten_before_it_ends(place: Place) -> None:
    key = f"p{place.world.people['unit_leader']}"
    browser = place.with_second("secretary")
    assert "还不能删" in browser.get(f"/people/{key}/erase").text
    assert erase(browser, key, confirm="unit_leader的名字") == 400
    assert browser.get("/people/p999999999999").status_code == 404
    assert browser.get("/people/zz").status_code == 404


def test_tokens_are_given_once_noted_when_used_and_taken_back(place: Place) -> None:
    administrator = place.with_second("administrator")
    administrator.get("/settings")
    with place.world.services.reading() as session:
        first = session.exec(select(Token).order_by(Token.id)).first()  # type: ignore[arg-type]
    assert first is not None
    page = administrator.post("/settings/tokens", user=str(first.user_id)).text
    made = page.split('class="token">')[1].split("<", maxsplit=1)[0]
    assert made.startswith("dy_")
    assert made not in administrator.get("/settings").text
    asked = place.world.client.get("/api/v1/tickets", headers={"Authorization": f"Bearer {made}"})
    assert asked.status_code == 200
    with place.world.services.reading() as session:
        row = session.exec(select(Token).order_by(Token.id.desc())).first()  # type: ignore[attr-defined]
    assert row is not None
    assert row.last_used_at == place.world.services.now()
    assert administrator.post(f"/settings/tokens/{row.id}/revoke").status_code == 302
    asked = place.world.client.get("/api/v1/tickets", headers={"Authorization": f"Bearer {made}"})
    assert asked.status_code == 401
    next_door = place.with_second("administrator_next_door")
    next_door.get("/settings")
    assert next_door.post(f"/settings/tokens/{first.id}/revoke").status_code == 404
    assert "给谁一个新令牌" not in place.signed_in("staff").get("/settings").text


def test_hostile_names_show_as_names(place: Place) -> None:
    key = teller(place.world)
    with place.world.services.transaction() as session:
        session.get_one(Account, int(key[1:])).display_name = HOSTILE
    browser = place.with_second("secretary")
    for path in (f"/people?q={HOSTILE}", f"/people/{key}", f"/people/{key}/erase", "/settings"):
        assert "<img" not in browser.get(path).text
    assert erase(browser, key, confirm=HOSTILE) == 302


def test_a_body_beyond_its_page_is_not_read(place: Place) -> None:
    assert place.browser().post("/login", name="x" * 300_000, password="y").status_code == 413


def test_from_the_command_line(tmp_path: Path) -> None:
    db.migrate(f"sqlite:///{tmp_path / building.DATABASE_FILE}")
    services = building.build(Settings(data=tmp_path), understanding=understood())
    key = teller(build_world(services))
    services.engine.dispose()
    out = tmp_path / "out.zip"

    def person(*words: str) -> Result:
        return CliRunner().invoke(person_, [*words, "--data", str(tmp_path)])

    assert f"{key}\t王奶奶" in person("find", "王奶奶").output
    assert person("export", key, str(out)).exit_code == 0
    assert out.read_bytes().startswith(b"PK")
    assert person("erase", key, "--confirm", "王").exit_code != 0
    assert "register 1" in person("erase", key, "--confirm", "王奶奶").output
    assert person("find", "王奶奶").output == ""
