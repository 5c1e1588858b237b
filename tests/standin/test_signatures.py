"""The stand-in's signatures and envelopes against published vectors and against other people's code."""

import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from standin.callbacks import onebot, webhook, wechat
from standin.config import Channel, Chat, Person
from standin.signing import SealError, onebot_signature, seal, unseal, wechat_signature
from standin.utterance import Utterance
from tests.standin.echo import AES_KEY, APPID, TOKEN

PERSON = Person(id="oUser1", name="王")
PRIVATE = Chat(id="private:oUser1", kind="private", members=("oUser1",), channel="wechat")
SAFE = Channel(kind="wechat", appid=APPID, token=TOKEN, aes_key=AES_KEY)
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=300)


def said(text: str) -> Utterance:
    return Utterance("text", PERSON, PRIVATE, "1732233600001", 1732233600.0, text)


@pytest.mark.parametrize(
    ("timestamp", "nonce", "signature"),
    [
        ("1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
        ("1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
    ],
)
def test_the_platforms_own_vectors_come_out(timestamp: str, nonce: str, signature: str) -> None:
    assert wechat_signature("AAAAA", timestamp, nonce) == signature


def test_a_sealed_message_is_the_known_one_byte_for_byte() -> None:
    plain = (
        "<xml><ToUserName><![CDATA[gh_abc]]></ToUserName><FromUserName><![CDATA[oUser1]]></FromUserName>"
        "<CreateTime>1732233600</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好]]></Content>"
        "<MsgId>24000000000000001</MsgId></xml>"
    )
    sealed = seal(AES_KEY, APPID, plain, prefix=b"0123456789abcdef")
    assert wechat_signature("testtoken123", "1732233600", "nonce1", sealed) == (
        "12d3ae4e1132263e018ab91b30cb9cc059f45e31"
    )
    assert unseal(AES_KEY, APPID, sealed) == plain
    with pytest.raises(SealError):
        unseal(AES_KEY, "wx-of-somebody-else", sealed)


def test_the_v11_signature_is_the_known_one() -> None:
    body = (
        '{"time":1732233600,"self_id":"wxid_bot","post_type":"message","message_type":"group","sub_type":"normal",'
        '"message_id":12,"group_id":"12345@chatroom","user_id":"wxid_zhang","anonymous":null,"message":[{"type":"at",'
        '"data":{"qq":"wxid_bot"}},{"type":"text","data":{"text":" 3栋2单元电梯坏了"}}],"raw_message":'
        '"[CQ:at,qq=wxid_bot] 3栋2单元电梯坏了","font":0,"sender":{"user_id":"wxid_zhang","nickname":"张三",'
        '"card":"3-2-501张","role":"member"}}'
    ).encode()
    assert len(body) == 458
    assert onebot_signature("onebot-secret", body) == "sha1=d24f7bfe78660352356df8eb313af1594eae140d"


@given(text=texts)
def test_a_safe_callback_opens_with_wechatpy_and_says_the_same(text: str) -> None:
    envelope = wechat.compose("wechat", SAFE, said(text), False)
    assert envelope is not None
    query = envelope.query
    check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
    crypto = WeChatCrypto(TOKEN, AES_KEY, APPID)
    opened = crypto.decrypt_message(envelope.body, query["msg_signature"], query["timestamp"], query["nonce"])
    assert text.replace("]]>", "]]]]><![CDATA[>") in opened
    assert text not in envelope.body.decode() or len(text) < 4


def test_compatible_mode_carries_both_and_plain_mode_no_seal() -> None:
    both = wechat.compose("wechat", SAFE.model_copy(update={"mode": "compatible"}), said("你好吗"), False)
    bare = wechat.compose("wechat", Channel(kind="wechat", token=TOKEN), said("你好吗"), False)
    assert both is not None
    assert bare is not None
    assert b"<Encrypt>" in both.body
    assert "你好吗" in both.body.decode()
    assert b"<Encrypt>" not in bare.body
    assert "encrypt_type" not in bare.query


def test_a_forged_callback_does_not_verify() -> None:
    channel = Channel(kind="onebot", secret="right")
    group = Chat(id="1", channel="onebot", members=("oUser1",))
    utterance = Utterance("text", PERSON, group, "7", 1.0, "你好")
    for forged, same in ((False, True), (True, False)):
        envelope = onebot.compose("onebot", channel, utterance, forged)
        assert envelope is not None
        expected = "sha1=" + hmac.new(b"right", envelope.body, hashlib.sha1).hexdigest()
        assert (envelope.headers["X-Signature"] == expected) is same


def test_a_mention_of_the_bot_becomes_a_segment_of_its_own() -> None:
    group = Chat(id="88", channel="onebot", members=("oUser1",))
    utterance = Utterance("text", PERSON, group, "7", 1.0, "@小单 电梯坏了", to_bot="小单")
    envelope = onebot.compose("onebot", Channel(kind="onebot", self_id="10001"), utterance, False)
    assert envelope is not None
    event = json.loads(envelope.body)
    assert event["group_id"] == 88
    assert event["message"] == [
        {"type": "at", "data": {"qq": "10001"}},
        {"type": "text", "data": {"text": " 电梯坏了"}},
    ]


def test_the_neutral_webhook_signs_the_raw_body() -> None:
    chat = Chat(id="board", channel="webhook", members=("oUser1",))
    utterance = Utterance("text", PERSON, chat, "7", 1.5, "你好", reply_to="6")
    envelope = webhook.compose("webhook", Channel(kind="webhook", secret="w"), utterance, False)
    assert envelope is not None
    expected = "sha256=" + hmac.new(b"w", envelope.body, hashlib.sha256).hexdigest()
    assert envelope.headers["X-Signature"] == expected
    assert json.loads(envelope.body) == {
        "id": "7",
        "time": 1.5,
        "chat": {"id": "board", "kind": "group"},
        "user": {"id": "oUser1", "name": "王"},
        "text": "你好",
        "reply_to": "6",
    }
