"""The form of a one-time code: how it is made, kept, and recognised in what somebody typed. Pure."""

import hashlib
import re
import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is read as something else: no 0 O, no 1 I L
LENGTH = 8
LONGEST = 80  # of a message that is a code with a word and a mention before it
LEAST_OF_EACH = 2  # letters and digits, so that neither a phone number nor a word looks like a code

_SPOKEN = re.compile(r"(?:@\S+\s+)?(?:我的|本群)?(?:绑定|验证)?码?(?:是|为)?[:,.\s]*([0-9A-Z][0-9A-Z\s.\-]*)")


def generate() -> str:
    """A new code of 8 characters, some of them letters and some digits."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if _well_formed(code):
            return code


def code_in(text: str) -> str | None:
    """The code a message consists of, in capitals, also from "绑定 abcd 2345" in any width; None for anything else."""
    if len(text) > LONGEST:
        return None
    match = _SPOKEN.fullmatch(unicodedata.normalize("NFKC", text).strip().upper().rstrip("。.! "))
    said = re.sub(r"[\s.\-]", "", match.group(1)) if match else ""
    return said if _well_formed(said) else None


def hash_of(code: str) -> str:
    """How a code is stored."""
    return hashlib.sha256(code.encode("ascii")).hexdigest()


def _well_formed(said: str) -> bool:
    digits = sum(letter.isdigit() for letter in said)
    return (
        len(said) == LENGTH
        and all(letter in ALPHABET for letter in said)
        and LEAST_OF_EACH <= digits <= LENGTH - LEAST_OF_EACH
    )
