"""Weighing a message against the intents: which words were found, how near to one another, and what takes them back."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from intents.finder import Hit
from intents.lexicon import Intent
from intents.sieve import Sieve

AFTER = 16  # a sign this many characters after its thing still belongs to it: 电梯从昨天晚上到现在都不动
BEFORE = 4  # and this many before: 坏了的电梯
THING_ALONE = 0.6
SIGN_ALONE = 0.4
STRANGE_SIGN = 2.0  # a sign of another category of the same intent near a thing: less telling than its own
FURTHER = 0.3  # what a further finding in the same category adds
CUE_MOST = 4.0
STOPS = re.compile(r"[。!?;\n]")
NEGATED = re.compile(r"(?:(?<!有)没有?|(?<![是会要能不])不(?:是|会|再|要)?|未|(?<![特分区级])别|从来不|并没有?|不用)$")
NEGATION_ENDS = frozenset("没有不是会再要未别用")  # what NEGATED can end with
NEGATION_REACH = 4
BROKE_AGAIN = re.compile(r"又|还是|还没|没修|没好|没用|照样|依然|依旧|仍|再次|反复|复发|不见好|白修")


class Role(NamedTuple):
    """What one word means to one intent."""

    intent: str
    category: str
    kind: str  # word, thing, sign, any_sign (of every category), cue
    weight: float


@dataclass
class Finding:
    """One reason for a category: how much it weighs, the words that gave it, the matter in words."""

    weight: float
    words: tuple[str, ...]
    matter: str


@dataclass
class Weight:
    """What one intent came to."""

    intent: str
    category: str
    score: float
    findings: tuple[Finding, ...] = ()
    cues: tuple[str, ...] = ()


class _Sides:
    """What was found for one intent; things, signs and findings by category."""

    __slots__ = ("any_signs", "cues", "findings", "signs", "things")

    def __init__(self) -> None:
        self.things: dict[str, list[Hit]] = {}
        self.signs: dict[str, list[tuple[Hit, float]]] = {}
        self.any_signs: list[tuple[Hit, float]] = []
        self.findings: dict[str, list[Finding]] = {}
        self.cues: dict[str, float] = {}


class _PatternOf(NamedTuple):
    """What a pattern of a keyword file stands for."""

    intent: str
    category: str
    weight: float
    matter: str


class _TakenBack(NamedTuple):
    """A pattern that takes an intent back; `fixed`: unless it broke again."""

    intent: str
    fixed: bool


class Scale:
    """All intents together. `weigh` gives each intent's weight, the heaviest first."""

    def __init__(self, intents: Mapping[str, Intent]) -> None:
        self._intents = intents
        self._usual = {key: "other" if "other" in intent.categories else next(iter(intent.categories))
                       for key, intent in intents.items()}  # fmt: skip
        self._roles: defaultdict[str, list[Role]] = defaultdict(list)
        self._masks = {word for intent in intents.values() for word in intent.masks}
        for intent in intents.values():
            for role, word in _roles(intent):
                self._roles[word].append(role)
        self._patterns = Sieve(
            (pattern, _PatternOf(intent.key, category.key, category.pattern_weight, category.matter))
            for intent in intents.values()
            for category in intent.categories.values()
            for pattern in category.patterns
        )
        self._taken_back = Sieve(
            (pattern, _TakenBack(intent.key, fixed))
            for intent in intents.values()
            for fixed, patterns in ((False, intent.negations), (True, intent.fixed))
            for pattern in patterns
        )

    def words(self) -> Iterable[str]:
        """Every word to be looked for."""
        return [*self._roles, *self._masks]

    def weigh(self, text: str, hits: Sequence[Hit], held: Set[str]) -> list[Weight]:
        """Each intent's weight for one folded text, heaviest first. hits: the words found in it; held: its pieces."""
        sides = self._sorted_in(text, self._unmasked(hits))
        for pattern, of in self._patterns.fitting(held):
            if found := pattern.search(text):
                finding = Finding(of.weight, (found[0],), of.matter)
                sides[of.intent].findings.setdefault(of.category, []).append(finding)
        weights = [
            self._total(intent, sides[key], text) if key in sides else Weight(key, self._usual[key], 0.0)
            for key, intent in self._intents.items()
        ]
        self._take_back(weights, text, held)
        return sorted(weights, key=lambda weight: -weight.score)

    def _unmasked(self, hits: Sequence[Hit]) -> Sequence[Hit]:
        masks = [hit for hit in hits if hit.word in self._masks]
        if not masks:
            return hits
        return [
            hit
            for hit in hits
            if not any(m.start <= hit.start and hit.end <= m.end and hit.word != m.word for m in masks)
        ]

    def _sorted_in(self, text: str, hits: Sequence[Hit]) -> dict[str, _Sides]:
        sides: dict[str, _Sides] = defaultdict(_Sides)
        for hit in hits:
            denied = None
            for intent, category, kind, weight in self._roles.get(hit.word, ()):
                side = sides[intent]
                if kind == "thing":
                    side.things.setdefault(category, []).append(hit)
                elif kind == "cue":
                    side.cues[hit.word] = weight
                else:
                    if denied is None:
                        denied = negated(text, hit)
                    if not denied:
                        _put(side, category, kind, hit, weight)
        return sides

    def _total(self, intent: Intent, side: _Sides, text: str) -> Weight:
        best = Weight(intent.key, self._usual[intent.key], 0.0)
        said = {**side.findings, **side.things, **side.signs}
        for key in said if len(said) < 2 else filter(said.__contains__, intent.categories):  # noqa: PLR2004 - no order in one
            findings = [*side.findings.get(key, ()), *_pairs(text, side, key)]
            score = _sum(findings) if findings else _alone(side, key)
            if score > best.score:
                if len(findings) > 1:
                    findings.sort(key=_heaviest)
                best = Weight(intent.key, key, score, tuple(findings))
        if side.any_signs and not best.score:
            best.score = SIGN_ALONE * min(2, len({hit.word for hit, _ in side.any_signs}))
        if side.cues:
            if best.score or intent.key == "other":
                best.score += max(-CUE_MOST, min(CUE_MOST, sum(side.cues.values())))
            best.cues = tuple(side.cues)
        return best

    def _take_back(self, weights: Iterable[Weight], text: str, held: Set[str]) -> None:
        """Leave the weight of a lone sign to each intent of which the text says that it is none."""
        heavy = {weight.intent: weight for weight in weights if weight.score > SIGN_ALONE}
        if not heavy:
            return
        for pattern, of in self._taken_back.fitting(held):
            weight = heavy.get(of.intent)
            if weight and pattern.search(text) and not (of.fixed and BROKE_AGAIN.search(text)):
                weight.score = SIGN_ALONE


