"""A picture from stdin, anew as a JPEG on stdout. Run by bot.attachments.fit as a process; imports nothing of ours.

Anything but one of FORMATS, or with more than MOST_PIXELS, ends with an error and no output.
"""

import resource
import sys
from io import BytesIO

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "MPO")
LONGEST = 1600  # pixels of the longer side: a leak, a number plate and a face are still to be seen
QUALITY = 80
MOST_PIXELS = 60_000_000  # a phone takes 50 million; a bomb claims billions
MOST_MEMORY = 2**30
MOST_SECONDS = 20  # of the processor


def shrunk(data: bytes) -> bytes:
    """Upright, in ordinary colours, at most LONGEST pixels long, without what else stood in the file."""
    with Image.open(BytesIO(data), formats=FORMATS) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        picture.draft("RGB", (LONGEST, LONGEST))  # a JPEG is decoded no larger than needed
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((LONGEST, LONGEST))
        plain = _on_white(upright)
    out = BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    """What is see-through would turn black in a JPEG."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        ground = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(ground, layered).convert("RGB")
    return picture.convert("RGB")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    sys.stdout.buffer.write(shrunk(sys.stdin.buffer.read()))
