"""Leaders, property and staff talk about what is in hand: they report nothing by that."""

from tests.stories.town import Town

GROUP = "3栋2单元群"


def test_a_leader_who_speaks_of_an_open_matter_is_no_voice_on_it(town: Town) -> None:
    town.say("刘婶", "又停水了", to=GROUP)
    town.say("李姐", "停水的原因还在找，楼上几户也没水", to=GROUP)
    assert town.voices() == [1]


def test_a_leader_who_speaks_of_a_quarrel_opens_none(town: Town) -> None:
    town.say("李姐", "楼上半夜别再拖桌子了，吵得大家睡不着", to=GROUP)
    assert town.tickets() == []


def test_what_a_leader_plainly_reports_is_a_matter(town: Town) -> None:
    town.say("李姐", "402李娭毑家灯坏哒", to=GROUP)
    assert town.voices() == [1]


def test_who_is_on_duty_and_speaks_of_the_fire_raises_no_second_one(town: Town) -> None:
    town.say("刘婶", "三楼着火了，好大的烟", to=GROUP)
    town.say("李姐", "消防在拉水管，三楼还有明火，都先莫上楼", to=GROUP)
    assert len(town.tickets()) == 1
    assert town.voices() == [1]


def test_a_first_danger_told_by_a_leader_is_one(town: Town) -> None:
    town.say("李姐", "三楼着火了，快打119", to=GROUP)
    assert town.ticket().danger == "fire"
