"""What platforms hand out by address: asked for only at hosts that are allowed, and never more than asked for.

A bridge passes on addresses that a stranger may have had a hand in, and this server stands among machines that listen
to whoever is inside. So the host has to be named in `media_hosts`, or be the bridge itself.
"""

import time
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

import requests

from bot.channels import DeliveryError, FetchError, Gone, TooLarge
from bot.channels.courier import NETWORK_ERRORS, TIMEOUT, no_answer, retry_after, untouched

LONGEST = 30.0  # seconds for the whole of it: TIMEOUT alone lets a byte every four seconds go on for ever
_CHUNK = 65536
_GONE = frozenset({400, 403, 404, 410})  # an address whose time is up answers with one of these


class Downloads:
    """GETs from allowed hosts: `hosts` (a domain stands for all below it) and that of `base`, with its port."""

    def __init__(self, hosts: tuple[str, ...], base: str = "") -> None:
        self._hosts = tuple(host.lower().strip(".") for host in hosts)
        self._base = _address(base)
        self._http = requests.Session()

    def get(self, url: str, most: int, headers: Mapping[str, str] | None = None) -> bytes:
        """The bytes at an address. Raises DeliveryError: Gone, TooLarge, permanent where the host is not allowed."""
        if not self._allowed(url):
            raise FetchError("an address whose host is not in media_hosts", permanent=True)
        try:
            response = self._http.get(
                url, headers=headers, stream=True, timeout=TIMEOUT, allow_redirects=False, auth=untouched
            )
            with response:
                return _body(response, most)
        except NETWORK_ERRORS as error:
            failure = no_answer(error)
        # Outside the except block: the error's own text holds the address, with whatever key stands in it.
        raise failure

    def _allowed(self, url: str) -> bool:
        parts = _address(url)
        if parts is None or parts.username is not None or parts.password is not None:
            return False
        host = (parts.hostname or "").strip(".")
        if any(host == known or host.endswith(f".{known}") for known in self._hosts):
            return True
        return self._base is not None and (host, _port(parts)) == (self._base.hostname, _port(self._base))


def body_of(response: requests.Response, most: int) -> bytes:
    """The body of a streamed answer whatever its status. Raises TooLarge, DeliveryError where it takes too long."""
    if int(response.headers.get("Content-Length") or 0) > most:
        raise TooLarge(most)
    until, taken = time.monotonic() + LONGEST, bytearray()
    for chunk in response.iter_content(_CHUNK):
        taken += chunk
        if len(taken) > most:
            raise TooLarge(most)
        if time.monotonic() > until:
            raise FetchError("too slow")
    return bytes(taken)


def _body(response: requests.Response, most: int) -> bytes:
    if response.status_code in _GONE:
        raise Gone(f"HTTP {response.status_code}")
    if response.status_code != 200:  # noqa: PLR2004 - the status itself is the clearest name
        raise DeliveryError(f"HTTP {response.status_code}", retry_after=retry_after(response.headers))
    return body_of(response, most)


def _address(url: str) -> SplitResult | None:
    """An http address in its parts; None for anything else."""
    try:
        parts = urlsplit(url)
        _port(parts)
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and parts.hostname else None


def _port(parts: SplitResult) -> int:
    """Raises ValueError for a port that is none."""
    return parts.port or (443 if parts.scheme == "https" else 80)
