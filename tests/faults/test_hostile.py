"""Hostile words and hostile requests through the whole door: never a 5xx, nothing stored for a stranger, nothing
injected into what the groups read."""

import json
import random
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlmodel import col, select

from bot import jobs
from bot.channels import onebot
from models import Chat, InboundState, Outgoing
from standin.signing import onebot_signature, seal, webhook_signature, wechat_signature
from standin.utterance import Envelope
from tests.channels import platform
from tests.faults.conftest import House
from tests.faults.estate import SECRETS
from tests.faults.voices import envelope

HOOKS = ("wechat", "onebot", "onebot12", "webhook")
MATTER = "3栋2单元电梯又坏了"
HOSTILE = {
    "a NUL": f"{MATTER}\x00 and on",
    "control characters": MATTER + "".join(map(chr, range(32))) + "\x7f",
    "right to left": f"\u202e{MATTER}\u202c\u2066\u200f\u200b\ufeff",
    "only emoji": "😀🏚️👨‍👩‍👧‍👦🛗" * 40,
    "only marks": "\u0301\u0302" * 500,
    "SQL": f"{MATTER}'); DROP TABLE ticket; --",
    "HTML": f"<script>alert(1)</script><img src=x onerror=alert(1)>{MATTER}",
    "CDATA": f"]]><Content>x</Content><![CDATA[{MATTER}",
    "an entity": f'<!DOCTYPE x [<!ENTITY a "b">]>&a;{MATTER}',
    "CQ codes": f"[CQ:at,qq=all][CQ:image,file=file:///etc/passwd]{MATTER}[CQ:reply,id=1]&#91;CQ:at,qq=all&#93;",
    "braces": f"{{place}} {{0}} {{number.__class__}} %s %(x)s {MATTER}",
    "at everybody": f"@全体成员 @all {MATTER}",
    "a long line": MATTER + "坏" * 9000,
    "many lines": f"{MATTER}\r\n\n\n" * 700,
    "digits": "9" * 5000 + MATTER,
    "nothing": " ",
}
LONE = "\ud83d电梯又坏了\udc00"  # half characters: they can only be written in JSON


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_never_hurt(house: House, words: str) -> None:
    for group in ("g-3-2", None):
        message = house.message(words, user=f"u-{group}", group=group)
        if group is None:
            message = replace(message, text="".join(c for c in words if c >= " " or c in "\t\n\r"))  # as in any XML
        response = house.tell(message)
        assert response.status_code in (200, 204)
        assert [row.state for row in house.rows(message)] == [InboundState.DONE]
    assert len(house.tickets()) <= 1
    with house.session() as session:
        lines = session.exec(
            select(Outgoing.text)
            .join(Chat, col(Chat.id) == col(Outgoing.chat_id))
            .where(col(Chat.account_id).is_(None))
        ).all()
    for line in lines:
        for foreign in ("[CQ", "qq=all", "<script", "DROP TABLE", "@全体", "@all", "\u202e", "\x00", "__class__"):
            assert foreign not in line


def test_half_characters_in_json_never_hurt(house: House) -> None:
    """No encoder takes them: they come as escapes, in the text, in a name and in an id."""
    for place, event in enumerate(lone_events(house)):
        body = json.dumps(event).encode()
        signed = Envelope(body, {"X-Signature": onebot_signature(SECRETS["ONEBOT_SECRET"], body)})
        assert house.post("onebot", signed).status_code in (200, 204), place
    assert len(house.tickets()) == 1
    assert all(row.state == InboundState.DONE for row in house.rows())


def lone_events(house: House) -> Iterator[dict[str, object]]:
    for at in ("text", "name", "user", "group"):
        event = json.loads(envelope(house.platforms, house.message("电梯又坏了")).body)
        if at == "text":
            event["message"][0]["data"]["text"] = LONE
        elif at == "name":
            event["sender"]["nickname"] = LONE
        else:
            event[f"{at}_id"] = LONE
        yield event


def test_what_reaches_a_group_is_text_and_nothing_else(sqlite_house: House) -> None:
    house = sqlite_house
    with platform.running() as bridge:
        bridge.says(platform.Says({"status": "ok", "retcode": 0, "data": {"message_id": 7}}))
        section = house.services.settings.channels["onebot"].model_copy(update={"api_base": bridge.url})
        house = house.but(channels={**house.services.channels, "onebot": onebot.connect("onebot", section)})
        for number, words in enumerate(HOSTILE.values()):
            assert house.tell(house.message(words, user=f"u-{number}")).status_code == 204
        jobs.drain(house.services, 10)
        assert len(bridge.asked) >= 2, "nothing was said to any group: the test proves nothing"
        for asked in bridge.asked:
            said = asked.json["message"]
            assert isinstance(said, list)
            assert {segment["type"] for segment in said} <= {"text", "reply"}
            assert asked.json["auto_escape"] is False


