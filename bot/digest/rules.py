"""How a digest reckons: rates, what rises, who carries too much. Pure, and the one place for it.

Rates, each numerator / denominator; what was taken back, declined, made one with another ticket, or opened by a
recurring duty counts for neither, and silent matters are in nothing.

- response 响应率: of the matters whose time to be taken in hand ran out in the time covered (accept_due_at), those that
  somebody took, answered or was at by then. What the clock had to pass up before anybody did is not among them.
- solution 解决率: solved / (solved + late). solved: in the time covered, and still so. late: open at the end, and past
  the time that was promised, or passed up by the clock because it was.
- satisfaction 满意率: of the ratings given in the time covered, those of 3 and more ("好" is 5, "不好" 2, both in one
  sentence 3). Whoever did not answer is not asked about in it.

A topic rises when its last seven days have at least RISES_FROM matters, more than any of the four weeks before, and at
least twice their average: 1 -> 2 is chance, and so is a week that was like the liveliest of the last.

A post carries too much when it has at least `least` open matters and at least twice the average of the other posts of
the same role in the community that hold any. It is a reason to relieve somebody, and never a list of all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from models import Role

RISES_FROM = 5
TIMES = 2
WEEKS = 4
REPEATS_FROM = 3  # the same kind of matter at the same place, within four weeks
LEAST_SATISFIED = 3
UNHAPPY = 2  # of five, or worse


@dataclass(frozen=True)
class Load:
    """A post and what it holds."""

    post: int
    role: Role
    open: int


def rises(week: int, before: Sequence[int]) -> bool:
    """Whether seven days with `week` matters are more than usual. before: the weeks before them, as many as WEEKS."""
    return week >= RISES_FROM and week > max(before) and week * len(before) >= TIMES * sum(before)


def usual(load: Load, all_of_them: Iterable[Load]) -> float:
    """What the other posts of the same role hold on average, of those that hold any."""
    others = [one.open for one in all_of_them if one.role == load.role and one.post != load.post and one.open]
    return sum(others) / len(others) if others else 0.0


def overburdened(loads: Sequence[Load], least: int) -> Mapping[int, float]:
    """The posts that carry too much, each with what is usual for its role."""
    much = {load.post: usual(load, loads) for load in loads if load.open >= least}
    held = {load.post: load.open for load in loads}
    return {post: common for post, common in much.items() if held[post] >= TIMES * common}
