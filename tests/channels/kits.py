"""For each channel kind: how to connect it, how its platform signs, and what a forger would try."""

import hashlib
import hmac
import importlib
import json
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from wechatpy.crypto import WeChatCrypto

import bot.channels
from bot.channels import Channel, Hook
from bot.settings import ChannelSection

FIXTURES = Path(__file__).parent / "fixtures"

TOKEN, SECRET, APPID, APPSECRET = "testtoken123", "onebot-secret", "wx0123456789abcdef", "app-secret-0123456789"
AES_KEY, OLD_AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "ZYXWVUTSRQPONMLKJIHGFEDCBA9876543210zyxwvut"
TIMESTAMP, NONCE = "1732233600", "nonce1"
Mode = Literal["plain", "compatible", "safe"]


def kinds() -> list[str]:
    """Every module in bot/channels that offers a channel in which something is heard."""
    found = []
    for module in pkgutil.iter_modules(bot.channels.__path__):
        if module.name != "phone" and hasattr(importlib.import_module(f"bot.channels.{module.name}"), "connect"):
            found.append(module.name)
    return found


def connect(kind: str, **fields: object) -> Channel:
    """A channel of this kind with invented secrets."""
    secrets = {
        "wechat": {"token": TOKEN, "aes_key": AES_KEY, "appid": APPID, "secret": APPSECRET},
        "onebot": {"secret": SECRET, "access_token": TOKEN},
        "onebot12": {"token": TOKEN},
        "webhook": {"secret": SECRET},
    }
    section = ChannelSection.model_validate({"kind": kind, **secrets[kind], **fields})
    channel: Channel = importlib.import_module(f"bot.channels.{kind}").connect("front", section)
    return channel


def sha1(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 - WeChat's protocol


def wechat_get(echostr: str, token: str = TOKEN) -> Hook:
    return Hook("GET", {**_signed(token), "echostr": echostr}, {}, b"")


def wechat_plain(xml: str | bytes, token: str = TOKEN) -> Hook:
    return Hook("POST", _signed(token), {}, xml if isinstance(xml, bytes) else xml.encode())


def wechat_sealed(xml: str, *, beside: str = "", token: str = TOKEN, key: str = AES_KEY, appid: str = APPID) -> Hook:
    """As in safe mode; `beside`: plain elements next to Encrypt, as in compatible mode."""
    crypto = WeChatCrypto(token, key, appid)
    sealed = str(crypto.encrypt_message(xml, NONCE, TIMESTAMP)).split("<Encrypt><![CDATA[")[1].split("]]>")[0]
    return wechat_with_encrypt(sealed, beside=beside, token=token)


def wechat_with_encrypt(sealed: str, *, beside: str = "", token: str = TOKEN) -> Hook:
    args = {**_signed(token), "encrypt_type": "aes", "msg_signature": sha1(token, TIMESTAMP, NONCE, sealed)}
    body = f"<xml><ToUserName><![CDATA[gh_abc]]></ToUserName>{beside}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    return Hook("POST", args, {}, body.encode())


def signed_json(kind: str, body: object, secret: str = "") -> Hook:
    """An event of a JSON channel, signed as its platform does. body: bytes as they are, else dumped."""
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    if kind == "onebot12":
        return Hook("POST", {}, {"authorization": f"Bearer {secret or TOKEN}"}, raw)
    signature = signed_with("sha1" if kind == "onebot" else "sha256", secret or SECRET, raw)
    return Hook("POST", {}, {"x-signature": signature}, raw)


def genuine(kind: str, body: object) -> Hook:
    """A request the platform could have made; for wechat in safe mode."""
    if kind != "wechat":
        return signed_json(kind, body)
    return wechat_sealed(body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body))


def forgeries(kind: str, hook: Hook) -> Iterator[tuple[str, Hook]]:
    """What a stranger would send who has seen a genuine request but knows no secret."""
    yield "no proof at all", replace(hook, args={}, headers={})
    yield "by GET", replace(hook, method="GET", args={}, headers={})
    yield "by PUT", replace(hook, method="PUT")
    if kind != "onebot12":
        yield (
            "another body",
            replace(hook, body=hook.body.replace(b"<Encrypt><![CDATA[", b"<Encrypt><![CDATA[A") + b" "),
        )
    for field in ("signature", "msg_signature"):
        if kind == "wechat" and field == "msg_signature":
            for wrong in ("", "0" * 40, "\udcff", "签", hook.args["msg_signature"][:-1]):
                yield f"{field} {wrong!r}", replace(hook, args={**hook.args, field: wrong})
    for header in hook.headers:
        for wrong in ("", "Bearer", "Bearer ", "sha1=", "sha256=", "sha1=" + "0" * 40, "签", "\udcff"):
            yield f"{header} {wrong!r}", replace(hook, headers={header: wrong})


@dataclass(frozen=True)
class Fixture:
    """A request and the lines it holds, as fields of Incoming; `unread`: part of the cause where it is unreadable."""

    name: str
    body: object
    lines: list[dict[str, object]]
    unread: str | None


def fixtures(kind: str) -> list[Fixture]:
    found = []
    for path in sorted((FIXTURES / kind).glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        found.append(Fixture(path.stem, data["body"], data["lines"], data.get("unread")))
    return found


def decoded(sealed_reply: bytes, key: str = AES_KEY) -> str:
    """The plain XML in a sealed answer, its signature checked by wechatpy."""
    fields = {
        name: sealed_reply.decode().split(f"<{name}>")[1].split(f"</{name}>")[0].removeprefix("<![CDATA[")
        for name in ("MsgSignature", "TimeStamp", "Nonce")
    }
    fields = {name: value.removesuffix("]]>") for name, value in fields.items()}
    crypto = WeChatCrypto(TOKEN, key, APPID)
    return str(
        crypto.decrypt_message(sealed_reply.decode(), fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"])
    )


def _signed(token: str) -> dict[str, str]:
    return {"signature": sha1(token, TIMESTAMP, NONCE), "timestamp": TIMESTAMP, "nonce": NONCE, "openid": "oUser1"}


def signed_with(digest: Literal["sha1", "sha256"], secret: str, body: bytes) -> str:
    return f"{digest}={hmac.new(secret.encode(), body, digest).hexdigest()}"
