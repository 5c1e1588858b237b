"""Lines going out over HTTP: one POST with time-outs. A DeliveryError from here holds no address and no secret."""

import email.utils
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import requests
from urllib3.exceptions import HTTPError

from bot.channels import DeliveryError

TIMEOUT = (3.05, 5.0)  # seconds to connect, seconds between two bytes
LONGEST_WAIT = 86400.0  # a platform may ask for a day, not for more
NETWORK_ERRORS = (requests.RequestException, HTTPError, OSError, ValueError)


@dataclass(frozen=True)
class Answer:
    """What a platform said: the status and the JSON object of the body ({} where it is none)."""

    status: int
    fields: Mapping[str, object]
    retry_after: float | None
    is_json: bool


class Courier:
    """Posts JSON. One connection pool a channel; redirects are refused, a secret in a header must not travel on."""

    def __init__(self) -> None:
        self._http = requests.Session()

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """One POST. Raises DeliveryError (try later) where no whole answer came; every status is an Answer."""
        try:
            response = self._http.post(
                url,
                data=body,
                headers={"Content-Type": "application/json", **headers},
                timeout=TIMEOUT,
                allow_redirects=False,
                auth=untouched,
            )
        except NETWORK_ERRORS as error:
            failure = no_answer(error)
        else:
            return _answer(response)
        # Outside the except block: the error's own text and request hold the address, so it must not hang on ours.
        raise failure


def no_answer(error: BaseException) -> DeliveryError:
    """Why no answer came, by the kind of error alone."""
    if isinstance(error, requests.Timeout):
        return DeliveryError("no answer in time")
    if isinstance(error, requests.ConnectionError):
        return DeliveryError("no connection")
    return DeliveryError(f"no usable answer: {type(error).__name__}")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds asked for by Retry-After: a number, or a date counted from the answer's own Date."""
    value = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", value, re.ASCII):
        return min(float(value), LONGEST_WAIT)
    try:
        until = email.utils.parsedate_to_datetime(value)
        asked = email.utils.parsedate_to_datetime(headers.get("Date", ""))
        seconds = (until - asked).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT)


def _answer(response: requests.Response) -> Answer:
    try:
        found = json.loads(response.content.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        found = None
    is_json = isinstance(found, dict)
    return Answer(response.status_code, found if is_json else {}, retry_after(response.headers), is_json)


def untouched(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """An `auth` that does nothing: without one, a ~/.netrc would overwrite our Authorization header."""
    return request
