"""`run`: everything in one place. Starts a Redis where it finds one, the sample where nothing is configured, and the
web server, the worker and the clock as child processes; looks after them until it is told to stop.
"""

import fcntl
import logging
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from bot import redis_server, sample, services, staging, tokens
from bot import settings as configuration
from bot.family import Family
from bot.settings import Settings
from models import db

ROOT = Path(__file__).parent.parent
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
LOCK = "run.lock"
REDIS_SECONDS = 5.0
TURN = 0.2
PATIENCE = 30.0  # seconds without /health before it is said aloud

log = logging.getLogger("danyuan.run")


class CannotRun(Exception):
    """One plain line for the operator."""


@dataclass
class Plan:
    """What `run` was asked for and what came of it."""

    config: Path | None
    data: Path
    host: str
    port: int
    environ: dict[str, str]
    settings: Settings
    staff_token: str = ""
    standin_config: str = ""
    standin_port: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def base(self) -> str:
        """Where the web server is reached from this machine."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", ""} else "[::1]" if ":" in self.host else self.host  # noqa: S104
        return f"http://{host}:{self.port}"


def run(config: Path | None, data: Path, environ: Mapping[str, str], host: str | None, port: int | None) -> None:
    """Run until SIGTERM or Ctrl-C. Raises CannotRun, SettingsError, db.DatabaseError or family.Refused."""
    data.mkdir(parents=True, exist_ok=True)
    with _locked(data), _short_folder() as folder, _told_to_stop() as stopped:
        plan = _plan(config, data.resolve(), environ, host, port)
        db.migrate(services.database_url(plan.settings))
        if _wants_sample(plan):
            _stage(plan)
        family = Family()
        try:
            _start_redis(plan, family, folder)
            for note in plan.notes:
                _say(note)
            _start_all(plan, family)
            _watch(plan, family, stopped)
        finally:
            family.stop()


def _plan(config: Path | None, data: Path, environ: Mapping[str, str], host: str | None, port: int | None) -> Plan:
    settings = configuration.load(config, data, environ)
    chosen = settings.web.host if host is None else host
    wanted = settings.web.port if port is None else port
    plan = Plan(config, data, chosen, _free_port(chosen, wanted), dict(environ), settings)
    plan.notes.append(f"data: {data}")
    return plan


def _wants_sample(plan: Plan) -> bool:
    if plan.settings.channels or plan.settings.database.url:
        return False
    if plan.host not in LOOPBACK:
        raise CannotRun(
            f"--host {plan.host}: the sample with its simulator runs on 127.0.0.1 only; configure a channel"
        )
    return True


def _stage(plan: Plan) -> None:
    """The fictional sample: its rows, its secrets, a staff token, and the cast for the stand-in platforms."""
    with services.at_desk(plan.settings) as desk:
        cast = sample.create(desk)
        if cast is None:
            plan.notes.append("no sample: the data folder holds a roster of its own; configure a channel for it")
            return
        staging.make(plan.data)
        plan.staff_token = staging.staff_token(plan.data)
        if tokens.check(desk.session, plan.staff_token, desk.now) is None:
            plan.staff_token = tokens.create(desk, sample.STAFF_USER)
    staging.keep_staff_token(plan.data, plan.staff_token)
    plan.standin_port = _free_port("127.0.0.1", 0)
    address = f"http://127.0.0.1:{plan.standin_port}"
    plan.environ[staging.STANDIN] = address
    plan.settings = configuration.load(
        plan.config, plan.data, plan.environ, sample_channels=staging.channels(plan.data, address)
    )
    plan.standin_config = staging.standin_config(plan.settings, cast, plan.base)


def _start_redis(plan: Plan, family: Family, folder: Path) -> None:
    if plan.settings.redis.url:
        plan.notes.append("queue: the configured Redis")
        return
    binary = redis_server.find()
    if binary is None:
        plan.notes.append(f"queue: none, no redis-server found; the clock does the work. {redis_server.HOW_TO_INSTALL}")
        return
    address = folder / "redis"
    family.start("redis", redis_server.command(binary, address), plan.environ, ends_last=True)
    if redis_server.wait_for(redis_server.url(address), REDIS_SECONDS):
        plan.environ["REDIS_URL"] = redis_server.url(address)
        plan.notes.append(f"queue: a Redis of our own ({binary})")
    else:
        family.stop()
        plan.notes.append(f"queue: none, {binary} does not start; the clock does the work")


def _start_all(plan: Plan, family: Family) -> None:
    if plan.standin_config:
        path = os.pathsep.join(filter(None, (str(ROOT), plan.environ.get("PYTHONPATH"))))
        environ = {**plan.environ, "PYTHONPATH": path, "STANDIN_CONFIG": plan.standin_config}
        family.start("stand-in", [sys.executable, "-m", "standin", "--port", str(plan.standin_port)], environ)
    own = [sys.executable, str(ROOT / "app.py"), "--data", str(plan.data)]
    if plan.config is not None:
        own += ["--config", str(plan.config.resolve())]
    family.start("clock", [*own, "clock"], plan.environ)
    if plan.environ.get("REDIS_URL") or plan.settings.redis.url:
        family.start("worker", [*own, "work"], plan.environ)
    family.start("web", [*own, "serve", "--host", plan.host, "--port", str(plan.port)], plan.environ)


def _watch(plan: Plan, family: Family, stopped: list[int]) -> None:
    ready, began, complained = False, time.monotonic(), False
    while not stopped:
        family.look_after()
        if not ready and _healthy(plan.base):
            ready = True
            _announce(plan)
        if not ready and not complained and time.monotonic() - began > PATIENCE:
            complained = True
            log.warning("still not healthy after %d s: see %s/health", PATIENCE, plan.base)
        time.sleep(TURN)


def _healthy(base: str) -> bool:
    try:
        return bool(requests.get(f"{base}/health", timeout=1).status_code == requests.codes.ok)
    except requests.RequestException:
        return False


def _announce(plan: Plan) -> None:
    if plan.settings.sample:
        _say(f"simulator: {plan.base}/simulator")
    for name in plan.settings.channels:
        _say(f"hook: {plan.base}/hooks/{name}")
    _say(f"api: {plan.base}/api/v1 (described at {plan.base}/api/v1/openapi.json)")
    _say(f"health: {plan.base}/health")
    if plan.staff_token:
        _say(f"staff token: {plan.staff_token}")
    _say("ready")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@contextmanager
def _locked(data: Path) -> Iterator[None]:
    """One `run` a folder. The lock goes with the process, however it ends."""
    with (data / LOCK).open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            raise CannotRun(f"another `run` (process {file.read().strip()}) works on {data}") from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@contextmanager
def _short_folder() -> Iterator[Path]:
    """For the Redis socket: a unix socket's path may have about a hundred bytes, a data folder's any number."""
    folder = Path(tempfile.mkdtemp(prefix="danyuan-", dir="/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _told_to_stop() -> Iterator[list[int]]:
    """SIGTERM and Ctrl-C, collected."""
    heard: list[int] = []
    before = {
        number: signal.signal(number, lambda got, _: heard.append(got)) for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield heard
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _free_port(host: str, port: int) -> int:
    """The port, or any free one for 0. Raises CannotRun where it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise CannotRun(f"{host}:{port} cannot be used ({error.strerror}): choose another with --port") from error
        return int(trial.getsockname()[1])
