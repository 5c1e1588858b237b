"""How good the judgement of unseen voices is, in figures."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from intents.decide import MODEL_SURE, OTHER
from intents.examples import NO_DANGER, Example
from intents.lexicon import SURE
from intents.model import DANGER, INTENT
from training.crossval import Held, warmed
from training.samples import Corpus


@dataclass(frozen=True)
class Judged:
    """One message: what it is, what it was taken for, and whether a danger was (heard and) there."""

    right: str
    heard: str
    danger: bool
    alarm: bool


@dataclass(frozen=True)
class Figures:
    """The figures of all messages, and of each voice."""

    whole: dict[str, float]
    voices: dict[str, dict[str, float]]


def of(corpus: Corpus, held: Sequence[Held], temperatures: Mapping[str, float]) -> Figures:
    """Figures of a cross-validation, judged as the service would by the model alone."""
    by_voice: dict[str, list[Judged]] = defaultdict(list)
    for one in held:
        example = corpus.examples[one.place]
        chances = warmed(one.chances[INTENT], temperatures[INTENT])
        risk = 1 - warmed(one.chances[DANGER], temperatures[DANGER]).get(NO_DANGER, 0.0)
        heard = _heard(example, chances)
        by_voice[example.voice].append(
            Judged(example.intent, heard, example.danger is not None, risk >= MODEL_SURE)
        )  # fmt: skip
    everything = [judged for voice in by_voice.values() for judged in voice]
    return Figures(figures(everything), {voice: figures(by_voice[voice]) for voice in sorted(by_voice)})


def figures(judged: Sequence[Judged]) -> dict[str, float]:
    """macro_f1 over the intents there are, false_tickets (share of chatter that opens one), missed (share of matters
    taken for chatter), urgent_recall and urgent_false_alarms; each from 0 to 1.
    """
    chatter = [one for one in judged if one.right == OTHER]
    matters = [one for one in judged if one.right != OTHER]
    intents = sorted({one.right for one in judged})
    return {
        "messages": len(judged),
        "macro_f1": _share(sum(f1(judged, intent) for intent in intents), len(intents)),
        "false_tickets": _share(sum(one.heard != OTHER for one in chatter), len(chatter)),
        "missed": _share(sum(one.heard == OTHER for one in matters), len(matters)),
        "urgent_recall": _rate(one.alarm for one in judged if one.danger),
        "urgent_false_alarms": _rate(one.alarm for one in judged if not one.danger),
    }


def f1(judged: Sequence[Judged], intent: str) -> float:
    """The harmonic mean of precision and recall of one intent."""
    hit = sum(one.right == intent == one.heard for one in judged)
    said = sum(one.heard == intent for one in judged) + sum(one.right == intent for one in judged)
    return 2 * hit / max(1, said)


def _heard(example: Example, chances: Mapping[str, float]) -> str:
    best = max((intent for intent in chances if intent != OTHER), key=lambda intent: chances[intent])
    enough = SURE if example.setting == "group" else chances.get(OTHER, 0.0)
    return best if chances[best] >= enough else OTHER


def _rate(hits: Iterable[bool]) -> float:
    found = list(hits)
    return _share(sum(found), len(found))


def _share(part: float, whole: int) -> float:
    return round(part / max(1, whole), 4)
