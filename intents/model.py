"""A linear model beside the keyword files, learned from the examples: keywords/model.npz, written by `train`.

It has heads that each choose among a few answers: the intent, the category within each intent, the kind of danger. A
head gives each answer the sum of its features' weights; the sums as shares that add up to 1 (softmax over the sums
divided by the head's temperature, which was chosen so that "0.8" is right in eight of ten) are its probabilities.
"""

import zipfile
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from math import exp, inf
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from intents.features import CHARACTERS, FOUND, RULES, Features, named, value
from intents.grams import Grams
from intents.keyfile import KeywordError

FORMAT = 2  # changes with what features there are, and with how they are kept
INTENT, DANGER = "intent", "danger"
NO_DANGER = "-"
FINEST = 127  # weights are kept as whole numbers of a head's scale, so that the file is small and the same everywhere
FEW = 2**15 // (FINEST + 1)
WIDEST = 700.0  # what `exp` can still take


class Reason(NamedTuple):
    """One feature and how much it spoke for an answer rather than the next best."""

    feature: str
    weight: float


@dataclass(frozen=True)
class Head:
    """One question that the model answers: its answers, which columns hold them, how its sums become probabilities."""

    answers: tuple[str, ...]
    columns: slice
    bias: npt.NDArray[np.float32]
    temperature: float


class Opinion:
    """What the model makes of one message."""

    def __init__(self, heads: Mapping[str, Head], scaled: Sequence[float]) -> None:
        """scaled: each answer's sum with its bias, divided by the temperature of its head."""
        self._heads = heads
        self._scaled = scaled

    def chances(self, head: str) -> Mapping[str, float]:
        """Each answer of a head with its probability; empty where the model has no such head."""
        known = self._heads.get(head)
        if known is None:
            return {}
        scaled = self._scaled[known.columns]
        most = max(scaled)
        powers = [exp(one - most) for one in scaled]
        total = sum(powers)
        return dict(zip(known.answers, [power / total for power in powers], strict=True))

    def chance(self, head: str, answer: str, unknown: float) -> float:
        """The probability of one answer of a head; `unknown` where the model has no such head or answer."""
        known = self._heads.get(head)
        if known is None or answer not in known.answers:
            return unknown
        scaled = self._scaled[known.columns]
        asked = scaled[known.answers.index(answer)]
        return 1.0 / sum([exp(min(one - asked, WIDEST)) for one in scaled])

    def likeliest(self, head: str, *, among: Container[str] | None = None, besides: str = "") -> str:
        """The likeliest answer of a head, of those `among` and but for `besides`; "" where it has none such."""
        known = self._heads.get(head)
        best, most = "", -inf
        for answer, scaled in zip(known.answers, self._scaled[known.columns], strict=True) if known else ():
            if scaled > most and answer != besides and (among is None or answer in among):
                best, most = answer, scaled
        return best

    def answers(self, head: str) -> tuple[str, ...]:
        """All answers of a head; none where the model has no such head."""
        return self._heads[head].answers if head in self._heads else ()

    def probabilities(self, head: str) -> dict[str, float]:
        """The same as `chances`, the likeliest first."""
        return dict(sorted(self.chances(head).items(), key=lambda pair: (-pair[1], pair[0])))


