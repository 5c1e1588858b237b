"""OneBot v12: the token both ways, and actions against a bridge."""

from dataclasses import replace

import pytest

from bot.channels import Channel, DeliveryError, Hook, Line, Rejected
from tests.channels import kits
from tests.channels.platform import Platform, Says

(GROUP,) = [case for case in kits.fixtures("onebot12") if case.name == "group"]
WIRE = {"self": {"platform": "wechat", "user_id": "wxid_bot"}}
LINE = Line("event:1:2", "12345@chatroom", False, "电梯修好了。", wire=WIRE)
OK = Says({"status": "ok", "retcode": 0, "data": {"message_id": "abc", "time": 1.5}, "message": ""})


def bridge(platform: Platform) -> Channel:
    return kits.connect("onebot12", api_base=platform.url)


def given(**changes: object) -> Hook:
    return replace(kits.signed_json("onebot12", GROUP.body), **changes)  # type: ignore[arg-type]  # fields of Hook


@pytest.mark.parametrize("header", [f"Bearer {kits.TOKEN}", f"bearer  {kits.TOKEN} "])
def test_the_token_may_stand_in_the_header(header: str) -> None:
    assert len(kits.connect("onebot12").read(given(headers={"authorization": header})).lines) == 1


def test_the_token_may_stand_in_the_query() -> None:
    assert len(kits.connect("onebot12").read(given(headers={}, args={"access_token": kits.TOKEN})).lines) == 1


@pytest.mark.parametrize("header", [kits.TOKEN, f"Basic {kits.TOKEN}", f"Bearer {kits.TOKEN}x", f"Token {kits.TOKEN}"])
def test_another_header_is_rejected(header: str) -> None:
    with pytest.raises(Rejected):
        kits.connect("onebot12").read(given(headers={"authorization": header}))


def test_a_wrong_header_is_not_mended_by_the_query() -> None:
    with pytest.raises(Rejected):
        kits.connect("onebot12").read(
            given(headers={"authorization": "Bearer wrong"}, args={"access_token": kits.TOKEN})
        )


def test_a_line_goes_out_as_one_action(platform: Platform) -> None:
    platform.says(OK)
    assert bridge(platform).send(LINE) == "abc"
    (asked,) = platform.asked
    assert asked.path == "/"
    assert asked.headers["authorization"] == f"Bearer {kits.TOKEN}"
    assert asked.json == {
        "action": "send_message",
        "params": {
            "detail_type": "group",
            "group_id": "12345@chatroom",
            "message": [{"type": "text", "data": {"text": "电梯修好了。"}}],
        },
        "echo": "event:1:2",
        "self": WIRE["self"],
    }


def test_a_private_line_quotes(platform: Platform) -> None:
    platform.says(OK)
    bridge(platform).send(Line("k", "wxid_a", True, "好", reply_to="77"))
    assert platform.asked[0].json["params"] == {
        "detail_type": "private",
        "user_id": "wxid_a",
        "message": [
            {"type": "reply", "data": {"message_id": "77"}},
            {"type": "text", "data": {"text": "好"}},
        ],
    }
    assert "self" not in platform.asked[0].json


@pytest.mark.parametrize("data", [True, None, {}, {"message_id": None}, []])
def test_a_bridge_that_gives_no_id_has_taken_the_line_all_the_same(platform: Platform, data: object) -> None:
    platform.says(Says({"status": "ok", "retcode": 0, "data": data, "message": ""}))
    assert bridge(platform).send(LINE) is None


@pytest.mark.parametrize("retcode", [10004, 10005, 10006, 10007])
def test_a_bridge_that_cannot_quote_gets_the_words_alone(platform: Platform, retcode: int) -> None:
    platform.says(Says({"status": "failed", "retcode": retcode, "data": None, "message": "no"}), OK)
    assert bridge(platform).send(Line("k", "g", False, "好", reply_to="77")) == "abc"
    assert "reply" not in platform.asked[1].body.decode()


@pytest.mark.parametrize(
    "answer",
    [
        Says(b"", status=401),
        Says(b"", status=403),
        Says(b"", status=404),
        Says({"status": "failed", "retcode": 34001, "data": None, "message": "x"}),
        Says({"status": "failed", "retcode": 10002, "data": None, "message": "x"}),
    ],
)
def test_a_refusal_is_tried_again(platform: Platform, answer: Says) -> None:
    platform.says(answer)
    with pytest.raises(DeliveryError) as caught:
        bridge(platform).send(LINE)
    assert (caught.value.permanent, caught.value.parked) == (False, False)
    assert len(platform.asked) == 1
