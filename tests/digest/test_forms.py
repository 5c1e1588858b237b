"""The forms it is given in: pictures that need no font, a PDF with Chinese in it, a workbook, a few lines; and the
command that writes them."""

import json
import re
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fontTools.ttLib import TTFont
from openpyxl import load_workbook
from pypdf import PdfReader

from bot.digest import charts, drawing, tables, text, workbook
from bot.digest.figures import AreaLine, Burden, Day, Digest, KindLine, Quiet, Rate, Repeat, Topic, Unhappy
from bot.digest.fonts import SANS
from bot.digest.periods import Period
from bot.services import KEYWORDS
from bot.wording import Wording, load
from models import Intent, Role
from tests.plumbing.processes import command
from tests.plumbing.test_commands import plain_error
from tests.plumbing.test_migrations import fill

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=ZONE)
HOSTILE = '=HYPERLINK("http://x")<script>'


@pytest.fixture(scope="module")
def wording() -> Wording:
    return load(KEYWORDS / "wording.toml")


def digest(**more: object) -> Digest:
    """Something of everything."""
    counts = {"new": 4, "solved": 3, "open": 2}
    given = {
        "community": "XF", "name": "幸福社区", "period": Period.DAY, "told_on": NOW.date(),
        "starts": NOW - timedelta(days=3), "ends": NOW, "as_of": NOW, "whole": True,
        "new": 9, "solved": 7, "open": 12, "overdue": 2, "due_today": 3, "emergencies": 1,
        "intents": [KindLine(intent=Intent.REPAIR, category="", name="", **counts)],
        "categories": [KindLine(intent=Intent.REPAIR, category="lift", name="电梯", **counts),
                       KindLine(intent=Intent.HELP, category="", name="", **counts)],
        "areas": [AreaLine(code=f"B{n}", name=f"{n}栋", **counts) for n in range(1, 20)]
        + [AreaLine(code="X", name=HOSTILE, **counts)],
        "rates": [Rate(name="response", numerator=8, denominator=9, rule="一"),
                  Rate(name="solution", numerator=7, denominator=8, rule="二"),
                  Rate(name="satisfaction", numerator=0, denominator=0, rule="三")],
        "repeats": [Repeat(place="3栋2单元", kind="电梯", times=3)],
        "topics": [Topic(intent=Intent.REPAIR, category="drain", name="下水道", week=7, before=(2, 1, 2, 1))],
        "unhappy": [Unhappy(ref="2026-XF-12", number=12, place="3栋2单元", matter="电梯停了", why="reopened")],
        "unhappy_count": 2, "undelivered": 3,
        "quiet": [Quiet(kind="group", name="5栋群", since=NOW - timedelta(days=9)),
                  Quiet(kind="channel", name="bridge", since=None)],
        "burdens": [Burden(role=Role.UNIT_LEADER, area="3栋2单元", open=7, usual=1.5)],
        "days": [Day(on=(NOW - timedelta(days=n)).date(), new=n % 4, solved=n % 3) for n in range(14, -1, -1)],
        "hours": [hour % 5 for hour in range(24)],
    }  # fmt: skip
    return Digest.model_validate({**given, **more})


QUIET = {"new": 0, "solved": 0, "open": 0, "overdue": 0, "due_today": 0, "emergencies": 0, "unhappy_count": 0,
         "undelivered": 0, **dict.fromkeys(("intents", "categories", "areas", "repeats", "topics", "unhappy", "quiet",
                                            "burdens", "days"), ())}  # fmt: skip


def test_a_chat_hears_it_in_a_few_lines(wording: Wording) -> None:
    assert text.said(wording, digest(), ZONE, "https://x/console/digest/XF/day/2026-11-23").splitlines() == [
        "幸福社区 11月20日周五8:30以来：新来9件，办好7件。还有12件没办完：紧急的1件，过了时间2件，今天要回话3件。",
        "说没办好的：3栋2单元电梯停了(#12)、另外1件。",
        "比往常多：下水道，七天7件，往常一周1.5件。",
        "同一个地方又出事：3栋2单元电梯，四周里3回。",
        "响应率89%（8/9），解决率88%（7/8）。",
        "有3句话没送到人，没声音的渠道：bridge，一周没人说话的群有1个：5栋群。",
        "3栋2单元单元长手上有7件，可以替一替。",
        "图和表在这里：https://x/console/digest/XF/day/2026-11-23",
    ]


