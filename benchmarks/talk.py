"""Who says what: chatter, and repairs whose tickets can be counted beforehand."""

import random
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.town import Unit, residents, units
from intents.understanding import Understanding

SEED = 20
REPAIRS_OF_TEN = 2  # the 80/20 mix
JOINED = 0.2  # of the repairs: a neighbour's matter once more

CHATTER = (
    "早上好", "谢谢你们啊", "哈哈哈", "新年快乐", "晚安", "辛苦了", "在吗", "今天好热啊", "生日快乐", "谢谢，辛苦了",
)  # fmt: skip
# What a whole stairwell shares: the same at the same unit is one ticket, whatever the words.
REPAIRS = (
    "电梯停了不动", "楼道灯不亮", "停水了", "停电了", "门禁坏了", "暖气不热", "路面坑坑洼洼", "电梯坏了",
    "楼道里的灯坏了几天了", "家里没水了", "没有电了", "门禁刷不开", "暖气片冰凉",
)  # fmt: skip

Matter = tuple[Unit, str]  # the unit and the category: one ticket each


class UnfitTalk(Exception):
    """The understanding reads one of our sentences otherwise: what it makes could not be counted."""


@dataclass(frozen=True)
class Said:
    """One message. matter: the ticket that it opens or joins; None for chatter."""

    user: str
    text: str
    matter: Matter | None = None


class Talk:
    """The talk of one town; every installation gets its own, and all of them hear the same."""

    def __init__(self, understanding: Understanding) -> None:
        """Raises UnfitTalk where chatter is no chatter, or a repair none, for this understanding."""
        self._random = random.Random(SEED)
        self._units = units()
        self._words = _by_category(understanding)
        self._new = deque(self._matters())
        self._open: list[Matter] = []  # each as often as it was reported
        _check_chatter(understanding)

    def everybody(self) -> list[Said]:
        """A word from every resident: from then on they are known."""
        return [Said(user, "早上好") for unit in self._units for user in residents(unit)]

    def chatter(self, count: int) -> list[Said]:
        return [self._chatter() for _ in range(count)]

    def mix(self, count: int) -> list[Said]:
        """Eight of ten chatter, two a repair, shuffled."""
        said = [self._repair() if n % 10 < REPAIRS_OF_TEN else self._chatter() for n in range(count)]
        self._random.shuffle(said)
        return said

    def new_repairs(self, count: int) -> list[Said]:
        """Repairs that open a ticket each. Fewer where all that can break is broken."""
        return [self._say(self._new.popleft()) for _ in range(min(count, len(self._new)))]

    def take_back(self, unsaid: Sequence[Said]) -> None:
        """What was not sent after all: its matters are new again."""
        for said in reversed(unsaid):
            if said.matter is not None:
                self._open.remove(said.matter)
                if said.matter not in self._open:
                    self._new.appendleft(said.matter)

    def _chatter(self) -> Said:
        unit = self._random.choice(self._units)
        return Said(self._random.choice(residents(unit)), self._random.choice(CHATTER))

    def _repair(self) -> Said:
        again = not self._new or (self._open and self._random.random() < JOINED)
        return self._say(self._random.choice(self._open) if again else self._new.popleft())

    def _say(self, matter: Matter) -> Said:
        self._open.append(matter)
        (building, unit), category = matter
        user = self._random.choice(residents((building, unit)))
        return Said(user, f"{building}栋{unit}单元{self._random.choice(self._words[category])}", matter)

    def _matters(self) -> Iterator[Matter]:
        """Category by category, so that one leader is not told everything at once."""
        for category in self._words:
            for unit in self._random.sample(self._units, len(self._units)):
                yield unit, category


def _by_category(understanding: Understanding) -> dict[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for words in REPAIRS:
        verdict = understanding.read(f"1栋1单元{words}", "private", True)
        if verdict.intent != "repair" or not verdict.sure or verdict.danger is not None:
            raise UnfitTalk(f"{words}: is read as {verdict.intent}, not as a repair")
        found.setdefault(verdict.category, []).append(words)
    return dict(found)


def _check_chatter(understanding: Understanding) -> None:
    for words in CHATTER:
        verdict = understanding.read(words, "private", True)
        if verdict.intent != "other" or understanding.resident(words) or understanding.handler(words):
            raise UnfitTalk(f"{words}: is not read as chatter")
