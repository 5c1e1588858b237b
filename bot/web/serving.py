"""The production web server: gunicorn with threads, everything loaded once before it forks."""

import os
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from bot.services import Services

GRACE = 5  # seconds that requests under way have when it stops


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn publishes no types
    """gunicorn without its command line: nothing of the environment or of a file of its own configures it."""

    def __init__(self, application: Flask, options: dict[str, Any]) -> None:
        self._application = application
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._application


def serve(application: Flask, services: Services, host: str, port: int) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    web = services.settings.web
    options = {
        "bind": [f"[{host}]:{port}" if ":" in host else f"{host}:{port}"],
        "workers": web.workers or default_workers(services),
        "threads": web.threads,
        "worker_class": "gthread",
        "preload_app": True,
        "forwarded_allow_ips": "",  # no proxy's word is taken for where a request came from
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "graceful_timeout": GRACE,
        "timeout": 30,
        "keepalive": 15,
        "control_socket_disable": True,
        "post_fork": lambda _server, _worker: services.words.watch(),
        "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: S108 - see below
    }  # gunicorn's pulse file lies in memory: on a full or slow disk it would kill its own workers
    services.engine.dispose()  # no connection of the parent's reaches a child
    Server(
        application, {name: value for name, value in options.items() if value is not None or name == "accesslog"}
    ).run()


def default_workers(services: Services) -> int:
    """One on SQLite, where writers queue anyway; one a core on PostgreSQL."""
    if services.engine.dialect.name == "sqlite":
        return 1
    return os.cpu_count() or 1
