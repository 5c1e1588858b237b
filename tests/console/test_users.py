"""Who may sign in: an administrator's own areas and nobody else's, first passwords shown once."""

import re

from sqlmodel import col, select

from models import User
from tests.console.place import Browser, Place

HOSTILE = "<img src=x onerror=alert(1)>"


def id_of(place: Place, name: str) -> int:
    with place.world.services.reading() as session:
        return session.exec(select(User.id).where(col(User.name) == name)).one()


def administrator(place: Place) -> Browser:
    browser = place.with_second("administrator")
    browser.get("/users")
    return browser


def test_a_new_user_gets_a_password_that_is_shown_once_and_changed_first(place: Place) -> None:
    browser = administrator(place)
    answer = browser.post("/users", name="新来的小李", role="staff", area="xf")
    found = re.search(r'class="number">([a-z2-9]{4}(?:-[a-z2-9]{4}){3})<', answer.text)
    assert found is not None
    assert found[1] not in browser.get("/users").text
    newcomer = place.browser()
    assert newcomer.post("/login", name="新来的小李", password=found[1]).status_code == 302
    assert newcomer.get("/").location == "/console/account/password"
    assert len(place.world.audited("user.create")) == 1


def test_only_with_the_second_factor(place: Place) -> None:
    browser = place.signed_in("administrator")
    browser.get("/users")
    assert browser.post("/users", name="x", role="staff", area="xf").location == "/console/account/factor?needed=1"


def test_an_administrator_reaches_their_own_areas_alone(place: Place) -> None:
    next_door = place.with_second("administrator_next_door")
    page = next_door.get("/users").text
    assert "staff_next_door" in page
    assert "auditor的名字" not in page
    for name in ("staff", "administrator"):
        for action in ("password", "disable", "enable", "factor"):
            assert next_door.post(f"/users/{id_of(place, name)}/{action}").status_code == 404
    assert next_door.post("/users", name="y", role="staff", area="xf").status_code == 404
    assert next_door.post("/users", name="staff", role="auditor", area="yh").status_code == 404  # somebody else's user
    assert next_door.post("/users/99999999999/disable").status_code == 404


def test_a_post_that_works_by_talking_is_refused_in_plain_words(place: Place) -> None:
    answer = administrator(place).post("/users", name="z", role="unit_leader", area="xf")
    assert answer.status_code == 400
    assert "没加成" in answer.text
    assert 'value="z"' in answer.text


def test_disabled_and_enabled_again_and_never_oneself(place: Place) -> None:
    browser, staff = administrator(place), place.signed_in("staff")
    user = id_of(place, "staff")
    assert browser.post(f"/users/{user}/disable").status_code == 302
    assert staff.get("/account").status_code == 302
    assert "停用了" in browser.get("/users").text
    assert browser.post(f"/users/{user}/enable").status_code == 302
    assert browser.post(f"/users/{id_of(place, 'administrator')}/disable").status_code == 409
    place.signed_in("staff")


def test_a_new_password_ends_what_was_open(place: Place) -> None:
    browser, staff = administrator(place), place.signed_in("staff")
    answer = browser.post(f"/users/{id_of(place, 'staff')}/password")
    assert re.search(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}", answer.text)
    assert staff.get("/account").status_code == 302


def test_hostile_names_show_as_names(place: Place) -> None:
    browser = administrator(place)
    assert "<img" not in browser.post("/users", name=HOSTILE, role="staff", area="xf").text
    assert "<img" not in browser.get("/users").text
