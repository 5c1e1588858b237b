"""The surface of the understanding: a text comes in, a Verdict, a Command or a PolicyAnswer goes out."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from intents import commands, danger, dialects, lexicon, policies
from intents import model as models
from intents.commands import Commands
from intents.danger import DangerKind, Dangers
from intents.decide import Judge
from intents.evidence import Evidence, Reader
from intents.finder import Finder
from intents.homophones import Homophones
from intents.keyfile import KeywordError
from intents.lasting import uncollected
from intents.lexicon import Intent
from intents.policies import Policies, Policy
from intents.tokens import Tokens
from intents.verdict import Command, PolicyAnswer, Verdict
from intents.weigh import Scale

__all__ = ["DangerKind", "KeywordError", "Understanding", "load", "version_of"]

PRIVATE = "private"
MODEL = "model.npz"
READ = (".toml", ".md", ".npz")  # what a version is made of


@dataclass(frozen=True)
class Understanding:
    """Everything loaded from the keyword files. Immutable, so that another version can be swapped in whole."""

    version: str
    intents: Mapping[str, Intent]
    reader: Reader
    judge: Judge
    homophones: Homophones
    _commands: Commands
    _policies: Policies

    @property
    def labels(self) -> frozenset[str]:
        """Every intent with each of its categories, as examples name them: repair.lift."""
        return frozenset(f"{key}.{category}" for key, intent in self.intents.items() for category in intent.categories)

    @property
    def danger(self) -> Mapping[str, DangerKind]:
        """Every kind of danger by its key."""
        return self.reader.dangers.kinds

    @property
    def passages(self) -> tuple[Policy, ...]:
        """Every passage of the policy store, by id, whether in force or not."""
        return self._policies.all

    def read(self, text: str, setting: str, to_me: bool = False) -> Verdict:
        """Understand one message. `setting` is "group" or "private". Never raises on any text."""
        spoken = self.setting(setting, to_me)
        found = self.reader.read(text, spoken)
        verdict = self.judge.decide(found, spoken == PRIVATE)
        reheard = self._reheard(found, verdict, spoken)
        return reheard[1] if reheard else verdict

    def category(self, text: str, setting: str, intent: str) -> str:
        """The category of a message that is known to be of this intent, whatever it sounds like. Raises KeyError."""
        return self.judge.category(self.reader.read(text, self.setting(setting, True)), intent)

    def setting(self, setting: str, to_me: bool) -> str:
        """How a message is read: who calls the service by name in a group speaks to it as in private."""
        return PRIVATE if setting == PRIVATE or to_me else "group"

    def restored(self, found: Evidence, spoken: str) -> Evidence | None:
        """The evidence with mishearings of voice input put right, where the message is understood only so."""
        reheard = self._reheard(found, self.judge.decide(found, spoken == PRIVATE), spoken)
        return reheard[0] if reheard else None

    def _reheard(self, found: Evidence, verdict: Verdict, spoken: str) -> tuple[Evidence, Verdict] | None:
        if not self.judge.doubts(verdict):
            return None
        said = self.homophones.restored(found.said)
        if said == found.said:
            return None
        restored = self.reader.weigh(found.clean, said, spoken)
        again = self.judge.decide(restored, spoken == PRIVATE)
        return (restored, again) if self.judge.clearer(verdict, again) else None

    def fold(self, text: str) -> str:
        """The text in the one spelling in which words are looked for: 冇得 is 没得, 三单元 is 3单元."""
        return self.reader.fold(text)

    def handler(self, text: str) -> Command | None:
        """What a leader, staff or property person wants; None where it is no command."""
        return self._commands.handler(self.reader.fold(text))

    def resident(self, text: str) -> Command | None:
        """What a resident says about a ticket; None where it is no command."""
        return self._commands.resident(self.reader.fold(text))

    def called(self, text: str) -> Command | None:
        """What somebody who was called to a ticket by a whistle answers; None where it is no answer to that."""
        return self._commands.called(self.reader.fold(text))

    def things(self, text: str) -> frozenset[str]:
        """The categories of repair that a text names a thing of: 泵 is of water."""
        return self._commands.named(self.reader.fold(text))

    @property
    def nameable(self) -> frozenset[str]:
        """The categories of repair of which some word is known to name a thing."""
        return self._commands.categories

    def policy(self, text: str, today: date | None = None) -> PolicyAnswer | None:
        """The passage that answers, in force on `today`; None where none is good enough."""
        return self._policies.search(self.reader.fold(text), today)

    def with_passages(self, passages: Iterable[Policy]) -> "Understanding":
        """The same, answering from these passages: how a draft is tried. Takes some tenths of a second."""
        tried = policies.of(passages, self._policy_words(), self.reader.fold, self._policies.limits)
        return replace(self, _policies=tried)

    def _policy_words(self) -> Iterable[str]:
        return self.intents["policy"].all_words() if "policy" in self.intents else ()


def load(folder: Path, *, learned: bool = True) -> Understanding:
    """Read the keyword files and, unless told otherwise, what was learned beside them. Raises KeywordError naming file,
    line and key.
    """
    with uncollected():
        return _loaded(folder, learned)


def _loaded(folder: Path, learned: bool) -> Understanding:
    intents = lexicon.load(folder)
    dangers = danger.load(folder / "danger.toml")
    _check_danger(dangers, intents)
    scale = Scale(intents)
    reader = Reader(
        dialects=dialects.load(folder / "dialects.toml"),
        dangers=dangers,
        scale=scale,
        finder=Finder([*scale.words(), *dangers.words()]),
    )
    own_words = intents["policy"].all_words() if "policy" in intents else ()
    path = folder / MODEL
    model = models.load(path) if learned and path.exists() else None
    return Understanding(
        version=version_of(folder),
        intents=intents,
        reader=reader,
        judge=Judge(intents, dangers, model),
        homophones=Homophones([*scale.words(), *dangers.words()], Tokens()),
        _commands=commands.load(folder / "commands.toml"),
        _policies=policies.load(folder / "policies", own_words, reader.fold),
    )


def version_of(folder: Path) -> str:
    """The version of the keyword files in a folder: twelve hexadecimal digits of what stands in them."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in READ)
    names = b"".join(path.relative_to(folder).as_posix().encode() + path.read_bytes() for path in files)
    return hashlib.sha256(names).hexdigest()[:12]


def _check_danger(dangers: Dangers, intents: Mapping[str, Intent]) -> None:
    for kind in dangers.kinds.values():
        known = intents.get(kind.intent)
        if known is None or kind.category not in known.categories:
            raise KeywordError(
                f"danger.toml: kinds.{kind.key}: no such intent and category: {kind.intent}.{kind.category}"
            )
