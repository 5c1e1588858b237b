"""The simulator: phones side by side in a page, for the sample alone.

The page talks to us, and we to the stand-in platforms: `/simulator/api/` passes on four calls and no other. What is
said there comes back to our own hooks as a signed callback, so a say must not hold one of our few threads for long:
the stand-in answers within PATIENCE, and what takes longer the page learns from the bubble's state.
"""

from collections.abc import Mapping
from typing import Any

import requests
from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

PATIENCE = 1.5  # seconds that a say may wait for the hook's own status
TIMEOUT = (0.5, 4.0)  # seconds to connect, to answer
MAX_BODY = 16384

UNREACHABLE = "连不上替身平台，它可能还没有起来。"
UNREADABLE = "要一个 JSON 对象。"
TOO_LONG = "这条消息太长了。"

# Everything comes from here: no other host, nothing inline.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)


def blueprint(standin_url: str) -> Blueprint:
    """The page at /simulator and its proxy to the stand-in at `standin_url`. To be registered in the sample only.

    The proxy answers as the stand-in does (a say: the hook's status with `reason` in plain Chinese, 202 where the
    hook takes longer than PATIENCE); 502 with `reason` where the stand-in is not there.
    """
    pages = Blueprint(
        "simulator",
        __name__,
        url_prefix="/simulator",
        template_folder="templates",
        static_folder="static/simulator",
        static_url_path="/static",
    )
    standin = Standin(standin_url)

    @pages.after_request
    def _guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    @pages.get("", strict_slashes=False)
    def _page() -> ResponseReturnValue:
        return render_template("simulator.html")

    @pages.get("/api/cast")
    def _cast() -> ResponseReturnValue:
        return standin.get("/cast", {})

    @pages.get("/api/since")
    def _since() -> ResponseReturnValue:
        return standin.get("/since", {"cursor": request.args.get("cursor", "0")})

    @pages.post("/api/say")
    def _say() -> ResponseReturnValue:
        return standin.post("/say")

    @pages.post("/api/act")
    def _act() -> ResponseReturnValue:
        return standin.post("/act")

    return pages


class Standin:
    """The stand-in as the proxy calls it."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def get(self, path: str, args: Mapping[str, str]) -> ResponseReturnValue:
        try:
            return _passed_on(self._ask("GET", path, params=dict(args)))
        except requests.RequestException:
            return {"reason": UNREACHABLE}, 502

    def post(self, path: str) -> ResponseReturnValue:
        """Pass on the request's own JSON. Anything but JSON is refused: a form of another site could send that."""
        if (request.content_length or 0) > MAX_BODY:
            return {"reason": TOO_LONG}, 413
        wish = request.get_json(silent=True)
        if not isinstance(wish, dict):
            return {"reason": UNREADABLE}, 400
        try:
            return _passed_on(self._ask("POST", path, json={**wish, "patience": PATIENCE}))
        except requests.RequestException:
            return {"reason": UNREACHABLE}, 502

    def _ask(self, method: str, path: str, **what: Any) -> requests.Response:
        """A connection of its own each time: a Session isn't made for many threads. No proxy stands on loopback."""
        with requests.Session() as session:
            session.trust_env = False
            return session.request(method, self._url + path, timeout=TIMEOUT, **what)


def _passed_on(answer: requests.Response) -> Response:
    return Response(answer.content, answer.status_code, content_type="application/json")
