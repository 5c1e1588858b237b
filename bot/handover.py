"""What is held on one person as a file: handed to them, or to whoever they go to next."""

import io
import json
import zipfile

from bot import ledger_file
from bot.attachments import keeping
from bot.desk import Desk
from bot.held import Subject
from bot.holding import everything
from bot.ledger_table import Sheet

TITLE = "存着的本人信息"
WHEN = (1980, 1, 1, 0, 0, 0)  # zip's first day: the same records make the same file


def as_zip(desk: Desk, somebody: Subject) -> bytes:
    """A zip: one file for people (xlsx), one for machines (json) which says the same, and what they sent along."""
    tables = everything(desk, somebody)
    made_at = desk.now.astimezone(desk.settings.zone)
    said = {
        "title": TITLE,
        "made_at": made_at.isoformat(timespec="seconds"),
        "records": {one.title: [dict(zip(one.columns, row, strict=True)) for row in one.rows] for one in tables},
    }
    remark = f"{made_at:%Y-%m-%d %H:%M}导出。闲聊的原话当天就删，不在这里。"
    files = {
        "data.json": json.dumps(said, ensure_ascii=False, indent=1).encode(),
        "data.xlsx": ledger_file.workbook(Sheet(TITLE, tuple(tables), (remark,))),
    }
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in files.items():
            bundle.writestr(zipfile.ZipInfo(name, WHEN), data)
        for kept, _ in keeping.of_accounts(desk.session, somebody.ids):  # their bytes one at a time
            bundle.writestr(zipfile.ZipInfo(keeping.file_of(kept), WHEN), keeping.bytes_of(desk.session, kept.id))
    return whole.getvalue()
