"""Is a request genuine? Signatures and bearer tokens, compared in constant time."""

import hashlib
import hmac
from typing import Literal


def same(given: str, expected: str) -> bool:
    """Equal, in constant time. Nothing equals an empty secret. On bytes: `compare_digest` raises for other text."""
    return bool(expected) and hmac.compare_digest(_bytes(given), _bytes(expected))


def body_signature(secret: str, body: bytes, digest: Literal["sha1", "sha256"]) -> str:
    """`sha1=<hex>` or `sha256=<hex>`: the HMAC of the raw body, as it stands in X-Signature."""
    return f"{digest}={hmac.new(_bytes(secret), body, digest).hexdigest()}"


def signs_body(header: str, secret: str, body: bytes, digest: Literal["sha1", "sha256"]) -> bool:
    """Whether the header is the body's signature under this secret; never under an empty one."""
    return bool(secret) and same(header.strip().lower(), body_signature(secret, body, digest))


def wechat_signature(*parts: str) -> str:
    """SHA-1 over the sorted parts (token, timestamp, nonce and, for sealed bodies, Encrypt), as WeChat defines it."""
    return hashlib.sha1(b"".join(sorted(_bytes(part) for part in parts))).hexdigest()  # noqa: S324 - WeChat's protocol


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
