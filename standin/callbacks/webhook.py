"""The neutral webhook's requests: text only, signed with HMAC-SHA256 over the raw body."""

import json
import secrets

from standin.config import Channel
from standin.signing import webhook_signature
from standin.utterance import Envelope, Utterance


def compose(name: str, channel: Channel, said: Utterance, forged: bool) -> Envelope | None:
    """The request for a text; None for everything else, which this webhook has no words for."""
    if said.deed != "text":
        return None
    user = said.person.account(name)
    private = said.chat.kind == "private"
    message = {
        "id": said.message_id,
        "time": said.at,
        "chat": {"id": user if private else said.chat.id, "kind": "private" if private else "group"},
        "user": {"id": user, "name": said.person.name},
        "text": said.text,
        "reply_to": said.reply_to,
    }
    body = json.dumps(message, ensure_ascii=False).encode()
    secret = secrets.token_hex(8) if forged else channel.secret
    return Envelope(body, {"Content-Type": "application/json", "X-Signature": webhook_signature(secret, body)})
