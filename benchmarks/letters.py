"""Genuine callbacks of an Official Account, signed and ready to be sent: the bytes go to ours and to the peer alike."""

import itertools
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks.talk import Matter, Said
from standin.config import Channel
from standin.signing import seal, wechat_signature

PATH = "/hooks/wechat"
_ids = itertools.count(time.time_ns() // 1000)


@dataclass(frozen=True)
class Letter:
    """One callback. id: its MsgId, which becomes the row's external_id."""

    id: str
    query: dict[str, str]
    body: bytes
    matter: Matter | None

    def request(self) -> bytes:
        """The whole HTTP request, for a connection that is kept open."""
        head = (
            f"POST {PATH}?{urlencode(self.query)} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Mozilla/4.0\r\n"
            f"Accept: */*\r\nContent-Type: text/xml\r\nContent-Length: {len(self.body)}\r\n\r\n"
        )
        return head.encode("ascii") + self.body


def write(account: Channel, said: Sequence[Said]) -> list[Letter]:
    """A letter for each, with an id that no other letter has."""
    return [_write(account, one) for one in said]


def _write(account: Channel, said: Said) -> Letter:
    now, number, nonce = int(time.time()), next(_ids), str(secrets.randbelow(10**10))
    xml = (
        f"<xml><ToUserName><![CDATA[{account.original_id}]]></ToUserName><FromUserName><![CDATA[{said.user}]]>"
        f"</FromUserName><CreateTime>{now}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{said.text}]]></Content><MsgId>{number}</MsgId></xml>"
    )
    query = {
        "signature": wechat_signature(account.token, str(now), nonce),
        "timestamp": str(now),
        "nonce": nonce,
        "openid": said.user,
    }
    if account.sealed == "safe":
        sealed = seal(account.aes_key, account.appid, xml)
        query |= {"encrypt_type": "aes", "msg_signature": wechat_signature(account.token, str(now), nonce, sealed)}
        xml = (
            f"<xml><ToUserName><![CDATA[{account.original_id}]]></ToUserName>"
            f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        )
    return Letter(str(number), query, xml.encode(), said.matter)
