"""Whole chats through everything: who moved what when, what would have been said, the clock between messages."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot.inbox import ears, taking
from bot.inbox.hearing import Hearing
from bot.rehearse import rehearse
from bot.rehearse.stage import ABOVE
from bot.settings import Settings
from intents.understanding import Understanding
from tests.rehearse.telling import heard, moves, play, scene

GROUP = "七栋邻居"


def test_a_repair_from_the_first_word_to_the_last(understanding: Understanding) -> None:
    ledger = play(
        understanding,
        scene(
            (0, "wang", "早上好各位"),
            (2, "wang", "电梯又坏了，停在六楼不动"),
            (9, "leader", "收到，我去看看", 1),
            (60, "leader", "修好了", 1),
            (70, "wang", "没修好，还是不动"),
        ),
    )
    (ticket,) = ledger["tickets"]
    assert {key: ticket[key] for key in ("intent", "category", "building", "unit", "room", "reporters", "status")} == {
        "intent": "repair", "category": "lift", "building": "7", "unit": "1", "room": None, "reporters": ["wang"],
        "status": "reopened",
    }  # fmt: skip
    assert (ticket["opened_by_event"], ticket["urgent"], ticket["private"]) == (1, False, False)
    assert moves(ledger) == [
        ("opened", "wang", 1, 2),
        ("dispatched", None, 1, 2),
        ("accepted", "leader", 2, 9),
        ("resolved", "leader", 3, 60),
        ("reopened", "wang", 4, 70),
    ]


def test_the_leaders_card_comes_in_private_and_the_group_hears_one_line(understanding: Understanding) -> None:
    ledger = play(understanding, scene((3, "wang", "停水了，一滴水都没有")))
    assert [(minute, answers) for minute, answers, _ in heard(ledger, "leader")] == [(3, 0)]
    assert [(minute, answers) for minute, answers, _ in heard(ledger, GROUP)] == [(3, 0)]
    assert {line["setting"] for line in ledger["said"] if line["to"] == GROUP} == {"group"}
    assert {line["ticket"] for line in ledger["said"]} == {ledger["tickets"][0]["ref"]}


def test_chatter_leaves_no_trace(understanding: Understanding) -> None:
    ledger = play(understanding, scene((0, "wang", "早上好"), (1, "chen", "今天天气真好"), (5000, "he", "大家晚安")))
    assert (ledger["tickets"], ledger["said"]) == ([], [])


def test_what_nobody_takes_goes_up_at_its_own_minute_and_not_before(understanding: Understanding) -> None:
    waits = scene((0, "wang", "楼道灯不亮"), (239, "chen", "早上好"))
    assert [kind for kind, *_ in moves(play(understanding, waits))] == ["opened", "dispatched"]
    # 09:00, four working hours with a break from twelve to two: 15:00, six hours later.
    longer = play(understanding, scene((0, "wang", "楼道灯不亮"), (600, "chen", "早上好")))
    # And 18:00, seven working hours: the word that was promised is due, and the next level has not given it either.
    assert moves(longer)[2:] == [("escalated", None, None, 360), ("escalated", None, None, 540)]
    assert [(m, answers) for m, answers, _ in heard(longer, "office")] == [(360, None), (540, None)]


def test_the_clock_stops_at_the_last_word(understanding: Understanding) -> None:
    ledger = play(understanding, scene((0, "wang", "楼道灯不亮")))
    assert [kind for kind, *_ in moves(ledger)] == ["opened", "dispatched"]
    assert max(line["at_minutes"] for line in ledger["said"]) == 0


def test_an_emergency_rings_until_somebody_is_there(understanding: Understanding) -> None:
    ledger = play(
        understanding,
        scene((0, "wang", "救命，有人困在电梯里了"), (9, "leader", "我到了"), (200, "chen", "早上好")),
    )
    (ticket,) = ledger["tickets"]
    assert ticket["urgent"]
    assert [(kind, minute) for kind, _, _, minute in moves(ledger) if kind in ("alarmed", "attended")] == [
        ("alarmed", 3), ("alarmed", 8), ("attended", 9),
    ]  # fmt: skip


def test_a_question_that_nobody_answers_ends_with_a_person_and_still_belongs_to_its_words(
    understanding: Understanding,
) -> None:
    outside = replace(scene((0, "@wang", "水管爆了，到处是水"), (90, "chen", "早上好")), building=None, unit=None)
    ledger = play(understanding, outside)
    (ticket,) = ledger["tickets"]
    assert ticket["opened_by_event"] == 0
    assert ticket["reporters"] == ["wang"]


def test_what_is_owed_at_night_is_said_in_the_morning_in_answer_to_its_words(understanding: Understanding) -> None:
    night = scene((0, "wang", "楼道灯不亮"), (720, "chen", "早"), starts_at=datetime(2026, 11, 23, 23, 0))  # noqa: DTZ001
    lines = heard(play(understanding, night), GROUP)
    assert [(minute, answers) for minute, answers, _ in lines] == [(510, 0)]  # 07:30


def test_a_private_matter_is_no_word_in_the_group(understanding: Understanding) -> None:
    ledger = play(understanding, scene((0, "@wang", "楼上天天半夜吵架摔东西，吵得睡不着，请你们管管")))
    (ticket,) = ledger["tickets"]
    assert (ticket["intent"], ticket["private"]) == ("dispute", True)
    assert heard(ledger, GROUP) == []
    assert heard(ledger, "leader") == []
    assert [answers for _, answers, _ in heard(ledger, "wang")] == [0]


def test_an_answered_policy_question_is_resolved_by_nobody_at_its_own_word(understanding: Understanding) -> None:
    ledger = play(understanding, scene((0, "@wang", "居住证怎么办理，要带什么材料")))
    assert moves(ledger) == [("opened", "wang", 0, 0), ("resolved", None, 0, 0)]


def test_another_building_is_found_where_people_say_so(understanding: Understanding) -> None:
    (ticket,) = play(understanding, scene((0, "wang", "12栋3单元停电了")))["tickets"]
    assert (ticket["building"], ticket["unit"]) == ("12", "3")


@pytest.mark.parametrize(("building", "unit"), [(None, None), ("7", None), ("44", "9"), ("A", None)])
def test_a_group_may_belong_to_any_place(understanding: Understanding, building: str | None, unit: str | None) -> None:
    ledger = play(understanding, scene((0, "wang", "电梯坏了"), building=building, unit=unit))
    assert [(t["building"], t["unit"]) for t in ledger["tickets"]] == [(building, unit)]
    assert len(heard(ledger, "leader")) == 1


def test_a_stranger_who_speaks_is_heard_and_whoever_stands_above_has_a_name_of_their_own(
    understanding: Understanding,
) -> None:
    ledger = play(understanding, scene((0, ABOVE, "电梯坏了")))
    assert ledger["tickets"][0]["reporters"] == [ABOVE]


def test_a_group_may_be_called_like_somebody_in_it(understanding: Understanding) -> None:
    ledger = play(understanding, replace(scene((0, "wang", "电梯坏了")), group="wang"))
    assert {line["setting"]: line["to"] for line in ledger["said"]} == {"private": "leader", "group": "wang#"}


def test_what_failed_is_tried_again_in_the_name_of_its_own_message(
    understanding: Understanding, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    def hear(h: Hearing) -> None:
        tries.append(h.line.text)
        if len(tries) == 1:
            raise RuntimeError("once")
        ears.hear(h)

    monkeypatch.setattr(taking, "hear", hear)
    ledger = play(understanding, scene((0, "wang", "电梯坏了"), (5, "chen", "早上好")))
    assert tries == ["电梯坏了", "电梯坏了", "早上好"]
    assert ledger["tickets"][0]["opened_by_event"] == 0
    assert {(line["in_answer_to"], line["at_minutes"]) for line in ledger["said"]} == {(0, 0.03)}  # two seconds later


def test_minutes_that_go_back_do_not_turn_the_clock(understanding: Understanding) -> None:
    ledger = play(understanding, scene((10, "wang", "电梯坏了"), (4, "leader", "收到，我去看看", 0)))
    assert moves(ledger)[-1] == ("accepted", "leader", 1, 10)


def test_two_rehearsals_are_the_same_and_one_knows_nothing_of_the_other(understanding: Understanding) -> None:
    told = scene((0, "wang", "电梯坏了"), (1, "chen", "我家也是"), (400, "he", "早上好"))
    twice = [one.ledger for one in rehearse(Settings(), understanding, [told, replace(told, id="again")])]
    assert twice[0]["tickets"] == twice[1]["tickets"]
    assert twice[0]["said"] == twice[1]["said"]


def test_nothing_of_the_installation_is_touched(understanding: Understanding, tmp_path: Path) -> None:
    settings = Settings.model_validate({"data": tmp_path, "database": {"url": "postgresql://nowhere.invalid/x"}})
    play(understanding, scene((0, "wang", "电梯坏了")), settings)
    assert list(tmp_path.iterdir()) == []
