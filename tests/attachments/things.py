"""Pictures and recordings as people send them, made here, and a message with one for tests that need no town."""

from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parent.parent.parent
GPS = 0x8825  # Exif's tag for where a picture was taken


@cache
def picture(width: int = 64, height: int = 48, form: str = "JPEG", mode: str = "RGB", turned: int = 0) -> bytes:
    """A picture, the left half red. turned: Exif's orientation; a JPEG also says where it was taken."""
    image = Image.new(mode, (width, height), "white" if mode != "RGBA" else (0, 0, 0, 0))
    image.paste((200, 30, 30) if mode != "RGBA" else (200, 30, 30, 255), (0, 0, width // 2, height))
    out = BytesIO()
    exif = Image.Exif()
    if form == "JPEG":
        exif[0x0112] = turned or 1
        exif.get_ifd(GPS)[2] = (28.0, 11.0, 42.0)
    image.save(out, form, exif=exif)
    return out.getvalue()


def photo() -> bytes:
    """The picture of a dark stairwell that the stand-in platform sends."""
    return (ROOT / "standin" / "media" / "photo.jpg").read_bytes()


def recording() -> bytes:
    """Two seconds of AMR."""
    return (ROOT / "standin" / "media" / "voice.amr").read_bytes()
