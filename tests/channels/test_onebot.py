"""OneBot v11: its published signature, CQ strings, and actions against a bridge."""

import json
import time

import pytest

from bot.channels import Channel, DeliveryError, Hook, Line, Rejected
from bot.channels.onebot_segments import from_cq, said
from tests.channels import kits
from tests.channels.platform import Platform, Says

VECTOR = (
    '{"time":1732233600,"self_id":"wxid_bot","post_type":"message","message_type":"group","sub_type":"normal",'
    '"message_id":12,"group_id":"12345@chatroom","user_id":"wxid_zhang","anonymous":null,"message":[{"type":"at",'
    '"data":{"qq":"wxid_bot"}},{"type":"text","data":{"text":" 3栋2单元电梯坏了"}}],'
    '"raw_message":"[CQ:at,qq=wxid_bot] 3栋2单元电梯坏了","font":0,"sender":{"user_id":"wxid_zhang","nickname":"张三",'
    '"card":"3-2-501张","role":"member"}}'
).encode()
LINE = Line("event:1:2", "12345@chatroom", False, "电梯修好了。")
OK = Says({"status": "ok", "retcode": 0, "data": {"message_id": 123}})


def bridge(platform: Platform, **fields: object) -> Channel:
    return kits.connect("onebot", api_base=platform.url, **fields)


def refused(channel: Channel, line: Line = LINE) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel.send(line)
    return caught.value


def test_the_known_body_has_the_known_signature() -> None:
    assert len(VECTOR) == 458
    header = {"x-signature": "sha1=d24f7bfe78660352356df8eb313af1594eae140d"}
    (line,) = kits.connect("onebot").read(Hook("POST", {}, header, VECTOR)).lines
    assert (line.text, line.to_me, line.user_name) == ("3栋2单元电梯坏了", True, "3-2-501张")


def test_a_signature_of_another_digest_is_rejected() -> None:
    signature = kits.signed_with("sha256", kits.SECRET, VECTOR)
    for header in (signature, signature.replace("sha256", "sha1")):
        with pytest.raises(Rejected):
            kits.connect("onebot").read(Hook("POST", {}, {"x-signature": header}, VECTOR))


def test_the_same_counter_after_a_restart_of_the_bridge_is_another_message() -> None:
    channel = kits.connect("onebot")
    event = json.loads(VECTOR)
    ids = {
        channel.read(kits.signed_json("onebot", {**event, **other})).lines[0].external_id
        for other in (
            {},
            {"time": 1732233601},
            {"group_id": "9@chatroom"},
            {"self_id": "wxid_b"},
            {"message_id": 13},
            {"user_id": "wxid_li"},
            {"user_id": "wxid_zhang|1732233600"},
        )
    }
    assert len(ids) == 7


def test_very_long_ids_still_make_an_external_id_that_can_be_kept() -> None:
    event = {**json.loads(VECTOR), "group_id": "g" * 128, "user_id": "u" * 128, "self_id": "s" * 128}
    channel = kits.connect("onebot")
    (line,) = channel.read(kits.signed_json("onebot", event)).lines
    (other,) = channel.read(kits.signed_json("onebot", {**event, "message_id": 13})).lines
    assert len(line.external_id) <= 255
    assert line.external_id != other.external_id


def test_cq_strings_become_segments() -> None:
    assert list(from_cq("a&amp;&#91;[CQ:image,file=x&#44;y.jpg,url=http://h/?a=1&amp;b=2]z[CQ:face]")) == [
        ("text", {"text": "a&["}),
        ("image", {"file": "x,y.jpg", "url": "http://h/?a=1&b=2"}),
        ("text", {"text": "z"}),
        ("face", {}),
    ]


@pytest.mark.parametrize("half", ["[CQ:", "[CQ:at", "[CQ:at,qq=1", "[CQ:at,qq=[CQ:at", "[ 5楼 ]", "[CQ]"])
def test_half_a_cq_code_is_text(half: str) -> None:
    assert said(half, "1").text == half


