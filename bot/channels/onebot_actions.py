"""One OneBot action over HTTP and what its statuses mean. Every outcome of an action itself comes with 200."""

import json
from collections.abc import Mapping

from bot.channels import DeliveryError
from bot.channels.courier import Answer, Courier

_CONFIGURATION_WAIT = 300.0  # seconds; nobody mends a token within a minute, and nothing is lost meanwhile


def call(courier: Courier, url: str, action: Mapping[str, object], headers: Mapping[str, str]) -> Answer:
    """The bridge's JSON answer with status 200. Raises DeliveryError, always to be tried again."""
    answer = courier.post(url, json.dumps(action, ensure_ascii=False).encode("utf-8", "replace"), headers)
    if answer.status in (401, 403):
        raise DeliveryError(f"HTTP {answer.status}: the bridge refuses our token", retry_after=_CONFIGURATION_WAIT)
    if answer.status == 404:  # noqa: PLR2004 - the status itself is the clearest name
        raise DeliveryError("HTTP 404: no such action at api_base", retry_after=_CONFIGURATION_WAIT)
    if answer.status != 200:  # noqa: PLR2004 - likewise
        raise DeliveryError(f"HTTP {answer.status}", retry_after=answer.retry_after)
    if not answer.is_json:
        raise DeliveryError("the answer is not JSON: is api_base the bridge?", retry_after=_CONFIGURATION_WAIT)
    return answer
