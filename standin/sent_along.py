"""What people send along: the same picture and the same recording every time, handed out as platforms do."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from standin.desk import Desk

_FOLDER = Path(__file__).parent / "media"
_FILES = {"image": ("photo.jpg", "image/jpeg"), "voice": ("voice.amr", "audio/amr")}


@dataclass(frozen=True)
class Thing:
    """A picture or a recording, and when it was sent (seconds since 1970)."""

    data: bytes
    content_type: str
    name: str
    at: float


def thing(desk: Desk, media_id: str) -> Thing | None:
    """What is called so; None where nobody sent such a thing."""
    message = desk.world.message(media_id.removeprefix("standin-"))
    if message is None or not message.media or message.kind not in _FILES:
        return None
    name, content_type = _FILES[message.kind]
    return Thing(_read(name), content_type, name, message.time)


@cache
def _read(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()
