"""Who asks how it goes: staff in private; leaders and residents are not told, and no group is."""

from datetime import timedelta

import pytest

from tests.stories.town import MONDAY, Town


@pytest.fixture
def busy(town: Town) -> Town:
    """A matter of last week, and two of this morning, one of them told in confidence."""
    town.services.now.at = MONDAY - timedelta(days=4)  # type: ignore[attr-defined]  # the standing clock of the tests
    town.say("王阿姨", "5栋1单元楼道灯不亮")
    town.services.now.at = MONDAY  # type: ignore[attr-defined]
    town.say("王阿姨", "3栋2单元电梯停了，电话13800001111")
    town.say("张伯", "楼上天天半夜拖椅子，我睡不着，跟他们说了也不听")
    town.wait(minutes=1)
    return town


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ("日报", "幸福社区 今天8:30以来：新来2件。还有3件没办完"),
        ("本周", "幸福社区 11月23日到现在：新来2件。还有3件没办完"),
        ("本月", "幸福社区 11月1日到现在：新来3件。还有3件没办完"),
    ],
)
def test_staff_ask_in_private(busy: Town, words: str, begins: str) -> None:
    seen = busy.say("社工小邹", words)
    assert [line.chat for line in seen] == ["oa-社工小邹"]
    assert seen[0].text.startswith(begins)
    assert "1380000" not in seen[0].text
    assert "王阿姨" not in seen[0].text


@pytest.mark.parametrize("who", ["李姐", "网格刘", "物业邓工", "王阿姨", "志愿者小马"])
def test_nobody_else_is_told(busy: Town, who: str) -> None:
    assert not any("以来" in line.text or "新来" in line.text for line in busy.say(who, "日报"))


@pytest.mark.parametrize("group", ["3栋2单元群", "单元长群", "社工群"])
def test_not_in_a_group(busy: Town, group: str) -> None:
    assert not any("新来" in line.text for line in busy.say("社工小邹", "日报", to=group))
