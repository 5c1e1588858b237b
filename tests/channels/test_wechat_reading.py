"""The Official Account's callbacks in its three modes, with vectors from the platform's pages and from wechatpy."""

from dataclasses import replace

import pytest

from bot.channels import Hook, Rejected
from bot.channels.proof import wechat_signature
from bot.settings import SettingsError
from tests.channels import kits

# Made with wechatpy 1.8.18 and the random prefix 0123456789abcdef.
SEALED = (
    "Q3stYC6hdFzMh9T8HCvyDF1H9kwak3335s7+/WV9wmdX5ofcJd783dVlvX34gwFRKvYUvMGDoSBFVsrCvjOT5kpkQ2dvgXmF178IWaTra3mUNEuQ5cUnt"
    "pvqeiuahFsZjsFnh98nNY67QoNd8OI+kMF1ZWqMjYIMMcsjUhaaR5BZWYVnpSwbEk6svRp7lU3ZjQjz5SL4TG6QTmQY8ZFfQ6ANPRUkGv6dlCZkDdlTk"
    "HSMSkE0WkXenp9PXwPsR/2R484rxmuU/hkmQ50kG8UhLrpYaKSfLAqPW/ZKlnDJoS1r5Zx/KsHAiam1W2il56GAvOmlcbfCaLtKcw1Wh3AmDCSzfmXRa"
    "dcWoT0eMENvX0XTf5TOzynbLVnuxhM0E8y1"
)
FORGED = (
    "<MsgType><![CDATA[text]]></MsgType><FromUserName>oForger</FromUserName><Content>假的</Content><MsgId>1</MsgId>"
)


def text(content: str = "你好", sender: str = "oUser1") -> str:
    return (
        f"<xml><ToUserName><![CDATA[gh_abc]]></ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>"
        f"<CreateTime>1732233600</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{content}]]></Content><MsgId>24000000000000001</MsgId></xml>"
    )


