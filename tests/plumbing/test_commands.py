"""The commands as an operator meets them: plain lines, exit codes, nothing secret."""

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from bot import settings as configuration
from bot.settings import CHANNEL_ENVIRONMENT, ChannelSection, Settings
from models import Area, Chat, ChatKind, Intent, Learning, Level, Review, db
from tests.conftest import START
from tests.intents.conftest import MISHEARD
from tests.plumbing.processes import ROOT, command, json_lines

MANUAL = (ROOT / "config.toml").read_text(encoding="utf-8")

WECHAT = """
[channels.wechat]
kind = "wechat"
[phones]
gas = "1"
lift = "2"
property_night = "3"
staff_duty = "4"
"""
STRONG = {
    "WECHAT_APPID": "wx1",
    "WECHAT_TOKEN": "a-good-token",
    "WECHAT_AES_KEY": "a" * 43,
    "WECHAT_SECRET": "a-good-secret",
}


def plain_error(result: "subprocess.CompletedProcess[str]") -> str:
    """The one line of an error, and nothing else."""
    assert result.returncode == 2, result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    return lines[0]


def test_the_manual_equals_the_defaults() -> None:
    assert configuration.load(ROOT / "config.toml", Path("data"), {}) == Settings(data=Path("data"))


def keys() -> list[tuple[str, str]]:
    sections = {name: field for name, field in Settings.model_fields.items() if name not in {"data", "sample"}}
    found = [("", "keywords")]
    for name, default in Settings().model_dump().items():
        if name in sections and isinstance(default, dict) and name != "channels":
            found += [(name, key) for key in default]
    return found


@pytest.mark.parametrize(("section", "key"), keys())
def test_every_setting_stands_in_the_manual_with_a_comment_above_it(section: str, key: str) -> None:
    part = MANUAL.split(f"\n[{section}]\n")[1].split("\n[")[0] if section else MANUAL.split("\n[")[0]
    lines = part.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith(f"{key} = "))
    assert lines[at - 1].startswith("# ")


def test_the_manual_shows_every_channel_kind_and_key_and_variable() -> None:
    examples = "\n".join(line.removeprefix("# ") for line in MANUAL.split("# [channels.wechat]")[1].splitlines())
    shown = tomllib.loads("[channels.wechat]\n" + re.sub(r"^(?![\w\[]+.*[=\]]).*$", "", examples, flags=re.M))
    in_file = set(ChannelSection.model_fields) - {"token", "aes_key", "aes_key_previous", "secret", "access_token"}
    assert {key for section in shown["channels"].values() for key in section} == in_file
    for kind, variables in CHANNEL_ENVIRONMENT.items():
        assert any(section["kind"] == kind for section in shown["channels"].values())
        for suffix in variables.values():
            assert f"{kind.upper()}_{suffix}" in MANUAL