def negated(text: str, hit: Hit) -> bool:
    """Whether what stands right before the hit denies it: 没停水, 不漏. But 是不是停水 asks."""
    if text[hit.start - 1 : hit.start] not in NEGATION_ENDS:
        return False
    return NEGATED.search(text, max(0, hit.start - NEGATION_REACH), hit.start) is not None


def _roles(intent: Intent) -> Iterable[tuple[Role, str]]:
    for word, weight in intent.signs.items():
        yield Role(intent.key, "", "any_sign", weight), word
    for word, weight in intent.cues.items():
        yield Role(intent.key, "", "cue", weight), word
    for category in intent.categories.values():
        for word, weight in category.words.items():
            yield Role(intent.key, category.key, "word", weight), word
        for word, weight in category.signs.items():
            yield Role(intent.key, category.key, "sign", weight), word
        for word in category.things:
            yield Role(intent.key, category.key, "thing", THING_ALONE), word


def _put(side: _Sides, category: str, kind: str, hit: Hit, weight: float) -> None:
    if kind == "word":
        side.findings.setdefault(category, []).append(Finding(weight, (hit.word,), hit.word))
    elif kind == "sign":
        side.signs.setdefault(category, []).append((hit, weight))
    else:
        side.any_signs.append((hit, weight))


def _pairs(text: str, side: _Sides, category: str) -> Iterable[Finding]:
    things = side.things.get(category)
    if not things or not (side.signs or side.any_signs):
        return ()
    strange = [(hit, STRANGE_SIGN) for key, own in side.signs.items() if key != category for hit, _ in own]
    signs = side.signs.get(category, []) + side.any_signs + strange
    return [
        Finding(weight, (thing.word, sign.word), thing.word + sign.word)
        for thing in things
        for sign, weight in signs
        if near(text, thing, sign)
    ]


def near(text: str, thing: Hit, sign: Hit, after: int = AFTER, before: int = BEFORE) -> bool:
    """Whether a sign belongs to a thing: close enough, in the same sentence, not one inside the other."""
    if thing.end <= sign.start:
        return sign.start - thing.end <= after and not STOPS.search(text, thing.end, sign.start)
    if sign.end <= thing.start:
        return thing.start - sign.end <= before and not STOPS.search(text, sign.end, thing.start)
    return False


def _sum(findings: list[Finding]) -> float:
    if len(findings) == 1:
        return findings[0].weight
    by_words: dict[tuple[str, ...], float] = {}
    for finding in findings:
        by_words[finding.words] = max(finding.weight, by_words.get(finding.words, 0.0))
    top = max(by_words.values())
    return top + FURTHER * min(3, len(by_words) - 1)


def _heaviest(finding: Finding) -> float:
    return -finding.weight


def _alone(side: _Sides, category: str) -> float:
    things = {hit.word for hit in side.things.get(category, ())}
    if not side.signs and not (things and side.any_signs):
        return THING_ALONE * min(2, len(things))
    signs = {hit.word for hit, _ in side.signs.get(category, ())}
    if things:
        signs.update(hit.word for hit, _ in side.any_signs)
    return THING_ALONE * min(2, len(things)) + SIGN_ALONE * min(3, len(signs))
