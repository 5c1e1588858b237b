"""Who says a word to a neighbour's report: heard with them, or only talking; and people on duty, who report nothing."""

import pytest

from tests.stories.more import GROUP
from tests.stories.town import Town

LEAK = "我家602天花板漏水了"


def quoted(town: Town, first: str, words: str, who: str = "张伯") -> list[int]:
    town.say("王阿姨", first, to=GROUP, message_id="a")
    town.wait(minutes=2)
    town.say(who, words, to=GROUP, quote="a")
    return town.voices()


@pytest.mark.parametrize("words", ["我601也湿，床都挪开了", "俺这边也滴", "我屋里也一样，墙皮都掉了"])
def test_the_same_with_the_speaker_joins(town: Town, words: str) -> None:
    assert quoted(town, LEAK, words) == [2]


@pytest.mark.parametrize(
    "words",
    ["我也没漏", "我也想装个吊顶", "我家也不漏了", "也给我介绍个师傅", "我也姓王", "我也在外面吃饭", "你也真倒霉"],
)
def test_another_word_with_also_in_it_joins_nothing(town: Town, words: str) -> None:
    assert quoted(town, LEAK, words) == [1]


def test_a_quarrel_told_in_the_group_is_shared_in_silence(town: Town) -> None:
    town.say("王阿姨", "楼上天天半夜打麻将吵得睡不着", to=GROUP, message_id="a")
    assert town.ticket().private

    assert town.say("张伯", "我也被吵得头疼", to=GROUP, quote="a") == []

    assert town.voices() == [2]


def test_a_few_words_to_a_neighbour_open_no_quarrel(town: Town) -> None:
    town.say("王阿姨", "电梯里有人被困住了", to=GROUP, message_id="a")
    town.say("张伯", "打物业电话没", to=GROUP, quote="a")

    assert len(town.tickets()) == 1


@pytest.mark.parametrize("words", ["里面是我老娘，七十多了", "我家崽崽在里面，快点啊", "困在里头的是俺爹"])
def test_the_family_of_who_is_shut_in_is_heard(town: Town, words: str) -> None:
    town.say("王阿姨", "电梯里有人被困住了", to=GROUP)
    town.wait(minutes=1)

    town.say("张伯", words, to=GROUP)

    assert town.voices() == [2]


def test_words_of_the_family_without_an_emergency_are_talk(town: Town) -> None:
    town.say("张伯", "里面是我老娘，七十多了", to=GROUP)

    assert town.tickets() == []


@pytest.mark.parametrize(
    "words",
    ["水箱那边也停了", "1单元也没水，我再问问", "看到了，整个楼道都没灯", "大家那边也一样吗", "唉，这灯也太不经用了"],
)
def test_people_on_duty_join_nothing(town: Town, words: str) -> None:
    town.say("王阿姨", "楼道灯不亮，家里也停水了", to=GROUP)
    before = town.voices()

    town.say("李姐", words, to=GROUP)

    assert town.voices() == before


def test_at_home_they_are_neighbours(town: Town) -> None:
    town.say("王阿姨", "家里停水了", to=GROUP)

    town.say("李姐", "我家也停了", to=GROUP)

    assert town.voices() == [2]


def test_a_new_thing_that_they_tell_is_a_matter(town: Town) -> None:
    town.say("李姐", "402门口的灯坏了", to=GROUP)

    assert town.voices() == [1]
