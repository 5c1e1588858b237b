"""Customer-service texts and media through wechatpy's client, with the token handling, time-outs and errors it lacks.

wechatpy 1.8.18 fetches tokens without a time-out, each process for itself, and retries a dead token until the stack
ends. Here: stable_token, one fetch at a time, one renewal and one retry.
"""

import json
import logging
import re
from typing import Any

import requests
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from bot.channels import DeliveryError, Gone
from bot.channels.courier import NETWORK_ERRORS, TIMEOUT, no_answer, retry_after
from bot.channels.downloads import Downloads, body_of
from bot.channels.fields import fit
from bot.channels.token_store import TokenStore
from bot.channels.wechat_text import PUSH_BYTES, split_bytes

DEFAULT_API = "https://api.weixin.qq.com"
_DEAD_TOKEN = {40001, 40014, 42001}
_TOO_LONG = 45002
_SHORTEST_PART = 400  # bytes; a text refused as too long even then is refused for another reason
_MARGIN = 300  # seconds before the end of a token's life in which stable_token gives out the next one
_HOUR = 3600.0

# What WeChat's codes mean for a line. Parked: until the person writes again. Permanent: never to this person.
_PARKED = {
    45015: "48 hours have passed since the person wrote, or they no longer follow",
    45047: "the messages allowed for the person's last one are used up",
    48001: "this account may not send customer-service messages (unverified)",
}
_PERMANENT = {
    40003: "no such openid",
    43004: "the person does not follow",
    43019: "the person is on the account's blacklist",
    48002: "the person refuses messages",
    45002: "the text is too long however it is split",
}
_GONE = {
    40007: "no such media, or its three days are over",
    40004: "media of a kind that is not handed out",
}
_LATER = {
    -1: ("WeChat is busy", 5.0),
    45009: ("the day's calls are used up", _HOUR),
    45011: ("too many calls a minute", 60.0),
    40001: ("the access token is refused even after its renewal, or the AppSecret is wrong", 60.0),
    40014: ("the access token is refused even after its renewal", 60.0),
    42001: ("the access token is refused even after its renewal", 60.0),
    40013: ("no such appid", 600.0),
    40125: ("the AppSecret is wrong", 600.0),
    40164: ("this server's address is not on the account's IP whitelist", 600.0),
    40243: ("the AppSecret is frozen", 600.0),
    50002: ("the account is restricted", _HOUR),
    89503: ("an administrator must confirm this server's address", 600.0),
}


