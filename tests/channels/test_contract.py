"""What every channel promises, whatever its kind. A new kind joins by a kit in kits.py and a folder of fixtures."""

import traceback
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from bot.channels import Channel, DeliveryError, Hook, Line, Rejected
from tests.channels import kits
from tests.channels.platform import Platform, Says

KINDS = kits.kinds()
CASES = [(kind, fixture) for kind in KINDS for fixture in kits.fixtures(kind)]
READABLE = [(kind, fixture) for kind, fixture in CASES if fixture.lines]
ADDRESS = {"wechat": "api_base", "onebot": "api_base", "onebot12": "api_base", "webhook": "url"}
SECRETS = (kits.TOKEN, kits.SECRET, kits.APPSECRET, kits.AES_KEY, "ACCESS-1", "ACCESS-2")


def named(cases: list[tuple[str, kits.Fixture]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("kind", "fixture"), cases, ids=[f"{kind}-{case.name}" for kind, case in cases])


def test_every_kind_has_fixtures() -> None:
    assert set(KINDS) == {"wechat", "onebot", "onebot12", "webhook"}
    assert all(len(kits.fixtures(kind)) > 10 for kind in KINDS)


@named(CASES)
def test_a_fixture_reads_as_written_down(kind: str, fixture: kits.Fixture) -> None:
    reading = kits.connect(kind).read(kits.genuine(kind, fixture.body))
    if fixture.unread is not None:
        assert reading.unreadable is not None
        assert fixture.unread in reading.unreadable
        assert reading.lines == ()
        return
    assert reading.unreadable is None
    assert len(reading.lines) == len(fixture.lines)
    for line, expected in zip(reading.lines, fixture.lines, strict=True):
        for field, value in expected.items():
            wanted = datetime.fromisoformat(str(value)) if field == "said_at" else value
            assert getattr(line, field) == wanted, field


@named(CASES)
def test_a_forged_request_is_rejected_whatever_it_says(kind: str, fixture: kits.Fixture) -> None:
    channel = kits.connect(kind)
    for what, forged in kits.forgeries(kind, kits.genuine(kind, fixture.body)):
        with pytest.raises(Rejected):
            pytest.fail(f"{what}: {channel.read(forged)}")


@named(READABLE)
def test_the_same_event_has_the_same_external_id(kind: str, fixture: kits.Fixture) -> None:
    channel = kits.connect(kind)
    twice = [channel.read(kits.genuine(kind, fixture.body)).lines[0] for _ in range(2)]
    assert twice[0] == twice[1]
    assert 0 < len(twice[0].external_id) <= 255


@named(CASES)
def test_an_answer_is_ready_for_every_genuine_request(kind: str, fixture: kits.Fixture) -> None:
    reading = kits.connect(kind).read(kits.genuine(kind, fixture.body))
    silent = reading.reply(None)
    expected: dict[str, tuple[int, bytes]] = {
        "wechat": (200, b"success"),
        "onebot": (204, b""),
        "onebot12": (204, b""),
        "webhook": (200, b'{"ok": true}'),
    }
    if kind == "webhook" and fixture.unread is not None:
        assert silent.status == 400
        assert b'"error"' in silent.body
    else:
        assert (silent.status, silent.body) == expected[kind]
    for text in ("好的", "", "]]>", "\ud83d", "\x00\x1d", "楼" * 9000):
        assert reading.reply(text).status == silent.status


@pytest.mark.parametrize("kind", KINDS)
def test_a_genuine_request_for_the_wrong_secret_is_rejected(kind: str) -> None:
    other = {
        "wechat": {"token": "another-token"},
        "onebot": {"secret": "another"},
        "onebot12": {"token": "another"},
        "webhook": {"secret": "another"},
    }[kind]
    channel = kits.connect(kind, **other)
    body = kits.fixtures(kind)[0].body
    with pytest.raises(Rejected):
        channel.read(kits.genuine(kind, body))


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_secret_opens_nothing(kind: str) -> None:
    empty = {"wechat": {"token": ""}, "onebot": {"secret": ""}, "onebot12": {"token": ""}, "webhook": {"secret": ""}}
    channel = kits.connect(kind, **empty[kind])
    body = b'{"a": 1}'
    nothing = {
        "onebot": Hook("POST", {}, {"x-signature": kits.signed_with("sha1", "", body)}, body),
        "webhook": Hook("POST", {}, {"x-signature": kits.signed_with("sha256", "", body)}, body),
        "onebot12": Hook("POST", {}, {"authorization": "Bearer "}, body),
        "wechat": kits.wechat_sealed("<xml/>", token=""),
    }[kind]
    with pytest.raises(Rejected):
        channel.read(nothing)


def line(kind: str, text: str = "电梯修好了", **fields: Any) -> Line:
    chat = "oUser1" if kind == "wechat" else "12345@chatroom"
    return Line(**{"key": "event:1:2", "chat_id": chat, "private": kind == "wechat", "text": text, **fields})


def taken(kind: str) -> Says:
    """What the platform says when it takes a line."""
    bodies: dict[str, object] = {
        "wechat": {"errcode": 0, "errmsg": "ok", "access_token": "ACCESS-1", "expires_in": 7200},
        "onebot": {"status": "ok", "retcode": 0, "data": {"message_id": 123}},
        "onebot12": {"status": "ok", "retcode": 0, "data": {"message_id": "123", "time": 1.0}, "message": ""},
        "webhook": {"id": "123"},
    }
    return Says(bodies[kind])


def connected(kind: str, platform: Platform) -> Channel:
    return kits.connect(kind, **{ADDRESS[kind]: platform.url})


def failure(send: Callable[[], object]) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        send()
    return caught.value


def attempted(channel: Channel, said: Line) -> DeliveryError | None:
    try:
        channel.send(said)
    except DeliveryError as error:
        return error
    return None


def shown(error: DeliveryError | None) -> str:
    return "" if error is None else "".join(traceback.format_exception(error)) + repr(error)


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_reaches_the_platform(kind: str, platform: Platform) -> None:
    platform.says(taken(kind))
    sent = connected(kind, platform).send(line(kind))
    assert sent == (None if kind == "wechat" else "123")
    assert "电梯修好了" in platform.asked[-1].body.decode()
    assert (line(kind).chat_id) in platform.asked[-1].body.decode()


TROUBLES = {
    "hangs": Says(wait=2),
    "hangs up": Says(hang_up=True),
    "502": Says(b"<html>bad gateway</html>", status=502),
    "503": Says(b"", status=503),
    "redirect": Says(b"", status=302, headers={"Location": "http://127.0.0.1:1/"}),
}
GARBLED = {
    "no JSON": Says(b"<html>please log in</html>"),
    "half JSON": Says(b'{"errcode": '),
    "a list": Says([]),
    "nothing": Says(b""),
    "not UTF-8": Says(b"\xff\xfe{"),
    "deep": Says(b"[" * 100_000),
    "an errcode that is none": Says({"errcode": "x", "status": [], "retcode": "x"}),
    "an empty object": Says({}),
}


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("kind", KINDS)
def test_trouble_on_the_way_means_later(kind: str, trouble: str, platform: Platform, impatient: None) -> None:
    platform.says(TROUBLES[trouble])
    error = failure(lambda: connected(kind, platform).send(line(kind)))
    assert not error.permanent
    assert not error.parked


@pytest.mark.parametrize("trouble", GARBLED)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "webhook"])
def test_a_200_that_is_no_answer_means_later(kind: str, trouble: str, platform: Platform) -> None:
    platform.says(GARBLED[trouble])
    error = failure(lambda: connected(kind, platform).send(line(kind)))
    assert not error.permanent
    assert not error.parked


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_listening_means_later(kind: str, impatient: None) -> None:
    channel = kits.connect(kind, **{ADDRESS[kind]: "http://127.0.0.1:1"})
    assert str(failure(lambda: channel.send(line(kind)))) == "no connection"


