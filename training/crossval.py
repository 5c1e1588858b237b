"""Cross-validation by voice: what is said of a voice is learned from all the others, as a new community's will be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

from scipy.optimize import minimize_scalar

from intents.model import DANGER, INTENT
from training.fit import Sample, fit
from training.samples import FILED, Corpus

FOLDS = 6
COLDEST, WARMEST = 0.2, 5.0  # bounds of a temperature
LEAST = 1e-9  # a probability of nothing, as its logarithm can be taken
CHECKED = (INTENT, DANGER)


@dataclass(frozen=True)
class Held:
    """One message judged by a model that has not seen its voice."""

    place: int  # in the corpus
    chances: Mapping[str, Mapping[str, float]]  # by head, by answer


def folds(corpus: Corpus) -> list[list[int]]:
    """The places of the corpus in FOLDS parts of like size, each voice whole in one.

    The keyword files' own examples are always learned from.
    """
    sizes: dict[str, int] = {}
    for example in corpus.examples:
        sizes[example.voice] = sizes.get(example.voice, 0) + 1
    sizes.pop(FILED, None)
    parts: list[list[str]] = [[] for _ in range(min(FOLDS, len(sizes)))]
    for voice in sorted(sizes, key=lambda voice: (-sizes[voice], voice)):
        min(parts, key=lambda part: sum(sizes[name] for name in part)).append(voice)
    return [[n for n, example in enumerate(corpus.examples) if example.voice in part] for part in parts]


def validate(corpus: Corpus, heads: Sequence[str] = CHECKED) -> Iterator[Held]:
    """Every example judged by a model that was learned without its voice."""
    for held in folds(corpus):
        away = set(held)
        model = fit([s for n, s in enumerate(corpus.samples) if n not in away], "fold", heads_wanted=heads)
        for place in held:
            opinion = model.judge(corpus.samples[place].features)
            yield Held(place, {head: opinion.probabilities(head) for head in heads})


def temperatures(corpus: Corpus, held: Sequence[Held]) -> dict[str, float]:
    """For each head the temperature that makes its probabilities true: the one under which the right answers were
    least surprising.
    """
    return {head: _temperature([(h.chances[head], answer(corpus.samples[h.place], head)) for h in held])
            for head in CHECKED}  # fmt: skip


def answer(sample: Sample, head: str) -> str:
    """The right answer of a head."""
    return sample.intent if head == INTENT else sample.danger


def warmed(chances: Mapping[str, float], temperature: float) -> dict[str, float]:
    """Probabilities as they are at another temperature than 1."""
    powers = {key: max(chance, LEAST) ** (1 / temperature) for key, chance in chances.items()}
    total = sum(powers.values())
    return {key: power / total for key, power in powers.items()}


def _temperature(judged: Sequence[tuple[Mapping[str, float], str]]) -> float:
    def surprise(temperature: float) -> float:
        return -sum(log(warmed(chances, temperature).get(right, LEAST)) for chances, right in judged)

    found = minimize_scalar(surprise, bounds=(COLDEST, WARMEST), method="bounded", options={"xatol": 0.01})
    return round(float(found.x), 2)
