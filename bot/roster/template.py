"""The workbook that somebody fills in: headings, notes, drop-downs, and example rows that import as they stand."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bot.roster.columns import Sheet, sheets
from bot.roster.sheets import USUAL
from models import Level

NOTE_ROW, HEADING_ROW = 1, 2
LAST_ROW = 2000  # as far down as cells are kept as text and offer their choices
DATES = {"starts_on", "ends_on", "from_on", "to_on"}

_GREEN = PatternFill("solid", fgColor="E3EFE6")
_NEEDED = PatternFill("solid", fgColor="CDE3D3")

_GUIDE = (
    "怎么填",
    "1. 七张表：区域、单位、群、人员、账号、岗位、值班。用不上的表空着，不要改表名和列名。",
    "2. 深色列名一定要填。把鼠标放在列名上能看到说明。",
    "3. 里面的例子都是编的，填之前先删掉。",
    "4. 编号自己定，定了不要改。再导入一次，编号一样的就是同一个，改了的才会变，没变的不动。",
    "5. 表里删掉的行，系统里不会跟着删。岗位到期请填“止”。",
    "6. 空着的格子不动原来的内容。要去掉原来的内容，写“无”。",
    "7. 没有账号的人，导入后会得到一个绑定码，只显示一次，请私下交给本人。",
    "8. 不要用公式，不要合并单元格。有一处不对就一行也不导入，会一次列出所有要改的地方。",
)

# Nobody and nowhere: the phones are of numbers that are never given out.
EXAMPLES: Mapping[str, Sequence[Sequence[str | date]]] = {
    "areas": (
        ("SL", "", "街道", "示例街道"),
        ("SL-XY", "SL", "社区", "示例社区", "", "", "000-0001", "000-0002", "000-0003", "000-0004"),
        ("SL-XY-A", "SL-XY", "小区", "示例小区"),
        ("SL-XY-A-1", "SL-XY-A", "楼栋", "1栋", "1", "超市楼上、老1栋"),
        ("SL-XY-A-1-1", "SL-XY-A-1", "单元", "1单元", "1"),
        ("SL-XY-A-1-2", "SL-XY-A-1", "单元", "2单元", "2"),
        ("SL-XY-A-DM", "SL-XY-A", "场所", "东门"),
    ),
    "organisations": (("WY-1", "示例物业公司", "物业", "SL-XY-A", "000-0005"),),
    "chats": (
        ("onebot", "100000001", "居民群", "SL-XY-A-1-1", "1栋1单元邻里群"),
        ("onebot", "100000002", "骨干群", "SL-XY", "示例社区单元长群"),
        ("onebot", "100000003", "工作群", "SL-XY", "示例社区工作群"),
    ),
    "people": (
        ("P001", "例一（单元长）", "000-0101", "", "SL-XY-A-1-1"),
        ("P002", "例二（副单元长）", "000-0102", "听不见，请发文字", "SL-XY-A-1-1"),
        ("P003", "例三（社工）", "000-0103"),
        ("P004", "例四（物业）", "000-0104"),
        ("P005", "例五（居民）", "", "", "SL-XY-A-1-2"),
    ),
    "accounts": (("P001", "onebot", "200000001"), ("P003", "wechat", "o-example-3")),
    "posts": (
        ("P001", "单元长", "SL-XY-A-1-1", "", "A", date(2026, 1, 1), date(2026, 12, 31)),
        ("P002", "单元长", "SL-XY-A-1-1", "", "B", date(2026, 1, 1), date(2026, 12, 31)),
        ("P003", "社工", "SL-XY", "", "A", date(2026, 1, 1)),
        ("P004", "物业", "SL-XY-A", "WY-1", "A", date(2026, 1, 1)),
        ("P005", "志愿者", "SL-XY", "", "A", date(2026, 1, 1), "", "", "跑腿、陪伴"),
    ),
    "shifts": (
        ("P003", "SL-XY", "周一至周五", "18:00", "22:00", date(2026, 1, 1)),
        ("P004", "SL-XY-A", "每天", "18:00", "08:00", date(2026, 1, 1), date(2026, 12, 31)),
    ),
}


def template(path: Path, levels: Mapping[Level, tuple[str, ...]] = USUAL) -> None:
    """Write the template to `path`, with own words for the levels. Raises OSError where that cannot be written."""
    book = Workbook()
    guide = book.active or book.create_sheet()
    guide.title = "说明"
    _guide(guide)
    for sheet in sheets(levels):
        _sheet(book.create_sheet(sheet.title), sheet)
    book.active = 1
    book.save(path)


def _guide(worksheet: Worksheet) -> None:
    worksheet.column_dimensions["A"].width = 110
    for number, line in enumerate(_GUIDE, start=1):
        worksheet.cell(number, 1, line).alignment = Alignment(wrap_text=True)
    worksheet.cell(1, 1).font = Font(bold=True, size=14)


def _sheet(worksheet: Worksheet, sheet: Sheet) -> None:
    worksheet.cell(NOTE_ROW, 1, sheet.note).font = Font(italic=True, color="666666")
    for at, column in enumerate(sheet.columns, start=1):
        heading = worksheet.cell(HEADING_ROW, at)
        heading.value = column.heading
        heading.font = Font(bold=True)
        heading.fill = _NEEDED if column.required else _GREEN
        heading.comment = Comment(column.note, "Danyuan", width=260, height=70)
        worksheet.column_dimensions[get_column_letter(at)].width = max(14, len(column.heading) * 2 + 4)
    _as_typed(worksheet, sheet)
    for row, values in enumerate(EXAMPLES[sheet.field], start=HEADING_ROW + 1):
        for at, said in enumerate(values, start=1):
            if said != "":
                worksheet.cell(row, at, said)
    worksheet.freeze_panes = f"A{HEADING_ROW + 1}"


def _as_typed(worksheet: Worksheet, sheet: Sheet) -> None:
    """Columns of text stay text, or a spreadsheet makes a date of 3-2 and a rounded number of a long id."""
    for at, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(at)
        shape = "yyyy-mm-dd" if column.field in DATES else "@"
        worksheet.column_dimensions[letter].number_format = shape
        for row in range(HEADING_ROW + 1, HEADING_ROW + 1 + 200):
            worksheet.cell(row, at).number_format = shape
        if column.choices:
            choices = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
            choices.showErrorMessage = True
            choices.errorTitle, choices.error = "没有这个选项", "请从下拉里选一个"
            worksheet.add_data_validation(choices)
            choices.add(f"{letter}{HEADING_ROW + 1}:{letter}{LAST_ROW}")
