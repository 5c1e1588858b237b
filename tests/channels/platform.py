"""A platform on 127.0.0.1 that does as a test says: errcodes, delays, bodies that are no JSON, hanging up."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request a platform got."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found


@dataclass(frozen=True)
class Says:
    """One answer. wait: seconds before it; hang_up: none at all."""

    body: object = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    hang_up: bool = False

    @property
    def raw(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


Script = Callable[[Asked], Says]


class Platform:
    """`script` answers each request; `asked` keeps them."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.script: Script = lambda asked: Says()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def says(self, *answers: Says) -> None:
        """These answers in order, the last one for ever."""
        left = list(answers)
        self.script = lambda asked: left.pop(0) if len(left) > 1 else left[0]

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.02)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(platform) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the request below
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.do_POST()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                parts = urlsplit(self.path)
                query = {key: values[0] for key, values in parse_qs(parts.query).items()}
                headers = {key.lower(): value for key, value in self.headers.items()}
                asked = Asked(parts.path, query, headers, body)
                platform.asked.append(asked)
                self._answer(platform.script(asked))

            def _answer(self, says: Says) -> None:
                time.sleep(says.wait)
                if says.hang_up:
                    self.close_connection = True
                    return
                self.send_response(says.status)
                for key, value in says.headers.items():
                    self.send_header(key, value)
                self.send_header("Content-Length", str(len(says.raw)))
                self.end_headers()
                self.wfile.write(says.raw)

            def log_message(self, format: str, *args: object) -> None:
                return

        return Handler


@contextmanager
def running() -> Iterator[Platform]:
    platform = Platform()
    thread = threading.Thread(target=platform.serve, daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        platform.close()
        thread.join(5)
