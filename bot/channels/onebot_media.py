"""What a OneBot bridge hands out of a picture, a recording or a file: the bytes themselves, or an address.

v11: `get_image`, `get_record` (github.com/botuniverse/onebot-11/blob/master/api/public.md) name a path on the bridge's
own machine, which is of no use here; the bridges in use add `base64` or `url` and know `get_file` besides.
v12: `get_file` with type "data" or "url" (github.com/botuniverse/onebot, specs/interface/file/actions.md).
"""

import base64
import binascii
from collections.abc import Mapping

from bot.channels import DeliveryError, FetchError, Kind, Media, TooLarge
from bot.channels.downloads import Downloads
from bot.channels.fields import address

PLAYABLE = "mp3"  # what the bridge shall make of a recording; its own formats no browser plays

Params = Mapping[str, object]


def asked_for(media: Media) -> tuple[str, Params] | None:
    """The v11 action that hands it out, with its parameters; None where there is nothing to ask by."""
    if media.id is None:
        return None
    if media.kind == Kind.IMAGE:
        return "get_image", {"file": media.id}
    if media.kind == Kind.VOICE:
        return "get_record", {"file": media.id, "out_format": PLAYABLE}
    return "get_file", {"file_id": media.id, "file": media.id}


def handed_out(data: Mapping[str, object], downloads: Downloads, most: int) -> bytes:
    """The bytes in an answer's data, or behind its address. Raises DeliveryError."""
    inlined = data.get("base64") or data.get("data")
    if isinstance(inlined, str):
        return _decoded(inlined, most)
    url = address(data.get("url"))
    if url is None:
        raise FetchError("the bridge names neither bytes nor an address", permanent=True)
    return downloads.get(url, most, _headers(data.get("headers")))


def by_address(media: Media, downloads: Downloads, most: int) -> bytes | None:
    """What lies at the address that came with the message; None where the bridge has to be asked.

    Addresses last for an hour or two. Raises DeliveryError where there is no id to ask by, TooLarge in any case.
    """
    if media.url is None or media.kind == Kind.VOICE:  # a recording lies there as nobody can play it
        return None
    try:
        return downloads.get(media.url, most)
    except TooLarge:
        raise
    except DeliveryError:
        if media.id is None:
            raise
        return None


def _decoded(inlined: str, most: int) -> bytes:
    encoded = inlined.removeprefix("base64://")
    if len(encoded) > most * 4 // 3 + 4:
        raise TooLarge(most)
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise FetchError("the bridge's base64 is none", permanent=True) from None


def _headers(value: object) -> Mapping[str, str]:
    """What v12 wants sent along with the download."""
    if not isinstance(value, Mapping):
        return {}
    return {str(key): str(text) for key, text in value.items() if str(text).isprintable() and str(key).isprintable()}
