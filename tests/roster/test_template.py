"""The template imports as it stands, and helps whoever fills it in."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot import roster
from bot.desk import Desk
from bot.roster.columns import SHEETS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    target = tmp_path / "template.xlsx"
    roster.template(target)
    return target


def test_the_template_imports_without_an_error_and_twice_changes_nothing(path: Path, desk: Desk) -> None:
    first = roster.apply(desk, roster.read(path))
    assert first.added > 20
    assert first.warnings == []
    assert [code.person_code for code in first.codes] == ["P002", "P004", "P005"]
    again = roster.apply(desk, roster.read(path, roster.known(desk.session)))
    assert (again.added, again.changed, again.unchanged) == (0, 0, first.added)
    assert again.codes == []


def test_every_sheet_has_a_note_frozen_headings_and_explained_columns(path: Path) -> None:
    book = load_workbook(path)
    assert book.sheetnames == ["说明", *(sheet.title for sheet in SHEETS)]
    for sheet in SHEETS:
        worksheet = book[sheet.title]
        assert worksheet["A1"].value == sheet.note
        assert worksheet.freeze_panes == "A3"
        headings = {cell.value: cell.comment for cell in worksheet[2]}
        assert all(headings[column.heading] is not None for column in sheet.columns)


@pytest.mark.parametrize(
    ("title", "letter", "some"),
    [("区域", "C", "单元"), ("单位", "C", "物业"), ("群", "C", "骨干群"), ("岗位", "B", "单元长"), ("岗位", "E", "B")],
)
def test_levels_roles_and_kinds_are_offered_in_a_drop_down(path: Path, title: str, letter: str, some: str) -> None:
    offered = {
        str(choice.sqref): str(choice.formula1).strip('"').split(",")
        for choice in load_workbook(path)[title].data_validations.dataValidation
    }
    choices = next(words for where, words in offered.items() if where.startswith(f"{letter}3:"))
    assert some in choices
    assert len(",".join(choices)) <= 255, "a spreadsheet takes no longer list"


def test_codes_are_kept_as_text_and_dates_as_dates(path: Path) -> None:
    book = load_workbook(path)
    assert book["区域"]["A60"].number_format == "@"
    assert book["岗位"]["F60"].number_format == "yyyy-mm-dd"
    assert book["岗位"]["F3"].value.date() < date.max


def test_nobody_in_the_template_can_be_rung(path: Path) -> None:
    read = roster.read(path)
    phones = [row.phone for row in read.people if row.phone] + [row.gas for row in read.areas if row.gas]
    assert phones
    assert all(phone.startswith("000-") for phone in phones)
