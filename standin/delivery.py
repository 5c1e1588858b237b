"""Bringing a callback to its hook: 5 s a try, three tries, as WeChat does it."""

import threading
from dataclasses import dataclass

import requests

from standin.utterance import Envelope

NO_ANSWER = 504
NOT_REACHED = 502
SERVER_ERROR = 500
CLIENT_ERROR = 400


@dataclass(frozen=True)
class Outcome:
    """What came of a callback: the hook's last status (502 not reached, 504 no answer in time) and its body."""

    status: int
    body: bytes = b""
    tries: int = 1

    @property
    def taken(self) -> bool:
        return self.status < CLIENT_ERROR


class Delivery:
    """Posts envelopes. A refusal (4xx) is final; no answer, no connection and 5xx are tried again, byte for byte."""

    def __init__(self, base: str, seconds: float, tries: int) -> None:
        self.base = base.rstrip("/")
        self.seconds = seconds
        self.tries = tries
        self._local = threading.local()

    def post(self, path: str, envelope: Envelope) -> Outcome:
        """Never raises for what the hook does."""
        outcome = Outcome(NOT_REACHED)
        for number in range(1, self.tries + 1):
            outcome = self._try(path, envelope, number)
            if outcome.status < SERVER_ERROR:
                return outcome
        return outcome

    def _try(self, path: str, envelope: Envelope, number: int) -> Outcome:
        try:
            answer = self._session().post(
                self.base + path,
                params=dict(envelope.query),
                data=envelope.body,
                headers=dict(envelope.headers),
                timeout=self.seconds,
                allow_redirects=False,
            )
        except requests.Timeout:
            return Outcome(NO_ANSWER, tries=number)
        except requests.RequestException:
            return Outcome(NOT_REACHED, tries=number)
        return Outcome(answer.status_code, answer.content, number)

    def _session(self) -> requests.Session:
        """One a thread, for its kept connection; proxies of the environment have no business on loopback."""
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            self._local.session.trust_env = False
        session: requests.Session = self._local.session
        return session


def cause(outcome: Outcome) -> str:
    """Why a callback was not taken, in plain Chinese for whoever tries the page; empty where it was."""
    if outcome.taken:
        return ""
    known = {
        400: "服务读不懂这条消息（400）。",
        403: "没有送到：服务不认这条消息的签名（403）。两边的密钥对不上，请核对。",
        404: "没有送到：服务那边没有这个回调地址（404）。",
        413: "没有送到：这条消息太长（413）。",
        NOT_REACHED: f"连不上服务，试了{outcome.tries}次。它可能还没有起来。",
        NO_ANSWER: f"服务没有按时回音，试了{outcome.tries}次。",
    }
    return known.get(outcome.status, f"没有送到：服务答了{outcome.status}，试了{outcome.tries}次。")
