"""A draft over what people decided: what flips, and the figures before and after."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import true

from bot import replay
from bot.replay import Case, Source
from bot.services import Services
from intents.understanding import Understanding
from intents.verdict import DangerCall, Verdict
from models import Intent, Learning, ReviewState
from tests.conftest import START
from tests.web.test_reviews import heard
from tests.web.world import build


@dataclass
class Said:
    """An understanding that knows what it is told, and takes all else for chatter."""

    known: dict[str, tuple[str, str, str | None]] = field(default_factory=dict)

    def read(self, text: str, _setting: str) -> Verdict:
        intent, category, danger = self.known.get(text, ("other", "chat", None))
        call = DangerCall(danger, certain=True, silent=False) if danger else None
        return Verdict(text=text, intent=intent, category=category, urgent=False, score=1, sure=True, danger=call)


def case(text: str, intent: str, category: str = "lift", danger: str | None = None) -> Case:
    return Case(text, "group", intent, category, START, Source.SAMPLE, danger=danger)


def played(cases: list[Case], old: dict[str, Any], new: dict[str, Any]) -> replay.Outcome:
    return replay.replay(cases, *(cast(Understanding, Said(known)) for known in (old, new)))


def test_what_becomes_wrong_stands_before_what_becomes_right() -> None:
    cases = [case("right", "repair"), case("wrong", "repair"), case("same", "repair"), case("chat", "other", "chat")]
    lift, light = ("repair", "lift", None), ("repair", "light", None)
    outcome = played(cases, {"wrong": lift, "same": lift}, {"right": lift, "same": light, "chat": lift})
    assert [(flip.case.text, flip.better) for flip in outcome.flips] == [
        ("wrong", -1), ("same", -1), ("chat", -1), ("right", 1)
    ]  # fmt: skip
    before, after = outcome.scores["repair"]
    assert (before.decided, before.understood, before.right) == (3, 2, 2)
    assert (after.decided, after.understood, after.right) == (3, 3, 2)
    assert (before.precision, after.recall) == (1.0, 2 / 3)
    assert outcome.scores["policy"][0].precision is None


def test_a_danger_that_is_no_longer_heard_is_worse_whatever_else_is_better() -> None:
    cases = [case("gas", "repair", "gas", "gas")]
    outcome = played(cases, {"gas": ("other", "chat", "gas")}, {"gas": ("repair", "gas", None)})
    assert [flip.better for flip in outcome.flips] == [-1]
    assert [score.recall for score in outcome.scores[replay.DANGER]] == [1.0, 0.0]


def test_decided_are_samples_and_tickets_in_hand_and_nothing_else(services: Services) -> None:
    world = build(services)
    ref = world.ticket()
    taken = replay.cases
    with services.reading() as session:
        assert taken(session, true(), true()) == []  # nobody has touched it
    world.post("staff", f"/tickets/{ref}/accept")
    approved = heard(world, "灯不亮×××", state=ReviewState.IGNORED, learning=Learning.APPROVED,
                     label_intent=Intent.OTHER, label_category="chat", expires_at=None,
                     said_at=services.now() - timedelta(hours=1))  # fmt: skip
    heard(world, "还没有人判")
    assert approved
    with services.reading() as session:
        found = taken(session, true(), true())
    assert [(one.source, one.setting, one.intent, one.category, one.ref) for one in found] == [
        (Source.TICKET, "private", "repair", "lift", ref),
        (Source.SAMPLE, "group", "other", "chat", None),
    ]
    assert found[1].text == "灯不亮000"
    with services.reading() as session:
        assert len(taken(session, true(), true(), most=1)) == 1
