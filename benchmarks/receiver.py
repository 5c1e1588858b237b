"""The platform's end: a tiny HTTP server that takes tokens and texts as WeChat's API does and notes when they came."""

import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

NUMBER = re.compile(r"#(\d+)")


def number_in(text: str) -> int | None:
    """The ticket's number that a line ends with."""
    found = NUMBER.search(text)
    return int(found[1]) if found else None


class Receiver:
    """`with Receiver() as receiver:` - `api_base`, and `cards`: (openid, ticket number) -> when it came."""

    def __init__(self) -> None:
        self.cards: dict[tuple[str, int], float] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="receiver", daemon=True)

    @property
    def api_base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, path: str, fields: dict[str, Any], came: float) -> dict[str, Any]:
        """What the API answers. came: as time.monotonic()."""
        if path.endswith("/stable_token"):
            return {"access_token": "benchmark", "expires_in": 7200}
        number = number_in(str(fields.get("text", {}).get("content", "")))
        if number is not None:
            self.cards.setdefault((str(fields.get("touser")), number), came)
        return {"errcode": 0, "errmsg": "ok"}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet, or the kernel waits for the acknowledgement of the first
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                came = time.monotonic()
                answer = json.dumps(receiver.take(self.path.split("?")[0], json.loads(body), came)).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:
                """Silent."""

        return Handler
