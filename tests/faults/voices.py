"""Neighbours: what they say as genuinely signed callbacks, and senders who tell it until it is taken."""

import itertools
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import requests

from intents.understanding import Understanding
from standin.callbacks import onebot, wechat
from standin.config import Chat, Config, Person
from standin.utterance import Envelope, Utterance
from tests.faults.estate import Unit, units

# Matters of a stairwell that have no words in common; `understood` tells whether the shipped keywords still agree.
MATTERS = {
    "lift": "电梯又坏了",
    "light": "楼道灯不亮了",
    "access": "门禁坏了，刷卡进不去",
    "drain": "下水道堵了",
    "leak": "天花板一直渗水",
}
CHATTER = ("今天菜场的白菜便宜", "哈哈哈", "晚上一起跳舞不", "收到，谢谢", "谁家的快递放错了")
VOICES = 3  # neighbours who tell the same matter, at most
SECONDS = 5.0  # WeChat hangs up after that


@dataclass(frozen=True)
class Matter:
    """One thing that is broken: there must be one ticket for it, however many tell it."""

    unit: Unit
    category: str


@dataclass(frozen=True)
class Message:
    """One message of one person, the same on every telling."""

    id: str
    channel: str
    user: str
    text: str
    group: str | None
    matter: Matter | None
    at: float


@dataclass
class Told:
    """What became of a message: how often it was told, when and with what it was first taken."""

    message: Message
    tries: int = 0
    taken: int = 0
    answers: list[str | None] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)


def understood(understanding: Understanding) -> bool:
    """Whether each matter is surely what it is here, and chatter is nothing, in a group and in private."""
    for setting in ("group", "private"):
        read = [understanding.read(words, setting) for words in MATTERS.values()]
        if [(one.sure, one.danger, one.category) for one in read] != [(True, None, name) for name in MATTERS]:
            return False
    return all(understanding.read(words, "group").intent == "other" for words in CHATTER)


class Neighbours:
    """An endless, seeded stream of messages: chatter in groups, and matters in groups and in private."""

    def __init__(self, seed: int, ticket_share: float = 0.25) -> None:
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._ids = itertools.count(int(time.time()) * 1000)
        self._share = ticket_share
        self._matters = self._shuffled()

    def next(self) -> Message:
        with self._lock:
            matter = next(self._matters, None) if self._random.random() < self._share else None
            number = str(next(self._ids))
            if matter is None:
                unit = self._random.choice(units())
                user = f"u-{unit.building}-{unit.number}-{self._random.randrange(9)}"
                return Message(number, "onebot", user, self._random.choice(CHATTER), unit.group, None, time.time())
            words = MATTERS[matter.category]
            if self._random.random() < 0.5:
                return Message(number, "onebot", f"v-{number}", words, matter.unit.group, matter, time.time())
            return Message(number, "wechat", f"o-{number}", f"{matter.unit.name}{words}", None, matter, time.time())

    def _shuffled(self) -> Iterator[Matter]:
        """Every matter is told by one to VOICES people; those who tell the same come close to each other."""
        matters = [Matter(unit, category) for unit in units() for category in MATTERS]
        self._random.shuffle(matters)
        return iter([matter for matter in matters for _ in range(self._random.randint(1, VOICES))])


def envelope(config: Config, message: Message) -> Envelope:
    """The message as the platform signs it: WeChat's sealed XML or OneBot v11's JSON."""
    channel = config.channels[message.channel]
    person = Person(id=message.user, name="邻居")
    private = message.group is None
    chat = Chat(
        id=message.group or "private", kind="private" if private else "group", members=("x",), channel=message.channel
    )
    said = Utterance("text", person, chat, message.id, at=message.at, text=message.text)
    compose = wechat.compose if message.channel == "wechat" else onebot.compose
    composed = compose(message.channel, channel, said, False)
    assert composed is not None
    return composed


class Sender(threading.Thread):
    """Tells one message after the other; what got no 2xx is told again, byte for byte, as WeChat does it."""

    def __init__(self, number: int, base: str, config: Config, neighbours: Neighbours, seed: int) -> None:
        super().__init__(name=f"neighbour-{number}", daemon=True)
        self.told: list[Told] = []
        self.stopping = threading.Event()
        self._base, self._config, self._neighbours = base, config, neighbours
        self._random = random.Random(seed + number)
        self._session = requests.Session()
        self._session.trust_env = False

    def run(self) -> None:
        while not self.stopping.is_set():
            self.tell(self._neighbours.next())
            self.stopping.wait(self._random.uniform(0.0, 0.05))

    def tell(self, message: Message, patience: float = 60.0) -> Told:
        """Until it is taken, or for `patience` seconds; one in ten is told once more after that."""
        told = Told(message)
        self.told.append(told)
        sealed = envelope(self._config, message)
        again = 2 if self._random.random() < 0.1 else 1
        until = time.monotonic() + patience
        while told.taken < again and time.monotonic() < until:
            if not self._try(told, sealed):
                time.sleep(self._random.uniform(0.05, 0.3))
        return told

    def _try(self, told: Told, sealed: Envelope) -> bool:
        told.tries += 1
        try:
            answer = self._session.post(
                f"{self._base}/hooks/{told.message.channel}",
                params=dict(sealed.query),
                data=sealed.body,
                headers=dict(sealed.headers),
                timeout=SECONDS,
            )
        except requests.RequestException:
            told.statuses.append(0)
            return False
        told.statuses.append(answer.status_code)
        if answer.status_code not in (200, 204):
            return False
        told.taken += 1
        if told.message.channel == "wechat":
            told.answers.append(wechat.passive_answer(self._config.channels["wechat"], answer.content))
        return True
