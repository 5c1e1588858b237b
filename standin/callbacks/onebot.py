"""OneBot v11 events as a bridge posts them, with X-Signature over the raw body."""

import json
import secrets

from standin.config import Channel
from standin.signing import onebot_signature
from standin.utterance import Envelope, Utterance

Json = dict[str, object]


def compose(name: str, channel: Channel, said: Utterance, forged: bool) -> Envelope | None:
    """The event for a message, a recall or the bot's being taken into a group; None for what only WeChat knows."""
    event = _event(name, channel, said)
    if event is None:
        return None
    base: Json = {"time": int(said.at), "self_id": wire_id(channel.self_id)}
    body = json.dumps({**base, **event}, ensure_ascii=False).encode()
    secret = secrets.token_hex(8) if forged else channel.secret
    headers = {"Content-Type": "application/json", "X-Self-ID": channel.self_id}
    if secret:
        headers["X-Signature"] = onebot_signature(secret, body)
    return Envelope(body, headers)


def wire_id(value: str) -> int | str:
    """QQ's ids are numbers, WeChat's are strings: a bridge sends them as the platform has them."""
    return int(value) if value.isascii() and value.isdigit() else value


def _event(name: str, channel: Channel, said: Utterance) -> Json | None:
    user = wire_id(said.person.account(name))
    if said.deed == "join":
        bot = wire_id(channel.self_id)
        join: Json = {"notice_type": "group_increase", "sub_type": "invite", "user_id": bot, "operator_id": user}
        return {"post_type": "notice", "group_id": wire_id(said.chat.id), **join}
    if said.deed == "recall":
        return {"post_type": "notice", "user_id": user, "message_id": int(said.message_id), **_recall(said, user)}
    segments = _segments(channel, said)
    return _message(said, user, segments) if segments else None


def _recall(said: Utterance, user: int | str) -> Json:
    if said.chat.kind == "private":
        return {"notice_type": "friend_recall"}
    return {"notice_type": "group_recall", "group_id": wire_id(said.chat.id), "operator_id": user}


def _message(said: Utterance, user: int | str, segments: list[Json]) -> Json:
    private = said.chat.kind == "private"
    place: Json = {"sub_type": "friend"} if private else {"sub_type": "normal", "group_id": wire_id(said.chat.id)}
    return {
        "post_type": "message",
        "message_type": "private" if private else "group",
        **place,
        "message_id": int(said.message_id),
        "user_id": user,
        "message": segments,
        "raw_message": said.text,
        "font": 0,
        "sender": {"user_id": user, "nickname": said.person.name, "card": "", "role": "member"},
    }


def _segments(channel: Channel, said: Utterance) -> list[Json]:
    quote: list[Json] = [_segment("reply", id=said.reply_to)] if said.reply_to else []
    match said.deed:
        case "text":
            mention = f"@{said.to_bot}"
            if said.to_bot and said.text.startswith(mention):
                said_after = said.text.removeprefix(mention)
                return [*quote, _segment("at", qq=channel.self_id), _segment("text", text=said_after or " ")]
            return [*quote, _segment("text", text=said.text)]
        case "image":
            return [*quote, _segment("image", file=said.media, url=f"http://127.0.0.1/media/{said.media}")]
        case "voice":
            return [*quote, _segment("record", file=said.media)]
        case "location":
            return [*quote, _segment("location", lat=str(said.lat), lon=str(said.lng), title=said.text)]
        case _:
            return []


def _segment(kind: str, **data: object) -> Json:
    return {"type": kind, "data": data}
