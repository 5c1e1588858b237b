"""The stand-in's WeChat API over real HTTP: budgets, errcodes, tokens."""

import requests

from tests.standin.cast import Town, town
from tests.standin.echo import APPID, SECRET

HOUR = 3600
REFUSALS = [-1, 45009, 40001, 45015, 45047, 48001, 45002]


def sends(place: Town, times: int, openid: str = "wang") -> list[int]:
    return [place.push(openid, f"第{number}句") for number in range(times)]


def test_five_messages_follow_one_from_the_user_and_the_sixth_is_refused(place: Town) -> None:
    place.say(**{"as": "wang", "text": "你好"})
    assert sends(place, 6) == [0, 0, 0, 0, 0, 45047]


def test_another_message_gives_five_again_and_they_do_not_add_up(place: Town) -> None:
    place.say(**{"as": "wang", "text": "你好"})
    sends(place, 2)
    place.say(**{"as": "wang", "text": "还在吗"})
    assert sends(place, 6) == [0, 0, 0, 0, 0, 45047]


def test_one_persons_budget_is_nobody_elses(place: Town) -> None:
    place.say(**{"as": "wang", "text": "你好"})
    sends(place, 5)
    assert sends(place, 1, "zhou") == [45015]
    place.say(**{"as": "zhou", "text": "你好"})
    assert sends(place, 1, "zhou") == [0]


def test_after_48_hours_the_window_is_shut(place: Town) -> None:
    place.say(**{"as": "wang", "text": "你好"})
    place.control(clock={"ahead": 48 * HOUR - 60})
    assert sends(place, 1) == [0]
    place.control(clock={"ahead": 48 * HOUR + 60})
    assert sends(place, 1) == [45015]


def test_a_follow_gives_three_within_a_minute(place: Town) -> None:
    place.act(**{"as": "wang", "do": "follow"})
    assert sends(place, 4) == [0, 0, 0, 45047]
    place.act(**{"as": "zhou", "do": "menu", "text": "help"})
    place.control(clock={"ahead": 61})
    assert sends(place, 1, "zhou") == [45015]


def test_whoever_unfollows_hears_nothing_and_cannot_write_until_they_follow_again(place: Town) -> None:
    place.say(**{"as": "wang", "text": "你好"})
    place.act(**{"as": "wang", "do": "unfollow"})
    assert sends(place, 1) == [45015]
    refused = place.say(**{"as": "wang", "text": "在吗"})
    assert refused.status_code == 409
    assert "关注" in refused.json()["reason"]
    place.act(**{"as": "wang", "do": "follow"})
    assert place.say(**{"as": "wang", "text": "在吗"}).status_code == 200


def test_a_text_over_2048_bytes_is_refused_and_costs_nothing(place: Town) -> None:
    place.say(**{"as": "wang", "text": "你好"})
    assert place.push("wang", "字" * 683) == 45002
    assert place.push("wang", "字" * 682) == 0
    assert sends(place, 5) == [0, 0, 0, 0, 45047]


def test_every_code_can_be_switched_on_for_a_number_of_sends(place: Town) -> None:
    place.say(**{"as": "wang", "text": "你好"})
    token = place.token()
    place.control(wechat={"fail": REFUSALS})
    assert [place.push("wang", "好", token) for _ in REFUSALS] == REFUSALS
    assert place.push("wang", "好", token) == 0
    place.control(wechat={"refuse": 45009})
    assert sends(place, 2) == [45009, 45009]
    place.control(wechat={"refuse": 0})
    assert sends(place, 1) == [0]


def test_an_unverified_account_may_not_send_but_gets_tokens(place: Town) -> None:
    place.say(**{"as": "wang", "text": "你好"})
    place.control(wechat={"unverified": True})
    assert sends(place, 1) == [48001]
    with town(wechat={"account": "unverified"}) as elsewhere:
        elsewhere.say(**{"as": "wang", "text": "你好"})
        assert elsewhere.push("wang", "好") == 48001


