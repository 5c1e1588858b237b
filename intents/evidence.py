"""What one message holds, before anybody decides what it is: spelling, place, the words and signs found in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from intents import features, normalise, slots
from intents.danger import Dangers, Signal
from intents.dialects import Dialects
from intents.features import Features
from intents.finder import Finder, pairs
from intents.sieve import pieces
from intents.verdict import Slots
from intents.weigh import Scale, Weight

READ_AT_MOST = 600  # characters weighed; danger is looked for in all of them
PIECE, OVERLAP = 300, 40


class Evidence(NamedTuple):
    """A message taken apart. `weights` is the heaviest intent first; `signals` the kinds of danger in their rank."""

    clean: str  # what was written, in one spelling
    said: str  # the same in standard Mandarin, cut to what is weighed
    place: Slots
    weights: tuple[Weight, ...]
    signals: Mapping[str, Signal]
    features: Features


@dataclass(frozen=True)
class Reader:
    """Takes messages apart by the keyword files."""

    dialects: Dialects
    dangers: Dangers
    scale: Scale
    finder: Finder

    def read(self, text: str, setting: str) -> Evidence:
        """The evidence of one text. setting: group or private. Never raises, linear in the text's length."""
        clean = normalise.clean(text)
        return self.weigh(clean, self.dialects.fold(clean), setting)

    def fold(self, text: str) -> str:
        """A text as the words of the keyword files are looked for in it, cut to what is read."""
        return self.dialects.fold(normalise.clean(text))[:READ_AT_MOST]

    def weigh(self, clean: str, said: str, setting: str) -> Evidence:
        """The evidence of a folded text."""
        short = said[:READ_AT_MOST]
        twos = pairs(short)
        hits, held = self.finder.find(short, twos), {*short, *twos}
        signals = self.dangers.signals(said, hits, held) if len(said) <= PIECE else self._long_signals(said)
        weights = tuple(self.scale.weigh(short, hits, held))
        meant = {kind: signal.meant for kind, signal in signals.items()}
        return Evidence(
            clean=clean,
            said=short,
            place=slots.read(short),
            weights=weights,
            signals=signals,
            features=features.of(short, weights, meant, setting),
        )

    def _long_signals(self, said: str) -> dict[str, Signal]:
        found: dict[str, Signal] = {}
        for piece in _pieces(said):
            for kind, signal in self.dangers.signals(piece, self.finder.find(piece), pieces(piece)).items():
                if kind not in found or signal.meant:
                    found[kind] = signal
        return {kind: found[kind] for kind in self.dangers.kinds if kind in found}


def _pieces(text: str) -> Iterator[str]:
    """The text in overlapping pieces, so that a very long one is read in linear time."""
    for start in range(0, max(1, len(text) - OVERLAP), PIECE - OVERLAP):
        yield text[start : start + PIECE]
