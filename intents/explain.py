"""Why a message was understood as it was: the words, the rules of danger, the learned features and examples like it."""

from dataclasses import dataclass

from intents.danger import Signal
from intents.examples import Example
from intents.likest import Likest
from intents.model import DANGER, INTENT, NO_DANGER, Reason
from intents.understanding import Understanding
from intents.verdict import Verdict
from intents.weigh import Weight

WORDS_MOST = 8


@dataclass(frozen=True)
class Explanation:
    """A verdict with everything that led to it. `chances` is each intent's probability, empty without a model."""

    verdict: Verdict
    said: str  # the text in the form in which words are looked for
    restored: str | None  # the same with mishearings put right, where that decided
    words: tuple[Weight, ...]  # what the keyword files found, heaviest intent first
    signals: tuple[tuple[str, Signal], ...]  # kinds of danger whose signs stand in it
    chances: tuple[tuple[str, float], ...]
    risk: float | None  # the model's probability that life, safety or a great loss is at stake
    reasons: tuple[Reason, ...]  # the learned features that spoke most for the likeliest intent
    examples: tuple[tuple[Example, float], ...]  # the likest examples, how like from 0 to 1
    versions: tuple[str, str | None]  # of the words, of the model


def explain(
    understanding: Understanding, text: str, setting: str, to_me: bool = False, likest: Likest | None = None
) -> Explanation:
    """Understand one message as `Understanding.read` does, and say why. likest: where like examples are looked for."""
    verdict = understanding.read(text, setting, to_me)
    spoken = understanding.setting(setting, to_me)
    found = understanding.reader.read(text, spoken)
    restored = understanding.restored(found, spoken)
    model = understanding.judge.model
    weighed = restored or found
    opinion = model.judge(weighed.features) if model is not None else None
    return Explanation(
        verdict=verdict,
        said=found.said,
        restored=restored.said if restored else None,
        words=tuple(weight for weight in weighed.weights if weight.score),
        signals=tuple(weighed.signals.items()),
        chances=tuple(opinion.probabilities(INTENT).items()) if opinion else (),
        risk=round(1 - opinion.probabilities(DANGER).get(NO_DANGER, 1.0), 3) if opinion else None,
        reasons=tuple(model.reasons(weighed.features, INTENT)) if model is not None else (),
        examples=tuple(likest.to(weighed.said)) if likest else (),
        versions=(understanding.version, model.version if model is not None else None),
    )


def as_json(explanation: Explanation) -> dict[str, object]:
    """The explanation as plain values."""
    return {
        "said": explanation.said,
        "restored": explanation.restored,
        "words": [
            {
                "intent": weight.intent,
                "category": weight.category,
                "weight": round(weight.score, 2),
                "found": ["+".join(finding.words) for finding in weight.findings][:WORDS_MOST],
                "cues": list(weight.cues)[:WORDS_MOST],
            }
            for weight in explanation.words
        ],
        "danger": [
            {"kind": kind, "found": signal.words, "meant": signal.meant} for kind, signal in explanation.signals
        ],
        "chances": {intent: round(chance, 3) for intent, chance in explanation.chances},
        "risk": explanation.risk,
        "learned": [{"feature": reason.feature, "weight": round(reason.weight, 2)} for reason in explanation.reasons],
        "examples": [
            {"voice": example.voice, "line": example.line, "label": example.label, "text": example.text, "like": like}
            for example, like in explanation.examples
        ],
        "version": explanation.versions[0],
        "model": explanation.versions[1],
    }
