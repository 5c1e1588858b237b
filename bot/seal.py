"""The console's own key: it seals second factors' secrets in the database and signs what a form carries.

CONSOLE_SECRET where it is set; else a file in the data folder, made once. So the database alone, or a copy of it, opens
no second factor.
"""

import os
import secrets
import tempfile
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from bot.settings import Settings

FILE = "console.key"


class Seal:
    """Seals and opens short texts."""

    def __init__(self, secret: bytes) -> None:
        self._fernet = Fernet(urlsafe_b64encode(_derived(secret, "seal")))
        self.form_key = _derived(secret, "forms")

    def close(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """What was sealed; None where another key did it."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None


def seal_of(settings: Settings) -> Seal:
    """The installation's seal. Raises OSError where its file can neither be read nor made."""
    given = settings.console.secret.get_secret_value()
    return Seal(given.encode() if given else _from_file(settings.data / FILE))


def _from_file(path: Path) -> bytes:
    """The key file, made by whoever comes first: a link appears whole or not at all, and never over another."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{FILE}.")  # readable by its owner alone
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_urlsafe(48).encode())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return path.read_bytes()


def _derived(secret: bytes, purpose: str) -> bytes:
    return sha256(b"danyuan console " + purpose.encode() + b"\n" + secret).digest()
