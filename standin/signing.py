"""The platforms' signatures and WeChat's envelope, written from the published rules alone."""

import base64
import hashlib
import hmac
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32  # WeChat pads to 32 bytes, not to AES's 16
PREFIX = 16  # random bytes before the length


class SealError(Exception):
    """An encrypted answer cannot be opened."""


def wechat_signature(*parts: str) -> str:
    """sha1 of the sorted parts: (token, timestamp, nonce), with the encrypted text as a fourth for msg_signature."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()  # the platform's choice


def onebot_signature(secret: str, body: bytes) -> str:
    """OneBot v11's X-Signature."""
    return "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()


def webhook_signature(secret: str, body: bytes) -> str:
    """The neutral webhook's X-Signature."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def seal(aes_key: str, appid: str, text: str, prefix: bytes | None = None) -> str:
    """Encrypt a message as WeChat does: AES-256-CBC over random, length, text, appid; base64. prefix is for tests."""
    message = text.encode()
    plain = (prefix or secrets.token_bytes(PREFIX)) + struct.pack(">I", len(message)) + message + appid.encode()
    fill = BLOCK - len(plain) % BLOCK
    encryptor = _cipher(aes_key).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([fill]) * fill) + encryptor.finalize()).decode()


def unseal(aes_key: str, appid: str, sealed: str) -> str:
    """Open what `seal` made, or the service's encrypted answer. Raises SealError."""
    try:
        decryptor = _cipher(aes_key).decryptor()
        plain = decryptor.update(base64.b64decode(sealed, validate=True)) + decryptor.finalize()
        plain = plain[: -plain[-1]]
        end = PREFIX + 4 + struct.unpack(">I", plain[PREFIX : PREFIX + 4])[0]
        message, owner = plain[PREFIX + 4 : end].decode(), plain[end:].decode()
    except (ValueError, IndexError, struct.error) as error:
        raise SealError("cannot be decrypted") from error
    if owner != appid:
        raise SealError("sealed for another appid")
    return message


def _cipher(aes_key: str) -> Cipher[modes.CBC]:
    key = base64.b64decode(aes_key + "=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
