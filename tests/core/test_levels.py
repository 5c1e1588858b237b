"""Cities name and nest the levels of the area tree differently: in the settings, and to any depth."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from pydantic import ValidationError
from sqlmodel import Session, select

from bot import places, roster
from bot.roster.words import levels
from bot.settings import Settings
from intents.verdict import Slots
from models import Area, Level
from tests.stories.town import Town

OWN = {Level.GRID: ("大网格", "微网格"), Level.BUILDING: ("胡同", "楼栋")}


def write(path: Path, rows: list[tuple[str, str, str, str]]) -> Path:
    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = "区域"
    for row in [("编号", "上级编号", "级别", "名称"), *rows]:
        sheet.append(row)
    book.save(path)
    return path


def test_a_roster_is_read_in_the_communitys_own_words(tmp_path: Path) -> None:
    rows = [
        ("C", "", "社区", "某社区"),
        ("G", "C", "大网格", "一大网格"),
        ("M", "G", "微网格", "二微网格"),
        ("H", "M", "胡同", "3号"),
    ]
    path = write(tmp_path / "own.xlsx", rows)

    read = roster.read(path, levels=OWN)
    assert [row.level for row in read.areas] == [Level.COMMUNITY, Level.GRID, Level.GRID, Level.BUILDING]
    with pytest.raises(roster.RosterRefused, match="大网格"):
        roster.read(path)


def test_a_word_taken_for_another_level_leaves_its_usual_one() -> None:
    words = levels({Level.PATCH: ("网格",)})
    assert words[Level.PATCH] == ("网格",)
    assert "网格" not in words[Level.GRID]
    assert levels({})[Level.UNIT][0] == "单元"


@pytest.mark.parametrize(
    "own",
    [{"grid": ["格"], "patch": ["格"]}, {"grid": []}, {"grid": [""]}, {"district": ["区"]}, {"grid": ["格" * 21]}],
)
def test_words_that_cannot_be_are_refused_at_the_start(own: dict[str, list[str]]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate({"levels": own})


def deep(session: Session) -> dict[str, Area]:
    """A community without estates: big grid > small grid > patch > yard > building > unit."""
    made: dict[str, Area] = {}
    above: Area | None = None
    tree = [("C9", Level.COMMUNITY, "九社区", None), ("G9", Level.GRID, "大网格", None),
            ("M9", Level.GRID, "微网格", None), ("P9", Level.PATCH, "片", None), ("Y9", Level.BUILDING, "东院", "东院"),
            ("B9", Level.BUILDING, "7栋", "7"),
            ("U9", Level.UNIT, "1单元", "1")]  # fmt: skip
    for code, level, name, label in tree:
        area = Area(code=code, level=level, name=name, label=label, parent_id=above.id if above else None)
        session.add(area)
        session.flush()
        area.path = f"{above.path if above else '/'}{area.id}/"
        made[code], above = area, area
    return made


def test_a_tree_of_any_depth_without_estates_finds_its_buildings(town: Town) -> None:
    with town.services.transaction() as session:
        made = deep(session)
        other = Area(code="B8", level=Level.BUILDING, name="8栋", label="8", parent_id=made["P9"].id)
        session.add(other)
        session.flush()
        other.path = f"{made['P9'].path}{other.id}/"
        session.flush()

        assert places.around(session, made["U9"]).code == "C9"
        found = places.resolve(session, made["U9"], Slots(building="8"))
        assert found.area is not None
        assert found.area.code == "B8"
        # A building nobody knows is somewhere in the community, not in the speaker's own stairwell.
        unknown = places.resolve(session, made["U9"], Slots(building="99"))
        assert unknown.area is not None
        assert unknown.area.code == "C9"
        estate = session.exec(select(Area).where(Area.code == "XFL")).one()
        unit = session.exec(select(Area).where(Area.code == "B3U2")).one()
        assert places.around(session, unit).id == estate.id
