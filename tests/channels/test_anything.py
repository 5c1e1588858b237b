"""Whatever stands in a genuine request, `read` answers; and whatever comes from a stranger, it rejects."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels import Channel, Hook, Incoming, Reading, Rejected
from tests.channels import kits

KINDS = kits.kinds()
CHANNELS = {kind: kits.connect(kind) for kind in KINDS}
PLAIN = kits.connect("wechat", mode="plain")
COMPATIBLE = kits.connect("wechat", mode="compatible")

characters = st.characters(exclude_categories=[])  # lone surrogates and control characters too
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**30, max_value=10**40)
    | st.floats()
    | st.text(characters)
    | st.sampled_from(["message", "notice", "group", "private", "text", "at", "wxid_bot", "all"])
)
json_values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(characters), inner, max_size=4)
)
bounded = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def checked(reading: Reading) -> None:
    """What every reading promises its reader, down to the widths of the columns."""
    for line in reading.lines:
        sound(line)
        line_as_json = json.dumps([line.external_id, line.text, dict(line.wire)], ensure_ascii=False)
        line_as_json.encode()
    if reading.unreadable is not None:
        assert reading.lines == ()
        assert 0 < len(reading.unreadable) < 2000
    for text in (None, "好的"):
        response = reading.reply(text)
        assert isinstance(response.body, bytes)
        assert response.status in (200, 204, 400)


def sound(line: Incoming) -> None:
    assert line.said_at.utcoffset() is not None
    assert 2000 <= line.said_at.year < 2100
    assert len(line.external_id) <= 255
    assert len(line.text) <= 4000
    for each in (line.chat_id, line.user_id, line.message_id, line.reply_to):
        assert each is None or (isinstance(each, str) and 0 < len(each) <= 128)
    for each in (line.chat_id, line.user_id, line.text, line.user_name or "", line.scene or "", line.media_id or ""):
        assert isinstance(each, str)
        assert "\x00" not in each
        each.encode()


def changed(kind: str) -> st.SearchStrategy[object]:
    """A genuine event with a field, or a field inside a field, replaced by anything."""
    bodies = [case.body for case in kits.fixtures(kind) if isinstance(case.body, dict)]

    def change(drawn: tuple[dict[str, Any], int, int, object]) -> object:
        body, first, second, value = drawn
        body = json.loads(json.dumps(body))
        keys = list(body)
        key = keys[first % len(keys)]
        inner = body[key]
        if isinstance(inner, list) and inner and second % 2:
            inner = inner[0]
        if isinstance(inner, dict) and inner and second % 3:
            inner[list(inner)[second % len(inner)]] = value
        else:
            body[key] = value
        return body

    return st.tuples(st.sampled_from(bodies), st.integers(0, 99), st.integers(0, 99), json_values).map(change)


def dumped(value: object) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("kind", KINDS)
@bounded
@given(body=st.binary() | st.text().map(str.encode))
def test_any_bytes(kind: str, body: bytes) -> None:
    checked(CHANNELS[kind].read(kits.genuine(kind, body)))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "wechat"])
@settings(bounded, max_examples=400)
@given(data=st.data())
def test_any_json(kind: str, data: st.DataObject) -> None:
    body = dumped(data.draw(changed(kind) | json_values))
    checked(CHANNELS[kind].read(kits.signed_json(kind, body)))


FIELDS = [
    "ToUserName",
    "FromUserName",
    "CreateTime",
    "MsgType",
    "Event",
    "EventKey",
    "Content",
    "MsgId",
    "MediaId",
    "Recognition",
    "Location_X",
    "Label",
    "Encrypt",
    "xml",
]
VALUES = st.sampled_from(
    [
        "text",
        "event",
        "image",
        "location",
        "subscribe",
        "CLICK",
        "SCAN",
        "1732233600",
        "oUser1",
        "",
        "qrscene_",
        "-1",
        "1_0",
        "１２",
        "9" * 5000,
        "<![CDATA[]]>",
        "&amp;",
        "&x;",
        "<a/>",
        "<a b='c'/>",
    ]
)
elements = st.lists(st.tuples(st.sampled_from(FIELDS), VALUES | st.text(characters)), max_size=9).map(
    lambda pairs: "".join(f"<{field}>{value}</{field}>" for field, value in pairs)
)
wrapped: st.SearchStrategy[Callable[[str], str]] = st.sampled_from(
    [
        lambda inner: f"<xml>{inner}</xml>",
        lambda inner: f"<xml>{inner}",
        lambda inner: f"<xml a='b'>{inner}</xml>",
        lambda inner: f'<?xml version="1.0"?><xml>{inner}</xml>',
        lambda inner: f"<!DOCTYPE xml><xml>{inner}</xml>",
    ]
)


@settings(bounded, max_examples=400)
@given(inner=elements, wrap=wrapped)
def test_any_xml(inner: str, wrap: Callable[[str], str]) -> None:
    xml = wrap(inner)
    raw = xml.encode("utf-8", "replace")
    checked(PLAIN.read(kits.wechat_plain(raw)))
    checked(CHANNELS["wechat"].read(kits.wechat_sealed(raw.decode())))
    try:
        checked(COMPATIBLE.read(kits.wechat_plain(raw)))
    except Rejected:
        assert "Encrypt" in xml


@bounded
@given(st.text(characters))
def test_any_sealed_part(sealed: str) -> None:
    part = "".join(letter for letter in sealed if letter.isprintable() and letter not in "<>&[]").strip()
    if part:
        checked(CHANNELS["wechat"].read(kits.wechat_with_encrypt(part)))


@pytest.mark.parametrize("kind", KINDS)
@bounded
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "", "post"]),
    args=st.dictionaries(
        st.sampled_from(["signature", "msg_signature", "timestamp", "nonce", "echostr", "access_token"]),
        st.text(characters),
    ),
    headers=st.dictionaries(st.sampled_from(["x-signature", "authorization"]), st.text(characters)),
    body=st.binary(),
)
def test_a_stranger_with_any_proof_is_rejected(
    kind: str, method: str, args: dict[str, str], headers: dict[str, str], body: bytes
) -> None:
    with pytest.raises(Rejected):
        CHANNELS[kind].read(Hook(method, args, headers, body))


SIZE = 64 * 1024
HEAVY = {
    "nested lists": b"[" * SIZE,
    "closed lists": b"[" * (SIZE // 2) + b"]" * (SIZE // 2),
    "nested objects": b'{"a":' * (SIZE // 5),
    "a long number": b'{"time": ' + b"9" * SIZE + b"}",
    "a long fraction": b'{"time": 0.' + b"9" * SIZE + b"}",
    "the same key": b"{" + b'"id": 1,' * (SIZE // 8) + b'"id": 2}',
    "many segments": b'{"post_type":"message","self_id":1,"user_id":2,"time":1732233600,"message_type":"private",'
    b'"message_id":1,"message":[' + b'{"type":"text","data":{"text":"a"}},' * 1500 + b"1]}",
    "backslashes": b'"' + b"\\\\" * (SIZE // 2) + b'"',
    "nested elements": b"<xml>" + b"<a>" * (SIZE // 3),
    "closed elements": b"<xml>" + b"<a>" * (SIZE // 7) + b"</a>" * (SIZE // 7) + b"</xml>",
    "empty elements": b"<xml>" + b"<a/>" * (SIZE // 4) + b"</xml>",
    "attributes": b"<xml " + b" ".join(b"a%d=''" % n for n in range(SIZE // 9)) + b"/>",
    "spaces": b" " * SIZE,
    "declarations": b"<?xml " * (SIZE // 6),
    "entities": b"<xml>" + b"&amp;" * (SIZE // 5) + b"</xml>",
    "sections": b"<xml>" + b"<![CDATA[" * (SIZE // 9),
}


@pytest.mark.parametrize("heavy", HEAVY)
@pytest.mark.parametrize("kind", KINDS)
def test_a_heavy_body_is_read_quickly(kind: str, heavy: str) -> None:
    hooks = [kits.genuine(kind, HEAVY[heavy])]
    channels: list[Channel] = [CHANNELS[kind]]
    if kind == "wechat":
        hooks += [kits.wechat_plain(HEAVY[heavy])] * 2
        channels += [PLAIN, COMPATIBLE]
    for channel, hook in zip(channels, hooks, strict=True):
        begun = time.perf_counter()
        checked(channel.read(hook))
        assert time.perf_counter() - begun < 2


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "wechat"])
def test_of_two_equal_keys_the_last_counts_and_nothing_breaks(kind: str) -> None:
    (case,) = [case for case in kits.fixtures(kind) if case.name in ("group", "group_segments")]
    body = json.dumps(case.body, ensure_ascii=False)
    twice = '{"user_id": "first", "id": "first", ' + body.removeprefix("{")
    reading = CHANNELS[kind].read(kits.signed_json(kind, twice.encode()))
    assert "first" not in (reading.lines[0].external_id, reading.lines[0].user_id)
