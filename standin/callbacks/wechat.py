"""WeChat's callbacks: XML in plain, compatible or safe mode, and the passive answer in their response."""

import secrets
from collections.abc import Mapping
from xml.parsers.expat import ExpatError

import xmltodict

from standin.config import Channel
from standin.signing import SealError, seal, unseal, wechat_signature
from standin.utterance import Envelope, Utterance

FAULT = "该公众号暂时无法提供服务，请稍后再试"  # the platform's own words for an answer it cannot use
ANSWER_BYTES = 2048

Fields = Mapping[str, str | int | float]


class UnusableAnswer(Exception):
    """The hook's answer is one that WeChat would show its fault message for."""


def compose(name: str, channel: Channel, said: Utterance, forged: bool) -> Envelope | None:
    """The callback for what a follower did, or None: a recall in an Official Account is told to nobody."""
    told = _fields(said)
    if told is None:
        return None
    fields: Fields = {
        "ToUserName": channel.original_id,
        "FromUserName": said.person.account(name),
        "CreateTime": int(said.at),
        **told,
    }
    return _sign(channel, fields, forged)


def _fields(said: Utterance) -> Fields | None:
    message: Fields = {"MsgId": int(said.message_id)}
    match said.deed:
        case "text":
            return {"MsgType": "text", "Content": said.text, **message}
        case "image":
            picture = f"http://127.0.0.1/media/{said.media}"
            return {"MsgType": "image", "PicUrl": picture, "MediaId": said.media, **message}
        case "voice":
            return {"MsgType": "voice", "MediaId": said.media, "Format": "amr", "Recognition": said.text, **message}
        case "location":
            place: Fields = {"Location_X": said.lat, "Location_Y": said.lng, "Scale": 16, "Label": said.text}
            return {"MsgType": "location", **place, **message}
        case "follow" if said.text:
            return _event("subscribe", f"qrscene_{said.text}", Ticket=f"ticket-{said.text}")
        case "follow":
            return _event("subscribe", "")
        case "unfollow":
            return _event("unsubscribe", "")
        case "scan":
            return _event("SCAN", said.text, Ticket=f"ticket-{said.text}")
        case "menu":
            return _event("CLICK", said.text)
        case _:
            return None


def _event(event: str, key: str, **more: str) -> Fields:
    return {"MsgType": "event", "Event": event, "EventKey": key, **more}


def _sign(channel: Channel, fields: Fields, forged: bool) -> Envelope:
    token = secrets.token_hex(8) if forged else channel.token
    timestamp, nonce = str(fields["CreateTime"]), str(secrets.randbelow(10**10))
    query = {
        "signature": wechat_signature(token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "openid": str(fields["FromUserName"]),
    }
    if channel.sealed == "plain":
        return Envelope(_xml(fields).encode(), {"Content-Type": "text/xml"}, query)
    sealed = seal(channel.aes_key, channel.appid, _xml(fields))
    query |= {"encrypt_type": "aes", "msg_signature": wechat_signature(token, timestamp, nonce, sealed)}
    shown: Fields = {"ToUserName": fields["ToUserName"]} if channel.sealed == "safe" else fields
    return Envelope(_xml({**shown, "Encrypt": sealed}).encode(), {"Content-Type": "text/xml"}, query)


def _xml(fields: Fields) -> str:
    return "<xml>" + "".join(f"<{name}>{_value(value)}</{name}>" for name, value in fields.items()) + "</xml>"


def _value(value: str | float) -> str:
    if isinstance(value, str):
        return "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"
    return str(value)


def passive_answer(channel: Channel, body: bytes) -> str | None:
    """The text that the hook's response shows to the follower; None for "success" or nothing.

    Raises UnusableAnswer: JSON, a plain answer in safe mode, a wrong signature, no text, or over 2048 bytes.
    """
    if body.strip() in {b"", b"success"}:
        return None
    fields = _parsed(body)
    if channel.sealed != "plain" and "Encrypt" in fields:
        fields = _opened(channel, fields)
    elif channel.sealed == "safe":
        raise UnusableAnswer("a plain answer in safe mode")
    text = fields.get("Content") or ""
    if fields.get("MsgType") != "text" or not text or len(text.encode()) > ANSWER_BYTES:
        raise UnusableAnswer("no text, or too long")
    return text


def _opened(channel: Channel, fields: Mapping[str, str]) -> dict[str, str]:
    sealed = fields["Encrypt"]
    signed = wechat_signature(channel.token, fields.get("TimeStamp", ""), fields.get("Nonce", ""), sealed)
    if signed != fields.get("MsgSignature"):
        raise UnusableAnswer("the answer's signature is wrong")
    try:
        return _parsed(unseal(channel.aes_key, channel.appid, sealed).encode())
    except SealError as error:
        raise UnusableAnswer(str(error)) from error


def _parsed(body: bytes) -> dict[str, str]:
    try:
        root = xmltodict.parse(body)["xml"]
    except (ExpatError, ValueError, KeyError, TypeError) as error:
        raise UnusableAnswer("no XML") from error
    if not isinstance(root, dict):
        raise UnusableAnswer("no fields")
    return {name: value for name, value in root.items() if isinstance(value, str)}
