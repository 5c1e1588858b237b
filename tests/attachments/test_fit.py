"""What strangers send is made anew before it is kept, or refused: hostile bytes, bombs, places and secrets."""

import os
import struct
import zlib
from io import BytesIO
from pathlib import Path

import av
import pytest
from PIL import Image

from bot.attachments import fit
from bot.attachments.fit import FILM, OTHER, PICTURE, SOUND, Unfit, fitted
from bot.channels import Kind, Media
from tests.attachments.things import GPS, picture, recording

IMAGE, VOICE, FILE = Media(Kind.IMAGE, "p1"), Media(Kind.VOICE, "v1"), Media(Kind.FILE, "f1")


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def test_a_large_picture_comes_out_smaller_and_does_not_say_where_it_was_taken() -> None:
    sent = picture(4000, 3000)
    assert opened(sent).getexif().get_ifd(GPS)
    kept = fitted(IMAGE, sent)
    image = opened(kept.data)
    assert (kept.content_type, image.format, image.size) == (PICTURE, "JPEG", (1600, 1200))
    assert not image.getexif()
    assert len(kept.data) < len(sent)


def test_a_small_picture_stays_as_large_as_it_is() -> None:
    assert opened(fitted(IMAGE, picture(64, 48)).data).size == (64, 48)


def test_a_picture_taken_sideways_stands_upright() -> None:
    image = opened(fitted(IMAGE, picture(64, 48, turned=6)).data)
    assert image.size == (48, 64)
    red, _green, blue = image.convert("RGB").getpixel((24, 4))  # type: ignore[misc]  # three channels
    assert red > 150 > blue


@pytest.mark.parametrize("form", ["PNG", "GIF", "WEBP", "BMP"])
def test_other_formats_become_jpegs(form: str) -> None:
    assert opened(fitted(IMAGE, picture(form=form)).data).format == "JPEG"


def test_what_is_see_through_lies_on_white() -> None:
    image = opened(fitted(IMAGE, picture(form="PNG", mode="RGBA")).data)
    assert min(image.convert("RGB").getpixel((60, 24))) > 240  # type: ignore[arg-type]  # three channels


def bomb() -> bytes:
    """A PNG of a few hundred bytes that claims ten thousand million pixels."""
    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    chunks = b""
    for name, body in ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")):
        chunks += struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7",
        picture()[:200],
        bomb(),
        b"\x89PNG\r\n\x1a\n" + os.urandom(2000),
    ],
    ids=["empty", "svg", "html", "pdf", "cut off", "bomb", "noise"],
)
def test_what_is_no_picture_is_refused(sent: bytes) -> None:
    with pytest.raises(Unfit):
        fitted(IMAGE, sent)


def test_what_hides_behind_a_picture_is_gone() -> None:
    kept = fitted(IMAGE, picture() + b"<script>alert(1)</script>")
    assert b"<script>" not in kept.data


def test_a_recording_becomes_what_browsers_play() -> None:
    kept = fitted(VOICE, recording())
    assert kept.content_type == SOUND
    with av.open(BytesIO(kept.data), "r") as heard:
        assert heard.format.name == "mp3"
        seconds = sum(frame.samples for frame in heard.decode(heard.streams.audio[0])) / 16000
    assert 1.9 < seconds < 2.3


def test_a_recording_nobody_here_can_play_is_kept_for_whoever_can() -> None:
    silk = b"\x02#!SILK_V3" + bytes(range(200))
    kept = fitted(VOICE, silk)
    assert (kept.content_type, kept.data) == (OTHER, silk)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"\0\0\0\x18ftypmp42" + b"\0" * 40, FILM),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, OTHER),
        (b"<html><script>alert(1)</script>", OTHER),
        (b"PK\x03\x04", OTHER),
    ],
    ids=["mp4", "heic", "html", "zip"],
)
def test_a_file_is_handed_on_as_it_is_and_only_a_film_may_be_played(sent: bytes, expected: str) -> None:
    kept = fitted(FILE, sent)
    assert (kept.content_type, kept.data) == (expected, sent)


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """In place of the decoder."""
    path = tmp_path / "decoder.py"
    monkeypatch.setattr(fit, "_SCRIPTS", {Kind.IMAGE: str(path)})
    return path


def test_a_decoder_knows_no_secret_of_ours(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WECHAT_SECRET", "not-for-decoders")
    script.write_text("import os, sys\nsys.stdout.write(repr(dict(os.environ)))\n", encoding="utf-8")
    told = fitted(IMAGE, b"x").data
    assert told.startswith(b"{")
    assert b"not-for-decoders" not in told


@pytest.mark.parametrize(
    "does", ["import os; os.abort()", "raise SystemExit(3)", "pass"], ids=["dies", "fails", "mute"]
)
def test_a_decoder_that_fails_takes_nobody_with_it(script: Path, does: str) -> None:
    script.write_text(does, encoding="utf-8")
    with pytest.raises(Unfit):
        fitted(IMAGE, b"x")


def test_a_decoder_that_hangs_is_ended(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit, "_SECONDS", 0.5)
    script.write_text("import time; time.sleep(60)", encoding="utf-8")
    with pytest.raises(Unfit):
        fitted(IMAGE, b"x")
