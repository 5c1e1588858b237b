"""The stand-in's bridges and its webhook's receiver over real HTTP."""

from typing import Any

import pytest
import requests

from standin.signing import webhook_signature
from tests.standin.cast import Town
from tests.standin.echo import BEARER, BRIDGE_TOKEN, LEADERS, WEBHOOK_SECRET

TEXT = [{"type": "text", "data": {"text": "周六停水"}}]


def v11(place: Town, action: str, token: str = BRIDGE_TOKEN, **params: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.post(f"{place.url}/onebot/{action}", json=params, headers=headers, timeout=5)


def v12(place: Town, token: str = BEARER, **params: Any) -> requests.Response:
    call = {"action": "send_message", "params": params, "echo": "e1"}
    return requests.post(place.url + "/onebot12/", json=call, headers={"Authorization": f"Bearer {token}"}, timeout=5)


def hook(place: Town, line: dict[str, Any], secret: str = WEBHOOK_SECRET) -> requests.Response:
    body = requests.Request("POST", "http://x", json=line).prepare().body
    assert isinstance(body, bytes)
    headers = {"X-Signature": webhook_signature(secret, body)}
    return requests.post(place.url + "/webhook", data=body, headers=headers, timeout=5)


@pytest.mark.parametrize("group", [50002, LEADERS])
def test_v11_takes_a_group_message_by_number_and_by_string(place: Town, group: int | str) -> None:
    answer = v11(place, "send_group_msg", group_id=group, message=TEXT).json()
    (shown,) = place.messages()
    assert (answer["status"], answer["retcode"], str(answer["data"]["message_id"])) == ("ok", 0, shown["id"])
    assert (shown["chat"], shown["by"], shown["text"]) == (str(group), "bot", "周六停水")


def test_v11_send_msg_names_the_kind(place: Town) -> None:
    assert v11(place, "send_msg", message_type="group", group_id=50002, message=TEXT).json()["retcode"] == 0


def test_v11_refuses_an_id_of_another_json_type_and_an_unknown_group(place: Town) -> None:
    assert v11(place, "send_group_msg", group_id="50002", message=TEXT).json()["retcode"] == 100
    assert v11(place, "send_group_msg", group_id=99, message=TEXT).json()["retcode"] == 102
    assert place.messages() == []


def test_v11_wants_its_token(place: Town) -> None:
    assert v11(place, "send_group_msg", token="", group_id=50002, message=TEXT).status_code == 401
    assert v11(place, "send_group_msg", token="guess", group_id=50002, message=TEXT).status_code == 403
    assert v11(place, "send_everything", group_id=50002, message=TEXT).status_code == 404


def test_v11_parses_cq_codes_in_a_string_unless_escaping_is_asked_for(place: Town) -> None:
    v11(place, "send_group_msg", group_id=50002, message="[CQ:at,qq=all] 停水&#91;1&#93;")
    v11(place, "send_group_msg", group_id=50002, message="[CQ:at,qq=all] 停水", auto_escape=True)
    assert [message["text"] for message in place.messages()] == ["@所有人 停水[1]", "[CQ:at,qq=all] 停水"]


def test_v11_shows_a_mention_by_name_and_keeps_the_quotation(place: Town) -> None:
    said = place.say(**{"as": "wang", "chat": "50002", "text": "电梯坏了"}).json()["message"]
    parts = [{"type": "reply", "data": {"id": said["id"]}}, {"type": "at", "data": {"qq": "30001"}}, *TEXT]
    v11(place, "send_group_msg", group_id=50002, message=parts)
    shown = place.messages("50002")[-1]
    assert (shown["text"], shown["quoted"]) == ("@李师傅周六停水", said["id"])


def test_v12_takes_a_group_message_and_gives_its_id_and_the_echo(place: Town) -> None:
    answer = v12(place, detail_type="group", group_id="courtyard", message=TEXT).json()
    assert (answer["status"], answer["echo"]) == ("ok", "e1")
    assert answer["data"]["message_id"] == place.messages("courtyard")[0]["id"]


def test_v12_wants_its_token_strings_and_a_known_group(place: Town) -> None:
    assert v12(place, token="guess", detail_type="group", group_id="courtyard", message=TEXT).status_code == 401
    assert v12(place, detail_type="group", group_id=5, message=TEXT).json()["retcode"] == 10003
    assert v12(place, detail_type="group", group_id="5", message=TEXT).json()["retcode"] == 35001


def test_twenty_a_minute_and_the_next_one_is_refused(place: Town) -> None:
    place.control(onebot={"per_minute": 20}, onebot12={"per_minute": 1})
    codes = [v11(place, "send_group_msg", group_id=50002, message=TEXT).json()["retcode"] for _ in range(21)]
    assert codes == [0] * 20 + [103]
    assert v11(place, "send_group_msg", group_id=LEADERS, message=TEXT).json()["retcode"] == 0
    twice = [v12(place, detail_type="group", group_id="courtyard", message=TEXT).json()["retcode"] for _ in range(2)]
    assert twice == [0, 34001]
    place.control(clock={"ahead": 61})
    assert v11(place, "send_group_msg", group_id=50002, message=TEXT).json()["retcode"] == 0


def test_refusals_are_switched_on_each_bridge_alone(place: Town) -> None:
    place.control(onebot={"fail": [1400, "http:502"]}, webhook={"refuse": 500})
    assert v11(place, "send_group_msg", group_id=50002, message=TEXT).json()["retcode"] == 1400
    assert v11(place, "send_group_msg", group_id=50002, message=TEXT).status_code == 502
    assert v12(place, detail_type="group", group_id="courtyard", message=TEXT).json()["retcode"] == 0
    assert hook(place, {"key": "a", "chat": "notice-board", "text": "好"}).status_code == 500


def test_the_webhook_shows_a_signed_line_once(place: Town) -> None:
    line = {"key": "event:1:2", "chat": "notice-board", "text": "周六停水", "reply_to": None}
    first, second = hook(place, line), hook(place, line)
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert [message["text"] for message in place.messages()] == ["周六停水"]


def test_the_webhook_refuses_a_wrong_signature_and_an_incomplete_line(place: Town) -> None:
    assert hook(place, {"key": "a", "chat": "notice-board", "text": "好"}, secret="guess").status_code == 403
    assert hook(place, {"chat": "notice-board", "text": "好"}).status_code == 400
    assert hook(place, {"key": "a", "chat": "nowhere", "text": "好"}).status_code == 404
    assert place.messages() == []