class Model:
    """The learned weights, as whole numbers of their head's scale: so it does not matter in which order they are added
    up. Immutable.
    """

    def __init__(
        self,
        version: str,
        features: Sequence[str],
        weights: npt.NDArray[np.float32],
        heads: Mapping[str, Head],
    ) -> None:
        self.version = version
        self.heads = heads
        self._features = tuple(features)
        self._scales = _scales(weights, heads)
        self._whole = np.rint(weights / self._scales).astype(np.int8)
        groups: dict[str, dict[str, int]] = {CHARACTERS: {}, FOUND: {}, RULES: {}}
        for row, feature in enumerate(features):
            group, _, name = feature.partition(":")
            groups[group][name] = row
        characters = groups[CHARACTERS]
        self._grams = Grams([*characters])
        self._of_grams = self._whole[[*characters.values()]].astype(np.int16)
        self._found, self._rules = groups[FOUND], groups[RULES]
        self._bias = np.concatenate([head.bias for head in heads.values()])
        self._temperatures = np.concatenate([np.full(len(head.answers), head.temperature) for head in heads.values()])

    @property
    def size(self) -> int:
        """How many features it knows."""
        return len(self._features)

    def judge(self, features: Features) -> Opinion:
        """What the heads make of a message's features (see intents/features.py)."""
        known, different = self._grams.find(features.said)
        # Sums of so few numbers of eight bits fit into sixteen.
        kind = np.int16 if len(known) <= FEW else np.int32
        sums = np.add.reduce(self._of_grams.take(known, axis=0), axis=0, dtype=kind) * value(CHARACTERS, different)
        for group, rows, names in ((FOUND, self._found, features.found), (RULES, self._rules, features.rules)):
            if given := [rows[name] for name in names if name in rows]:
                sums += np.add.reduce(self._whole.take(given, axis=0), axis=0, dtype=np.int16) * value(
                    group, len(names)
                )
        return Opinion(self.heads, ((sums * self._scales + self._bias) / self._temperatures).tolist())

    def reasons(self, features: Features, head: str, most: int = 8) -> list[Reason]:
        """The features that spoke most for the head's best answer rather than its second, the strongest first."""
        known = self.heads[head]
        best, second = list(self.judge(features).probabilities(head))[:2]
        start = known.columns.start
        one, two = start + known.answers.index(best), start + known.answers.index(second)
        counts = named(features)
        weighed = [
            Reason(name, float(counts[name] * self._scales[one] * (int(row[one]) - int(row[two]))))
            for name, row in zip(self._features, self._whole, strict=True)
            if name in counts
        ]
        return sorted((reason for reason in weighed if reason.weight > 0), key=lambda r: (-r.weight, r.feature))[:most]


def _scales(weights: npt.NDArray[np.float32], heads: Mapping[str, Head]) -> npt.NDArray[np.float32]:
    """What a whole number stands for, by answer: the same for all answers of a head."""
    scales = np.zeros(weights.shape[1], np.float32)
    for head in heads.values():
        scales[head.columns] = max(float(np.abs(weights[:, head.columns]).max(initial=0.0)), 1e-6) / FINEST
    return scales


def category_head(intent: str) -> str:
    """The head that chooses the category within an intent."""
    return f"category:{intent}"


def load(path: Path) -> Model:
    """Read a model file. Raises KeywordError where it is none, or of another version of this program."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise KeywordError(f"{path.name}: {error}") from error
    return _read(path.name, content)


@lru_cache(maxsize=2)
def _read(file: str, content: bytes) -> Model:
    """A model by its file's content: versions of the words that have the same one share it."""
    try:
        with np.load(BytesIO(content), allow_pickle=False) as opened:
            kept = {name: opened[name] for name in opened.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise KeywordError(f"{file}: {error}") from error
    if int(kept.get("format", 0)) != FORMAT:
        raise KeywordError(f"{file}: not a model of this version: run the command `train`")
    heads: dict[str, Head] = {}
    start = 0
    for name in _lines(kept["heads"]):
        answers = tuple(_lines(kept[f"{name}/answers"]))
        columns = slice(start, start + len(answers))
        heads[name] = Head(answers, columns, kept[f"{name}/bias"], float(kept[f"{name}/temperature"]))
        start = columns.stop
    weights = kept["weights"].astype(np.float32) * kept["scales"]
    return Model(_lines(kept["version"])[0], _lines(kept["features"]), weights, heads)


def save(path: Path, model: Model) -> None:
    """Write the model file; the same model gives the same bytes."""
    kept: dict[str, npt.NDArray[np.generic]] = {
        "format": np.asarray(FORMAT),
        "version": _text([model.version]),
        "features": _text(model._features),
        "heads": _text(model.heads),
        "weights": model._whole,
        "scales": model._scales,
    }
    for name, head in model.heads.items():
        kept[f"{name}/answers"] = _text(head.answers)
        kept[f"{name}/bias"] = head.bias
        kept[f"{name}/temperature"] = np.asarray(head.temperature)
    np.savez_compressed(path, **kept)  # type: ignore[arg-type]  # the stub takes the keyword `allow_pickle` for one of ours


def _lines(array: npt.NDArray[np.uint8]) -> list[str]:
    return bytes(array).decode().split("\n")


def _text(lines: Sequence[str] | Mapping[str, object]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), np.uint8)