class OfficialAccountClient(WeChatClient):  # type: ignore[misc]  # wechatpy publishes no types
    """Sends texts to followers and fetches what they sent.

    api_base: where the API lives, also for tokens; empty: WeChat's own. media_hosts: where videos may lie.
    """

    def __init__(
        self, appid: str, secret: str, api_base: str, tokens: TokenStore, media_hosts: tuple[str, ...] = ()
    ) -> None:
        super().__init__(appid, secret, timeout=TIMEOUT, auto_retry=False)
        base = (api_base or DEFAULT_API).rstrip("/").removesuffix("/cgi-bin")
        self.API_BASE_URL = f"{base}/cgi-bin/"
        self._http.max_redirects = 0  # the token stands in the address and must not travel on
        self._tokens = tokens
        self._downloads = Downloads(media_hosts, base)
        _hide_tokens_in_logs()

    def say(self, openid: str, text: str) -> None:
        """One text, in several messages where it is long. Raises DeliveryError alone, holding no token or secret."""
        try:
            self._say(openid, fit(text).strip(), PUSH_BYTES)
        except WeChatClientException as error:
            failure = _refusal(error)
        except (*NETWORK_ERRORS, TypeError, LookupError, AttributeError, RecursionError) as error:
            failure = no_answer(error)
        else:
            return
        # Outside the except block: wechatpy's error holds the request with its token or secret.
        raise failure

    def media(self, media_id: str, most: int) -> bytes:
        """What a follower sent (developers.weixin.qq.com, getMedia). Raises DeliveryError alone, holding no token."""
        try:
            found = self._media(media_id, most)
        except WeChatClientException as error:
            failure = _refusal(error)
        except (*NETWORK_ERRORS, TypeError, LookupError, AttributeError, RecursionError) as error:
            failure = no_answer(error)
        else:
            return found
        raise failure

    @property
    def access_token(self) -> str:
        return self._tokens.get(self.appid) or self.renew("")

    def fetch_access_token(self) -> str:
        """What wechatpy calls for a new token."""
        return self.renew("")

    def renew(self, dead: str) -> str:
        """A token that is not `dead`: from the store where somebody was faster, else from stable_token."""
        with self._tokens.lock(self.appid):
            held = self._tokens.get(self.appid)
            if held and held != dead:
                return held
            token, seconds = self._ask_token(force=False)
            if token == dead:  # still within its time and yet refused; forcing is limited to 20 a day
                token, seconds = self._ask_token(force=True)
            self._tokens.set(self.appid, token, seconds)
            return token

    def _ask_token(self, *, force: bool) -> tuple[str, int]:
        asked = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret, "force_refresh": force}
        # params that are no dict: wechatpy would add an access token and so ask for one for ever.
        answer = self.post("stable_token", data=asked, params=())
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token:
            raise Garbled
        seconds = answer.get("expires_in")
        if not isinstance(seconds, int) or isinstance(seconds, bool):
            seconds = 7200
        return token, max(1, min(seconds, 7200) - _MARGIN)

    def _media(self, media_id: str, most: int) -> bytes:
        """The bytes; of a video WeChat gives an address instead. Raises what wechatpy raises."""
        token = self.access_token
        body = self._media_body(token, media_id, most)
        if _errcode(body) in _DEAD_TOKEN:
            body = self._media_body(self.renew(token), media_id, most)
        if (code := _errcode(body)) is not None:
            raise WeChatClientException(code, "", client=self)
        video = _told(body).get("video_url")
        return self._downloads.get(video, most) if isinstance(video, str) else body

    def _media_body(self, token: str, media_id: str, most: int) -> bytes:
        # Not wechatpy's own get: it reads an answer of any length, and all of it as JSON first.
        response = self._http.get(
            f"{self.API_BASE_URL}media/get",
            params={"access_token": token, "media_id": media_id},
            stream=True,
            timeout=TIMEOUT,
            allow_redirects=False,
        )
        with response:
            if response.status_code != 200:  # noqa: PLR2004 - the status itself is the clearest name
                raise WeChatClientException(None, None, client=self, response=response)
            return body_of(response, most)

    def _say(self, openid: str, text: str, limit: int) -> None:
        for part in split_bytes(text, limit):
            try:
                self._say_part(openid, part)
            except WeChatClientException as error:
                if error.errcode != _TOO_LONG or limit // 2 < _SHORTEST_PART:
                    raise
                self._say(openid, part, limit // 2)

    def _say_part(self, openid: str, text: str) -> None:
        token = self.access_token
        try:
            answer = self.message.send_text(openid, text)
        except WeChatClientException as error:
            if error.errcode not in _DEAD_TOKEN:
                raise
            self.renew(token)
            answer = self.message.send_text(openid, text)
        if not isinstance(answer, dict) or "errcode" not in answer:
            raise Garbled


def _told(body: bytes) -> dict[str, Any]:
    """The JSON object that an answer is; {} for a picture or a recording."""
    if not body.lstrip().startswith(b"{"):
        return {}
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _errcode(body: bytes) -> int | None:
    code = _told(body).get("errcode")
    return code if isinstance(code, int) else None


class Garbled(ValueError):
    """A 200 that is no answer of WeChat's: something in between is speaking."""


def _refusal(error: WeChatClientException) -> DeliveryError:
    """What a code means for the line. WeChat's own errmsg stays out: it may quote what was sent."""
    code = error.errcode
    if code in _GONE:
        return Gone(f"WeChat {code}: {_GONE[code]}")
    if code in _PARKED:
        return DeliveryError(f"WeChat {code}: {_PARKED[code]}", parked=True)
    if code in _PERMANENT:
        return DeliveryError(f"WeChat {code}: {_PERMANENT[code]}", permanent=True)
    if code in _LATER:
        meaning, seconds = _LATER[code]
        return DeliveryError(f"WeChat {code}: {meaning}", retry_after=seconds)
    if code is None and isinstance(error.response, requests.Response):
        return DeliveryError(f"HTTP {error.response.status_code}", retry_after=retry_after(error.response.headers))
    return DeliveryError(f"WeChat {code}: unexpected")


class _HideTokens(logging.Filter):
    """urllib3's debug lines carry the whole address, and WeChat wants the token in it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _TOKEN.sub(r"\1***", str(record.msg))
        if isinstance(record.args, tuple):
            record.args = tuple(_hidden(value) for value in record.args)
        return True


_TOKEN = re.compile(r"(access_token=)[^&\s\"']+")
_HIDE = _HideTokens()


def _hidden(value: Any) -> Any:
    return _TOKEN.sub(r"\1***", value) if isinstance(value, str) else value


def _hide_tokens_in_logs() -> None:
    logging.getLogger("urllib3.connectionpool").addFilter(_HIDE)  # adding the same filter again changes nothing
