"""A OneBot v11 bridge's HTTP API: POST /<channel>/<action> with a bearer token."""

import base64
import hmac
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from standin.apis.segments import Unreadable, show
from standin.callbacks.onebot import wire_id
from standin.config import BOT, Chat
from standin.desk import Desk, http_status
from standin.sent_along import thing

BAD_PARAMS, REFUSED, TOO_OFTEN = 100, 102, 103  # v11 leaves the codes to the implementation
FILES = ("get_image", "get_record", "get_file")
KINDS = {"send_msg": "", "send_group_msg": "group", "send_private_msg": "private"}


class Failed(Exception):
    """Answered with HTTP 200 and status "failed"."""

    def __init__(self, retcode: int, wording: str) -> None:
        super().__init__(wording)
        self.retcode = retcode


def blueprint(name: str, desk: Desk) -> Blueprint:
    """Everything under /<name>."""
    api = Blueprint(name, __name__, url_prefix=f"/{name}")

    @api.before_request
    def _authorised() -> ResponseReturnValue | None:
        desk.hold_up(name)
        token = desk.channel(name).access_token
        given = request.headers.get("Authorization", "")
        if not token:
            return None
        if not given:
            return Response("", 401)
        return None if hmac.compare_digest(given.encode(), f"Bearer {token}".encode()) else Response("", 403)

    @api.errorhandler(Failed)
    def _failed(error: Failed) -> ResponseReturnValue:
        desk.note(name, request.path.rpartition("/")[2], error.retcode)
        return {"status": "failed", "retcode": error.retcode, "data": None, "wording": str(error)}

    @api.post("/<action>")
    def _action(action: str) -> ResponseReturnValue:
        if action in ("get_login_info", "get_status"):
            user = wire_id(desk.channel(name).self_id)
            data = {"user_id": user, "nickname": desk.config.bot_name, "online": True, "good": True}
            return {"status": "ok", "retcode": 0, "data": data}
        if action in FILES:
            found = thing(desk, str(request.get_json(force=True).get("file", "")))
            if found is None:
                raise Failed(REFUSED, "no such file")
            desk.note(name, action, 0)
            inlined = base64.b64encode(found.data).decode()
            data = {"file": f"/bridge/{found.name}", "file_name": found.name, "base64": inlined}
            return {"status": "ok", "retcode": 0, "data": data}
        if action not in KINDS:
            return Response("", 404)
        if (refusal := desk.refusal(name)) is not None:
            if status := http_status(refusal):
                desk.note(name, action, status)
                return Response("standin", status)
            raise Failed(int(refusal), "refused by the stand-in")
        message_id = _take(name, desk, action, request.get_json(force=True))
        desk.note(name, action, 0)
        return {"status": "ok", "retcode": 0, "data": {"message_id": message_id}}

    return api


def _take(name: str, desk: Desk, action: str, params: Any) -> int:
    chat = _chat(name, desk, KINDS[action] or str(params.get("message_type", "")), params)
    try:
        shown = show(
            params.get("message"),
            auto_escape=params.get("auto_escape") is True,
            name_of=lambda user: person.name if (person := desk.world.person_at(name, user)) else user,
        )
    except Unreadable as error:
        raise Failed(BAD_PARAMS, "message: neither string nor segments") from error
    if not shown.text:
        raise Failed(BAD_PARAMS, "message: empty")
    if desk.switches[name].over_limit(chat.id, desk.now):
        raise Failed(TOO_OFTEN, "too often")
    return int(desk.world.post(chat.id, BOT, shown.text, quoted=shown.quoted).id)


def _chat(name: str, desk: Desk, kind: str, params: Any) -> Chat:
    """The chat meant. An id of another JSON type than the bridge's own is refused, as strict bridges do."""
    key = "user_id" if kind == "private" else "group_id"
    wanted = params.get(key)
    if wanted is None or wire_id(str(wanted)) != wanted:
        raise Failed(BAD_PARAMS, f"{key}: missing or of the wrong type")
    find = desk.world.private_room if kind == "private" else desk.world.group
    chat = find(name, str(wanted))
    if chat is None:
        raise Failed(REFUSED, f"{key}: unknown")
    return chat
