"""The response rate and the stricter clock, on whatever calls and deadlines there may be."""

from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.response import Call, Rate, rates
from bot.stricter import stricter, warn_at
from tests.conftest import START

ALLOWED = timedelta(minutes=60)
minutes = st.integers(min_value=-5000, max_value=5000)
moments = minutes.map(lambda n: START + timedelta(minutes=n))
later = st.none() | st.integers(min_value=0, max_value=3000)


@st.composite
def calls(draw: st.DrawFn) -> Call:
    called = draw(moments)
    after = {
        name: None if (n := draw(later)) is None else called + timedelta(minutes=n)
        for name in ("coming_at", "came_at", "refused_at", "called_off_at")
    }
    return Call(draw(st.integers(1, 4)), called, **after)


EARLY, LATE = START - timedelta(days=10), START + timedelta(days=10)


@given(st.lists(calls()), moments)
def test_a_rate_lies_between_nothing_and_all_and_its_parts_fit(found: list[Call], now: datetime) -> None:
    for rate in rates(found, EARLY, LATE, ALLOWED, now).values():
        assert 0 <= rate.numerator <= rate.denominator <= len(found)
        assert rate.numerator + rate.late <= rate.denominator
        assert max(rate.came, rate.refused, rate.late) <= rate.denominator
        assert 0 <= (rate.rate or 0) <= 1
        assert (rate.rate is None) == (rate.denominator == 0)


@given(st.lists(calls()), st.randoms())
def test_the_order_of_calls_does_not_matter(found: list[Call], random: Random) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    assert rates(found, EARLY, LATE, ALLOWED, LATE) == rates(shuffled, EARLY, LATE, ALLOWED, LATE)


@given(st.lists(calls()), moments)
def test_two_periods_beside_each_other_are_the_whole(found: list[Call], between: datetime) -> None:
    first = rates(found, EARLY, between, ALLOWED, LATE)
    second = rates(found, between, LATE, ALLOWED, LATE)
    for organisation, whole in rates(found, EARLY, LATE, ALLOWED, LATE).items():
        parts = [part.get(organisation, Rate()) for part in (first, second)]
        assert whole == Rate(*(sum(getattr(p, f) for p in parts) for f in Rate.__dataclass_fields__))


@given(st.lists(calls()), calls())
def test_one_more_call_answered_at_once_never_lowers_a_rate(found: list[Call], one: Call) -> None:
    prompt = Call(one.organisation, one.called_at, coming_at=one.called_at)
    before = rates(found, EARLY, LATE, ALLOWED, LATE).get(one.organisation, Rate())
    after = rates([*found, prompt], EARLY, LATE, ALLOWED, LATE)[one.organisation]
    assert (after.numerator, after.denominator) == (before.numerator + 1, before.denominator + 1)
    assert before.rate is None or (after.rate is not None and after.rate >= before.rate)


ONE = START
RULE = [
    ("nothing said, time left", {}, 30, (0, 0)),
    ("nothing said, time over", {}, 60, (0, 1)),
    ("came in time", {"came_at": 59}, 30, (1, 1)),
    ("said they send somebody", {"coming_at": 5}, 30, (1, 1)),
    ("could not, and said so", {"refused_at": 10}, 30, (1, 1)),
    ("answered on the last minute", {"coming_at": 60}, 90, (1, 1)),
    ("answered late", {"came_at": 61}, 90, (0, 1)),
    ("promised in time, came late", {"coming_at": 5, "came_at": 200}, 300, (1, 1)),
    ("taken back before it was due", {"called_off_at": 30}, 300, (0, 0)),
    ("taken back after it was due", {"called_off_at": 61}, 300, (0, 1)),
    ("answered, then taken back", {"coming_at": 5, "called_off_at": 30}, 300, (1, 1)),
]


@pytest.mark.parametrize(("name", "after", "now", "expected"), RULE, ids=[row[0] for row in RULE])
def test_the_rule_as_it_is_written(name: str, after: dict[str, int], now: int, expected: tuple[int, int]) -> None:
    call = Call(1, ONE, **{field: ONE + timedelta(minutes=n) for field, n in after.items()})
    rate = rates([call], EARLY, LATE, ALLOWED, ONE + timedelta(minutes=now))[1]
    assert (rate.numerator, rate.denominator) == expected


@given(st.none() | moments, st.lists(st.none() | moments))
def test_the_stricter_clock_is_one_of_them_and_none_is_earlier(
    ours: datetime | None, legal: list[datetime | None]
) -> None:
    due = stricter(ours, legal)
    named = [at for at in (ours, *legal) if at is not None]
    assert due in named if named else due is None
    assert all(due is not None and due <= at for at in named)


@given(st.none() | moments, st.lists(moments), moments)
def test_one_more_deadline_never_gives_more_time(ours: datetime | None, legal: list[datetime], more: datetime) -> None:
    before, after = stricter(ours, legal), stricter(ours, [*legal, more])
    assert after is not None
    assert before is None or after <= before
    assert stricter(after, legal) == after


@given(moments, moments)
def test_staff_are_warned_within_the_term_and_never_after_it(received: datetime, due: datetime) -> None:
    at = warn_at(received, due)
    assert at <= due
    assert at >= min(received, due)
