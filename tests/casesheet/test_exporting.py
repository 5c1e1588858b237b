"""The answers go back as a sheet that nothing in it can turn into a formula, and that imports as it stands."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.roster import delimited
from tests.casesheet.conftest import HEADINGS, Office, Write
from tests.stories.hands import cases

LIFT = ("20261123001", "2026-11-27", "12345", "2026-11-23 08:30", "", "B3U2", "2单元电梯停了", "")


def read_back(path: Path) -> list[list[str]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    rows = load_workbook(path).worksheets[0].iter_rows()
    return [["" if cell.value is None else str(cell.value) for cell in row] for row in rows]


@pytest.mark.parametrize("name", ["out.xlsx", "out.csv"])
def test_the_answered_are_written_once_each_and_the_open_ones_not(
    office: Office, workbook: Write, tmp_path: Path, name: str
) -> None:
    second = ("20261123002", "无", "信访", "", "", "B3U2", "电梯又停了", "")
    open_one = ("20261123003", "无", "", "", "", "B5U1", "水管漏水", "")
    office.take(workbook((HEADINGS, LIFT, second, open_one)))
    office.town.drain()
    office.town.say("李姐", "#1 修好了 换了门机，有事打13800001111")
    assert office.give(tmp_path / name) == 2
    head, *lines = read_back(tmp_path / name)
    assert head == ["来源", "工单编号", "社区工单号", "收到时间", "答复期限", "答复时间", "答复内容"]
    ref = office.town.ticket().ref
    assert [line[:3] for line in lines] == [["12345", "20261123001", ref], ["信访", "20261123002", ref]]
    assert lines[0][3:6] == ["2026-11-23 08:30", "2026-11-27 18:00", "2026-11-23 09:00"]
    assert {line[6] for line in lines} == {cases(office.town)[0].answer}
    assert "换了门机" in lines[0][6]
    assert "13800001111" not in lines[0][6]


@pytest.mark.parametrize("name", ["out.xlsx", "out.csv"])
def test_what_was_written_imports_again_and_changes_nothing(
    office: Office, workbook: Write, tmp_path: Path, name: str
) -> None:
    office.take(workbook((HEADINGS, LIFT)))
    office.town.drain()
    office.town.say("李姐", "#1 修好了")
    office.give(tmp_path / name)
    done = office.take(tmp_path / name)
    assert (done.opened, done.attached, done.changed, done.unchanged) == (0, 0, 0, 1)


@pytest.mark.parametrize("evil", ["=HYPERLINK(1)", "+1+1", "-2", "@SUM(A1)", "\t=1", " =1", "＝1", "|x", "'=1"])
@pytest.mark.parametrize("name", ["out.xlsx", "out.csv"])
def test_no_cell_is_ever_a_formula(tmp_path: Path, evil: str, name: str) -> None:
    path = tmp_path / name
    delimited.write(path, "表", ("一", "二"), [(evil, "好")])
    ((said, _),) = read_back(path)[1:]
    assert said.startswith("'")
    if path.suffix == ".xlsx":
        assert load_workbook(path).worksheets[0]["A2"].data_type == "s"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_a_quote_that_was_put_before_a_text_comes_off_again(text: str) -> None:
    assert delimited._unquoted(delimited.quoted(text)) == text
