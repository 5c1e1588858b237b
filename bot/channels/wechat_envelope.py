"""A callback of the Official Account opened: is it WeChat's, and what does it say? Its answer is sealed the same way.

Mode plain: the signature covers token, timestamp and nonce but not the body. Safe: msg_signature covers the sealed
body. Compatible: both arrive; where a sealed body is there, nothing else counts.
"""

import re
import secrets
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from xml.parsers.expat import ExpatError

import xmltodict
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException

from bot.channels import Hook, Rejected
from bot.channels.fields import Unreadable, fit
from bot.channels.proof import same, wechat_signature

Mode = Literal["plain", "compatible", "safe"]

# All that parse_message and its fields were seen to raise on bad input.
PARSE_ERRORS = (ExpatError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
_DECRYPT_ERRORS = (ValueError, LookupError, TypeError, struct.error, InvalidAppIdException)

# Only a declaration may stand before the root: a DOCTYPE can stand nowhere else, and a resident may well quote one.
_PROLOGUE = re.compile(r"\s*(?:<\?xml\s[^<>]*\?>\s*)?<xml[\s>/]")
_AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}", re.ASCII)


@dataclass(frozen=True)
class Letter:
    """A genuine body as XML text, and what seals the answer to it."""

    xml: str
    seal: Callable[[str], str]


class Envelope:
    """Opens callbacks. keys: the EncodingAESKey in use, then the previous one where a change is under way."""

    def __init__(self, mode: Mode, token: str, appid: str, keys: Sequence[str]) -> None:
        """Raises ValueError for a key that is not 43 characters of base64."""
        self._mode = mode
        self._token = token
        self._appid = appid
        self._cryptos = [_Crypto(token, _checked(key), appid) for key in keys]

    def check(self, args: Mapping[str, str]) -> None:
        """The plain signature. Raises Rejected."""
        expected = wechat_signature(self._token, args.get("timestamp", ""), args.get("nonce", ""))
        if not self._token or not same(args.get("signature", ""), expected):
            raise Rejected("signature does not match")

    def open(self, hook: Hook) -> Letter:
        """The letter in a POST. Raises Rejected for a stranger, Unreadable for a genuine body that cannot be opened."""
        if self._mode == "plain":
            self.check(hook.args)
            return Letter(xml_text(hook.body), _as_it_is)
        sealed = self._sealed_part(hook)
        if sealed is None:
            if self._mode == "safe":
                raise Rejected("no Encrypt in safe mode")
            self.check(hook.args)
            return Letter(xml_text(hook.body), _as_it_is)
        self._check_sealed(hook.args, sealed)
        return self._unseal(sealed, hook.args.get("timestamp", ""))

    def _sealed_part(self, hook: Hook) -> str | None:
        """The text of Encrypt; None where there is no such element or no XML at all."""
        try:
            outer = xmltodict.parse(xml_text(hook.body))["xml"]
        except (Unreadable, *PARSE_ERRORS):
            return None
        if not isinstance(outer, dict) or "Encrypt" not in outer:
            return None
        sealed = outer["Encrypt"]
        if not isinstance(sealed, str):
            raise Rejected("Encrypt is not text")
        return sealed

    def _check_sealed(self, args: Mapping[str, str], sealed: str) -> None:
        expected = wechat_signature(self._token, args.get("timestamp", ""), args.get("nonce", ""), sealed)
        if not self._token or not same(args.get("msg_signature", ""), expected):
            raise Rejected("msg_signature does not match")

    def _unseal(self, sealed: str, timestamp: str) -> Letter:
        """Opened with the first key that fits; the answer is sealed with the same."""
        for crypto in self._cryptos:
            try:
                text = PrpCrypto(crypto.key).decrypt(sealed, self._appid)
            except _DECRYPT_ERRORS:
                continue
            return Letter(xml_text(text.encode("utf-8", "replace")), crypto.sealer(timestamp))
        raise Unreadable("Encrypt: opens with no configured key, or belongs to another appid")


class _StrongPrpCrypto(PrpCrypto):  # type: ignore[misc]  # wechatpy publishes no types
    def get_random_string(self) -> str:
        return secrets.token_hex(8)  # wechatpy takes it from `random`, which can be predicted


class _Crypto(WeChatCrypto):  # type: ignore[misc]  # wechatpy publishes no types
    def sealer(self, timestamp: str) -> Callable[[str], str]:
        def seal(xml: str) -> str:
            stamp = timestamp if timestamp.isascii() and timestamp.isdigit() else "0"
            sealed: Any = self._encrypt_message(xml, secrets.token_hex(8), stamp, _StrongPrpCrypto)
            return str(sealed)

        return seal


def xml_text(body: bytes) -> str:
    """The body as text that is safe to parse: no DOCTYPE, no control characters. Raises Unreadable."""
    try:
        text = fit(body.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable("body: not UTF-8") from None
    if not _PROLOGUE.match(text):
        raise Unreadable("body: not an <xml> document")
    return text


def _checked(key: str) -> str:
    if not _AES_KEY.fullmatch(key):
        raise ValueError("an EncodingAESKey has 43 letters and digits")
    return key


def _as_it_is(xml: str) -> str:
    return xml
