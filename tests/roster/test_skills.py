"""What volunteers can do, from the cell to the post; and what no volunteer may be written down for."""

from dataclasses import replace

import pytest
from sqlmodel import select

from bot import roster
from bot.desk import Desk
from bot.roster.cells import BadCell, Cell
from bot.roster.rows import PostRow
from bot.roster.skilled import skills
from models import Post, Role, Skill
from tests.roster.test_apply import ROSTER, TODAY


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("跑腿、陪伴", (Skill.ERRANDS, Skill.COMPANY)),
        ("修家电，通马桶", (Skill.APPLIANCES, Skill.TOILETS)),
        ("辅导作业;搬家具 理发", (Skill.TUTORING, Skill.CARRYING, Skill.HAIR)),
        ("tutoring, errands", (Skill.TUTORING, Skill.ERRANDS)),
        ("跑腿、买菜", (Skill.ERRANDS,)),
        ("无", ()),
    ],
)
def test_a_cell_of_skills_is_read_as_people_write_it(said: str, found: tuple[Skill, ...]) -> None:
    assert skills(Cell(said)) == found


@pytest.mark.parametrize(
    "said", ["开锁", "跑腿、修锁", "电工", "修电路", "换煤气罐", "拿药", "打针", "代取钱", "代缴费"]
)
def test_what_is_forbidden_is_refused_with_the_reason(said: str) -> None:
    with pytest.raises(BadCell, match="不能请志愿者"):
        skills(Cell(said))


def test_an_unknown_skill_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadCell, match="跑腿、陪伴"):
        skills(Cell("唱歌"))


def test_skills_are_imported_corrected_and_cleared(desk: Desk) -> None:
    def post() -> Post:
        return desk.session.exec(select(Post).where(Post.role == Role.VOLUNTEER)).one()

    def told(given: tuple[Skill, ...] | None) -> int:
        row = PostRow("P2", Role.VOLUNTEER, "C", TODAY, skills=given)
        return roster.apply(desk, replace(ROSTER, posts=(row,))).changed

    assert told((Skill.ERRANDS, Skill.HAIR)) == 0
    assert post().skills == ["errands", "hair"]
    assert told(None) == 0  # a blank cell leaves what is there
    assert told((Skill.COMPANY,)) == 1
    assert post().skills == ["company"]
    assert told(()) == 1
    assert post().skills == []
