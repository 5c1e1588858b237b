"""A linear model beside the keyword files, learned from the examples: keywords/model.npz, written by `train`.

It has heads that each choose among a few answers: the intent, the category within each intent, the kind of danger. A
head gives each answer the sum of its features' weights; the sums as shares that add up to 1 (softmax over the sums
divided by the head's temperature, which was chosen so that "0.8" is right in eight of ten) are its probabilities.
"""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from math import exp
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from intents.features import Features, named, value
from intents.keyfile import KeywordError

FORMAT = 1
INTENT, DANGER = "intent", "danger"
NO_DANGER = "-"
FINEST = 127  # weights are kept as whole numbers of a head's scale, so that the file is small and the same everywhere


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
        self._chances: dict[str, Mapping[str, float]] = {}

    def chances(self, head: str) -> Mapping[str, float]:
        """Each answer of a head with its probability; empty where the model has no such head."""
        if head not in self._chances:
            self._chances[head] = self._shares(head) if head in self._heads else {}
        return self._chances[head]

    def _shares(self, head: str) -> dict[str, float]:
        known = self._heads[head]
        scaled = self._scaled[known.columns]
        most = max(scaled)
        powers = [exp(one - most) for one in scaled]
        total = sum(powers)
        return {answer: power / total for answer, power in zip(known.answers, powers, strict=True)}

    def probabilities(self, head: str) -> dict[str, float]:
        """The same, the likeliest first."""
        return dict(sorted(self.chances(head).items(), key=lambda pair: (-pair[1], pair[0])))


class Model:
    """The learned weights. Immutable."""

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
        self._rows: dict[str, dict[str, int]] = {}
        for row, feature in enumerate(features):
            group, _, name = feature.partition(":")
            self._rows.setdefault(group, {})[name] = row
        # A last row of zeros is what every feature has that was not learned: so nobody need ask which those are.
        self._padded = np.vstack([weights, np.zeros((1, weights.shape[1]), np.float32)])
        self._weights = self._padded[:-1]
        self._bias = np.concatenate([head.bias for head in heads.values()])
        self._temperatures = np.concatenate(
            [np.full(len(head.answers), head.temperature, np.float32) for head in heads.values()]
        )

    @property
    def size(self) -> int:
        """How many features it knows."""
        return len(self._features)

    def judge(self, features: Features) -> Opinion:
        """What the heads make of a message's features (see intents/features.py)."""
        rows: list[int] = []
        values: list[float] = []
        for group, names in features.items():
            rows += map(self._rows.get(group, {}).get, names, repeat(self.size))
            values += [value(group, len(names))] * len(names)
        sums = np.asarray(values, np.float32) @ self._padded.take(np.asarray(rows, np.intp), axis=0)
        return Opinion(self.heads, ((sums + self._bias) / self._temperatures).tolist())

    def reasons(self, features: Features, head: str, most: int = 8) -> list[Reason]:
        """The features that spoke most for the head's best answer rather than its second, the strongest first."""
        known = self.heads[head]
        best, second = list(self.judge(features).probabilities(head))[:2]
        start = known.columns.start
        one, two = start + known.answers.index(best), start + known.answers.index(second)
        weighed = [
            Reason(name, float(counts * (self._weights[row, one] - self._weights[row, two])))
            for name, counts in named(features).items()
            if (row := self._row(name)) is not None
        ]
        return sorted((reason for reason in weighed if reason.weight > 0), key=lambda r: (-r.weight, r.feature))[:most]

    def _row(self, feature: str) -> int | None:
        group, _, name = feature.partition(":")
        return self._rows.get(group, {}).get(name)


def category_head(intent: str) -> str:
    """The head that chooses the category within an intent."""
    return f"category:{intent}"


def load(path: Path) -> Model:
    """Read a model file. Raises KeywordError where it is none, or of another version of this program."""
    try:
        with np.load(path, allow_pickle=False) as file:
            kept = {name: file[name] for name in file.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise KeywordError(f"{path.name}: {error}") from error
    if int(kept.get("format", 0)) != FORMAT:
        raise KeywordError(f"{path.name}: not a model of this version: run the command `train`")
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
    scales = np.zeros(model._weights.shape[1], np.float32)
    for head in model.heads.values():
        scales[head.columns] = max(float(np.abs(model._weights[:, head.columns]).max(initial=0.0)), 1e-6) / FINEST
    kept: dict[str, npt.NDArray[np.generic]] = {
        "format": np.asarray(FORMAT),
        "version": _text([model.version]),
        "features": _text(model._features),
        "heads": _text(model.heads),
        "weights": np.rint(model._weights / scales).astype(np.int8),
        "scales": scales,
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
