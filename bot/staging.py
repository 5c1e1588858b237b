"""The sample's channels: secrets made once and kept, and what the stand-in platforms are told about them."""

import json
import os
import secrets
import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.sample import Cast
from bot.settings import ChannelSection, Settings

STANDIN = "DANYUAN_SAMPLE"  # set by `run` for its children: the address of the stand-in platforms
FILE = "sample-secrets.json"
AES_KEY_LENGTH = 43

_ALPHABET = string.ascii_letters + string.digits
# What the stand-in takes of each kind, named as in our own settings.
_SHARED = {
    "wechat": ("appid", "token", "aes_key", "secret", "mode", "account"),
    "onebot": ("secret", "access_token"),
    "onebot12": ("token",),
    "webhook": ("secret",),
}


def channels(data: Path, standin_url: str) -> dict[str, dict[str, str]]:
    """The sample's channels for bot.settings.load: the kept secrets and the stand-in's addresses."""
    kept = _kept(data)
    places = {
        # Whoever tries the sample by hand may write plaintext or encrypted callbacks; a real account chooses one.
        "wechat": {"api_base": f"{standin_url}/wechat", "mode": "compatible"},
        "onebot": {"api_base": f"{standin_url}/onebot"},
        "onebot12": {"api_base": f"{standin_url}/onebot12"},
        "webhook": {"url": f"{standin_url}/webhook"},
    }
    return {kind: {"kind": kind, **kept[kind], **place} for kind, place in places.items()}


def exists(data: Path) -> bool:
    """Whether a sample was staged in this folder before."""
    return (data / FILE).exists()


def make(data: Path) -> None:
    """Make the sample's secrets, once: readable by this user alone."""
    if exists(data):
        return
    made = {
        "wechat": {
            "appid": f"wx{secrets.token_hex(8)}",
            "token": _word(24),
            "aes_key": _word(AES_KEY_LENGTH),
            "secret": _word(32),
        },
        "onebot": {"secret": _word(32), "access_token": _word(32)},
        "onebot12": {"token": _word(32)},
        "webhook": {"secret": _word(32)},
    }
    _keep(data, made)


def staff_token(data: Path) -> str:
    """The token kept from an earlier start; empty where there is none."""
    return str(_kept(data).get("staff", {}).get("token", ""))


def keep_staff_token(data: Path, token: str) -> None:
    """Keep it for the next start: the sample has nothing to hide from whoever reads this folder."""
    _keep(data, {**_kept(data), "staff": {"token": token}})


def standin_config(settings: Settings, cast: Cast, hook_base: str) -> str:
    """The stand-in's configuration as JSON, with the secrets in force (the environment's where it sets some)."""
    return json.dumps(
        {
            "hook_base": hook_base,
            "bot_name": settings.service.name,
            "channels": {name: _shared(section) for name, section in settings.channels.items()},
            **cast.to_standin(),
        },
        ensure_ascii=False,
    )


def _shared(section: ChannelSection) -> dict[str, str]:
    values = {key: _plain(getattr(section, key)) for key in _SHARED[section.kind]}
    return {"kind": section.kind, **{key: value for key, value in values.items() if value}}


def _plain(value: str | SecretStr) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def _word(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _kept(data: Path) -> dict[str, dict[str, str]]:
    kept: dict[str, dict[str, str]] = json.loads((data / FILE).read_text(encoding="utf-8"))
    return kept


def _keep(data: Path, content: Mapping[str, Any]) -> None:
    """Written beside and moved into place, so that a kill leaves the old file or the new."""
    draft = data / f"{FILE}.new"
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
    draft.replace(data / FILE)
