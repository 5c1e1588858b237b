"""A desk in the town of the stories, and sheets written as another system would."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from bot import casesheet
from bot.casesheet import Outcome
from tests.conftest import Founded
from tests.stories.conftest import build, found
from tests.stories.town import Town

Rows = Sequence[Sequence[object]]
Write = Callable[[Rows], Path]
HEADINGS = ("工单编号", "答复期限", "来源", "收到时间", "社区工单号", "区域编号", "内容", "联系电话")


@dataclass
class Office:
    """Who imports and exports: the operator's two commands, each in one transaction."""

    town: Town

    def take(self, path: Path) -> Outcome:
        rows, _ = casesheet.read(path)
        with self.town.services.transaction() as session:
            return casesheet.apply(self.town.services.desk(session), self.town.services.understanding, rows)

    def give(self, path: Path) -> int:
        with self.town.services.transaction() as session:
            return casesheet.export(self.town.services.desk(session), path)


@pytest.fixture
def founding(request: pytest.FixtureRequest) -> tuple[str, Callable[[str], Any]]:
    return "town", lambda url: found(url, Path(request.config.rootpath), pushes=True, groups=True)


@pytest.fixture
def office(founded: Founded, tmp_path: Path) -> Iterator[Office]:
    town = build(founded.url, tmp_path)
    town.areas = founded.known
    yield Office(town)
    town.services.engine.dispose()


@pytest.fixture
def workbook(tmp_path: Path) -> Write:
    """An .xlsx with one sheet, called as a platform calls it."""

    def write(rows: Rows) -> Path:
        book = Workbook()
        worksheet = book.worksheets[0]
        worksheet.title = "Sheet1"
        for row in rows:
            worksheet.append(list(row))
        path = tmp_path / "12345.xlsx"
        book.save(path)
        return path

    return write


@pytest.fixture
def text_file(tmp_path: Path) -> Callable[[Rows, str], Path]:
    """A .csv in an encoding."""

    def write(rows: Rows, encoding: str) -> Path:
        path = tmp_path / "12345.csv"
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    return write
