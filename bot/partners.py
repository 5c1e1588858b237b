"""The organisations a matter can be passed to: which is meant, in which order they come into question. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.about import About

# On screen; the keys are Organisation.kind.
KINDS = {
    "property": "物业",
    "repair": "维修",
    "police": "派出所",
    "hospital": "医院",
    "law": "律所",
    "member": "驻区单位",
}
A_NAME = 3  # characters: 物业 alone is the kind
# What people say when they pass something on.
SAID = (
    ("property", re.compile(r"物业|保安|保洁|房管")),
    ("repair", re.compile(r"维修|维保|工程部|水电班|电工|电梯公司")),
    ("police", re.compile(r"派出所|民警|警务")),
    ("hospital", re.compile(r"医院|卫生[院站]|医生")),
    ("law", re.compile(r"律师|律所|司法所|法律")),
    ("member", re.compile(r"驻区|共建|单位")),
)
# In which order kinds come into question: by what it is about, else by its intent. Danger has numbers, no order.
ORDER = {
    ("dispute", "violence"): ("police", "hospital", "law"),
    ("dispute", "noise"): ("property", "police", "law"),
    ("dispute", "parking"): ("property", "police"),
    ("dispute", "clutter"): ("property",),
    ("dispute", "charging"): ("property", "police"),
    ("dispute", "pets"): ("property", "police"),
    ("help", "care"): ("hospital", "member"),
}
ORDER_OF_INTENT = {
    "repair": ("property", "repair"),
    "dispute": ("law", "police"),
    "help": ("member",),
}


@dataclass(frozen=True)
class Partner:
    """An organisation whose area is the ticket's or above it."""

    id: int
    name: str
    kind: str
    depth: int  # of its area: deeper is nearer
    phone: str | None = None


def order(partners: Sequence[Partner], about: About) -> list[Partner]:
    """Those that come into question for such a matter, the likeliest first: by kind, then the nearest."""
    kinds = ORDER.get((about.intent, about.category)) or ORDER_OF_INTENT.get(about.intent, ())
    fit = [partner for partner in partners if partner.kind in kinds]
    return sorted(fit, key=lambda partner: (kinds.index(partner.kind), -partner.depth, partner.id))


def meant(words: str, partners: Sequence[Partner], about: About) -> tuple[Partner | None, list[str]]:
    """Which organisation is meant by 转物业, 转给幸福物业; with the steps, and who of the same kind was passed over.

    None where it is none of those on the roster: staff pass it on by hand.
    """
    named = [one for one in partners if one.name in words or (len(words) >= A_NAME and words in one.name)]
    kind = next((kind for kind, pattern in SAID if pattern.search(words)), None)
    fit = named or [partner for partner in partners if partner.kind == kind]
    if not fit:
        return None, [f"要转“{words}”：名单里没有这样的单位，请社区转"]
    likely = order(fit, about)
    best = likely[0] if likely else min(fit, key=lambda partner: (-partner.depth, partner.id))
    passed = [f"{partner.name}：{_why_not(partner, best)}" for partner in fit if partner.id != best.id]
    return best, [*passed, f"转给{best.name}（{KINDS.get(best.kind, best.kind)}）"]


def in_words(partners: Sequence[Partner]) -> str:
    """The order for the ticket's page: 幸福物业（物业）、快修队（维修）."""
    return "、".join(f"{partner.name}（{KINDS.get(partner.kind, partner.kind)}）" for partner in partners)


def _why_not(partner: Partner, best: Partner) -> str:
    if partner.depth != best.depth:
        return "管的地方更大，有离得更近的"
    return "同样近，按登记先后"
