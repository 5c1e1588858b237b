"""A place of two communities, and whoever stands for an organisation."""

from sqlmodel import select

from bot import roster
from bot.desk import Desk
from models import Area, Organisation, Post, Role
from tests.roster.conftest import AREAS, POSTS, Write, only, whole, with_post

HEADINGS = (*AREAS[0], "共管社区编号")
NEXT_DOOR = ("SQ2", "JD", "社区", "边上社区")


def gate(co_area: str | None, parent: str = "SQ") -> dict[str, object]:
    rows = [*((*row, *[None] * (7 - len(row))) for row in (*AREAS[1:], NEXT_DOOR))]
    return {"区域": (HEADINGS, *rows, ("DM", parent, "场所", "东门", None, None, co_area))}


def test_the_other_community_is_kept_left_and_cleared(desk: Desk, workbook: Write) -> None:
    def shared() -> str | None:
        found = desk.session.exec(select(Area).where(Area.code == "DM")).one()
        other = desk.session.get(Area, found.co_area_id) if found.co_area_id else None
        return other.code if other else None

    roster.apply(desk, roster.read(workbook(gate("SQ2"))))  # type: ignore[arg-type]  # rows of the sheet
    assert shared() == "SQ2"
    roster.apply(desk, roster.read(workbook(gate(None)), roster.known(desk.session)))  # type: ignore[arg-type]
    assert shared() == "SQ2"
    roster.apply(desk, roster.read(workbook(gate("无")), roster.known(desk.session)))  # type: ignore[arg-type]
    assert shared() is None


def test_it_must_be_another_community_that_is_there(workbook: Write) -> None:
    for co_area, reason in (("SQ9", "没有编号"), ("XQ", "要填社区的编号"), ("SQ", "它自己的社区")):
        problem = only(workbook(gate(co_area)))  # type: ignore[arg-type]  # rows of the sheet
        assert (problem.sheet, problem.column) == ("区域", "共管社区编号")
        assert reason in problem.reason


def test_who_stands_for_an_organisation_needs_one(desk: Desk, workbook: Write) -> None:
    problem = only(workbook(with_post("P2", "单位联系人", "SQ", None, "A", "2026-01-01", None)))
    assert (problem.sheet, problem.row, problem.column) == ("岗位", len(POSTS) + 1, "单位编号")
    row = ("P2", "民警", "SQ", "WY", "A", "2026-01-01", None)
    roster.apply(desk, roster.read(workbook(whole() | {"岗位": (*POSTS, row)})))
    post = desk.session.exec(select(Post).where(Post.role == Role.LIAISON)).one()
    organisation = desk.session.get(Organisation, post.organisation_id)
    assert organisation is not None
    assert organisation.code == "WY"