@pytest.mark.parametrize(
    ("token", "timestamp", "nonce", "signature"),
    [
        ("AAAAA", "1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
        ("AAAAA", "1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        ("testtoken123", "1732233600", "nonce1", "616c41e811bb41ad44bab78adeaa57ea9b501d3d"),
    ],
)
def test_the_signature_is_that_of_the_published_vectors(token: str, timestamp: str, nonce: str, signature: str) -> None:
    assert wechat_signature(token, timestamp, nonce) == signature


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
def test_the_address_is_verified_by_its_echo_byte_for_byte(mode: str) -> None:
    reading = kits.connect("wechat", mode=mode).read(kits.wechat_get('<b>"1616140317555161061" 签'))
    assert reading.lines == ()
    assert reading.reply(None).body == '<b>"1616140317555161061" 签'.encode()
    assert reading.reply(None).content_type.startswith("text/plain")


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
def test_a_verification_with_a_wrong_signature_is_rejected(mode: str) -> None:
    hook = kits.wechat_get("1", token="another")
    with pytest.raises(Rejected):
        kits.connect("wechat", mode=mode).read(hook)


@pytest.mark.parametrize("mode", ["safe", "compatible"])
def test_a_sealed_callback_of_the_known_vector_is_read(mode: str) -> None:
    hook = Hook(
        "POST",
        {"timestamp": "1732233600", "nonce": "nonce1", "msg_signature": "12d3ae4e1132263e018ab91b30cb9cc059f45e31"},
        {},
        f"<xml><ToUserName>gh_abc</ToUserName><Encrypt><![CDATA[{SEALED}]]></Encrypt></xml>".encode(),
    )
    (line,) = kits.connect("wechat", mode=mode).read(hook).lines
    assert (line.text, line.user_id, line.external_id) == ("你好", "oUser1", "24000000000000001")


@pytest.mark.parametrize("fixture", kits.fixtures("wechat"), ids=lambda fixture: fixture.name)
def test_every_fixture_reads_the_same_in_all_three_modes(fixture: kits.Fixture) -> None:
    xml = str(fixture.body)
    sealed = kits.connect("wechat", mode="safe").read(kits.wechat_sealed(xml))
    for mode in ("plain", "compatible"):
        plain = kits.connect("wechat", mode=mode).read(kits.wechat_plain(xml))
        assert (plain.lines, plain.unreadable) == (sealed.lines, sealed.unreadable)


def test_safe_mode_rejects_a_plain_body_however_well_signed() -> None:
    with pytest.raises(Rejected):
        kits.connect("wechat", mode="safe").read(kits.wechat_plain(text()))


@pytest.mark.parametrize("body", [b"", b"<xml/>", b"<xml><Encrypt/></xml>", b"\xff", b"<xml>", b"{}", b"<xml>1</xml>"])
def test_safe_mode_rejects_a_body_with_nothing_sealed(body: bytes) -> None:
    with pytest.raises(Rejected):
        kits.connect("wechat", mode="safe").read(kits.wechat_plain(body))


def test_compatible_mode_takes_both() -> None:
    channel = kits.connect("wechat", mode="compatible")
    assert channel.read(kits.wechat_plain(text("甲"))).lines[0].text == "甲"
    assert channel.read(kits.wechat_sealed(text("乙"))).lines[0].text == "乙"


def test_only_the_sealed_content_counts_where_there_is_one() -> None:
    hook = kits.wechat_sealed(text("真的"), beside=FORGED)
    for mode in ("compatible", "safe"):
        (line,) = kits.connect("wechat", mode=mode).read(hook).lines
        assert (line.text, line.user_id) == ("真的", "oUser1")


@pytest.mark.parametrize(
    "encrypt",
    ["<Encrypt/>", "<Encrypt><a/></Encrypt>", "<Encrypt>AAAA</Encrypt>", "<Encrypt>A</Encrypt><Encrypt>B</Encrypt>"],
)
def test_an_unproven_encrypt_does_not_open_the_way_to_the_plain_body(encrypt: str) -> None:
    hook = kits.wechat_plain(text().replace("</xml>", f"{encrypt}</xml>"))
    with pytest.raises(Rejected):
        kits.connect("wechat", mode="compatible").read(hook)


def test_an_encrypt_quoted_by_a_resident_is_only_text() -> None:
    (line,) = kits.connect("wechat", mode="compatible").read(kits.wechat_plain(text("<Encrypt>AAAA</Encrypt>"))).lines
    assert line.text == "<Encrypt>AAAA</Encrypt>"


def test_plain_mode_looks_at_plaintext_alone() -> None:
    channel = kits.connect("wechat", mode="plain")
    assert (
        channel.read(kits.wechat_plain(text().replace("</xml>", "<Encrypt>AAAA</Encrypt></xml>"))).lines[0].text
        == "你好"
    )
    reading = channel.read(kits.wechat_sealed(text()))
    assert reading.lines == ()
    assert reading.unreadable is not None
    assert "a channel in plain mode?" in reading.unreadable


def test_the_previous_key_still_opens_and_seals_the_answer() -> None:
    channel = kits.connect("wechat", aes_key_previous=kits.OLD_AES_KEY)
    reading = channel.read(kits.wechat_sealed(text(), key=kits.OLD_AES_KEY))
    assert reading.lines[0].text == "你好"
    assert "好的" in kits.decoded(reading.reply("好的").body, key=kits.OLD_AES_KEY)
    assert "好的" in kits.decoded(channel.read(kits.wechat_sealed(text())).reply("好的").body)


@pytest.mark.parametrize(
    "hook",
    [
        kits.wechat_sealed(text(), key=kits.OLD_AES_KEY),
        kits.wechat_sealed(text(), appid="wxanother"),
        kits.wechat_with_encrypt("!!!!"),
        kits.wechat_with_encrypt("AAAA"),
        kits.wechat_with_encrypt("A" * 64),
        kits.wechat_with_encrypt("签"),
    ],
    ids=["another key", "another appid", "no base64", "no block", "garbage", "not ASCII"],
)
def test_what_is_signed_but_does_not_open_is_unreadable_and_answered_with_success(hook: Hook) -> None:
    reading = kits.connect("wechat").read(hook)
    assert reading.lines == ()
    assert reading.unreadable is not None
    assert reading.unreadable.startswith("Encrypt: ")
    assert reading.reply(None).body == b"success"
    assert reading.reply("好的").body == b"success"


@pytest.mark.parametrize("key", ["short", "x" * 42 + "!", "x" * 44, "签" * 43])
@pytest.mark.parametrize("field", ["aes_key", "aes_key_previous"])
def test_an_aes_key_that_is_none_refuses_to_start_and_is_not_shown(field: str, key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        kits.connect("wechat", **{field: key})
    assert "channels.front.aes_key" in str(caught.value)
    assert key not in str(caught.value)


@pytest.mark.parametrize("body", [text("甲").encode("gbk"), text("甲").encode("utf-16"), b"\x00\x01", b""])
def test_bytes_that_are_no_text_are_unreadable(body: bytes) -> None:
    reading = kits.connect("wechat", mode="plain").read(kits.wechat_plain(body))
    assert reading.unreadable is not None
    assert reading.reply(None).body == b"success"


def test_a_byte_order_mark_and_a_declaration_are_no_hindrance() -> None:
    xml = '\ufeff<?xml version="1.0" encoding="gbk"?>\n' + text()
    assert kits.connect("wechat", mode="plain").read(kits.wechat_plain(xml)).lines[0].text == "你好"


def test_a_cause_never_quotes_what_was_said() -> None:
    for xml in (
        text().replace("1732233600", "王大爷"),
        text().replace("24000000000000001", "王大爷"),
        text() + "王大爷",
    ):
        reading = kits.connect("wechat", mode="plain").read(kits.wechat_plain(xml))
        assert reading.unreadable is not None
        assert "王大爷" not in reading.unreadable


def test_a_long_text_is_cut_at_four_thousand_characters() -> None:
    (line,) = kits.connect("wechat").read(kits.wechat_sealed(text("楼" * 9000))).lines
    assert line.text == "楼" * 4000


def test_a_query_that_claims_plaintext_changes_nothing() -> None:
    hook = kits.wechat_sealed(text())
    claims = replace(hook, args={**hook.args, "encrypt_type": "raw"})
    assert kits.connect("wechat").read(claims).lines[0].text == "你好"
