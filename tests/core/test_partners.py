"""Which organisation is meant, in which order they come into question."""

import pytest

from bot import partners
from bot.about import About
from bot.partners import Partner

PROPERTY = Partner(1, "幸福物业", "property", 2)
STREET_PROPERTY = Partner(2, "青禾物业集团", "property", 0)
REPAIR = Partner(3, "快修队", "repair", 1)
POLICE = Partner(4, "青禾派出所", "police", 0)
LAW = Partner(5, "正义律所", "law", 0)
HOSPITAL = Partner(6, "青禾社区医院", "hospital", 0)
MEMBER = Partner(7, "青禾小学", "member", 1)
ALL = [MEMBER, HOSPITAL, LAW, POLICE, REPAIR, STREET_PROPERTY, PROPERTY]


@pytest.mark.parametrize(
    ("words", "partner"),
    [
        ("物业", PROPERTY),
        ("物业工程部", PROPERTY),
        ("维修队", REPAIR),
        ("电梯维保", REPAIR),
        ("派出所", POLICE),
        ("律师", LAW),
        ("医院", HOSPITAL),
        ("青禾小学", MEMBER),
        ("青禾物业集团", STREET_PROPERTY),
        ("燃气公司", None),
        ("城管", None),
    ],
)
def test_which_is_meant(words: str, partner: Partner | None) -> None:
    assert partners.meant(words, ALL, About("repair", "lift"))[0] == partner


def test_who_was_passed_over_is_said() -> None:
    _, why = partners.meant("物业", ALL, About("repair", "lift"))
    assert why == ["青禾物业集团：管的地方更大，有离得更近的", "转给幸福物业（物业）"]
    assert partners.meant("城管", ALL, About("repair"))[1] == ["要转“城管”：名单里没有这样的单位，请社区转"]


@pytest.mark.parametrize(
    ("about", "order"),
    [
        (About("repair", "lift"), [PROPERTY, STREET_PROPERTY, REPAIR]),
        (About("dispute", "noise"), [PROPERTY, STREET_PROPERTY, POLICE, LAW]),
        (About("dispute", "violence"), [POLICE, HOSPITAL, LAW]),
        (About("dispute", "other"), [LAW, POLICE]),
        (About("help", "care"), [HOSPITAL, MEMBER]),
        (About("help", "wish"), [MEMBER]),
        (About("policy", "medical"), []),
    ],
)
def test_the_order_by_what_it_is_about(about: About, order: list[Partner]) -> None:
    assert partners.order(ALL, about) == order
