"""POST /hooks/<channel>: the door through which every word comes in."""

import logging
import time
from datetime import timedelta

from flask import Blueprint, Response, abort, request

from bot import inbox, pulse
from bot.channels import Hook, Rejected
from bot.services import Services

log = logging.getLogger(__name__)

PULSE_EVERY = timedelta(seconds=15)


def blueprint(services: Services) -> Blueprint:
    """The hooks of all configured channels. An unknown one is a 404, a stranger's request an empty 403."""
    hooks = Blueprint("hooks", __name__)
    heard: dict[str, float] = {}

    @hooks.route("/hooks/<name>", methods=["GET", "POST"])
    def hook(name: str) -> Response:
        channel = services.channels.get(name)
        if channel is None:
            abort(404)
        try:
            reading = channel.read(
                Hook(
                    method=request.method,
                    args=request.args.to_dict(),
                    headers={key.lower(): value for key, value in request.headers.items()},
                    body=_body(),
                )
            )
        except Rejected as stranger:
            log.warning("%s: a request was refused: %s", name, stranger)
            return Response(status=403)
        if reading.unreadable:
            log.warning("%s: a genuine message could not be read: %s", name, reading.unreadable)
        answer: str | None = None
        try:
            for line in reading.lines:
                answer = inbox.receive(services, channel, line) or answer
        except Exception as error:  # not even the row could be stored, whatever it is: the platform must tell us again
            log.error("%s: could not store what was said: %s", name, type(error).__name__)
            return Response(status=503)
        if reading.lines and time.monotonic() - heard.get(name, -PULSE_EVERY.total_seconds()) >= 0:
            heard[name] = time.monotonic() + PULSE_EVERY.total_seconds()
            pulse.heard(services, name)
        reply = reading.reply(answer)
        return Response(reply.body, status=reply.status, content_type=reply.content_type)

    return hooks


def _body() -> bytes:
    """The raw body. One that came in pieces and was longer than allowed has been cut: a 413 like any other."""
    body = request.get_data(cache=False)
    if request.content_length is None and len(body) >= (request.max_content_length or len(body) + 1):
        abort(413)
    return body
