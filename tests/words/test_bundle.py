"""A folder becomes one zip and a folder again; nothing gets in or out that is no keyword file."""

import io
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.services import KEYWORDS
from bot.words import WordsError, bundle
from intents.understanding import version_of


def zipped(name: str, content: bytes = b"x") -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as file:
        file.writestr(name, content)
    return whole.getvalue()


def test_what_is_packed_comes_out_again_as_the_same_version(tmp_path: Path) -> None:
    names = bundle.unpack(bundle.pack(KEYWORDS), tmp_path / "out")
    assert {"repair.toml", "wording.toml", "model.npz", "policies/never.toml"} <= set(names)
    assert any(name.startswith("examples/") for name in names)  # what `train` learns from goes along
    for name in names:
        assert (tmp_path / "out" / name).read_bytes() == (KEYWORDS / name).read_bytes()
    assert version_of(tmp_path / "out") == version_of(KEYWORDS)


def test_the_same_files_give_the_same_bytes_whenever_they_were_written(folder: Path) -> None:
    before = bundle.pack(folder)
    for path in folder.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    again = folder.with_name("again")
    for path in sorted(folder.rglob("*"), reverse=True):  # in another order
        if path.is_file():
            (again / path.relative_to(folder)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, again / path.relative_to(folder))
    assert bundle.pack(folder) == bundle.pack(again) == before


def test_a_whole_version_is_a_few_megabytes_at_most() -> None:
    assert len(bundle.pack(KEYWORDS)) < 4 * 1024 * 1024


def test_what_an_editor_or_a_program_leaves_behind_is_no_part_of_it(folder: Path) -> None:
    before = bundle.pack(folder)
    for name in (".repair.toml.swp", "repair.toml~", ".git/x.toml", ".version", "notes.docx"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x")
    assert bundle.pack(folder) == before


def _too_long(folder: Path) -> None:
    (folder / "repair.toml").write_text("#" * (bundle.LONGEST_TEXT + 1))


def _too_heavy(folder: Path) -> None:
    (folder / "model.npz").write_bytes(b"0" * (bundle.LONGEST_WEIGHTS + 1))


def _too_much(folder: Path) -> None:
    for number in range(40):
        (folder / "examples" / f"v{number}.tsv").write_text("#" * bundle.LONGEST_TEXT)


def _link(folder: Path) -> None:
    (folder / "other.toml").unlink()
    (folder / "other.toml").symlink_to("/etc/hostname")


def _linked_folder(folder: Path) -> None:
    (folder / "policies").rename(folder.with_name("elsewhere"))
    (folder / "policies").symlink_to(folder.with_name("elsewhere"))
    (folder / "policies.md").symlink_to(folder.with_name("elsewhere"))


def _strange_name(folder: Path) -> None:
    (folder / "re pair.toml").write_text("")


def _a_folder_called_so(folder: Path) -> None:
    (folder / "x.toml").mkdir()


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (_too_long, "repair.toml: 512 KB"),
        (_too_heavy, "model.npz: 8192 KB"),
        (_too_much, "more than can be kept"),
        (_link, "other.toml: is no plain file"),
        (_linked_folder, "is no plain file"),
        (_strange_name, "re pair.toml"),
        (_a_folder_called_so, "x.toml: is no plain file"),
    ],
)
def test_what_cannot_be_taken_is_named(folder: Path, spoil: Callable[[Path], None], named: str) -> None:
    spoil(folder)
    with pytest.raises(WordsError, match=named):
        bundle.pack(folder)


def test_a_folder_without_keyword_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(WordsError, match="no keyword files"):
        bundle.pack(tmp_path / "empty")
    with pytest.raises(WordsError, match="no such folder"):
        bundle.pack(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "name",
    [
        *("../x.toml", "/etc/x.toml", "a/../../x.toml", "a/./x.toml", "C:\\x.toml", "a\\x.toml", "x.toml/", "x.py"),
        *("a/b/c/d/x.toml", ".x.toml", "x", "x.toml\n", "ｘ.toml"),
    ],
)
def test_no_name_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(WordsError):
        bundle.unpack(zipped(name), tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert [path.name for path in tmp_path.iterdir()] == []


@pytest.mark.parametrize("content", [b"", b"no zip", bundle.pack(KEYWORDS)[:5000], zipped("x.toml", b"#" * 600_000)])
def test_what_is_broken_or_too_large_is_not_unpacked(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(WordsError):
        bundle.unpack(content, tmp_path / "out")


def test_a_zip_whose_content_is_damaged_is_refused(tmp_path: Path) -> None:
    whole = bytearray(zipped("x.toml", b"label = 1" * 50))
    whole[60] ^= 0xFF
    with pytest.raises(WordsError, match="cannot be unpacked"):
        bundle.unpack(bytes(whole), tmp_path / "out")
