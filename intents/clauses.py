"""One message cut where another matter may begin. Pure: where to cut, and what must never be cut apart."""

import re

# Where a clause may end.
BORDER = re.compile(r"[,;。!?、\n]|(?= ?(?:还有|另外|顺便|再就是|对了|以及|加上|同时))")
# What leads from one matter to the next, and says nothing itself.
LEAD = re.compile(
    r"^(?:(?:还有|另外|顺便|再就是|对了|以及|加上|同时|然后|再说|并且|而且|还|和)"
    r"(?:说一?下|一个|一件事?|就是|一点|问一?下)?[,: ]?){1,3}"
)
# A clause that begins so tells what came of the one before it, or why.
FOLLOWS = re.compile(
    r"把|搞得|弄得|害得|害我|导致|结果|所以|因为|因此|造成|怪不得|难怪|于是|就是|应该是|可能是|肯定是|估计|怀疑|都怪|使得"
)
# Pairs in which one is what the other does: told together they are one matter.
ONE_MATTER = frozenset(
    frozenset(pair)
    for pair in (
        ("power", "light"), ("power", "lift"), ("power", "access"), ("power", "charging"), ("leak", "light"),
        ("leak", "power"), ("leak", "water"), ("leak", "drain"), ("drain", "sanitation"), ("drain", "water"),
        ("water", "heating"), ("lift", "access"), ("leak", "other"), ("water", "road"), ("gas", "heating"),
        ("gas", "water"), ("leak", "sanitation"), ("drain", "road"), ("leak", "lift"),
    )
)  # fmt: skip


def cut(text: str) -> list[str]:
    """The clauses of a message in order; what leads over (还有) is left out, nothing else is lost."""
    parts = [part.strip() for part in BORDER.split(text)]
    return [part for part in parts if part]


def led(clause: str) -> str:
    """The clause without the words that lead over to it."""
    return LEAD.sub("", clause).strip() or clause


def follows(clause: str) -> bool:
    """Whether the clause goes on about the one before: 把我家灯都泡坏了."""
    return FOLLOWS.match(led(clause)) is not None


def one_matter(one: str, other: str) -> bool:
    """Whether two categories, told in one breath, are likely a single matter."""
    return one == other or "other" in (one, other) or frozenset((one, other)) in ONE_MATTER
