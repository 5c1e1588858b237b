"""Who is only not to hear of something is not whom it is about."""

import pytest

from tests.stories.town import Town, said_to


@pytest.mark.parametrize("request_", ["别跟单元长说", "不要告诉单元长", "莫让网格员知道"])
def test_a_neighbours_noise_is_no_complaint_about_the_leader(town: Town, request_: str) -> None:
    answer = said_to(town.say("王阿姨", f"楼上天天半夜拖桌子，我神经衰弱，{request_}"), "oa-王阿姨")
    assert "愿意请谁帮忙" in answer
    assert "管事的人" not in answer


def test_a_complaint_about_the_leader_stays_one(town: Town) -> None:
    seen = town.say("王阿姨", "单元长收了开店的好处，别告诉单元长是我讲的")
    assert "只转给社区书记" in said_to(seen, "oa-王阿姨")