def test_a_command_is_the_same_as_a_python_of_its_own(
    tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of all others one process has loaded the program (tests/plumbing/nursery.py)."""
    lines = json.dumps({"id": "1", "setting": "private", "text": "3栋2单元电梯又坏了"}, ensure_ascii=False)
    calls: list[tuple[list[str], str | None]] = [
        (["classify", "-"], lines), (["migrate"], None), (["chats"], None), (["no-such-command"], None),
    ]  # fmt: skip

    def answers(data: str) -> list[tuple[int, str, str]]:
        ended = [command([*call, "--data", data], environment, cwd=tmp_path, text=text) for call, text in calls]
        return [(one.returncode, one.stdout, one.stderr.replace(data, "DATA")) for one in ended]

    forked = answers("forked")
    monkeypatch.setenv("DANYUAN_REAL", "1")
    assert forked == answers("own")
    assert [code for code, _, _ in forked] == [0, 0, 0, 2]


def test_an_unknown_key_is_named(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "c.toml").write_text("[web]\nprot = 1\n")
    line = plain_error(command(["check-config", "--config", "c.toml"], environment, cwd=tmp_path))
    assert "web.prot: unknown key" in line


@pytest.mark.parametrize("where", ["before", "after"])
def test_options_are_taken_before_or_after_the_command(where: str, tmp_path: Path, environment: dict[str, str]) -> None:
    options = ["--data", str(tmp_path / "d")]
    arguments = [*options, "migrate"] if where == "before" else ["migrate", *options]
    result = command(arguments, environment, cwd=tmp_path)
    assert (result.returncode, result.stdout) == (0, f"the database is at revision {db.head()}\n")
    assert (tmp_path / "d" / "danyuan.sqlite3").exists()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WECHAT_TOKEN", ""),
        ("WECHAT_TOKEN", "token"),
        ("WECHAT_AES_KEY", ""),
        ("WECHAT_SECRET", ""),
        ("WECHAT_APPID", ""),
    ],
)
def test_a_missing_or_default_secret_is_refused_by_its_name(
    variable: str, value: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "c.toml").write_text(WECHAT)
    result = command(["check-config", "--config", "c.toml"], {**environment, **STRONG, variable: value}, cwd=tmp_path)
    line = plain_error(result)
    assert variable in line
    assert "a-good" not in line


def test_a_good_configuration_passes(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "c.toml").write_text(WECHAT)
    result = command(["check-config", "--config", "c.toml"], {**environment, **STRONG}, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stdout.endswith("ok\n")
    assert "a-good" not in result.stdout


def test_a_live_service_without_emergency_numbers_is_refused(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "c.toml").write_text(WECHAT.replace('gas = "1"', ""))
    line = plain_error(command(["check-config", "--config", "c.toml"], {**environment, **STRONG}, cwd=tmp_path))
    assert "phones.gas" in line


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["run", "--port", "many"],
        ["import"],
        ["import", "missing.xlsx"],
        ["token", "create"],
        ["classify"],
        ["check-config", "--config", "missing.toml"],
        ["clock", "--data", "nothing-here"],
        ["serve", "--data", "nothing-here"],
        ["chats", "--code", "99"],
        ["chats", "--listen-only", "99", "on"],
        ["chats", "--listen-only", "1", "perhaps"],
        ["rehearse"],
        ["rehearse", "missing.json"],
        ["work"],
    ],
)
def test_a_wrong_call_is_one_plain_line(arguments: list[str], tmp_path: Path, environment: dict[str, str]) -> None:
    plain_error(command(arguments, environment, cwd=tmp_path))


@pytest.mark.parametrize("name", ["serve", "clock"])
def test_nothing_starts_on_an_old_schema(name: str, sqlite: str, tmp_path: Path, environment: dict[str, str]) -> None:
    db.downgrade(sqlite, "base")
    line = plain_error(command([name, "--data", "d"], {**environment, "DATABASE_URL": sqlite}, cwd=tmp_path))
    assert "migrate" in line


def test_a_password_in_a_database_url_is_never_shown(tmp_path: Path, environment: dict[str, str]) -> None:
    url = "postgresql://someone:hidden@127.0.0.1:1/x"
    for name in ("clock", "chats", "migrate", "check-config"):
        result = command([name], {**environment, "DATABASE_URL": url}, cwd=tmp_path)
        assert "hidden" not in result.stdout + result.stderr


def test_a_template_is_imported_and_importing_twice_changes_nothing(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    assert command(["migrate"], environment, cwd=tmp_path).returncode == 0
    assert command(["import", "--template", "t.xlsx"], environment, cwd=tmp_path).returncode == 0
    first = command(["import", "t.xlsx"], environment, cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    second = command(["import", "t.xlsx"], environment, cwd=tmp_path)
    assert "added 0, changed 0" in second.stdout
    listed = command(["chats"], environment, cwd=tmp_path)
    assert listed.returncode == 0
    assert listed.stdout
    group = next(line.split("\t")[0] for line in listed.stdout.splitlines() if line.split("\t")[3] == "residents")
    switched = command(["chats", "--listen-only", group, "on"], environment, cwd=tmp_path)
    assert switched.stdout == f"{group}\tlisten-only on\n"
    marked = command(["chats"], environment, cwd=tmp_path).stdout.splitlines()
    assert [line.split("\t")[0] for line in marked if line.endswith("\tlisten-only")] == [group]


def test_a_token_stands_alone_on_the_last_line(tmp_path: Path, environment: dict[str, str]) -> None:
    command(["migrate"], environment, cwd=tmp_path)
    command(["import", "--template", "t.xlsx"], environment, cwd=tmp_path)
    command(["import", "t.xlsx"], environment, cwd=tmp_path)
    plain_error(command(["token", "create", "--user", "nobody"], environment, cwd=tmp_path))
    area = next(line.split("\t")[4] for line in command(["chats"], environment, cwd=tmp_path).stdout.splitlines())
    arguments = ["token", "create", "--user", "tester", "--role", "staff", "--area", area]
    result = command(arguments, environment, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert re.fullmatch(r"dy_[\w-]{20,}", result.stdout.splitlines()[-1])


def test_classify_reads_lines_and_goes_on_after_a_bad_one(tmp_path: Path, environment: dict[str, str]) -> None:
    lines = [
        json.dumps({"id": 1, "setting": "private", "text": "3栋2单元电梯坏了"}, ensure_ascii=False),
        "{not json",
        "[]",
        "",
        json.dumps({"id": "b", "setting": "nowhere", "text": "x"}),
        json.dumps({"id": "c", "setting": "group", "text": "吃了吗"}, ensure_ascii=False),
    ]
    result = command(["classify", "-"], environment, cwd=tmp_path, text="\n".join(lines) + "\n")
    readings = json_lines(result.stdout)
    assert [reading["id"] for reading in readings] == [1, "c"]
    assert list(readings[0]) == [
        "id", "intent", "category", "urgent", "building", "unit", "room", "phone", "score", "matched",
    ]  # fmt: skip
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == ["line 2", "line 3", "line 5"]
    assert result.returncode == 1


def test_classify_reads_a_file_and_says_zero_when_all_was_good(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "in.jsonl").write_text('\ufeff{"id": 1, "text": "楼道灯坏了"}\n', encoding="utf-8")
    result = command(["classify", "in.jsonl"], environment, cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert len(json_lines(result.stdout)) == 1


def test_classify_says_why(tmp_path: Path, environment: dict[str, str]) -> None:
    lines = [json.dumps({"setting": "group", "text": heard}, ensure_ascii=False) for heard in MISHEARD]
    result = command(["classify", "-", "--explain"], environment, cwd=tmp_path, text="\n".join(lines))
    told: list[Any] = [reading["why"] for reading in json_lines(result.stdout)]
    assert [why["said"] for why in told] == list(MISHEARD)
    restored = {why["said"]: why["restored"] for why in told if why["restored"]}
    assert restored
    assert restored.items() <= MISHEARD.items()
    assert all(why["examples"] and why["words"] and why["learned"] for why in told)


def test_approved_examples_are_written_for_training(sqlite: str, tmp_path: Path, environment: dict[str, str]) -> None:
    engine = db.connect(sqlite)
    with Session(engine) as session:
        area = Area(level=Level.UNIT, code="u", name="u")
        session.add(area)
        session.flush()
        chat = Chat(channel="paper", external_id="g", kind=ChatKind.RESIDENTS, area_id=area.id, created_at=START)
        session.add(chat)
        session.flush()
        for text, learning in (("×××门口的灯不亮", Learning.APPROVED), ("没批准的", Learning.ASKED)):
            session.add(
                Review(chat_id=chat.id, area_id=area.id, setting="group", text=text, said_at=START, score=0.6,
                       intent=Intent.REPAIR, category="light", label_intent=Intent.REPAIR, label_category="light",
                       learning=learning)
            )  # fmt: skip
        session.commit()
    engine.dispose()

    result = command(["examples", "out.tsv"], {**environment, "DATABASE_URL": sqlite}, cwd=tmp_path)

    assert result.returncode == 0, result.stderr
    written = (tmp_path / "out.tsv").read_text(encoding="utf-8")
    assert written == "label\tdanger\tsetting\ttext\nrepair.light\t-\tgroup\t000门口的灯不亮\n"


def test_the_days_of_a_month_are_shown_as_they_are_counted(tmp_path: Path, environment: dict[str, str]) -> None:
    result = command(["calendar", "2026-02"], environment, cwd=tmp_path)
    lines = result.stdout.splitlines()
    assert (result.returncode, len(lines)) == (0, 29)
    assert lines[13] == "2026-02-14 周六 调休上班（春节） 09:00-12:00 14:00-18:00"
    assert lines[16] == "2026-02-17 周二 春节 -"
    assert lines[-1] == "16 working days of 28, 112 hours"


def test_a_year_that_is_not_known_says_so_first_and_a_file_of_ones_own_counts(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    assert "not published yet" in command(["calendar", "2031"], environment, cwd=tmp_path).stdout.splitlines()[0]
    (tmp_path / "days.toml").write_text('years = [2031]\n[[holiday]]\nname = "春节"\nfrom = 2031-01-23\n')
    (tmp_path / "c.toml").write_text('[hours]\ncalendar = "days.toml"\n')
    result = command(["calendar", "2031-01", "--config", "c.toml"], environment, cwd=tmp_path)
    assert result.stdout.splitlines()[22] == "2031-01-23 周四 春节 -"


@pytest.mark.parametrize("when", ["26", "2026-13", "2026-2-1", "1999"])
def test_what_is_no_month_is_refused(when: str, tmp_path: Path, environment: dict[str, str]) -> None:
    assert when in plain_error(command(["calendar", when], environment, cwd=tmp_path))


@pytest.mark.parametrize("kind", ["repair.lfit", "repiar", "help.lift"])
def test_hours_for_a_kind_that_there_is_none_of_are_refused(
    kind: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "c.toml").write_text(f'[clocks.category."{kind}"]\naccept_hours = 2\n')
    line = plain_error(command(["check-config", "--config", "c.toml"], environment, cwd=tmp_path))
    assert f"clocks.category.{kind}" in line


def test_hours_for_a_kind_that_there_is_are_taken(tmp_path: Path, environment: dict[str, str]) -> None:
    kinds = ("repair", "repair.lift", "help.human")
    (tmp_path / "c.toml").write_text("".join(f'[clocks.category."{kind}"]\nresolve_hours = 2.5\n' for kind in kinds))
    result = command(["check-config", "--config", "c.toml"], environment, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
