"""A OneBot v12 bridge's HTTP API: POST /<channel>/ with action, params and echo; a bearer token."""

import base64
import hmac
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from standin.apis.segments import Unreadable, show
from standin.config import BOT
from standin.desk import Desk, http_status
from standin.sent_along import thing

BAD_REQUEST, NO_ACTION, BAD_PARAM, TOO_OFTEN, NO_CHAT, NO_FILE = 10001, 10002, 10003, 34001, 35001, 35002


class Failed(Exception):
    """Answered with HTTP 200 and status "failed"."""

    def __init__(self, retcode: int, message: str) -> None:
        super().__init__(message)
        self.retcode = retcode


def blueprint(name: str, desk: Desk) -> Blueprint:
    """The one address /<name>/."""
    api = Blueprint(name, __name__, url_prefix=f"/{name}")

    @api.before_request
    def _authorised() -> ResponseReturnValue | None:
        desk.hold_up(name)
        given = request.headers.get("Authorization", "").removeprefix("Bearer ") or request.args.get("access_token", "")
        token = desk.channel(name).token
        return None if hmac.compare_digest(given.encode(), token.encode()) else Response("", 401)

    def answered(action: str, echo: object, retcode: int, data: object, message: str = "") -> ResponseReturnValue:
        desk.note(name, action, retcode)
        status = "failed" if retcode else "ok"
        return {"status": status, "retcode": retcode, "data": data, "message": message, "echo": echo}

    @api.post("/", strict_slashes=False)
    def _action() -> ResponseReturnValue:
        call = request.get_json(force=True)
        action, echo = str(call.get("action", "")), call.get("echo", "")
        if action in ("get_status", "get_version"):
            return answered(action, echo, 0, {"good": True, "impl": "standin", "onebot_version": "12", "bots": []})
        if action == "get_file":
            found = thing(desk, str((call.get("params") or {}).get("file_id", "")))
            if found is None:
                return answered(action, echo, NO_FILE, None, "no such file")
            inlined = base64.b64encode(found.data).decode()
            return answered(action, echo, 0, {"name": found.name, "data": inlined})
        if action != "send_message":
            return answered(action, echo, NO_ACTION, None, "unsupported action")
        if (refusal := desk.refusal(name)) is not None:
            if status := http_status(refusal):
                desk.note(name, action, status)
                return Response("standin", status)
            return answered(action, echo, int(refusal), None, "refused by the stand-in")
        try:
            return answered(action, echo, 0, _take(name, desk, call.get("params") or {}))
        except Failed as error:
            return answered(action, echo, error.retcode, None, str(error))

    return api


def _take(name: str, desk: Desk, params: Any) -> dict[str, object]:
    private = params.get("detail_type") == "private"
    key = "user_id" if private else "group_id"
    wanted = params.get(key)
    if not isinstance(wanted, str):
        raise Failed(BAD_PARAM, f"{key}: must be a string")
    chat = (desk.world.private_room if private else desk.world.group)(name, wanted)
    if chat is None:
        raise Failed(NO_CHAT, f"{key}: unknown")
    try:
        shown = show(
            params.get("message"),
            auto_escape=True,
            name_of=lambda user: person.name if (person := desk.world.person_at(name, user)) else user,
        )
    except Unreadable as error:
        raise Failed(BAD_PARAM, "message: not segments") from error
    if not shown.text:
        raise Failed(BAD_PARAM, "message: empty")
    if desk.switches[name].over_limit(chat.id, desk.now):
        raise Failed(TOO_OFTEN, "too often")
    message = desk.world.post(chat.id, BOT, shown.text, quoted=shown.quoted)
    return {"message_id": message.id, "time": message.time}