def signed(hook: str, body: bytes, *, secret: str | None = None) -> Envelope:
    """Any body with the platform's own proof; secret: somebody else's in place of ours."""
    stamp, nonce = str(int(time.time())), "n"
    if hook == "wechat":
        token, key = secret or SECRETS["WECHAT_TOKEN"], SECRETS["WECHAT_AES_KEY"]
        sealed = seal(key, SECRETS["WECHAT_APPID"], body.decode("utf-8", "replace"))
        query = {"timestamp": stamp, "nonce": nonce, "msg_signature": wechat_signature(token, stamp, nonce, sealed)}
        return Envelope(f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode(), {}, query)
    if hook == "onebot12":
        return Envelope(body, {"Authorization": f"Bearer {secret or SECRETS['ONEBOT12_TOKEN']}"})
    if hook == "onebot":
        return Envelope(body, {"X-Signature": onebot_signature(secret or SECRETS["ONEBOT_SECRET"], body)})
    return Envelope(body, {"X-Signature": webhook_signature(secret or SECRETS["WEBHOOK_SECRET"], body)})


def noise(dice: random.Random) -> bytes:
    """Random bytes, now and then with the look of something."""
    start = dice.choice([b"", b"{", b'{"post_type":', b"<xml><Encrypt>", b"<xml>", b"[" * 3000, b"\xff\xfe", b"null"])
    return start + dice.randbytes(dice.randrange(0, 400))


@pytest.mark.parametrize("hook", HOOKS)
def test_random_bytes_from_strangers_are_refused_and_leave_nothing(sqlite_house: House, hook: str) -> None:
    dice = random.Random(f"strangers at {hook}")
    for _ in range(300):
        response = sqlite_house.post(hook, Envelope(noise(dice)))
        assert (response.status_code, response.data) == (403, b"")
    assert sqlite_house.rows() == []


@pytest.mark.parametrize("hook", HOOKS)
def test_random_bytes_with_a_genuine_signature_are_taken_and_leave_nothing(sqlite_house: House, hook: str) -> None:
    """A platform that talks nonsense is not told to say it again: 200, 204 or, where the protocol says so, 400."""
    dice = random.Random(f"nonsense at {hook}")
    for _ in range(300):
        response = sqlite_house.post(hook, signed(hook, noise(dice)))
        assert response.status_code in (200, 204, 400)
    assert sqlite_house.rows() == []


@pytest.mark.parametrize("hook", HOOKS)
def test_a_forged_message_is_an_empty_403_and_leaves_nothing(house: House, hook: str) -> None:
    body = genuine_body(house, hook)
    real = signed(hook, body)
    assert house.post(hook, real).status_code in (200, 204)
    assert len(house.rows()) == 1, "the message itself is not one that would be stored: the test proves nothing"
    for forged in forgeries(hook, genuine_body(house, hook)):
        response = house.post(hook, forged)
        assert (response.status_code, response.data) == (403, b"")
    assert len(house.rows()) == 1


def forgeries(hook: str, body: bytes) -> Iterator[Envelope]:
    real = signed(hook, body)
    yield signed(hook, body, secret="somebody-elses")
    yield replace(real, headers={}, query={})
    yield replace(real, headers={name: value[:-1] for name, value in real.headers.items()},
                  query={name: value[:-1] for name, value in real.query.items()})  # fmt: skip
    if hook != "onebot12":  # a bearer token proves nothing about the body
        yield replace(real, body=real.body.replace(b"<Encrypt><![CDATA[", b"<Encrypt><![CDATA[QUFB") + b" ")
    for other in HOOKS:
        if other != hook:
            yield signed(other, body)


def genuine_body(house: House, hook: str) -> bytes:
    """A message of a platform, before it is sealed or signed."""
    said = house.message(MATTER)
    if hook == "wechat":
        fields = {"ToUserName": "gh", "FromUserName": "o-1", "CreateTime": int(said.at), "MsgType": "text"}
        words = {**fields, "Content": MATTER, "MsgId": said.id}
        return f"<xml>{''.join(f'<{name}>{value}</{name}>' for name, value in words.items())}</xml>".encode()
    if hook == "onebot":
        return envelope(house.platforms, said).body
    about: dict[str, object] = {"id": said.id, "time": said.at}
    if hook == "onebot12":
        about |= {"type": "message", "detail_type": "group", "sub_type": "", "message_id": said.id}
        about |= {"self": {"platform": "x", "user_id": "10001"}, "group_id": "g-3-2", "user_id": "u-1"}
        about |= {"alt_message": MATTER, "message": [{"type": "text", "data": {"text": MATTER}}]}
    else:
        about |= {"chat": {"id": "g-3-2", "kind": "group"}, "user": {"id": "u-1", "name": "x"}, "text": MATTER}
    return json.dumps(about).encode()


@pytest.mark.parametrize("hook", HOOKS)
def test_an_oversize_body_is_a_413_before_anybody_reads_it(
    sqlite_house: House, hook: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = sqlite_house.services.channels[hook]
    monkeypatch.setattr(type(channel), "read", lambda *_: pytest.fail("it was parsed"))
    response = sqlite_house.post(hook, signed(hook, b'{"x": "' + b"y" * 70000 + b'"}'))
    assert response.status_code == 413
    assert sqlite_house.rows() == []


def test_an_unknown_channel_is_a_404_whatever_is_sent_there(sqlite_house: House) -> None:
    client = sqlite_house.app.test_client()
    for name in ("nobody", "wechat2", "..", "%2e%2e%2fwechat", "wechat%00", "a" * 3000, "微信"):
        assert client.post(f"/hooks/{name}", data=b"{}").status_code == 404
        assert client.get(f"/hooks/{name}").status_code == 404
    assert sqlite_house.rows() == []
