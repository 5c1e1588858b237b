"""Readings against labels: precision, recall and F1 an intent, false tickets, urgency, slots."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

INTENTS = ("repair", "dispute", "policy", "help", "other")
SLOTS = ("building", "unit", "room", "phone")
OTHER = "other"

# One message: id, setting, text, intent, category, urgent, building, unit, room, phone; a reading has the same keys.
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Score:
    """The figures of one set of messages, each from 0 to 1; `confusion` counts (right, heard)."""

    messages: int
    macro_f1: float
    f1: Mapping[str, float]
    false_tickets: float  # the share of chatter that would open a ticket
    missed: float  # the share of matters taken for chatter
    urgent_recall: float
    urgent_false_alarms: float
    slots_f1: float  # an invented slot counts against it
    confusion: Mapping[tuple[str, str], int]

    def figures(self) -> dict[str, float]:
        """All but the confusion, rounded, by name."""
        named = ("macro_f1", "false_tickets", "missed", "urgent_recall", "urgent_false_alarms", "slots_f1")
        return {"messages": self.messages, **{name: round(getattr(self, name), 4) for name in named}}


def score(rows: Sequence[Row], heard: Sequence[Row]) -> Score:
    """Compare readings with labels, in the same order."""
    confusion = Counter((row["intent"], said["intent"]) for row, said in zip(rows, heard, strict=True))
    f1 = {intent: _f1(confusion, intent) for intent in INTENTS if any(right == intent for right, _ in confusion)}
    chatter = sum(count for (right, _), count in confusion.items() if right == OTHER)
    matters = len(rows) - chatter
    alarms = [(bool(row["urgent"]), bool(said["urgent"])) for row, said in zip(rows, heard, strict=True)]
    return Score(
        messages=len(rows),
        macro_f1=sum(f1.values()) / max(1, len(f1)),
        f1=f1,
        false_tickets=(chatter - confusion[OTHER, OTHER]) / max(1, chatter),
        missed=sum(confusion[intent, OTHER] for intent in INTENTS if intent != OTHER) / max(1, matters),
        urgent_recall=_share(alarms, among=True),
        urgent_false_alarms=_share(alarms, among=False),
        slots_f1=_slots(rows, heard),
        confusion=confusion,
    )


def _f1(confusion: Mapping[tuple[str, str], int], intent: str) -> float:
    hit = confusion.get((intent, intent), 0)
    said = sum(count for (_, heard), count in confusion.items() if heard == intent)
    there = sum(count for (right, _), count in confusion.items() if right == intent)
    return 2.0 * hit / max(1, said + there)


def _share(alarms: Sequence[tuple[bool, bool]], *, among: bool) -> float:
    heard = [said for right, said in alarms if right is among]
    return sum(heard) / max(1, len(heard))


def _slots(rows: Sequence[Row], heard: Sequence[Row]) -> float:
    pairs = [(row.get(slot), said.get(slot)) for row, said in zip(rows, heard, strict=True) for slot in SLOTS]
    right = sum(1 for one, two in pairs if one and one == two)
    return 2 * right / max(1, sum(bool(one) for one, _ in pairs) + sum(bool(two) for _, two in pairs))