@pytest.mark.parametrize(
    "address", ["http://", "nonsense", "http://[", "http://a b/", "ftp://127.0.0.1/", "http://\udcff/"]
)
@pytest.mark.parametrize("kind", KINDS)
def test_an_address_that_is_none_means_later(kind: str, address: str) -> None:
    channel = kits.connect(kind, **{ADDRESS[kind]: "http://placeholder"})
    for part in (channel, getattr(channel, "_client", None)):
        for attribute in ("_api_base", "_url", "API_BASE_URL"):
            if hasattr(part, attribute):
                setattr(part, attribute, address)
    assert not failure(lambda: channel.send(line(kind))).permanent


@pytest.mark.parametrize("kind", KINDS)
def test_a_platform_that_asks_for_patience_gets_it(kind: str, platform: Platform) -> None:
    platform.says(Says(b"", status=429, headers={"Retry-After": "17"}))
    error = failure(lambda: connected(kind, platform).send(line(kind)))
    assert (error.retry_after, error.permanent) == (17.0, False)


@pytest.mark.parametrize("kind", KINDS)
def test_no_secret_stands_in_an_error_or_a_repr(kind: str, platform: Platform, impatient: None) -> None:
    channel = connected(kind, platform)
    for trouble in (*TROUBLES.values(), *GARBLED.values(), Says({"errcode": 40001, "errmsg": kits.APPSECRET})):
        platform.says(trouble)
        error = attempted(channel, line(kind, "住在501的王大爷"))
        assert not any(secret in shown(error) for secret in (*SECRETS, "王大爷", platform.url))
        assert error is None or error.__context__ is None  # what it came from holds the request
    assert not any(secret in repr(channel) for secret in SECRETS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_with_half_a_character_still_goes_out(kind: str, platform: Platform) -> None:
    platform.says(taken(kind))
    connected(kind, platform).send(line(kind, "修好了\ud83d\x00"))
    assert "修好了" in platform.asked[-1].body.decode()
    assert "\\u0000" not in platform.asked[-1].body.decode()


@pytest.mark.parametrize("kind", ["onebot", "onebot12", "webhook"])
def test_a_channel_without_an_address_hears_but_cannot_send(kind: str) -> None:
    channel = kits.connect(kind)
    error = failure(lambda: channel.send(line(kind)))
    assert error.permanent
    assert str(error) == ("no url configured" if kind == "webhook" else "no api_base configured")
    assert not channel.pushes


@pytest.mark.parametrize(
    ("kind", "passive", "groups"),
    [("wechat", True, False), ("onebot", False, True), ("onebot12", False, True), ("webhook", False, True)],
)
def test_a_channel_says_what_it_can_do(kind: str, passive: bool, groups: bool) -> None:
    channel = kits.connect(kind)
    assert (channel.name, channel.answers_passively, channel.hears_groups) == ("front", passive, groups)
