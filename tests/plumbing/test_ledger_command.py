"""`ledger AREA OUT.xlsx` as an operator meets it."""

from pathlib import Path

from openpyxl import load_workbook

from tests.plumbing.processes import command
from tests.plumbing.test_commands import plain_error
from tests.plumbing.test_migrations import fill


def test_the_ledger_of_an_area_is_written(database: str, environment: dict[str, str], tmp_path: Path) -> None:
    fill(database)
    given = {**environment, "DATABASE_URL": database}

    made = command(["ledger", "e", str(tmp_path / "out.xlsx"), "--data", str(tmp_path)], given, cwd=tmp_path)

    assert made.returncode == 0, made.stderr
    assert "open 3, struck off 0" in made.stdout
    rows = load_workbook(tmp_path / "out.xlsx").worksheets[0].iter_rows(values_only=True)
    assert sum(row[0] in ("#0", "#1", "#2") for row in rows) == 3


def test_an_area_that_is_not_there_is_named(sqlite: str, environment: dict[str, str], tmp_path: Path) -> None:
    given = {**environment, "DATABASE_URL": sqlite}

    refused = command(["ledger", "nowhere", str(tmp_path / "out.xlsx"), "--data", str(tmp_path)], given, cwd=tmp_path)

    assert "nowhere" in plain_error(refused)
    assert not (tmp_path / "out.xlsx").exists()
