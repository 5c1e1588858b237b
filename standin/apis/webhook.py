"""The neutral webhook's receiver: POST /<channel> with X-Signature over the raw body."""

import hmac
import json
from threading import Lock
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from standin.config import BOT
from standin.desk import Desk, http_status
from standin.signing import webhook_signature


def blueprint(name: str, desk: Desk) -> Blueprint:
    """The one address /<name>. A key that came before is answered as it was then, and shown once."""
    api = Blueprint(name, __name__, url_prefix=f"/{name}")
    shown: dict[str, str] = {}
    lock = Lock()

    def answered(status: int, **fields: object) -> ResponseReturnValue:
        desk.note(name, "webhook", status)
        return fields, status

    @api.post("/", strict_slashes=False)
    def _receive() -> ResponseReturnValue:
        desk.hold_up(name)
        body = request.get_data()
        expected = webhook_signature(desk.channel(name).secret, body)
        if not hmac.compare_digest(request.headers.get("X-Signature", "").encode(), expected.encode()):
            return answered(403, error="X-Signature is wrong")
        if (refusal := desk.refusal(name)) is not None:
            desk.note(name, "webhook", refusal)
            return Response("standin", http_status(refusal) or int(refusal))
        line = _line(body)
        if line is None:
            return answered(400, error="key, chat, text and reply_to are wanted")
        chat = desk.world.group(name, line["chat"]) or desk.world.private_room(name, line["chat"])
        if chat is None:
            return answered(404, error="no such chat")
        with lock:
            if line["key"] not in shown:
                if desk.switches[name].over_limit(chat.id, desk.now):
                    return answered(429, error="too often")
                shown[line["key"]] = desk.world.post(chat.id, BOT, line["text"], quoted=line.get("reply_to")).id
            return answered(200, id=shown[line["key"]])

    return api


def _line(body: bytes) -> dict[str, Any] | None:
    try:
        line = json.loads(body)
    except ValueError:
        return None
    if not isinstance(line, dict) or not all(isinstance(line.get(key), str) for key in ("key", "chat", "text")):
        return None
    return line
