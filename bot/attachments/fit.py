"""Making what strangers sent fit to be looked at: a picture anew and smaller, a recording as what browsers play.

Decoders are where hostile bytes do their harm. So they run in a process of their own: without our environment and its
secrets, with bounds on memory and time, reading from one pipe and writing to another. What comes out was written by us;
where a picture or a video was taken (Exif, XMP) stays behind.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bot.channels import Kind, Media

PICTURE, SOUND, OTHER = "image/jpeg", "audio/mpeg", "application/octet-stream"
FILM = "video/mp4"
ENDINGS = {PICTURE: "jpg", SOUND: "mp3", FILM: "mp4", OTHER: "bin"}  # of the files they are saved as
_SECONDS = 60.0  # a safety net above the child's own bound on processor time
_SCRIPTS = {Kind.IMAGE: "picture.py", Kind.VOICE: "sound.py"}
_TYPES = {Kind.IMAGE: PICTURE, Kind.VOICE: SOUND}


class Unfit(Exception):
    """It is not what it says it is, or too broken or too big to be made into something."""


@dataclass(frozen=True)
class Fitted:
    """What is kept: its type as we found it, and the bytes."""

    content_type: str
    data: bytes


def fitted(media: Media, data: bytes) -> Fitted:
    """What is to be kept of something fetched. Raises Unfit: a picture that is none; an empty thing."""
    if not data:
        raise Unfit("empty")
    script = _SCRIPTS.get(media.kind)
    if script is None:
        return Fitted(_film_or_other(data), data)
    try:
        return Fitted(_TYPES[media.kind], _made(script, data))
    except Unfit:
        if media.kind == Kind.VOICE:  # a codec we have not: whoever has the program for it may still listen
            return Fitted(OTHER, data)
        raise


def _film_or_other(data: bytes) -> str:
    """A file is handed on as it is, and only saved, never opened, by a browser; but for MP4, which it can only play."""
    return FILM if data[4:8] == b"ftyp" and data[8:12] not in (b"heic", b"mif1", b"avif", b"qt  ") else OTHER


def _made(script: str, data: bytes) -> bytes:
    command = [sys.executable, "-I", str(Path(__file__).parent / script)]
    try:
        done = subprocess.run(  # noqa: S603 - our own script, nothing of a stranger's in the command
            command, input=data, capture_output=True, timeout=_SECONDS, env={"PATH": os.defpath}, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unfit("took too long") from None
    if done.returncode != 0 or not done.stdout:
        raise Unfit(f"{script} ended with {done.returncode}")
    return done.stdout
