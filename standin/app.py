"""The stand-in's own HTTP side: say, act, since, cast for the page and the tests; control and calls for the tests."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, cast, get_args

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from standin.apis import onebot, onebot12, webhook, wechat
from standin.clock import Clock
from standin.config import Config
from standin.delivery import Delivery
from standin.desk import Desk
from standin.sender import Refused, Sender, Sent, Wish
from standin.switches import ChannelSwitch, ClockSwitch, SenderSwitch
from standin.utterance import Deed
from standin.world import Message, World

APIS: Mapping[str, Callable[[str, Desk], Blueprint]] = MappingProxyType(
    {
        "wechat": wechat.blueprint,
        "onebot": onebot.blueprint,
        "onebot12": onebot12.blueprint,
        "webhook": webhook.blueprint,
    }
)
MAX_BODY = 65536
LONGEST_WAIT = 25.0  # seconds of one long poll
NOT_YET = 202


def create_app(config: Config) -> Flask:
    """A whole set of stand-in platforms in one Flask app, with a world of its own."""
    app = Flask("standin", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    clock = Clock()
    desk = Desk(config, World(config, clock.now), clock.now)
    delivery = Delivery(config.hook_base, config.callback_seconds, config.callback_tries)
    sender = Sender(desk, delivery)
    for name, channel in config.channels.items():
        app.register_blueprint(APIS[channel.kind](name, desk))
    app.register_blueprint(_phones(config, desk, sender))
    app.register_blueprint(_control(config, desk, clock, delivery))
    app.register_error_handler(Refused, _refused)
    return app


def _refused(error: Refused) -> ResponseReturnValue:
    return {"reason": str(error), "status": error.status}, error.status


def _phones(config: Config, desk: Desk, sender: Sender) -> Blueprint:
    """What people do and see."""
    pages = Blueprint("phones", __name__)
    pool = ThreadPoolExecutor(32, thread_name_prefix="callback")

    @pages.get("/health")
    def _health() -> ResponseReturnValue:
        return {"ok": True, "world": desk.world.name}

    @pages.get("/cast")
    def _cast() -> ResponseReturnValue:
        return cast_of(config, desk.world)

    @pages.get("/since")
    def _since() -> ResponseReturnValue:
        try:
            cursor = int(request.args.get("cursor", "0"))
            wait = min(max(float(request.args.get("wait", "0")), 0.0), LONGEST_WAIT)
        except ValueError:
            return {"reason": "cursor and wait are numbers"}, 400
        cursor, messages = desk.world.since(cursor, wait)
        return {"world": desk.world.name, "cursor": cursor, "messages": [_shown(message) for message in messages]}

    @pages.post("/say")
    def _say() -> ResponseReturnValue:
        return _carry_out(sender, pool, _asked(), "text")

    @pages.post("/act")
    def _act() -> ResponseReturnValue:
        asked = _asked()
        return _carry_out(sender, pool, asked, str(asked.get("do", "")))

    return pages


def _control(config: Config, desk: Desk, clock: Clock, delivery: Delivery) -> Blueprint:
    """What tests turn and read."""
    pages = Blueprint("control", __name__)

    @pages.get("/calls")
    def _calls() -> ResponseReturnValue:
        return {"calls": [asdict(call) for call in desk.calls()]}

    @pages.post("/control")
    def _turn() -> ResponseReturnValue:
        asked = _asked()
        try:
            if asked.pop("reset", False):
                desk.reset()
                clock.ahead = 0.0
                delivery.seconds, delivery.tries = config.callback_seconds, config.callback_tries
            for name, part in asked.items():
                if name == "clock":
                    clock.ahead = ClockSwitch.model_validate(part).ahead
                elif name == "sender":
                    wanted = SenderSwitch.model_validate(part)
                    delivery.seconds = wanted.seconds or delivery.seconds
                    delivery.tries = wanted.tries or delivery.tries
                elif name in config.channels:
                    desk.turn(name, ChannelSwitch.model_validate(part))
                else:
                    return {"reason": f"{name}: no such switch"}, 400
        except ValidationError as error:
            return {"reason": str(error)}, 400
        return {"ok": True}

    return pages


def _carry_out(sender: Sender, pool: ThreadPoolExecutor, asked: dict[str, Any], deed: str) -> ResponseReturnValue:
    """Answer with the hook's status, or with 202 where it takes longer than the asked `patience` in seconds: then
    the bubble's state tells the rest."""
    if deed not in get_args(Deed):
        raise Refused("不认识这个动作。", 400)
    wish = _wish(asked, cast(Deed, deed))
    deliver = sender.put(wish)
    work: Future[Sent] = pool.submit(deliver)
    try:
        sent = work.result(timeout=float(asked["patience"]) if "patience" in asked else None)
    except NotYet:
        return {"status": NOT_YET, "reason": ""}, NOT_YET
    answer = {"message": _shown(sent.message), "status": sent.status, "reason": sent.reason}
    return answer, sent.status if sent.reason else 200


def _wish(asked: dict[str, Any], deed: Deed) -> Wish:
    place = {key: float(asked[key]) for key in ("lat", "lng") if key in asked}
    return Wish(
        deed,
        person=str(asked.get("as", "")),
        chat=str(asked.get("chat") or ""),
        text=str(asked.get("text") or ""),
        reply_to=str(asked["reply_to"]) if asked.get("reply_to") else None,
        message=str(asked["message"]) if asked.get("message") else None,
        **place,
    )


def _asked() -> dict[str, Any]:
    asked = request.get_json()
    if not isinstance(asked, dict):
        raise Refused("要一个 JSON 对象。", 400)
    return asked


def _shown(message: Message) -> dict[str, object]:
    return asdict(message)


def cast_of(config: Config, world: World) -> dict[str, object]:
    """Who there is and where they talk; no secret and no account id leaves with it."""
    people = [
        {"id": p.id, "name": p.name, "role": p.role, "part": p.part, "about": p.about, "lines": list(p.lines)}
        for p in config.people
    ]
    chats = [
        {
            "id": chat.id,
            "kind": chat.kind,
            "name": chat.name or chat.id,
            "members": list(chat.members),
            "about": chat.about,
            "quotes": config.channels[chat.channel].kind != "wechat",
            "recalls": config.channels[chat.channel].kind in ("onebot", "onebot12"),
            "media": config.channels[chat.channel].kind != "webhook",
        }
        for chat in world.chats.values()
    ]
    return {
        "world": world.name,
        "bot": {"id": "bot", "name": config.bot_name},
        "people": people,
        "chats": chats,
        "phones": list(config.phones),
    }
