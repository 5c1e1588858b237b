"""Files that are no workbook, and workbooks that mean harm: refused quickly, with one reason, and nothing else."""

import random
import re
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from bot import roster
from bot.roster import archive
from bot.roster.rows import RosterRefused
from tests.roster.conftest import AREAS, PEOPLE, Write, whole

SHEET = "xl/worksheets/sheet1.xml"


def reason_of(path: Path) -> str:
    began = time.monotonic()
    with pytest.raises(RosterRefused) as refused:
        roster.read(path)
    assert time.monotonic() - began < 20
    return str(refused.value)


def rewritten(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The workbook with one part changed."""
    target = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, change(before.read(name)) if name == part else before.read(name))
    return target


@pytest.mark.parametrize(
    "body",
    [b"", b"name,phone\n", b"PK\x03\x04 nothing", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"\0" * 4096],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(body)
    assert "打不开" in reason_of(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert "没有这个文件" in reason_of(tmp_path / "none.xlsx")
    assert "没有这个文件" in reason_of(tmp_path)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("readme.txt", "hello")
    assert "打不开" in reason_of(path)


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_unread(workbook: Write) -> None:
    path = workbook(whole())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet99.xml", b"0" * (archive.MAX_UNPACKED_BYTES + 1))
    assert path.stat().st_size < archive.MAX_FILE_BYTES
    assert "解开后太大" in reason_of(path)


def test_a_workbook_of_too_many_parts_is_refused(workbook: Write) -> None:
    path = workbook(whole())
    with zipfile.ZipFile(path, "a") as bomb:
        for number in range(archive.MAX_PARTS):
            bomb.writestr(f"xl/media/{number}", b"")
    assert "解开后太大" in reason_of(path)


def test_a_file_that_is_too_big_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    with path.open("wb") as file:
        file.truncate(archive.MAX_FILE_BYTES + 1)
    assert "太大" in reason_of(path)


def test_a_sheet_of_too_many_rows_is_refused(workbook: Write) -> None:
    rows = b"".join(b'<row><c t="n"><v>1</v></c></row>' for _ in range(archive.MAX_ROWS + 1))
    path = rewritten(workbook(whole()), SHEET, lambda body: body.replace(b"</sheetData>", rows + b"</sheetData>"))
    assert "太长" in reason_of(path)


def test_a_row_that_claims_to_be_the_billionth_is_refused(workbook: Write) -> None:
    path = rewritten(workbook(whole()), SHEET, lambda body: body.replace(b'<row r="6"', b'<row r="999999999"'))
    assert "行号不对" in reason_of(path)


def test_entities_are_refused(workbook: Write) -> None:
    doctype = b'<!DOCTYPE lol [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    for part in (SHEET, "xl/workbook.xml"):
        path = rewritten(
            workbook(whole()), part, lambda body: re.sub(rb"^(<\?xml[^>]*\?>)?", rb"\g<1>" + doctype, body, count=1)
        )
        assert "不该有的内容" in reason_of(path)


def test_a_cut_off_sheet_is_refused(workbook: Write) -> None:
    path = rewritten(workbook(whole()), SHEET, lambda body: body[: len(body) // 2])
    assert "打不开" in reason_of(path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'r="A2"', b'r="!!"'),
        (b't="inlineStr"', b't="s"'),
        (b't="inlineStr"', b's="99999" t="n"'),
        (b'<row r="2"', b'<row r="zwei"'),
        (b'<row r="2"', b'<row r="-5"'),
    ],
)
def test_damaged_cells_and_rows_end_in_a_refusal(workbook: Write, old: bytes, new: bytes) -> None:
    def damage(body: bytes) -> bytes:
        assert old in body
        return body.replace(old, new)

    with pytest.raises(RosterRefused):
        roster.read(rewritten(workbook(whole()), SHEET, damage))


def test_random_damage_never_ends_in_anything_but_a_refusal_or_a_roster(workbook: Write) -> None:
    path = workbook(whole())
    whole_body = path.read_bytes()
    dice = random.Random(7)
    for _ in range(60):
        body = bytearray(whole_body)
        for _ in range(dice.randrange(1, 6)):
            body[dice.randrange(len(body))] = dice.randrange(256)
        path.write_bytes(bytes(body))
        _refused_or_read(path)


def test_random_damage_inside_the_sheets_never_ends_in_anything_but_a_refusal_or_a_roster(workbook: Write) -> None:
    path = workbook(whole())
    dice = random.Random(8)
    for part in (SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/styles.xml"):
        for _ in range(25):

            def damage(body: bytes) -> bytes:
                at = dice.randrange(len(body))
                return body[:at] + bytes([dice.choice(b"0<>\"'/ xA9-")]) + body[at + 1 :]

            _refused_or_read(rewritten(path, part, damage))


def test_hostile_words_are_refused_or_kept_as_words(workbook: Write) -> None:
    people = (
        PEOPLE[0],
        ("P1", "\u202eevil"),
        ("P2", "a" * 5000),
        ("P3", "'; DROP TABLE person; --"),
        ("P4", "<script>alert(1)</script>"),
        ("../../etc/passwd", "路径"),
        ("P6", "换\n行"),
    )
    with pytest.raises(RosterRefused) as refused:
        roster.read(workbook({"区域": AREAS, "人员": people}))
    assert [problem.row for problem in refused.value.problems] == [2, 3, 6, 7]
    assert all(len(str(problem)) < 120 for problem in refused.value.problems)


def test_what_comes_along_when_copied_from_a_chat_is_dropped(workbook: Write) -> None:
    read = roster.read(
        workbook({"区域": AREAS, "人员": (PEOPLE[0], ("\ufeffP1\u200b", " 张三\u200b", "138\u200b00138000"))})
    )
    assert (read.people[0].code, read.people[0].name, read.people[0].phone) == ("P1", "张三", "13800138000")


def _refused_or_read(path: Path) -> None:
    with suppress(RosterRefused):
        roster.read(path)
