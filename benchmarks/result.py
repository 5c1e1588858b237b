"""What is measured, and what was found out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks import letters as writing
from benchmarks.anatomy import Anatomy
from benchmarks.counting import Count, Ledger
from benchmarks.guns import Guns, Volley
from benchmarks.installation import VARIANTS, Account
from benchmarks.leaders import Cards
from benchmarks.talk import Said, Talk

KINDS = ("chatter", "mix")


@dataclass(frozen=True)
class Plan:
    """How much is done. A turn ends with its last message or after turn_seconds, whichever comes first."""

    rounds: int = 5
    turn_seconds: float = 2.0
    messages: int = 3000  # to ours, in one turn, at most
    peer_messages: int = 12000
    senders: int = 8
    leader_seconds: int = 20
    leader_rate: int = 5
    dissected: int = 100
    search: tuple[tuple[int, int], ...] = ((1, 2), (1, 4), (2, 2), (2, 4), (2, 8), (3, 4))  # workers, threads
    search_seconds: float = 1.0
    mode: str = "plain"
    variants: tuple[str, ...] = VARIANTS


WHOLE = Plan()
QUICK = Plan(
    rounds=2,
    turn_seconds=0.7,
    leader_seconds=3,
    dissected=30,
    search=((1, 4), (2, 4)),
    search_seconds=0.5,
    variants=("full",),
)


@dataclass
class Contender:
    """One of ours, or the peer, and what it did round by round."""

    name: str
    port: int
    talk: Talk
    messages: int  # in one turn, at most
    turn_seconds: float
    ledger: Ledger = field(default_factory=Ledger)
    volleys: dict[str, list[Volley]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    count: Count | None = None

    def warm_up(self, account: Account, guns: Guns) -> None:
        """A word from everybody, so that nobody is new in a measured round."""
        self._fire(account, guns, self.talk.everybody())

    def take_turn(self, account: Account, guns: Guns, kind: str) -> None:
        said = self.talk.chatter(self.messages) if kind == "chatter" else self.talk.mix(self.messages)
        self.volleys[kind].append(self._fire(account, guns, said))

    def _fire(self, account: Account, guns: Guns, said: Sequence[Said]) -> Volley:
        letters = writing.write(account.channel, said)
        volley = guns.fire(self.port, letters, self.turn_seconds)
        sent = {hit.number for hit in volley.hits}
        self.talk.take_back([one for number, one in enumerate(said) if number not in sent])
        return self.ledger.enter(letters, volley)


@dataclass(frozen=True)
class Setting:
    """The peer's best workers and threads, and what each that was tried did in a second."""

    workers: int
    threads: int
    tried: Mapping[str, float]


@dataclass(frozen=True)
class Result:
    """Everything that was found out."""

    plan: Plan
    setting: Setting
    peer: Contender
    ours: tuple[Contender, ...]
    cards: Cards
    chatter: Anatomy
    repair: Anatomy
    bare_commit_ms: float
    filesystem: str

    @property
    def right(self) -> bool:
        """Whether the rows are what the senders were told, everywhere, and every card came."""
        counts = [one.count for one in self.ours] + [self.cards.count]
        return all(found is not None and found.right for found in counts) and not self.cards.missing
