"""`cases import` and `cases export` as an operator meets them."""

from pathlib import Path

from openpyxl import Workbook, load_workbook

from tests.plumbing.processes import command

HEADINGS = ("工单编号", "答复期限", "区域编号", "内容", "满意度")
LIGHT = ("20261123001", "2030-11-27", "SL-XY-A-1-2", "楼道灯不亮", "5")


def sheet(path: Path, *rows: tuple[str, ...]) -> Path:
    book = Workbook()
    for row in (HEADINGS, *rows):
        book.worksheets[0].append(list(row))
    book.save(path)
    return path


def test_a_sheet_comes_in_once_and_its_answers_go_out(tmp_path: Path, environment: dict[str, str]) -> None:
    def run(*arguments: str) -> tuple[int, str, str]:
        done = command(arguments, environment, cwd=tmp_path)
        return done.returncode, done.stdout.strip(), done.stderr.strip()

    sheet(tmp_path / "in.xlsx", LIGHT)
    assert run("import", "--template", "t.xlsx")[0] == 0
    assert run("import", "t.xlsx")[0] == 0

    code, said, beside = run("cases", "import", "in.xlsx")
    assert (code, said) == (0, "1 cases on 1 matters: opened 1, attached 0, changed 0, unchanged 0")
    assert "columns not read: 满意度" in beside
    assert run("cases", "import", "in.xlsx")[1].endswith("opened 0, attached 0, changed 0, unchanged 1")

    assert run("cases", "export", "out.xlsx", "--from", "2026-01-01")[1] == "0 cases: out.xlsx"
    assert load_workbook(tmp_path / "out.xlsx").worksheets[0]["B1"].value == "工单编号"
    assert run("cases", "export", "out.csv", "--area", "nowhere")[0] == 2


def test_a_bad_sheet_is_told_row_by_row_and_leaves_nothing(tmp_path: Path, environment: dict[str, str]) -> None:
    bad = ("20261123002", "soon", "SL-XY-A-1-2", "灯不亮", "")
    sheet(tmp_path / "in.xlsx", LIGHT, bad)
    command(["import", "--template", "t.xlsx"], environment, cwd=tmp_path)
    command(["import", "t.xlsx"], environment, cwd=tmp_path)
    done = command(["cases", "import", "in.xlsx"], environment, cwd=tmp_path)
    assert done.returncode == 2
    assert "工单 第3行 答复期限" in done.stderr
    assert "Traceback" not in done.stderr
    assert command(["cases", "export", "out.csv"], environment, cwd=tmp_path).stdout.startswith("0 cases")
