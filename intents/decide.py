"""From evidence to a verdict: what a message is, how sure that is, and which words and rules said so.

Danger stands first. Then the model decides, where one was learned; without one the keyword files alone (version 0).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from intents.danger import Dangers
from intents.evidence import Evidence
from intents.lexicon import Intent
from intents.model import DANGER, INTENT, NO_DANGER, Model, Opinion, category_head
from intents.verdict import DangerCall, Verdict
from intents.weigh import Weight

OTHER = "other"
CHAT = "chat"
OTHER_COUNTS = 1.2  # version 0: how much of the chatter's weight is taken from the best intent
UNDECIDED = 1.5  # version 0: keeps the score of a single weak word low
MATTER_MOST = 20
MATCHED_MOST = 12
DECIDED = 0.6  # below this probability of a matter such words decide for chatter
OUTRIGHT = 3.0  # from this weight on words are plain: "我是记者" is the press, whatever else is said
PERHAPS = 0.25  # from this probability of a matter on, what a group's silence passed over is looked at by a person
# Danger: a rule of danger.toml that fired is never passed over; where the model holds it for nothing it becomes a
# question in private. Where no rule fired, the model alone raises the alarm when it is sure, and asks when it is not.
RULE_STANDS = 0.20
MODEL_SURE = 0.50
MODEL_ASKS = 0.30
PLAIN = 0.85  # from this probability on a message is understood as it stands
GAIN = 0.15  # by this much a reading with mishearings put right must be surer


@dataclass(frozen=True)
class Judge:
    """Decides by the keyword files and, where there is one, the model."""

    intents: Mapping[str, Intent]
    dangers: Dangers
    model: Model | None

    def decide(self, found: Evidence, private: bool) -> Verdict:
        """The verdict on one message. private: somebody waits for an answer, so doubt is for asking."""
        opinion = self.model.judge(found.features) if self.model is not None else None
        call = self._danger(found, opinion)
        if call is not None and call.certain:
            return self._dangerous(found, call)
        if opinion is None or self._new(found, opinion, private):
            return self._by_words(found, call, private)
        return self._by_model(found, call, opinion, private)

    def doubts(self, verdict: Verdict) -> bool:
        """Whether it is worth asking if voice input misheard something. What is plainly understood is left alone."""
        return self.model is not None and verdict.score < PLAIN

    def clearer(self, heard: Verdict, restored: Verdict) -> bool:
        """Whether a second reading of one message, with mishearings put right, is the better.

        It must be a matter, and a good deal surer than the first.
        """
        if restored.danger is not None and restored.danger.silent:
            return False  # nobody is asked whether they are safe for a slip of the tongue
        if restored.danger is not None and heard.danger is None:
            return True
        if restored.intent == OTHER or (heard.danger is not None and restored.danger is None):
            return False
        gain = restored.score - (heard.score if heard.intent == restored.intent else 1.0 - heard.score)
        return gain >= GAIN

    def _danger(self, found: Evidence, opinion: Opinion | None) -> DangerCall | None:
        call = self.dangers.call(found.said, found.signals)
        if opinion is None:
            return call
        risk = 1.0 - opinion.chance(DANGER, NO_DANGER, 1.0)
        if call is not None:
            # Who says "不是演习" has answered the question; of a kind that no example tells, the model knows nothing;
            # of one that is silent only trained staff hear, and better once too often.
            known = call.kind in opinion.answers(DANGER) and not call.silent
            stands = risk >= RULE_STANDS or not known or self.dangers.insisted(found.said)
            return call if stands else replace(call, certain=False)
        if risk < MODEL_ASKS:
            return None
        kind = opinion.likeliest(DANGER, besides=NO_DANGER)
        if kind not in self.dangers.kinds:
            return None
        # What concerns one person at home is asked of that person first, where no plain word was said; and whether they
        # are safe is not a question for a slight doubt.
        silent = self.dangers.kinds[kind].silent
        if silent and risk < MODEL_SURE:
            return None
        return DangerCall(kind, risk >= MODEL_SURE and not silent, silent, (f"model {risk:.2f}",))

    def _dangerous(self, found: Evidence, call: DangerCall) -> Verdict:
        kind = self.dangers.kinds[call.kind]
        return Verdict(
            text=found.clean,
            intent=kind.intent,
            category=kind.category,
            urgent=True,
            score=1.0,
            sure=True,
            slots=found.place,
            danger=call,
            matched=(f"danger:{call.kind}", *call.matched),
            matter=kind.matter,
            wants_place=True,
        )

    def _new(self, found: Evidence, opinion: Opinion, private: bool) -> bool:
        """Whether the words speak for an intent that the model has never seen: its file was added since."""
        best = found.weights[0] if found.weights[0].intent != OTHER else found.weights[1]
        return best.intent not in opinion.answers(INTENT) and self._net(found, best) >= self._enough(best, private)

    def _by_model(self, found: Evidence, call: DangerCall | None, opinion: Opinion, private: bool) -> Verdict:
        chances = opinion.chances(INTENT)
        best = opinion.likeliest(INTENT, besides=OTHER)
        weights = {weight.intent: weight for weight in found.weights}
        chatter = weights[OTHER]
        plain = chatter.score >= OUTRIGHT and chances[best] < DECIDED
        sure = chances[best] >= self.intents[best].sure and not plain
        likelier = private and not plain and chances[best] > chances.get(OTHER, 0.0)
        heard = best if sure or likelier else OTHER
        weight = weights[heard]
        category = self._category(weight, opinion)
        return Verdict(
            text=found.clean,
            intent=heard,
            category=category,
            urgent=False,
            score=round(chances[heard], 3),
            sure=heard != OTHER and sure,
            slots=found.place,
            danger=call,
            matched=_matched(weight),
            matter=self._matter(weight, category) if heard != OTHER else "",
            wants_place=self.intents[heard].place,
            perhaps=best if heard == OTHER and chances[best] >= PERHAPS else None,
        )

    def category(self, found: Evidence, intent: str) -> str:
        """The category of a message that is known to be of this intent. Raises KeyError for an unknown one."""
        if intent not in self.intents:
            raise KeyError(intent)
        weight = next(weight for weight in found.weights if weight.intent == intent)
        opinion = self.model.judge(found.features) if self.model is not None else None
        return self._category(weight, opinion) if opinion is not None else weight.category

    def _category(self, weight: Weight, opinion: Opinion) -> str:
        """By the model; but what the words of a file say outright, they say."""
        if weight.score >= OUTRIGHT and weight.intent == OTHER:
            return weight.category
        known = self.intents[weight.intent].categories
        return opinion.likeliest(category_head(weight.intent), among=known) or next(iter(known))

    def _net(self, found: Evidence, best: Weight) -> float:
        return best.score - OTHER_COUNTS * next(weight.score for weight in found.weights if weight.intent == OTHER)

    def _enough(self, best: Weight, private: bool) -> float:
        return self.intents[best.intent].private if private else self.intents[best.intent].group

    def _by_words(self, found: Evidence, call: DangerCall | None, private: bool) -> Verdict:
        chatter = next(weight for weight in found.weights if weight.intent == OTHER)
        best, second = _two(found.weights)
        intent = self.intents[best.intent]
        net = self._net(found, best)
        if net < self._enough(best, private):
            return _chatter(found, chatter, best, call)
        rivals = second.score + OTHER_COUNTS * chatter.score
        return Verdict(
            text=found.clean,
            intent=best.intent,
            category=best.category,
            urgent=False,
            score=round(max(0.0, net) / (net + rivals + UNDECIDED), 3),
            sure=net >= intent.group,
            slots=found.place,
            danger=call,
            matched=_matched(best),
            matter=self._matter(best, best.category),
            wants_place=intent.place,
        )

    def _matter(self, weight: Weight, category: str) -> str:
        """The matter from the keyword files' own words: never from the message, so no name or room can slip in."""
        intent = self.intents[weight.intent]
        usual = intent.categories[category].matter[:MATTER_MOST]
        if category != weight.category or not weight.findings:
            return usual
        fit = [
            finding.matter
            for finding in weight.findings
            if finding.weight >= weight.findings[0].weight
            and any(pattern.fullmatch(finding.matter) for pattern in intent.shown)
        ]
        return max(fit, key=len, default=usual)[:MATTER_MOST]


def _two(weights: Sequence[Weight]) -> tuple[Weight, Weight]:
    best, second = [weight for weight in weights if weight.intent != OTHER][:2]
    return best, second


def _chatter(found: Evidence, chatter: Weight, best: Weight, call: DangerCall | None) -> Verdict:
    known = chatter.score > 0
    return Verdict(
        text=found.clean,
        intent=OTHER,
        category=chatter.category if known else CHAT,
        urgent=False,
        score=round((chatter.score + UNDECIDED) / (chatter.score + best.score + UNDECIDED), 3),
        sure=False,
        slots=found.place,
        danger=call,
        matched=_matched(chatter) if known else _matched(best),
        wants_place=False,
    )


def _matched(weight: Weight) -> tuple[str, ...]:
    found = ["+".join(finding.words) for finding in weight.findings]
    return tuple(dict.fromkeys([f"{weight.intent}.{weight.category}", *found, *weight.cues]))[:MATCHED_MOST]
