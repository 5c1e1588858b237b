"""One message, two matters: each clause read on its own, with the place of the whole where it says none."""

from dataclasses import dataclass, replace

from bot.inbox.hearing import Hearing
from intents import clauses
from intents.understanding import Understanding
from intents.verdict import Slots, Verdict
from models import Intent

LONGEST = 200  # a longer message is a story: a person reads it whole
MOST = 3
MATTERS = (Intent.REPAIR.value, Intent.HELP.value)


@dataclass(frozen=True)
class Part:
    """One of the matters: its own words, and what they mean."""

    words: str
    verdict: Verdict


def parts(h: Hearing, verdict: Verdict) -> list[Part]:
    """The matters of a message, in their order; none where it is a single one, or might be."""
    if verdict.danger is not None or verdict.intent not in MATTERS or len(verdict.text) > LONGEST:
        return []
    found = _found(h.understanding, verdict.text)
    if not 1 < len(found) <= MOST or verdict.category not in {part.verdict.category for part in found}:
        return []
    return [
        replace(part, verdict=replace(part.verdict, slots=_placed(found, at, verdict.slots)))
        for at, part in enumerate(found)
    ]


def apart(understanding: Understanding, verdict: Verdict, category: str) -> tuple[list[Part], str]:
    """What a message tells beside something of that category, matter by matter; and the words of the thing itself."""
    if len(verdict.text) > LONGEST:
        return [], verdict.text
    found: list[Part] = []
    rest: list[str] = []
    at: list[str] = rest  # where what follows belongs
    for clause in clauses.cut(verdict.text):
        read = understanding.read(clauses.led(clause), "group")
        if clauses.follows(clause):
            at.append(clause)
        elif read.danger is None and _is_matter(read) and not clauses.one_matter(read.category, category):
            if _another(read, found):
                found.append(Part(clause, read))
            at = []
        else:
            rest.append(clause)
            at = rest
    placed = [replace(one, verdict=replace(one.verdict, slots=_placed(found, n, verdict.slots)))
              for n, one in enumerate(found[:MOST])]  # fmt: skip
    return placed, ",".join(rest)


def _found(understanding: Understanding, text: str) -> list[Part]:
    """Clause by clause; what is no matter of its own belongs to the one before it, or to the first."""
    found: list[Part] = []
    before: list[str] = []
    for clause in clauses.cut(text):
        read = understanding.read(clauses.led(clause), "group")
        if read.danger is not None:
            return []
        if not clauses.follows(clause) and _is_matter(read) and _another(read, found):
            words = ",".join([*before, clause]) if not found else clause
            found.append(Part(words, read))
            before = []
        elif found:
            found[-1] = replace(found[-1], words=f"{found[-1].words},{clause}")
        else:
            before.append(clause)
    return found


def _is_matter(read: Verdict) -> bool:
    """Sure, and named: the keyword files know the thing and the trouble, not the model alone."""
    named = len(read.matched) > 1 and read.matched[0] == f"{read.intent}.{read.category}"
    return read.sure and read.intent in MATTERS and named


def _another(read: Verdict, found: list[Part]) -> bool:
    """Another kind of matter, or in another home: 302's pipe and 401's bell are two, however alike."""
    return not any(_same_home(read, part.verdict) and clauses.one_matter(read.category, part.verdict.category)
                   for part in found)  # fmt: skip


def _same_home(one: Verdict, other: Verdict) -> bool:
    return None in (one.slots.room, other.slots.room) or one.slots.room == other.slots.room


def _placed(found: list[Part], at: int, whole: Slots) -> Slots:
    """The part's own place; where it has none, that of the whole, unless only a later part has said it."""
    own = found[at].verdict.slots
    if own.building or own.unit:
        return replace(own, phone=own.phone or whole.phone)
    later = [part.verdict.slots for part in found[at + 1 :]]
    others = later + [part.verdict.slots for part in found[:at]]
    theirs = any((slots.building, slots.unit) == (whole.building, whole.unit) for slots in later)
    return Slots(
        building=None if theirs else whole.building,
        unit=None if theirs else whole.unit,
        room=own.room or (whole.room if all(slots.room != whole.room for slots in others) else None),
        floor=own.floor,
        phone=whole.phone,
        landmark=own.landmark,
    )
