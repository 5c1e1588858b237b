"""OneBot v12 events as a bridge posts them: all ids strings, time a float, a bearer token and no signature."""

import json
import secrets

from standin.config import Channel
from standin.utterance import Envelope, Utterance

Json = dict[str, object]


def compose(name: str, channel: Channel, said: Utterance, forged: bool) -> Envelope | None:
    """The event for a message, a recall or the bot's being taken into a group; None for what only WeChat knows."""
    event = _event(name, channel, said)
    if event is None:
        return None
    base: Json = {
        "id": f"standin-{said.message_id}-{said.deed}",
        "self": {"platform": "standin", "user_id": channel.self_id},
        "time": said.at,
        "sub_type": "",
    }
    token = secrets.token_hex(8) if forged else channel.token
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "OneBot/12 (standin) Standin/1.0",
        "X-OneBot-Version": "12",
        "X-Impl": "standin",
        "Authorization": f"Bearer {token}",
    }
    return Envelope(json.dumps({**base, **event}, ensure_ascii=False).encode(), headers)


def _event(name: str, channel: Channel, said: Utterance) -> Json | None:
    user = said.person.account(name)
    private = said.chat.kind == "private"
    place: Json = {} if private else {"group_id": said.chat.id}
    if said.deed == "join":
        joined: Json = {"detail_type": "group_member_increase", "user_id": channel.self_id, "operator_id": user}
        return {"type": "notice", **joined, **place}
    if said.deed == "recall":
        detail = "private_message_delete" if private else "group_message_delete"
        gone: Json = {"detail_type": detail, "message_id": said.message_id, "user_id": user, "operator_id": user}
        return {"type": "notice", **gone, **place}
    segments = _segments(channel, said, user)
    if not segments:
        return None
    heard: Json = {"message_id": said.message_id, "message": segments, "alt_message": said.text, "user_id": user}
    return {"type": "message", "detail_type": "private" if private else "group", **heard, **place}


def _segments(channel: Channel, said: Utterance, user: str) -> list[Json]:
    quote: list[Json] = [_segment("reply", message_id=said.reply_to, user_id=user)] if said.reply_to else []
    match said.deed:
        case "text":
            mention = f"@{said.to_bot}"
            if said.to_bot and said.text.startswith(mention):
                said_after = said.text.removeprefix(mention)
                return [*quote, _segment("mention", user_id=channel.self_id), _segment("text", text=said_after or " ")]
            return [*quote, _segment("text", text=said.text)]
        case "image":
            return [*quote, _segment("image", file_id=said.media)]
        case "voice":
            return [*quote, _segment("voice", file_id=said.media)]
        case "location":
            place: Json = {"latitude": said.lat, "longitude": said.lng, "title": said.text, "content": ""}
            return [*quote, _segment("location", **place)]
        case _:
            return []


def _segment(kind: str, **data: object) -> Json:
    return {"type": kind, "data": data}
