"""What a form sends: plain text of bounded length, as both databases take it."""

from flask import request

from bot.web.auth import Caller

PREFIX = "/console"


def text(name: str, most: int = 500) -> str:
    """A field of the form, trimmed; "" where it is missing. What no database stores is left out."""
    return clean(request.form.get(name, ""), most)


def asked(name: str, most: int = 100) -> str:
    """The same for the address's own query."""
    return clean(request.args.get(name, ""), most)


def clean(value: str, most: int) -> str:
    """No NUL, no half of a character, no end of blanks."""
    return value.replace("\x00", "").encode("utf-8", "ignore").decode().strip()[:most]


def way_back(wanted: str | None, otherwise: str = PREFIX) -> str:
    """Where to go on to: an address of our own below /console, never another site's."""
    value = wanted or ""
    plain = value.isprintable() and "\\" not in value and "//" not in value
    return value if plain and (value == PREFIX or value.startswith((f"{PREFIX}/", f"{PREFIX}?"))) else otherwise


def about(caller: Caller) -> tuple[str, ...]:
    """What is known of somebody, so that no password is made of it."""
    return tuple(part for part in (caller.name, caller.person_name) if part)
