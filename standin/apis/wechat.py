"""The WeChat API's part that an Official Account needs: tokens, customer-service messages, media.

Errors come as HTTP 200 with an errcode, as there. Lengths, budgets and codes are the published or measured ones.
"""

import secrets
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from standin.apis.wechat_tokens import Tokens
from standin.config import BOT
from standin.desk import Desk, http_status
from standin.sent_along import thing

TEXT_BYTES = 2048

BUSY, BAD_TOKEN, BAD_GRANT, BAD_OPENID, NO_MEDIA = -1, 40001, 40002, 40003, 40007
BAD_APPID, NO_TOKEN, BAD_SECRET, TOO_LONG, NO_CONTENT, UNAUTHORISED = 40013, 41001, 40125, 45002, 44004, 48001

MESSAGES = {
    BUSY: "system error",
    BAD_TOKEN: "invalid credential, access_token is invalid or not latest",
    BAD_GRANT: "invalid grant_type",
    BAD_OPENID: "invalid openid",
    NO_MEDIA: "invalid media_id",
    BAD_APPID: "invalid appid",
    NO_TOKEN: "access_token missing",
    NO_CONTENT: "empty content",
    BAD_SECRET: "invalid appsecret",
    TOO_LONG: "content size out of limit",
    45009: "reach max api daily quota limit",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    UNAUTHORISED: "api unauthorized",
}

MEDIA_SECONDS = 3 * 86400  # developers.weixin.qq.com: temporary media are kept for three days


class ErrCode(Exception):
    """This call is refused."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Account:
    """One Official Account's API: what its addresses share."""

    def __init__(self, name: str, desk: Desk) -> None:
        self.name = name
        self.desk = desk
        self.tokens = Tokens(desk.now)
        desk.on_expire[name] = self.tokens.void

    def answered(self, call: str, code: int) -> ResponseReturnValue:
        self.desk.note(self.name, call, code)
        return {"errcode": code, "errmsg": "ok" if code == 0 else f"{MESSAGES.get(code, 'refused')} rid: standin"}

    def authorise(self) -> None:
        """Raises ErrCode for a call without a token in force."""
        self.desk.hold_up(self.name)
        given = request.args.get("access_token", "")
        if not given:
            raise ErrCode(NO_TOKEN)
        if not self.tokens.valid(given):
            raise ErrCode(BAD_TOKEN)

    def recognise(self, fields: Any, secret_code: int) -> None:
        """Raises ErrCode for a token wanted with the wrong appid or secret."""
        self.desk.hold_up(self.name)
        channel = self.desk.channel(self.name)
        if fields.get("grant_type") != "client_credential":
            raise ErrCode(BAD_GRANT)
        if fields.get("appid") != channel.appid:
            raise ErrCode(BAD_APPID)
        if fields.get("secret") != channel.secret:
            raise ErrCode(secret_code)

    def token(self, call: str, text: str, seconds: int) -> ResponseReturnValue:
        self.desk.note(self.name, call, 0)
        return {"access_token": text, "expires_in": seconds}


def blueprint(name: str, desk: Desk) -> Blueprint:
    """Everything under /<name>/cgi-bin."""
    api = Blueprint(name, __name__, url_prefix=f"/{name}/cgi-bin")
    account = Account(name, desk)

    @api.errorhandler(ErrCode)
    def _refused(error: ErrCode) -> ResponseReturnValue:
        return account.answered(request.path.partition("/cgi-bin/")[2], error.code)

    _add_tokens(api, account)
    _add_messages(api, account)
    _add_media(api, account)
    return api


def _add_tokens(api: Blueprint, account: Account) -> None:
    @api.post("/stable_token")
    def _stable_token() -> ResponseReturnValue:
        fields = request.get_json(force=True)
        account.recognise(fields, BAD_SECRET)
        return account.token("stable_token", *account.tokens.stable(fields.get("force_refresh") is True))

    @api.get("/token")
    def _token() -> ResponseReturnValue:
        account.recognise(request.args, BAD_TOKEN)
        return account.token("token", *account.tokens.plain())


def _add_messages(api: Blueprint, account: Account) -> None:
    send, typing = "message/custom/send", "message/custom/typing"

    @api.post(f"/{send}")
    def _send() -> ResponseReturnValue:
        account.authorise()
        refusal = account.desk.refusal(account.name)
        if refusal is not None and (status := http_status(refusal)):
            account.desk.note(account.name, send, status)
            return Response("standin", status)
        if refusal is not None:
            raise ErrCode(int(refusal))
        if account.desk.switches[account.name].unverified:
            raise ErrCode(UNAUTHORISED)
        _take(account.name, account.desk, request.get_json(force=True))
        return account.answered(send, 0)

    @api.post(f"/{typing}")
    def _typing() -> ResponseReturnValue:
        account.authorise()
        return account.answered(typing, UNAUTHORISED if account.desk.switches[account.name].unverified else 0)


def _add_media(api: Blueprint, account: Account) -> None:
    @api.get("/media/get")
    def _get() -> ResponseReturnValue:
        account.authorise()
        if account.desk.switches[account.name].unverified:
            raise ErrCode(UNAUTHORISED)
        found = thing(account.desk, request.args.get("media_id", ""))
        if found is None or account.desk.now() - found.at > MEDIA_SECONDS:
            raise ErrCode(NO_MEDIA)
        account.desk.note(account.name, "media/get", 0)
        named = {"Content-disposition": f'attachment; filename="{found.name}"'}
        return Response(found.data, content_type=found.content_type, headers=named)

    @api.post("/media/upload")
    def _upload() -> ResponseReturnValue:
        account.authorise()
        account.desk.note(account.name, "media/upload", 0)
        media_id = "standin-" + secrets.token_hex(8)
        return {"type": request.args.get("type", "image"), "media_id": media_id, "created_at": int(account.desk.now())}


def _take(name: str, desk: Desk, message: Any) -> None:
    """Check a customer-service text and show it. Raises ErrCode. A refused length costs no budget."""
    openid = str(message.get("touser", ""))
    room = desk.world.private_room(name, openid)
    if room is None and not desk.channel(name).strangers:
        raise ErrCode(BAD_OPENID)
    if message.get("msgtype") != "text":
        raise ErrCode(40008)  # the stand-in shows texts only
    text = str(message.get("text", {}).get("content", ""))
    if not text:
        raise ErrCode(NO_CONTENT)
    if len(text.encode()) > TEXT_BYTES:
        raise ErrCode(TOO_LONG)
    if room is None:
        return  # somebody whose callbacks another process plays: there is no phone to show it on
    if code := desk.budgets[name].spend(openid):
        raise ErrCode(code)
    desk.world.post(room.id, BOT, text)