@pytest.mark.parametrize("piece", ["[CQ:a,", "[CQ:", "[CQ:a" + "," * 50, "[", "&", "[CQ:at,qq=1]"])
def test_a_crooked_string_is_read_in_linear_time(piece: str) -> None:
    begun = time.perf_counter()
    said(piece * (400_000 // len(piece)), "1")
    assert time.perf_counter() - begun < 3


def test_half_a_character_is_left_out() -> None:
    body = VECTOR.decode().replace('坏了"}', '坏\\ud83d了\\u0000"}').encode()
    (line,) = kits.connect("onebot").read(kits.signed_json("onebot", body)).lines
    assert line.text == "3栋2单元电梯坏了"


def test_a_line_goes_out_as_segments_and_never_as_codes(platform: Platform) -> None:
    platform.says(OK)
    attack = "[CQ:at,qq=all][CQ:image,file=file:///etc/passwd]"
    assert bridge(platform).send(Line("k", "12345@chatroom", False, attack)) == "123"
    (asked,) = platform.asked
    assert asked.path == "/send_msg"
    assert asked.headers["authorization"] == f"Bearer {kits.TOKEN}"
    assert asked.headers["content-type"] == "application/json"
    assert asked.json == {
        "message_type": "group",
        "group_id": "12345@chatroom",
        "message": [{"type": "text", "data": {"text": attack}}],
        "auto_escape": False,
    }


def test_a_quotation_comes_first(platform: Platform) -> None:
    platform.says(OK)
    bridge(platform).send(Line("k", "1", False, "好", reply_to="-12"))
    assert platform.asked[0].json["message"] == [
        {"type": "reply", "data": {"id": "-12"}},
        {"type": "text", "data": {"text": "好"}},
    ]


@pytest.mark.parametrize("private", [True, False])
def test_a_number_goes_back_as_a_number_and_a_string_as_a_string(platform: Platform, private: bool) -> None:
    platform.says(OK)
    field = "user_id" if private else "group_id"
    bridge(platform).send(Line("k", "42", private, "好", wire={"numeric": True}))
    bridge(platform).send(Line("k", "42", private, "好"))
    bridge(platform).send(Line("k", "wxid_a", private, "好", wire={"numeric": True}))
    assert [asked.json[field] for asked in platform.asked] == [42, "42", "wxid_a"]
    assert {asked.json["message_type"] for asked in platform.asked} == {"private" if private else "group"}


def test_without_an_access_token_no_header_is_sent(platform: Platform) -> None:
    platform.says(OK)
    bridge(platform, access_token="").send(LINE)
    assert "authorization" not in platform.asked[0].headers


def test_a_netrc_does_not_replace_the_token(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    platform.says(OK)
    bridge(platform).send(LINE)
    assert platform.asked[0].headers["authorization"] == f"Bearer {kits.TOKEN}"


@pytest.mark.parametrize(
    ("answer", "message_id"),
    [
        ({"status": "ok", "retcode": 0, "data": {"message_id": -7}}, "-7"),
        ({"status": "ok", "retcode": 0, "data": {"message_id": "abc"}}, "abc"),
        ({"status": "ok", "retcode": 0, "data": None}, None),
        ({"status": "async", "retcode": 1, "data": None}, None),
        ({"status": "ok", "retcode": 0, "data": {"message_id": None}}, None),
    ],
)
def test_what_the_bridge_took_is_settled_with_its_id(
    platform: Platform, answer: object, message_id: str | None
) -> None:
    platform.says(Says(answer))
    assert bridge(platform).send(LINE) == message_id


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_misconfigured_bridge_loses_nothing(platform: Platform, status: int) -> None:
    platform.says(Says(b"", status=status))
    error = refused(bridge(platform))
    assert (error.permanent, error.parked) == (False, False)
    assert error.retry_after is not None
    assert str(status) in str(error)


def test_a_refusal_is_tried_again_and_names_its_code(platform: Platform) -> None:
    platform.says(Says({"status": "failed", "retcode": 1400, "data": None, "wording": "王大爷"}))
    error = refused(bridge(platform))
    assert not error.permanent
    assert "1400" in str(error)
    assert "王大爷" not in str(error)
