"""A digest on paper: a PDF with its charts and the tables beside them, in an embedded font of which only what is used
goes along. Black on white, A4.
"""

from collections.abc import Iterable
from io import BytesIO
from zoneinfo import ZoneInfo

from fpdf import FPDF
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from bot.digest import charts, tables, text
from bot.digest.figures import Digest
from bot.digest.fonts import SANS
from bot.digest.tables import Table
from bot.digest.workbook import made
from bot.wording import Wording

_FONT = "sans"
_WIDTHS = {"rates": (12, 9, 9, 11, 59), "numbers": (60, 40), "unhappy": (30, 50, 20)}
_ROWS = 40  # of one table; the workbook has all


def pdf(digest: Digest, wording: Wording, zone: ZoneInfo) -> bytes:
    """The whole digest as a PDF."""
    paper = FPDF(format="A4")
    paper.set_margin(16)
    paper.set_auto_page_break(True, 16)
    paper.add_font(_FONT, fname=SANS)
    paper.add_page()
    paper.set_title(tables.title(wording, digest))
    paper.set_lang("zh-CN")
    paper.set_creation_date(digest.as_of)
    _say(paper, tables.title(wording, digest), 18)
    _say(paper, text.span(wording, digest, zone), 12)
    _say(paper, made(digest, wording, zone), 9)
    for table in (tables.numbers(wording, digest), tables.rates(wording, digest),
                  *tables.looked_at(wording, digest, zone), tables.intents(wording, digest)):  # fmt: skip
        _table(paper, table)
    for table in tables.charted(wording, digest):
        if not table.is_blank:
            _table(paper, table, charts.png(table))
    return bytes(paper.output())


def _say(paper: FPDF, words: str, size: float) -> None:
    paper.set_font(_FONT, size=size)
    paper.multi_cell(0, size * 0.55, words, new_x="LMARGIN", new_y="NEXT")


def _table(paper: FPDF, table: Table, picture: bytes | None = None) -> None:
    """The heading, the chart where there is one, and the rows; the heading is never left alone at the end of a page."""
    if paper.will_page_break(90 if picture else 30):
        paper.add_page()
    paper.ln(5)
    _say(paper, table.title, 13)
    if picture is not None:
        paper.image(BytesIO(picture), w=paper.epw, alt_text=table.title)
    paper.set_font(_FONT, size=9)
    widths = _WIDTHS.get(table.name) or (40, *(60 // (len(table.columns) - 1) for _ in table.columns[1:]))
    with paper.table(
        col_widths=widths,
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(fill_color=(237, 234, 227)),
        line_height=5.4,
        text_align="LEFT",
    ) as rows:
        for cells in _shown(table):
            row = rows.row()
            for cell in cells:
                row.cell(str(cell))


def _shown(table: Table) -> Iterable[tuple[str | int, ...]]:
    yield table.columns
    yield from table.rows[:_ROWS]
