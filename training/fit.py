"""Labelled messages in, a Model out. Linear, so that every decision can be taken apart into its features."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from intents.features import Features
from intents.model import DANGER, INTENT, Head, Model, category_head

SEEN_LEAST = 2  # a feature of one message alone says nothing about another
STRENGTH = {INTENT: 2.0, DANGER: 4.0}  # the inverse of how much large weights are held back
CATEGORY_STRENGTH = 2.0
SMALLEST = 0.02  # a feature whose every weight is below this is left out: it decides nothing
ROUNDS = 300
TOLERANCE = 1e-3  # further rounds change no decision, and take three times as long
OTHER = "other"


@dataclass(frozen=True)
class Sample:
    """One message to learn from: its features, what it is, and how much it counts."""

    features: Features
    values: Mapping[str, float]  # the same by full name
    intent: str
    category: str
    danger: str  # a kind, or "-"
    weight: float = 1.0


def fit(
    samples: Sequence[Sample],
    version: str,
    temperatures: Mapping[str, float] | None = None,
    heads_wanted: Collection[str] | None = None,
) -> Model:
    """Learn all heads, or those wanted. temperatures: by head, from cross-validation; 1 where none is given. The same
    samples in the same order give the same model.
    """
    names = _vocabulary(samples)
    columns = {name: column for column, name in enumerate(names)}
    matrix = _matrix(samples, columns)
    parts: list[npt.NDArray[np.float64]] = []
    heads: dict[str, Head] = {}
    start = 0
    for head, rows, answers in _questions(samples):
        if heads_wanted is not None and head not in heads_wanted:
            continue
        weights, bias, known = _learn(matrix, samples, rows, answers, STRENGTH.get(head, CATEGORY_STRENGTH))
        stop = start + len(known)
        temperature = (temperatures or {}).get(head, 1.0)
        heads[head] = Head(tuple(known), slice(start, stop), bias.astype(np.float32), temperature)
        parts.append(weights)
        start = stop
    together = np.hstack(parts)
    kept = np.abs(together).max(axis=1) >= SMALLEST
    features = [name for name, keep in zip(names, kept, strict=True) if keep]
    return Model(version, features, together[kept].astype(np.float32), heads)


def version_of(parts: Iterable[bytes]) -> str:
    """Twelve characters that change with whatever the model was learned from."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]


def _questions(samples: Sequence[Sample]) -> list[tuple[str, list[int], list[str]]]:
    """Each head with the samples it learns from and their answers."""
    everything = list(range(len(samples)))
    asked = [
        (INTENT, everything, [sample.intent for sample in samples]),
        (DANGER, everything, [sample.danger for sample in samples]),
    ]
    for intent in sorted({sample.intent for sample in samples}):
        rows = [row for row in everything if samples[row].intent == intent]
        asked.append((category_head(intent), rows, [samples[row].category for row in rows]))
    return [(head, rows, answers) for head, rows, answers in asked if len(set(answers)) > 1]


def _learn(
    matrix: csr_matrix, samples: Sequence[Sample], rows: list[int], answers: list[str], strength: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], list[str]]:
    weights = [samples[row].weight for row in rows]
    learner = LogisticRegression(C=strength, max_iter=ROUNDS, tol=TOLERANCE)
    learner.fit(matrix[rows], answers, sample_weight=weights)
    coefficients, bias = learner.coef_, learner.intercept_
    known = [str(answer) for answer in learner.classes_]
    if len(known) == 2:  # noqa: PLR2004 - of two answers scikit-learn keeps the weights of the second alone
        coefficients, bias = np.vstack([-coefficients / 2, coefficients / 2]), np.array([-bias[0] / 2, bias[0] / 2])
    return coefficients.T, bias, known


def _vocabulary(samples: Sequence[Sample]) -> list[str]:
    seen = Counter(name for sample in samples for name in sample.values)
    return sorted(name for name, times in seen.items() if times >= SEEN_LEAST)


def _matrix(samples: Sequence[Sample], columns: Mapping[str, int]) -> csr_matrix:
    data: list[float] = []
    indices: list[int] = []
    ends = [0]
    for sample in samples:
        known = sorted((columns[name], value) for name, value in sample.values.items() if name in columns)
        indices += [column for column, _ in known]
        data += [value for _, value in known]
        ends.append(len(indices))
    # Single precision: half the memory to go through in each round, and no decision hangs on more.
    return csr_matrix((np.asarray(data, np.float32), indices, ends), shape=(len(samples), len(columns)))