def test_nothing_is_said_of_nought(wording: Wording) -> None:
    names = ("response", "solution", "satisfaction")
    none = [{"name": name, "numerator": 0, "denominator": 0, "rule": "一"} for name in names]
    said = text.said(wording, digest(**QUIET, rates=none), ZONE)
    assert said == "幸福社区 11月20日周五8:30以来：没有新的事，手上也都办完了。"
    week = digest(**QUIET, rates=none, period="week", starts=NOW - timedelta(days=7, hours=8, minutes=30),
                  ends=NOW - timedelta(hours=8, minutes=30))  # fmt: skip
    assert text.said(wording, week, ZONE).startswith("幸福社区 11月16日到11月22日：")


def test_it_is_kept_as_it_was(wording: Wording) -> None:
    assert Digest.model_validate(json.loads(json.dumps(digest().model_dump(mode="json")))) == digest()


def test_the_font_has_every_character_of_ours() -> None:
    """Of all that people are shown, and of what may stand in names: the 6763 characters of GB 2312, and rarer ones."""
    known = set(TTFont(SANS, lazy=True).getBestCmap())
    said = (KEYWORDS / "wording.toml").read_text(encoding="utf-8")
    codes = (code for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF) for code in (high, low))
    plain = bytes(codes).decode("gb2312", "ignore")
    assert {c for c in f"{said}{plain}㛃㧱啰堃玥珺喆昇彧镕" if c.isprintable() and ord(c) not in known} == set()
    assert "SIL Open Font License" in (SANS.parent / "OFL.txt").read_text(encoding="utf-8")


def test_a_picture_needs_no_font_and_nothing_from_elsewhere(wording: Wording) -> None:
    for table in tables.charted(wording, digest()):
        for theme in charts.INKS:
            picture = drawing.svg(table, theme).decode()
            assert "<text" not in picture
            assert "<script" not in picture
            assert "font-family" not in picture
            assert set(re.findall(r'(?:href|src)="([^#"][^"]*)', picture)) == set()
            assert charts.INKS[theme]["ink"] in picture


def test_series_differ_without_their_colours(wording: Wording) -> None:
    """Solid, hatched, hollow: what a grey print keeps."""
    areas = next(table for table in tables.charted(wording, digest()) if table.name == tables.AREAS)
    picture = charts.svg(areas, "light").decode()
    assert "<pattern" in picture
    assert "fill: none; stroke: #17705a" in picture
    assert "fill: #17705a; stroke: #17705a" in picture


@pytest.mark.parametrize("more", [{}, QUIET])
def test_a_pdf_holds_its_words_and_its_charts(wording: Wording, more: dict[str, object]) -> None:
    found = PdfReader(BytesIO(drawing.pdf(digest(**more), wording, ZONE)))
    words = "\n".join(page.extract_text() for page in found.pages)
    assert "幸福社区日报" in words
    assert "响应率" in words
    pictures = sum(len(page.images) for page in found.pages)
    assert pictures == (4 if not more else 1)
    fonts = {font["/BaseFont"] for page in found.pages for font in page["/Resources"]["/Font"].values()}  # type: ignore[index]
    assert all(re.fullmatch(r"/\w{6}\+NotoSansSC", str(font)) for font in fonts)  # a part of it, and it lies within


def test_a_workbook_holds_numbers_and_no_formula(wording: Wording) -> None:
    book = load_workbook(BytesIO(workbook.workbook(digest(), wording, ZONE)))
    assert book.sheetnames == ["总的情况", "每天新来和办好的", "按地方", "按类别", "什么钟点来的"]
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert ("1栋", 4, 3, 2) in list(book["按地方"].iter_rows(values_only=True))
    assert any(cell.value == HOSTILE for cell in cells)


def test_the_command_shows_it_and_writes_it(sqlite: str, environment: dict[str, str], tmp_path: Path) -> None:
    fill(sqlite)
    given = {**environment, "DATABASE_URL": sqlite}

    def ask(*arguments: str) -> str:
        made = command(["digest", *arguments, "--data", str(tmp_path)], given, cwd=tmp_path)
        assert made.returncode == 0, made.stderr
        return made.stdout

    assert json.loads(ask("--community", "XF", "--period", "month", "--format", "json"))["open"] == 3
    ask("--format", "pdf", "--out", str(tmp_path / "d.pdf"))
    assert len(PdfReader(tmp_path / "d.pdf").pages) >= 1


def test_the_command_says_what_it_needs(sqlite: str, environment: dict[str, str], tmp_path: Path) -> None:
    given = {**environment, "DATABASE_URL": sqlite}

    def refused(*arguments: str) -> str:
        return plain_error(command(["digest", *arguments, "--data", str(tmp_path)], given, cwd=tmp_path))

    assert "--out" in refused("--format", "xlsx")
    assert "none yet" in refused("--community", "XF")
