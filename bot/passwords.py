"""Passwords: how they are kept (argon2id) and what they must be (NIST SP 800-63B).

Long enough, not one that everybody tries, not made of what is known of the person; no rules about kinds of characters,
no expiry. Whatever can be typed may be used, Chinese as well.
"""

import secrets
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

SHORTEST = 12
LONGEST = 128
# zxcvbn knows some thirty thousand common passwords and what people do to them; ten billion guesses is out of reach of
# whoever must ask us each time, and a hundred years for one who has the hash.
FEWEST_GUESSES = 10**9
FEWEST_CHARACTERS = 5  # different ones
_OURS = ("danyuan", "小单", "单元")
_LOOKED_AT = 72  # of a very long one: the rest only makes it better, and looking takes quadratic time
# Made passwords are read aloud and typed from paper: no 0 and o, no 1 and l.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"

_hasher = PasswordHasher()  # the library's parameters are RFC 9106's second choice, for 64 MiB


class Complaint(StrEnum):
    """Why a password cannot be taken; the pages say it in words."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"


@dataclass(frozen=True)
class First:
    """A password made for somebody: to be shown once, and as it is kept."""

    text: str
    password_hash: str


def complaint(password: str, about: tuple[str, ...] = ()) -> Complaint | None:
    """What is wrong with a new password; None where nothing is. about: the person's name and user name."""
    text = _same(password)
    if len(text) < SHORTEST:
        return Complaint.SHORT
    if len(text) > LONGEST:
        return Complaint.LONG
    known = [part for part in about if part]
    looked = text[:_LOOKED_AT]
    weak = zxcvbn(looked, user_inputs=[*known, *_OURS])["guesses"] < FEWEST_GUESSES
    if weak or len(set(looked)) < FEWEST_CHARACTERS:
        return Complaint.COMMON
    return None


def hash_of(password: str) -> str:
    """How a password is kept. Takes some tens of milliseconds on purpose: never inside a transaction."""
    return _hasher.hash(_same(password))


def fits(password_hash: str | None, password: str) -> bool:
    """Whether it is the password; False, after as long a time, where there is none. Never inside a transaction."""
    if len(password) > LONGEST * 4:
        return False
    try:
        return _hasher.verify(password_hash or _nobody(), _same(password)) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def first() -> First:
    """A password for somebody's first login: 16 characters in groups of four, some 79 bits."""
    text = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    return First(text, hash_of(text))


@lru_cache(maxsize=1)
def _nobody() -> str:
    """Somebody who does not exist takes as long to be refused as somebody who does."""
    return _hasher.hash(secrets.token_urlsafe(24))


def _same(password: str) -> str:
    """One spelling for what keyboards write in several; NIST asks for NFKC."""
    return unicodedata.normalize("NFKC", password)