def test_a_wrong_or_expired_token_is_40001(place: Town) -> None:
    place.say(**{"as": "wang", "text": "你好"})
    token = place.token()
    assert place.push("wang", "好", "made-up") == 40001
    place.control(wechat={"expire_token": True})
    assert place.push("wang", "好", token) == 40001
    assert place.push("wang", "好") == 0
    token = place.token()
    place.control(clock={"ahead": 7201})
    assert place.push("wang", "好", token) == 40001


def test_the_stable_token_stays_the_same_until_five_minutes_before_its_end(place: Town) -> None:
    first = place.token()
    assert place.token() == first
    place.control(clock={"ahead": 7200 - 301})
    assert place.token() == first
    place.control(clock={"ahead": 7200 - 299})
    assert place.token() != first


def test_a_forced_refresh_voids_the_former_stable_token(place: Town) -> None:
    place.say(**{"as": "wang", "text": "你好"})
    former = place.token()
    wanted = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET, "force_refresh": True}
    forced = requests.post(place.url + "/wechat/cgi-bin/stable_token", json=wanted, timeout=5).json()["access_token"]
    assert place.push("wang", "好", former) == 40001
    assert place.push("wang", "好", forced) == 0


def test_a_new_plain_token_ends_the_former_after_five_minutes_and_leaves_the_stable_one(place: Town) -> None:
    place.say(**{"as": "wang", "text": "你好"})
    wanted = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}
    ask = place.url + "/wechat/cgi-bin/token"
    stable = place.token()
    former = requests.get(ask, params=wanted, timeout=5).json()["access_token"]
    requests.get(ask, params=wanted, timeout=5)
    assert place.push("wang", "好", former) == 0
    place.control(clock={"ahead": 301})
    assert place.push("wang", "好", former) == 40001
    assert place.push("wang", "好", stable) == 0


def test_a_token_is_not_given_for_a_wrong_appid_or_secret(place: Town) -> None:
    ask = place.url + "/wechat/cgi-bin/stable_token"
    right = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}
    for wrong, code in (({"appid": "wx0"}, 40013), ({"secret": "guess"}, 40125), ({"grant_type": "x"}, 40002)):
        assert requests.post(ask, json={**right, **wrong}, timeout=5).json()["errcode"] == code


def test_an_unknown_openid_is_40003(place: Town) -> None:
    assert place.push("nobody", "好") == 40003


def test_a_delay_and_a_bare_status_can_be_switched_on(place: Town) -> None:
    token = place.token()
    place.control(wechat={"delay": 0.4})
    send = place.url + "/wechat/cgi-bin/message/custom/send"
    answer = requests.post(send, params={"access_token": token}, json={}, timeout=5)
    assert answer.elapsed.total_seconds() >= 0.4
    place.control(wechat={"delay": 0, "fail": ["http:503"]})
    assert requests.post(send, params={"access_token": token}, json={}, timeout=5).status_code == 503


def test_a_photo_can_be_fetched_by_its_media_id(place: Town) -> None:
    place.act(**{"as": "wang", "do": "image"})
    media = place.echo.heard[0]["MediaId"]
    ask = place.url + "/wechat/cgi-bin/media/get"
    picture = requests.get(ask, params={"access_token": place.token(), "media_id": media}, timeout=5)
    assert picture.headers["Content-Type"] == "image/jpeg"
    unknown = requests.get(ask, params={"access_token": place.token(), "media_id": "standin-1"}, timeout=5)
    assert unknown.json()["errcode"] == 40007


def test_what_was_called_and_answered_can_be_read_back(place: Town) -> None:
    place.say(**{"as": "wang", "text": "你好"})
    place.push("wang", "好")
    calls = requests.get(place.url + "/calls", timeout=5).json()["calls"]
    assert [(call["call"], call["answer"]) for call in calls] == [("stable_token", 0), ("message/custom/send", 0)]


def test_a_reset_puts_switches_clock_and_budgets_back(place: Town) -> None:
    place.say(**{"as": "wang", "text": "你好"})
    place.control(wechat={"refuse": -1}, clock={"ahead": 99})
    place.control(reset=True)
    assert sends(place, 1) == [45015]
    assert (
        abs(place.messages()[0]["time"] - float(place.say(**{"as": "wang", "text": "嗯"}).json()["message"]["time"]))
        < 30
    )
