"""A folder of keyword files as one zip, and back. The same files give the same bytes.

Taken are texts (.toml, .md, .tsv) and learned weights (.npz), in whatever folder below; hidden files and other kinds
are left behind. What comes out of a zip is checked as strictly as what goes in: it may have been written by hand.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

TEXTS = (".toml", ".md", ".tsv")
WEIGHTS = (".npz",)
LONGEST_TEXT = 512 * 1024  # bytes; the longest we ship has a tenth of it
LONGEST_WEIGHTS = 8 * 1024 * 1024
LARGEST = 16 * 1024 * 1024  # all files together, unpacked
MOST_FILES = 2000
NAME = re.compile(r"(?:[\w-][\w.-]*/){0,3}[\w-][\w.-]*", re.ASCII)
WHEN = (1980, 1, 1, 0, 0, 0)  # a zip knows no earlier day


class WordsError(Exception):
    """A version of the words cannot be used, published or found; the message says what is wrong and where."""


def pack(folder: Path) -> bytes:
    """The folder as a zip. Raises WordsError with the file that cannot be taken."""
    if not folder.is_dir():
        raise WordsError(f"{folder}: no such folder")
    taken = read(folder)
    if not taken:
        raise WordsError(f"{folder}: no keyword files in it")
    return zipped(taken)


def zipped(taken: Mapping[str, bytes]) -> bytes:
    """Files by name as a zip. Raises WordsError with the file that cannot be taken."""
    for name, content in taken.items():
        _check(name, len(content))
    _check_whole(len(content) for content in taken.values())
    return _zip(taken)


def files(content: bytes) -> dict[str, bytes]:
    """The files of a zip by name. Raises WordsError where it is none, or holds a name or a size that `pack` refuses."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as bundle:
            listed = bundle.infolist()
            for info in listed:
                _check(info.filename, info.file_size)
            _check_whole(info.file_size for info in listed)
            return {info.filename: bundle.read(info) for info in listed}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise WordsError(f"this version cannot be unpacked: {error}") from error


def unpack(content: bytes, folder: Path) -> list[str]:
    """Write the files of a zip into a folder, which may not exist yet. Returns their names. Raises WordsError."""
    unpacked = files(content)
    lay_out(unpacked, folder)
    return list(unpacked)


def read(folder: Path) -> dict[str, bytes]:
    """The files of a folder by name, as a zip of it would hold them. Raises WordsError as `pack` does."""
    taken = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix in TEXTS + WEIGHTS and not any(part.startswith(".") for part in name.split("/")):
            _check(name, _size(folder, path))
            taken[name] = path.read_bytes()
    return taken


def lay_out(unpacked: Mapping[str, bytes], folder: Path) -> None:
    """Write files into a folder, which may not exist yet. Their names are trusted: from `files`, `read`, `zipped`."""
    for name, data in unpacked.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _size(folder: Path, path: Path) -> int:
    """The size of a plain file. A link might lead out of the folder."""
    steps = path.relative_to(folder).parts
    if any(folder.joinpath(*steps[: n + 1]).is_symlink() for n in range(len(steps))) or not path.is_file():
        raise WordsError(f"{path.relative_to(folder)}: is no plain file")
    return path.stat().st_size


def _check(name: str, size: int) -> None:
    suffix = Path(name).suffix
    if not NAME.fullmatch(name) or suffix not in TEXTS + WEIGHTS:
        raise WordsError(f"{name!r}: not a name for a keyword file: letters, digits, - and _ with {', '.join(TEXTS)}")
    most = LONGEST_WEIGHTS if suffix in WEIGHTS else LONGEST_TEXT
    if size > most:
        raise WordsError(f"{name}: {size // 1024} KB, at most {most // 1024} are taken")


def _check_whole(sizes: Iterable[int]) -> None:
    each = list(sizes)
    if len(each) > MOST_FILES or sum(each) > LARGEST:
        raise WordsError(f"{len(each)} files of {sum(each) // 1024} KB: more than can be kept")


def _zip(taken: Mapping[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as bundle:
        for name in sorted(taken):
            info = zipfile.ZipInfo(name, WHEN)
            info.create_system = 3  # the same on every system
            info.external_attr = 0o644 << 16
            # Learned weights are packed already.
            info.compress_type = zipfile.ZIP_STORED if name.endswith(WEIGHTS) else zipfile.ZIP_DEFLATED
            bundle.writestr(info, taken[name], compresslevel=9)
    return whole.getvalue()
