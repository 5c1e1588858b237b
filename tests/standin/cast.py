"""The cast of the stand-in's tests, and the secrets it shares with the echo service."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any

import requests
from flask import Flask
from werkzeug.serving import make_server

from standin.config import Config
from standin.server import running
from tests.standin.echo import (
    AES_KEY,
    APPID,
    BEARER,
    BRIDGE_TOKEN,
    LEADERS,
    ONEBOT_SECRET,
    SECRET,
    TOKEN,
    WEBHOOK_SECRET,
    Echo,
)

PEOPLE: list[dict[str, Any]] = [
    {"id": "wang", "name": "王阿姨", "about": "3栋2单元502"},
    {"id": "zhou", "name": "周姐", "about": "3栋2单元301"},
    {
        "id": "li",
        "name": "李师傅",
        "role": "单元长",
        "part": "leader",
        "about": "3栋2单元",
        "accounts": {"onebot": "30001"},
    },
    {"id": "chen", "name": "陈敏", "role": "社工", "part": "staff", "about": "枫林社区"},
]
CHATS: list[dict[str, Any]] = [
    {"id": "50002", "name": "3栋2单元邻里群", "members": ["wang", "zhou", "li"], "channel": "onebot"},
    {"id": LEADERS, "name": "枫林单元长群", "members": ["li", "chen"], "channel": "onebot"},
    {"id": "courtyard", "name": "院子里的群", "members": ["wang", "li"], "channel": "onebot12"},
    {"id": "notice-board", "name": "别的平台", "members": ["zhou"], "channel": "webhook"},
]


def config(hook_base: str, **over: Any) -> Config:
    """The cast with all four channels. `over`: whole keys of the configuration; `wechat`: keys of that channel."""
    wechat = {"kind": "wechat", "appid": APPID, "token": TOKEN, "aes_key": AES_KEY, "secret": SECRET}
    channels = {
        "wechat": {**wechat, **over.pop("wechat", {})},
        "onebot": {"kind": "onebot", "secret": ONEBOT_SECRET, "access_token": BRIDGE_TOKEN},
        "onebot12": {"kind": "onebot12", "token": BEARER},
        "webhook": {"kind": "webhook", "secret": WEBHOOK_SECRET},
    }
    told = {"hook_base": hook_base, "channels": channels, "people": PEOPLE, "chats": CHATS, **over}
    return Config.model_validate(told)


@contextmanager
def serving(app: Flask, *, threaded: bool = True) -> Iterator[str]:
    """Serve an app on a free port of 127.0.0.1; gives the URL."""
    server = make_server("127.0.0.1", 0, app, threaded=threaded)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def nobody() -> Iterator[str]:
    """An address that is taken, but where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@dataclass
class Town:
    """A stand-in and the echo service behind it, both over real HTTP."""

    url: str
    echo: Echo

    def say(self, **wish: Any) -> requests.Response:
        return requests.post(self.url + "/say", json=wish, timeout=20)

    def act(self, **wish: Any) -> requests.Response:
        return requests.post(self.url + "/act", json=wish, timeout=20)

    def control(self, **switches: Any) -> None:
        requests.post(self.url + "/control", json=switches, timeout=5).raise_for_status()

    def messages(self, chat: str = "") -> list[dict[str, Any]]:
        found = requests.get(self.url + "/since", timeout=5).json()["messages"]
        found.sort(key=lambda message: int(message["id"]))
        return [message for message in found if not chat or message["chat"] == chat]

    def wait_for(self, chat: str, count: int) -> list[dict[str, Any]]:
        """The messages of a chat as soon as there are so many."""
        cursor = 0
        for _ in range(20):
            found = self.messages(chat)
            if len(found) >= count:
                return found
            answer = requests.get(self.url + "/since", params={"cursor": cursor, "wait": 1}, timeout=5).json()
            cursor = answer["cursor"]
        raise AssertionError(f"{count} messages in {chat} were waited for")

    def token(self) -> str:
        wanted = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}
        answer = requests.post(self.url + "/wechat/cgi-bin/stable_token", json=wanted, timeout=5)
        return str(answer.json()["access_token"])

    def push(self, openid: str, text: str, token: str | None = None) -> int:
        """Send a customer-service text; the errcode."""
        send = f"{self.url}/wechat/cgi-bin/message/custom/send"
        message = {"touser": openid, "msgtype": "text", "text": {"content": text}}
        answer = requests.post(send, params={"access_token": token or self.token()}, json=message, timeout=5)
        return int(answer.json()["errcode"])


@contextmanager
def town(*, sealed: bool = True, **over: Any) -> Iterator[Town]:
    """Both of them, for a test."""
    echo = Echo(sealed=sealed)
    if not sealed:
        over["wechat"] = {**over.get("wechat", {}), "aes_key": ""}
    with serving(echo.app()) as hooks, running(config(over.pop("hook_base", hooks), **over)) as url:
        echo.standin = url
        yield Town(url, echo)
