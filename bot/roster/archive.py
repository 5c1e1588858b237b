"""Is this file a workbook that can safely be read? Looked at before openpyxl unpacks anything of it.

An .xlsx is a zip of XML: a few kilobytes may unpack to gigabytes, one row may claim to be the billionth, and
openpyxl's streaming reader neither bounds that nor tells which cells are merged.
"""

import posixpath
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.parsers import expat

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 80 * 1024 * 1024
MAX_PARTS = 400
MAX_ROWS = 50_000
MAX_CELLS = 1_000_000
LAST_ROW = 1_048_576  # of any spreadsheet program
WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"


class NotReadable(Exception):
    """The file can't be taken; the message says why, in words for whoever chose it."""


@dataclass
class Part:
    """What one sheet's XML holds, counted while it streams by."""

    merged: list[str] = field(default_factory=list)  # "A1:C1"
    rows: int = 0
    cells: int = 0


def inspect(path: Path) -> Mapping[str, tuple[str, ...]]:
    """The merged ranges of each sheet by its title. Raises NotReadable where the file is no safe workbook."""
    if not path.is_file():
        raise NotReadable("没有这个文件")
    if path.stat().st_size > MAX_FILE_BYTES:
        raise NotReadable(f"文件超过{MAX_FILE_BYTES // 1024 // 1024}MB，太大了")
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_bombs(archive)
            return _merged_by_title(archive)
    except NotReadable:
        raise
    except Exception as error:
        # A damaged or hostile file leads zipfile, zlib and expat into errors of every kind; none of them is a bug here.
        raise NotReadable("打不开：不是完好的.xlsx文件，或者加了密码。请在表格软件里另存为.xlsx") from error


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    # zipfile reads no more of an entry than its declared size, so the declared sizes bound what will be unpacked.
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise NotReadable("文件解开后太大了，里面不像是花名册")


def _merged_by_title(archive: zipfile.ZipFile) -> dict[str, tuple[str, ...]]:
    counted = {name: _scan(archive, name) for name in archive.namelist() if name.endswith((".xml", ".rels"))}
    if WORKBOOK not in counted:
        raise NotReadable("打不开：不是.xlsx文件。请在表格软件里另存为.xlsx")
    targets = _targets(archive)
    found: dict[str, tuple[str, ...]] = {}
    for title, relation in _titles(archive):
        part = counted.get(targets.get(relation, ""), Part())
        if part.rows > MAX_ROWS or part.cells > MAX_CELLS:
            raise NotReadable(f"“{title}”超过{MAX_ROWS}行，太长了")
        found[title] = tuple(part.merged)
    return found


def _scan(archive: zipfile.ZipFile, name: str) -> Part:
    part = Part()

    def start(tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "row":
            part.rows += 1
            if not 1 <= float(attributes.get("r", "1")) <= LAST_ROW:
                raise NotReadable("有一行的行号不对，文件像是坏了")
        elif tag == "c":
            part.cells += 1
        elif tag == "mergeCell":
            part.merged.append(attributes.get("ref", ""))

    with archive.open(name) as source:
        _parse(source, start)
    return part


def _parse(source: IO[bytes], start: Callable[[str, dict[str, str]], None]) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.ParseFile(source)


def _refuse_doctype(*_: object) -> None:
    """No workbook has a document type; one that does means to define entities."""
    raise NotReadable("文件里有不该有的内容，像是被人改过")


def _titles(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    titles: list[tuple[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet":
            relation = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            titles.append((attributes.get("name", ""), relation))

    with archive.open(WORKBOOK) as source:
        _parse(source, start)
    return titles


def _targets(archive: zipfile.ZipFile) -> dict[str, str]:
    targets: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "Relationship":
            target = attributes.get("Target", "")
            whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            targets[attributes.get("Id", "")] = whole

    with archive.open(RELATIONS) as source:
        _parse(source, start)
    return targets
