"""Whom a request for help is offered to: what is forbidden, what is assigned, who comes first, and whose turn it is."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import offering
from bot.offering import EXACTING, FORBIDDEN, Volunteer
from models import Mode, Skill

START = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
UNIT = "/1/2/3/4/5/6/"  # street, community, estate, grid, building, unit

# --- what it is

WORDS = [
    # words, category, how, why
    ("想请人帮我买菜", "proxy", Mode.CLAIM, None),
    ("谁顺路帮我取个快递", "proxy", Mode.CLAIM, None),
    ("搬个柜子上五楼，求两个壮劳力", "other", Mode.CLAIM, None),
    ("爷爷看不见，想请人读读报纸", "other", Mode.CLAIM, None),
    ("收音机不响了，有没有会修的", "other", Mode.CLAIM, None),
    ("马桶堵了，哪位邻居会疏通", "other", Mode.CLAIM, None),
    ("帮忙换个灯泡，够不着", "other", Mode.CLAIM, None),
    ("孩子数学作业不会，求辅导", "other", Mode.CLAIM, None),
    ("想请人帮我买菜", "care", Mode.ASSIGN, "home"),  # the category says so
    ("能不能请人上门给我妈剪个头", "other", Mode.ASSIGN, "home"),
    ("我妈瘫痪在床，想请人帮着翻身", "other", Mode.ASSIGN, "home"),
    ("腿脚不便，能不能帮忙办老年认证", "proxy", Mode.ASSIGN, "home"),
    ("家里小孩没人接，帮忙接一下孩子", "other", Mode.ASSIGN, "home"),
    ("我想报名当志愿者", "volunteer", Mode.STAFF, None),
    ("门锁坏了，谁会修锁", "other", Mode.STAFF, "lock"),
    ("钥匙忘带了，帮我开个门锁", "other", Mode.STAFF, "lock"),
    ("被锁在门外，求帮忙", "other", Mode.STAFF, "lock"),
    ("家里老跳闸，哪位懂电的来看看", "other", Mode.STAFF, "mains"),
    ("帮我换个插座", "other", Mode.STAFF, "mains"),
    ("求师傅装个吸顶灯", "other", Mode.STAFF, "mains"),
    ("煤气罐搬不上来，想请人扛一下", "proxy", Mode.STAFF, "gas"),
    ("煤气灶打不着，谁会修", "other", Mode.STAFF, "gas"),
    ("帮我去银行取点钱", "proxy", Mode.STAFF, "money"),
    ("帮我交一下电费", "proxy", Mode.STAFF, "money"),
    ("谁能帮我微信转账给儿子，微信支付不会弄", "other", Mode.STAFF, "money"),
    ("药吃完了，想请人帮忙拿药", "proxy", Mode.STAFF, "medicine"),
    ("帮我买盒降压药", "proxy", Mode.STAFF, "medicine"),
    ("求会打胰岛素的邻居上门", "care", Mode.STAFF, "medicine"),
    # a request in which only one of two things is forbidden is forbidden whole
    ("想请人买菜，顺便拿点药", "proxy", Mode.STAFF, "medicine"),
]
MODES = {"care": "assign", "volunteer": "staff"}


@pytest.mark.parametrize(("words", "category", "mode", "reason"), WORDS)
def test_how_a_request_is_offered(words: str, category: str, mode: Mode, reason: str | None) -> None:
    terms = offering.terms(category, words, MODES)

    assert (terms.mode, terms.reason) == (mode, reason)


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("words", [words for words, _, mode, reason in WORDS if reason in FORBIDDEN])
def test_no_setting_offers_what_is_forbidden(words: str, mode: Mode) -> None:
    assert offering.terms("proxy", words, {"proxy": mode.value}).mode == Mode.STAFF


@pytest.mark.parametrize(
    ("words", "skills"),
    [
        ("想请人帮我买菜", {Skill.ERRANDS}),
        ("马桶堵了，买的皮搋子也不顶用", {Skill.TOILETS}),  # the exacting one counts
        ("孩子作业没人管", {Skill.TUTORING}),
        ("电视没声音了", {Skill.APPLIANCES}),
        ("教我用手机挂号", {Skill.PHONES}),
        ("帮忙把旧沙发抬下楼", {Skill.CARRYING}),
        ("想找个人说说话", {Skill.COMPANY}),
        ("帮个忙", set()),
    ],
)
def test_which_skills_the_words_ask_for(words: str, skills: set[Skill]) -> None:
    assert offering.needed(words) == skills


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [
        (UNIT, UNIT, 0),
        ("/1/2/3/4/5/7/", UNIT, 2),  # the next stairwell
        ("/1/2/3/4/8/9/", UNIT, 4),  # the next building
        ("/1/2/", UNIT, 4),  # somewhere in the community
        ("/1/12/13/", UNIT, 7),
    ],
)
def test_the_way_in_the_tree(one: str, other: str, steps: int) -> None:
    assert offering.steps(one, other) == offering.steps(other, one) == steps


# --- who comes first: whatever people there are


def people(seed: int) -> tuple[list[Volunteer], frozenset[Skill], int]:
    """Some volunteers, what is asked for, and how many orders are a hand full."""
    dice = random.Random(seed)
    paths = ["/1/2/", "/1/2/3/4/5/", UNIT, "/1/2/3/4/5/7/", "/1/2/3/4/8/9/"]
    found = [
        Volunteer(
            post_id=n,
            person_id=n,
            path=dice.choice(paths),
            skills=frozenset(skill.value for skill in dice.sample(list(Skill), dice.randrange(4))),
            holds=dice.randrange(4),
            lately=dice.randrange(6),
            asked_at=START - timedelta(hours=dice.randrange(50)) if dice.random() < 0.7 else None,
        )
        for n in range(1, dice.randrange(2, 30))
    ]
    return found, offering.needed(dice.choice([words for words, *_ in WORDS])), dice.randrange(1, 4)


@pytest.mark.parametrize("seed", range(150))
def test_the_order_is_one_and_the_same_and_nobody_unfit_is_in_it(seed: int) -> None:
    found, skills, most = people(seed)
    shuffled = random.Random(seed).sample(found, len(found))

    ranked = offering.rank(found, UNIT, skills, most)

    assert [r.volunteer for r in offering.rank(shuffled, UNIT, skills, most)] == [r.volunteer for r in ranked]
    assert all(r.volunteer.holds < most for r in ranked)
    assert all(r.why for r in ranked)
    wanted = {skill.value for skill in skills}
    for r in ranked:
        if skills and skills <= EXACTING and r.volunteer.skills:
            assert r.volunteer.skills & wanted
    left_out = [v for v in found if v not in [r.volunteer for r in ranked]]
    assert all(v.holds >= most or (v.skills and not v.skills & wanted) for v in left_out)


@pytest.mark.parametrize("seed", range(150))
def test_to_be_nearer_freer_or_able_never_puts_anybody_back(seed: int) -> None:
    found, skills, most = people(seed)
    ranked = [r.volunteer for r in offering.rank(found, UNIT, skills, most)]
    for at, one in enumerate(ranked):
        for better in (
            replace(one, path=UNIT),
            replace(one, holds=0),
            replace(one, lately=0),
            replace(one, asked_at=None),
            replace(one, skills=one.skills | {skill.value for skill in skills}),
        ):
            again = [r.volunteer for r in offering.rank([better, *(v for v in found if v != one)], UNIT, skills, most)]
            assert again.index(better) <= at


@pytest.mark.parametrize("count", [2, 3, 7, 12])
def test_among_equals_everybody_gets_their_turn(count: int) -> None:
    """A month of requests, each taken by the first who was asked: nobody is asked twice before all were once."""
    crowd = {n: Volunteer(n, n, UNIT) for n in range(1, count + 1)}
    taken: Counter[int] = Counter()
    for turn in range(count * 5):
        first = offering.rank(crowd.values(), UNIT, frozenset({Skill.ERRANDS}), 2)[0].volunteer
        taken[first.post_id] += 1
        crowd[first.post_id] = replace(first, lately=first.lately + 1, asked_at=START + timedelta(hours=turn))
        assert max(taken.values()) - min(taken[n] for n in crowd) <= 1


def test_waves_end() -> None:
    assert [offering.wave((3, 6, 12), n) for n in range(5)] == [3, 6, 12, 0, 0]
