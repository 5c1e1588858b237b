"""Signing in by token, failing to, and the shape of every error."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from bot import tokens
from bot.tokens import TokenError
from bot.web import api_tickets
from models import Person, Post, Role, Token, User
from tests.conftest import StandingClock
from tests.web.world import World


def create(world: World, *args: str) -> str:
    with world.services.transaction() as session:
        return tokens.create(world.services.desk(session), *args)


def me(world: World, authorization: str | None) -> Any:
    headers = {"Authorization": authorization} if authorization is not None else {}
    return world.client.get("/api/v1/me", headers=headers)


def test_a_token_is_stored_only_as_a_hash(world: World) -> None:
    token = create(world, "staff")
    with world.services.reading() as session:
        rows = session.exec(select(Token)).all()
    assert tokens.hash_of(token) in {row.token_hash for row in rows}
    assert not any(token in str(row.model_dump()) for row in rows)


NO_TOKENS = [
    None, "", "Bearer", "Bearer ", "Bearer x", "Basic {}", "{}", "Bearer {}x", "Bearer " + "a" * 5000, "Bearer 令牌",
]  # fmt: skip


def test_without_a_good_token_one_is_asked_to_sign_in(world: World) -> None:
    for sent in NO_TOKENS:
        filled = sent.format(world.tokens["staff"]).encode().decode("latin-1") if sent is not None else None
        response = me(world, filled)
        assert response.status_code == 401, sent
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
        assert response.json["error"]["code"] == "unauthorized"


def test_the_word_bearer_may_be_written_in_any_case(world: World) -> None:
    assert me(world, f"bearer {world.tokens['staff']}").status_code == 200


def test_a_token_ends_on_its_day(world: World, clock: StandingClock) -> None:
    clock.forward(days=world.services.settings.times.token_days, seconds=-1)
    assert me(world, f"Bearer {world.tokens['staff']}").status_code == 200
    clock.forward(seconds=1)
    assert me(world, f"Bearer {world.tokens['staff']}").status_code == 401


def test_a_revoked_token_ends_at_once(world: World) -> None:
    with world.services.transaction() as session:
        assert tokens.revoke(world.services.desk(session), "staff") == 1
    assert me(world, f"Bearer {world.tokens['staff']}").status_code == 401
    assert me(world, f"Bearer {world.tokens['colleague']}").status_code == 200


def test_a_disabled_user_is_signed_out_at_once(world: World) -> None:
    with world.services.transaction() as session:
        session.exec(select(User).where(col(User.name) == "staff")).one().disabled_at = world.services.now()
    assert me(world, f"Bearer {world.tokens['staff']}").status_code == 401
    with pytest.raises(TokenError, match="disabled"):
        create(world, "staff")


def test_a_post_that_ended_long_ago_gives_nothing(world: World, clock: StandingClock) -> None:
    with world.services.transaction() as session:
        session.get_one(Post, world.posts["staff"]).ends_on = clock.at.date()
    clock.forward(days=60)
    assert world.ask("staff", "GET", "/tickets").status_code == 200
    clock.forward(days=1)
    assert world.ask("staff", "GET", "/tickets").status_code == 403
    assert world.get("staff", "/me")["posts"] == []


def test_a_bad_token_is_soon_not_even_looked_up(world: World, clock: StandingClock) -> None:
    codes = [me(world, "Bearer guess").status_code for _ in range(12)]
    assert codes == [401] * 10 + [429] * 2
    clock.forward(minutes=1)
    assert me(world, "Bearer guess").status_code == 401


def test_an_address_full_of_bad_tokens_is_told_to_wait_but_a_good_one_passes(world: World) -> None:
    codes = [me(world, f"Bearer guess{n}").status_code for n in range(12)]
    assert codes == [401] * 10 + [429] * 2
    assert me(world, f"Bearer {world.tokens['staff']}").status_code == 200


def test_a_new_user_with_role_and_area_is_made_with_person_and_post(world: World) -> None:
    token = create(world, "周敏", "staff", "yh")
    answer = me(world, f"Bearer {token}").json
    assert (answer["name"], answer["person"]) == ("周敏", "周敏")
    assert [(post["role"], post["area"]["code"]) for post in answer["posts"]] == [("staff", "yh")]


def test_a_second_token_makes_no_second_user_nor_post(world: World) -> None:
    for _ in range(2):
        create(world, "周敏", "staff", "yh")
    with world.services.reading() as session:
        user = session.exec(select(User).where(col(User.name) == "周敏")).one()
        assert len(session.exec(select(Post).where(col(Post.person_id) == user.person_id)).all()) == 1


def test_a_resident_of_the_same_name_gets_no_post(world: World) -> None:
    with world.services.transaction() as session:
        resident = Person(name="周敏")
        session.add(resident)
        session.flush()
    create(world, "周敏", "staff", "yh")
    with world.services.reading() as session:
        assert session.exec(select(Post).where(col(Post.person_id) == resident.id)).all() == []
        assert session.exec(select(User).where(col(User.name) == "周敏")).one().person_id != resident.id


IMPOSSIBLE: list[tuple[tuple[str, ...], str]] = [
    (("周敏",), "nobody"),
    (("周敏", "staff"), "belong together"),
    (("周敏", "king", "yh"), "no role"),
    (("周敏", "staff", "nowhere"), "no area"),
    (("周敏", Role.UNIT_LEADER, "xf-3-2"), "works by talking"),
    (("",), "1 to 64"),
    (("长" * 65, "staff", "yh"), "1 to 64"),
]


def test_a_token_that_cannot_be_made_says_why_and_leaves_nothing(world: World) -> None:
    for args, says in IMPOSSIBLE:
        with pytest.raises(TokenError, match=says):
            create(world, *args)
    with world.services.reading() as session:
        assert session.exec(select(User).where(col(User.name) == "周敏")).first() is None


def test_one_person_signs_in_under_one_name(world: World) -> None:
    create(world, "staff的名字")
    with world.services.reading() as session:
        user = session.exec(select(User).where(col(User.name) == "staff")).one()
        assert len(session.exec(select(User).where(col(User.person_id) == user.person_id)).all()) == 1
    with world.services.transaction() as session:
        session.get_one(User, user.id).disabled_at = world.services.now()
    with pytest.raises(TokenError, match="staff is disabled"):
        create(world, "staff的名字")


def test_a_name_that_two_of_the_staff_share_is_asked_for_by_code(world: World) -> None:
    with world.services.transaction() as session:
        session.get_one(Person, world.people["colleague"]).name = "staff的名字"
    with pytest.raises(TokenError, match="use the roster's code"):
        create(world, "staff的名字")


def test_nobody_unknown_has_a_token_to_revoke(world: World) -> None:
    with pytest.raises(TokenError, match="no user"), world.services.transaction() as session:
        tokens.revoke(world.services.desk(session), "nobody")


def test_an_unknown_address_and_a_wrong_method_are_told_in_the_same_shape(world: World) -> None:
    for method, path, status in (("GET", "/nowhere", 404), ("DELETE", "/tickets", 405), ("GET", "/", 404)):
        response = world.ask("staff", method, path)
        assert response.status_code == status
        assert response.json is not None
        assert set(response.json["error"]) == {"code", "message", "field"}
    assert world.ask("staff", "DELETE", "/tickets").headers["Allow"] == "GET, HEAD, OPTIONS"


def test_addresses_of_others_keep_their_own_errors(world: World) -> None:
    assert world.client.get("/elsewhere").mimetype == "text/html"


def test_a_failure_of_ours_tells_nothing_and_logs_no_words(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    words = "王奶奶的电话"

    def fail(*_: object) -> None:
        raise RuntimeError(words)

    monkeypatch.setattr(api_tickets, "ticket_items", fail)
    world.ticket()
    with caplog.at_level(logging.INFO):
        response = world.ask("staff", "GET", "/tickets")
    assert response.status_code == 500
    assert response.json is not None
    assert response.json["error"]["code"] == "internal"
    assert "王奶奶" not in response.text + caplog.text
    assert "RuntimeError" in caplog.text


def test_a_database_that_is_busy_is_a_503(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("locked"))

    monkeypatch.setattr(api_tickets, "ticket_items", locked)
    assert world.ask("staff", "GET", "/tickets").status_code == 503


def test_tokens_last_as_long_as_the_settings_say(world: World) -> None:
    create(world, "staff")
    with world.services.reading() as session:
        rows = session.exec(select(Token)).all()
    assert {row.expires_at - row.created_at for row in rows} == {
        timedelta(days=world.services.settings.times.token_days)
    }
