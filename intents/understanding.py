"""The surface of the understanding: a text comes in, a Verdict, a Command or a PolicyAnswer goes out."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from intents import commands, danger, dialects, lexicon, normalise, policies, slots
from intents.commands import Commands
from intents.danger import DangerKind, Dangers
from intents.dialects import Dialects
from intents.finder import Finder
from intents.keyfile import KeywordError
from intents.lexicon import Intent
from intents.policies import Policies
from intents.verdict import Command, DangerCall, PolicyAnswer, Slots, Verdict
from intents.weigh import Scale, Weight

__all__ = ["DangerKind", "KeywordError", "Understanding", "load"]

READ_AT_MOST = 600  # characters weighed; danger is looked for in all of them
PIECE, OVERLAP = 300, 40
OTHER_COUNTS = 1.2  # how much of the chatter's weight is taken from the best intent
UNDECIDED = 1.5  # keeps the score of a single weak word low
MATTER_MOST = 20
OTHER = "other"
CHAT = "chat"


@dataclass(frozen=True)
class Understanding:
    """Everything loaded from the keyword files. Immutable, so that another version can be swapped in whole."""

    version: str
    intents: Mapping[str, Intent]
    _dialects: Dialects
    _dangers: Dangers
    _scale: Scale
    _finder: Finder
    _commands: Commands
    _policies: Policies

    @property
    def danger(self) -> Mapping[str, DangerKind]:
        """Every kind of danger by its key."""
        return self._dangers.kinds

    def read(self, text: str, setting: str, to_me: bool = False) -> Verdict:
        """Understand one message. `setting` is "group" or "private". Never raises on any text."""
        clean = normalise.clean(text)
        said = self._dialects.fold(clean)
        short = said[:READ_AT_MOST]
        hits = self._finder.find(short)
        danger_call = self._dangers.hear(said, hits) if len(said) <= PIECE else self._hear_long(said)
        place = slots.read(short)
        if danger_call is not None and danger_call.certain:
            return self._dangerous(clean, place, danger_call)
        weights = self._scale.weigh(short, hits)
        return self._weighed(clean, weights, place, danger_call, setting == "private" or to_me)

    def handler(self, text: str) -> Command | None:
        """What a leader, staff or property person wants; None where it is no command."""
        return self._commands.handler(self._folded(text))

    def resident(self, text: str) -> Command | None:
        """What a resident says about a ticket; None where it is no command."""
        return self._commands.resident(self._folded(text))

    def policy(self, text: str, today: date | None = None) -> PolicyAnswer | None:
        """The passage that answers, in force on `today`; None where none is good enough."""
        return self._policies.search(self._folded(text), today)

    def _folded(self, text: str) -> str:
        return self._dialects.fold(normalise.clean(text))[:READ_AT_MOST]

    def _hear_long(self, said: str) -> DangerCall | None:
        for piece in _pieces(said):
            if heard := self._dangers.hear(piece, self._finder.find(piece)):
                return heard
        return None

    def _dangerous(self, text: str, place: Slots, call: DangerCall) -> Verdict:
        kind = self._dangers.kinds[call.kind]
        return Verdict(
            text=text,
            intent=kind.intent,
            category=kind.category,
            urgent=True,
            score=1.0,
            sure=True,
            slots=place,
            danger=call,
            matched=(f"danger:{call.kind}", *call.matched),
            matter=kind.matter,
            wants_place=True,
        )

    def _weighed(
        self, text: str, weights: list[Weight], place: Slots, call: DangerCall | None, private: bool
    ) -> Verdict:
        chatter = next(weight for weight in weights if weight.intent == OTHER)
        best, second = [weight for weight in weights if weight.intent != OTHER][:2]
        intent = self.intents[best.intent]
        net = best.score - OTHER_COUNTS * chatter.score
        if net < (intent.private if private else intent.group):
            return _chatter(text, chatter, best, place, call)
        rivals = second.score + OTHER_COUNTS * chatter.score
        return Verdict(
            text=text,
            intent=best.intent,
            category=best.category,
            urgent=False,
            score=round(max(0.0, net) / (net + rivals + UNDECIDED), 3),
            sure=net >= intent.group,
            slots=place,
            danger=call,
            matched=_matched(best),
            matter=self._matter(best),
            wants_place=intent.place,
        )

    def _matter(self, weight: Weight) -> str:
        """The matter from the keyword files' own words: never from the message, so no name or room can slip in."""
        intent = self.intents[weight.intent]
        usual = intent.categories[weight.category].matter[:MATTER_MOST]
        fit = [
            finding.matter
            for finding in weight.findings
            if finding.weight >= weight.findings[0].weight
            and any(pattern.fullmatch(finding.matter) for pattern in intent.shown)
        ]
        return max(fit, key=len, default=usual)[:MATTER_MOST]


def load(folder: Path) -> Understanding:
    """Read the keyword files. Raises KeywordError naming file, line and key."""
    intents = lexicon.load(folder)
    dangers = danger.load(folder / "danger.toml")
    _check_danger(dangers, intents)
    scale = Scale(intents)
    return Understanding(
        version=_version(folder),
        intents=intents,
        _dialects=dialects.load(folder / "dialects.toml"),
        _dangers=dangers,
        _scale=scale,
        _finder=Finder([*scale.words(), *dangers.words()]),
        _commands=commands.load(folder / "commands.toml"),
        _policies=policies.load(folder / "policies", intents["policy"].all_words() if "policy" in intents else ()),
    )


def _version(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".toml", ".md"))
    names = b"".join(path.relative_to(folder).as_posix().encode() + path.read_bytes() for path in files)
    return hashlib.sha256(names).hexdigest()[:12]


def _check_danger(dangers: Dangers, intents: Mapping[str, Intent]) -> None:
    for kind in dangers.kinds.values():
        known = intents.get(kind.intent)
        if known is None or kind.category not in known.categories:
            raise KeywordError(
                f"danger.toml: kinds.{kind.key}: no such intent and category: {kind.intent}.{kind.category}"
            )


def _pieces(text: str) -> Iterator[str]:
    """The text in overlapping pieces, so that a very long one is read in linear time."""
    for start in range(0, max(1, len(text) - OVERLAP), PIECE - OVERLAP):
        yield text[start : start + PIECE]


def _chatter(text: str, chatter: Weight, best: Weight, place: Slots, call: DangerCall | None) -> Verdict:
    known = chatter.score > 0
    return Verdict(
        text=text,
        intent=OTHER,
        category=chatter.category if known else CHAT,
        urgent=False,
        score=round((chatter.score + UNDECIDED) / (chatter.score + best.score + UNDECIDED), 3),
        sure=False,
        slots=place,
        danger=call,
        matched=_matched(chatter) if known else _matched(best),
        wants_place=False,
    )


def _matched(weight: Weight) -> tuple[str, ...]:
    found = ["+".join(finding.words) for finding in weight.findings]
    return tuple(dict.fromkeys([f"{weight.intent}.{weight.category}", *found, *weight.cues]))[:12]
