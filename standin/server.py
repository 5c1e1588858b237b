"""Serving the stand-in on 127.0.0.1 alone: in a process of its own, or in a test's thread."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from standin.app import create_app
from standin.config import Config

HOST = "127.0.0.1"
POLL = 0.02  # seconds until a stop is seen


class KeepAlive(WSGIRequestHandler):
    """Kept connections: the service's clients and the long polls reuse theirs."""

    protocol_version = "HTTP/1.1"
    timeout = 60.0


def server(config: Config, port: int = 0) -> BaseWSGIServer:
    """A threaded server, bound but not yet serving. Werkzeug's own: its state must live in one process, on loopback.

    Its log is quiet, since access tokens stand in the addresses it would print.
    """
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    return make_server(HOST, port, create_app(config), threaded=True, request_handler=KeepAlive)


def url(of: BaseWSGIServer) -> str:
    return f"http://{HOST}:{of.server_port}"


@contextmanager
def running(config: Config, port: int = 0) -> Iterator[str]:
    """Serve in a thread for as long as the block lasts; gives the URL."""
    serving = server(config, port)
    thread = threading.Thread(target=serving.serve_forever, args=(POLL,), name="standin", daemon=True)
    thread.start()
    try:
        yield url(serving)
    finally:
        serving.shutdown()
        thread.join()
        serving.server_close()
