"""The surface of the understanding: a text comes in, a Verdict, a Command or a PolicyAnswer goes out."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from intents import commands, danger, dialects, lexicon, policies
from intents import model as models
from intents.commands import Commands
from intents.danger import DangerKind, Dangers
from intents.decide import Judge
from intents.evidence import Reader
from intents.finder import Finder
from intents.homophones import Homophones
from intents.keyfile import KeywordError
from intents.lexicon import Intent
from intents.policies import Policies, Policy
from intents.tokens import Tokens
from intents.verdict import Command, PolicyAnswer, Verdict
from intents.weigh import Scale

__all__ = ["DangerKind", "KeywordError", "Understanding", "load", "version_of"]

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
    def danger(self) -> Mapping[str, DangerKind]:
        """Every kind of danger by its key."""
        return self.reader.dangers.kinds

    @property
    def passages(self) -> tuple[Policy, ...]:
        """Every passage of the policy store, by id, whether in force or not."""
        return self._policies.all

    def read(self, text: str, setting: str, to_me: bool = False) -> Verdict:
        """Understand one message. `setting` is "group" or "private". Never raises on any text."""
        waits = setting == "private" or to_me
        setting = "private" if waits else "group"  # who calls the service by name speaks to it as in private
        found = self.reader.read(text, setting)
        verdict = self.judge.decide(found, waits)
        if not self.judge.doubts(verdict):
            return verdict
        said = self.homophones.restored(found.said)
        if said == found.said:
            return verdict
        return self.judge.clearer(verdict, self.judge.decide(self.reader.weigh(found.clean, said, setting), waits))

    def handler(self, text: str) -> Command | None:
        """What a leader, staff or property person wants; None where it is no command."""
        return self._commands.handler(self.reader.fold(text))

    def resident(self, text: str) -> Command | None:
        """What a resident says about a ticket; None where it is no command."""
        return self._commands.resident(self.reader.fold(text))

    def policy(self, text: str, today: date | None = None) -> PolicyAnswer | None:
        """The passage that answers, in force on `today`; None where none is good enough."""
        return self._policies.search(self.reader.fold(text), today)


def load(folder: Path, *, learned: bool = True) -> Understanding:
    """Read the keyword files and, unless told otherwise, what was learned beside them. Raises KeywordError naming file,
    line and key.
    """
    intents = lexicon.load(folder)
    dangers = danger.load(folder / "danger.toml")
    _check_danger(dangers, intents)
    scale = Scale(intents)
    tokens = Tokens()
    reader = Reader(
        dialects=dialects.load(folder / "dialects.toml"),
        dangers=dangers,
        scale=scale,
        finder=Finder([*scale.words(), *dangers.words()]),
        tokens=tokens,
    )
    own_words = intents["policy"].all_words() if "policy" in intents else ()
    path = folder / MODEL
    model = models.load(path) if learned and path.exists() else None
    return Understanding(
        version=version_of(folder),
        intents=intents,
        reader=reader,
        judge=Judge(intents, dangers, model),
        homophones=Homophones([*scale.words(), *dangers.words()], tokens),
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
