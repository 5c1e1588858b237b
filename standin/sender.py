"""Somebody of the cast says or does something: a bubble on their phone and a genuinely signed callback to the hook."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from standin.callbacks import onebot, onebot12, webhook, wechat
from standin.config import BOT, Channel, Chat, Person, private_chat
from standin.delivery import Delivery, Outcome, cause
from standin.desk import Desk
from standin.utterance import Deed, Envelope, Utterance
from standin.world import Message, MessageKind, State

Compose = Callable[[str, Channel, Utterance, bool], Envelope | None]

COMPOSE: Mapping[str, Compose] = MappingProxyType(
    {
        "wechat": wechat.compose,
        "onebot": onebot.compose,
        "onebot12": onebot12.compose,
        "webhook": webhook.compose,
    }
)
TAPS: frozenset[Deed] = frozenset({"follow", "scan", "menu"})
BUBBLES: Mapping[Deed, MessageKind] = MappingProxyType(
    {"text": "text", "image": "image", "voice": "voice", "location": "location"}
)
NOTES: Mapping[Deed, str] = MappingProxyType(
    {
        "follow": "关注了公众号",
        "unfollow": "取消了关注",
        "scan": "扫了二维码",
        "menu": "点了菜单",
        "join": "请小单进了群",
    }
)


class Refused(Exception):
    """The platform itself would not let this happen. The message is plain Chinese; `status` is the HTTP status."""

    def __init__(self, reason: str, status: int = 409) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True)
class Wish:
    """What the page or a test asks for. chat empty: the private chat with the Official Account."""

    deed: Deed
    person: str
    chat: str = ""
    text: str = ""
    reply_to: str | None = None
    message: str | None = None  # the message to recall
    lat: float = 28.2282
    lng: float = 112.9388


@dataclass(frozen=True)
class Sent:
    """The bubble as it is now, the hook's status, and why it failed (empty where it did not)."""

    message: Message
    status: int
    reason: str


class Sender:
    """Turns wishes into bubbles and callbacks."""

    def __init__(self, desk: Desk, delivery: Delivery) -> None:
        self._desk = desk
        self._world = desk.world
        self._delivery = delivery
        self._gone = {person.id for person in desk.config.people if not person.following}

    def put(self, wish: Wish) -> Callable[[], Sent]:
        """Check the wish and show its bubble; calling what is returned makes the callback. Raises Refused."""
        person, chat = self._who_and_where(wish)
        self._allow(wish, person, chat)
        said = self._utterance(wish, person, chat)
        envelope = self._compose(said)
        bubble = self._show(said)
        self._mark(said)
        return lambda: self._deliver(said, bubble, envelope)

    def _who_and_where(self, wish: Wish) -> tuple[Person, Chat]:
        person = self._world.people.get(wish.person)
        if person is None:
            raise Refused("没有这个人。", 404)
        chat = self._world.chats.get(wish.chat or private_chat(person.id))
        if chat is None or person.id not in chat.members:
            raise Refused("这个人不在这个会话里。", 404)
        return person, chat

    def _allow(self, wish: Wish, person: Person, chat: Chat) -> None:
        official = self._channel(chat).kind == "wechat"
        if official and person.id in self._gone and wish.deed not in ("follow", "scan"):
            raise Refused("已经取消关注了，先重新关注公众号。")
        if official and wish.reply_to:
            raise Refused("公众号里不能引用，写上编号就行，比如“#128 没修好”。")
        if wish.deed == "text" and not wish.text.strip():
            raise Refused("还没有写字。", 400)
        if wish.deed == "recall":
            mine = self._world.message(wish.message or "")
            if mine is None or mine.by != person.id or mine.chat != chat.id or mine.state == "recalled":
                raise Refused("只能撤回自己说过的话。")

    def _utterance(self, wish: Wish, person: Person, chat: Chat) -> Utterance:
        message_id = self._world.new_id() if wish.deed != "recall" else wish.message or ""
        media = f"standin-{message_id}" if wish.deed in ("image", "voice") else ""
        return Utterance(
            wish.deed,
            person,
            chat,
            message_id,
            at=self._desk.now(),
            text=wish.text,
            reply_to=wish.reply_to,
            to_bot=self._desk.config.bot_name,
            media=media,
            lat=wish.lat,
            lng=wish.lng,
        )

    def _compose(self, said: Utterance) -> Envelope:
        channel = self._channel(said.chat)
        forged = self._desk.switches[said.chat.channel].wrong_secret
        envelope = COMPOSE[channel.kind](said.chat.channel, channel, said, forged)
        if envelope is None:
            raise Refused("这个平台不把这件事告诉服务。")
        return envelope

    def _show(self, said: Utterance) -> Message:
        if said.deed == "recall":
            bubble = self._world.message(said.message_id)
        elif said.deed in NOTES:
            text = said.person.name + NOTES[said.deed]
            bubble = self._world.post(said.chat.id, "", text, kind="note", message_id=said.message_id, state="pending")
        else:
            bubble = self._world.post(
                said.chat.id, said.person.id, said.text, kind=BUBBLES[said.deed], message_id=said.message_id,
                quoted=said.reply_to, state="pending", media=said.media,
            )  # fmt: skip
        if bubble is None:
            raise Refused("这条消息已经不在了。")
        return bubble

    def _mark(self, said: Utterance) -> None:
        """What the platform itself remembers of it: who follows, and what the account may send now."""
        budgets = self._desk.budgets.get(said.chat.channel)
        if budgets is None:
            return
        openid = said.person.account(said.chat.channel)
        if said.deed == "unfollow":
            self._gone.add(said.person.id)
            budgets.left(openid)
        elif said.deed in TAPS:
            self._gone.discard(said.person.id)
            budgets.tapped(openid)
        else:
            budgets.wrote(openid)

    def _deliver(self, said: Utterance, bubble: Message, envelope: Envelope) -> Sent:
        channel = self._channel(said.chat)
        outcome = self._delivery.post(channel.hook or f"/hooks/{said.chat.channel}", envelope)
        reason = cause(outcome)
        done: State = "recalled" if said.deed == "recall" else "sent"
        undone: State = "sent" if said.deed == "recall" else "failed"
        settled = self._world.settle(bubble.id, done if outcome.taken else undone, reason) or bubble
        if outcome.taken and channel.kind == "wechat" and said.deed != "unfollow":
            self._show_answer(channel, said.chat, outcome)
        return Sent(settled, outcome.status, reason)

    def _show_answer(self, channel: Channel, chat: Chat, outcome: Outcome) -> None:
        try:
            text = wechat.passive_answer(channel, outcome.body)
        except wechat.UnusableAnswer:
            self._world.post(chat.id, "", wechat.FAULT, kind="note")
            return
        if text is not None:
            self._world.post(chat.id, BOT, text)

    def _channel(self, chat: Chat) -> Channel:
        return self._desk.config.channels[chat.channel]
