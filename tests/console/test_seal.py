"""The console's key, and the commands that make the first users."""

import stat
from pathlib import Path
from threading import Thread

import pytest

from bot.seal import FILE, seal_of
from bot.settings import Settings, SettingsError, load
from models import db
from tests.plumbing.processes import command


def settings(folder: Path, **console: str) -> Settings:
    return Settings.model_validate({"data": folder, "console": console})


def test_a_key_file_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    sealed = seal_of(settings(tmp_path / "data")).close("JBSWY3DP")
    assert "JBSWY3DP" not in sealed
    assert seal_of(settings(tmp_path / "data")).open(sealed) == "JBSWY3DP"
    assert stat.S_IMODE((tmp_path / "data" / FILE).stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == [FILE]
    assert seal_of(settings(tmp_path / "other")).open(sealed) is None


def test_many_who_come_first_at_once_have_one_key(tmp_path: Path) -> None:
    keys: list[bytes] = []
    threads = [Thread(target=lambda: keys.append(seal_of(settings(tmp_path)).form_key)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1


def test_a_secret_of_the_environment_needs_no_file(tmp_path: Path) -> None:
    secret = {"CONSOLE_SECRET": "s" * 32}
    one, two = (seal_of(load(None, tmp_path / name, secret)) for name in ("a", "b"))
    assert one.open(two.close("x")) == "x"
    assert one.form_key == two.form_key
    assert not (tmp_path / "a").exists()


def test_a_weak_secret_or_one_in_the_file_refuses_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="CONSOLE_SECRET"):
        load(None, tmp_path, {"CONSOLE_SECRET": "short"})
    file = tmp_path / "config.toml"
    file.write_text(f'[console]\nsecret = "{"s" * 32}"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="CONSOLE_SECRET"):
        load(file, tmp_path, {})


def test_the_first_user_is_made_at_the_terminal(tmp_path: Path, environment: dict[str, str]) -> None:
    def run(*words: str) -> tuple[int, str, str]:
        made = command(["--data", str(tmp_path), *words], environment, cwd=tmp_path)
        return made.returncode, made.stdout, made.stderr

    code, _, error = run("user", "create", "小陈", "--role", "administrator", "--area", "FL")
    assert (code, "no area FL" in error) == (2, True)
    engine = db.connect(f"sqlite:///{tmp_path / 'danyuan.sqlite3'}")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO area (id, level, code, name, aliases, path, phones) "
            "VALUES (1, 'community', 'FL', '枫林社区', '[]', '/1/', '{}')"
        )
    engine.dispose()
    code, out, _ = run("user", "create", "小陈", "--role", "administrator", "--area", "FL")
    assert code == 0
    assert len(out.splitlines()[-1]) == 19  # four groups of four
    code, listed, _ = run("user", "list")
    assert listed == "小陈\t小陈\t管理员 枫林社区\t\n"
    assert run("user", "create", "小陈")[0] == 2  # they have a password
    assert run("user", "disable", "小陈")[0] == 0
    assert "disabled" in run("user", "list")[1]
    assert run("user", "reset-totp", "nobody")[0] == 2
