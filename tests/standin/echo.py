"""A service in miniature behind the hooks: it checks every signature by other means than the stand-in makes them.

It plays the shortest story there is: a resident's line gets a receipt as the passive answer and a card in the
leaders' chat; a leader's answer there is told to the resident through the customer-service API.
"""

import hashlib
import hmac
import json
import re
import time
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import Any

import requests
import xmltodict
from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.replies import TextReply
from wechatpy.utils import check_signature

APPID, TOKEN, SECRET = "wx0123456789abcdef", "callback-token", "app-secret"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ONEBOT_SECRET, BRIDGE_TOKEN, BEARER, WEBHOOK_SECRET = "onebot-secret", "bridge-token", "v12-bearer", "webhook-secret"
LEADERS = "70001@chatroom"


@dataclass
class Echo:
    """What was heard, in order; `standin` is where it sends."""

    standin: str = ""
    sealed: bool = True
    answer: str = "好的，记下了。我转给单元长，周一下班前给您回话。(#128)"
    heard: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)  # to answer with instead, one each
    reporter: str = ""
    slow: float = 0.0  # seconds before each answer
    asked: bytes | None = None  # the answer's raw body, where a test wants something unusable
    lock: Lock = field(default_factory=Lock)

    def app(self) -> Flask:
        app = Flask("echo")
        app.post("/hooks/wechat")(self.wechat)
        app.post("/hooks/onebot")(self.onebot)
        app.post("/hooks/onebot12")(self.onebot12)
        app.post("/hooks/webhook")(self.webhook)
        return app

    def hear(self, message: dict[str, Any]) -> int:
        time.sleep(self.slow)
        with self.lock:
            self.heard.append(message)
            return self.statuses.pop(0) if self.statuses else 200

    def wechat(self) -> ResponseReturnValue:
        args = request.args
        try:
            check_signature(TOKEN, args["signature"], args["timestamp"], args["nonce"])
            body = request.get_data()
            if self.sealed:
                crypto = WeChatCrypto(TOKEN, AES_KEY, APPID)
                body = crypto.decrypt_message(body, args["msg_signature"], args["timestamp"], args["nonce"])
        except InvalidSignatureException:
            return Response("", 403)
        fields = xmltodict.parse(body)["xml"]
        status = self.hear(fields)
        if status != 200 or self.asked is not None:
            return Response(self.asked or b"", status)
        if fields["MsgType"] == "event":
            return self.passive(fields, "我是社区的小单。") if fields["Event"] == "subscribe" else "success"
        if "电梯" in (fields.get("Content") or ""):
            self.reporter = fields["FromUserName"]
            self.later(LEADERS, "3栋2单元 电梯停了(#128)。您方便去看看吗？回“我去”或“转社区”。")
        return self.passive(fields, self.answer)

    def passive(self, fields: dict[str, str], text: str) -> str:
        reply = TextReply(content=text, source=fields["ToUserName"], target=fields["FromUserName"]).render()
        if not self.sealed:
            return str(reply)
        crypto = WeChatCrypto(TOKEN, AES_KEY, APPID)
        return str(crypto.encrypt_message(reply, request.args["nonce"], request.args["timestamp"]))

    def onebot(self) -> ResponseReturnValue:
        body = request.get_data()
        expected = "sha1=" + hmac.new(ONEBOT_SECRET.encode(), body, hashlib.sha1).hexdigest()
        if request.headers.get("X-Signature") != expected:
            return Response("", 403)
        event = json.loads(body)
        status = self.hear(event)
        text = "".join(part["data"].get("text", "") for part in event.get("message", []))
        if re.search("我去", text) and self.reporter:
            self.later(event["group_id"], "好的，辛苦您。#128 记在您名下了。", quoted=event["message_id"])
            self.tell(self.reporter, "单元长李师傅说他去看看，有消息就告诉您。(#128)")
        return Response("", 204 if status == 200 else status)

    def onebot12(self) -> ResponseReturnValue:
        if request.headers.get("Authorization") != f"Bearer {BEARER}":
            return Response("", 403)
        return Response("", self.hear(request.get_json()))

    def webhook(self) -> ResponseReturnValue:
        body = request.get_data()
        expected = "sha256=" + hmac.new(WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
        if request.headers.get("X-Signature") != expected:
            return Response("", 403)
        return Response("", self.hear(json.loads(body)))

    def later(self, group: str, text: str, quoted: int | None = None) -> None:
        """A service sends after it has answered the callback, so does this one."""
        segments: list[dict[str, Any]] = [{"type": "text", "data": {"text": text}}]
        if quoted:
            segments.insert(0, {"type": "reply", "data": {"id": quoted}})
        self.post("/onebot/send_group_msg", {"group_id": group, "message": segments}, BRIDGE_TOKEN)

    def tell(self, openid: str, text: str) -> None:
        wanted = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}
        token = requests.post(f"{self.standin}/wechat/cgi-bin/stable_token", json=wanted, timeout=5).json()
        send = f"/wechat/cgi-bin/message/custom/send?access_token={token['access_token']}"
        self.post(send, {"touser": openid, "msgtype": "text", "text": {"content": text}})

    def post(self, path: str, message: dict[str, Any], bearer: str = "") -> None:
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        send = {"json": message, "headers": headers, "timeout": 5}
        Thread(target=requests.post, args=(self.standin + path,), kwargs=send, daemon=True).start()
