"""The report for people, and the command as an operator meets it."""

import json
from pathlib import Path

import pytest

from bot.masking import without_rooms
from bot.rehearse import Played, rehearse, report
from bot.rehearse.scene import Scene, SceneError, read_json
from bot.settings import Settings
from intents.understanding import Understanding
from tests.plumbing.processes import command
from tests.rehearse.telling import scene


def told(understanding: Understanding, *chats: Scene) -> str:
    played: list[Played] = list(rehearse(Settings(), understanding, chats))
    return "\n".join(report.write(understanding, "小单", played))


def test_it_tells_what_was_said_what_was_made_of_it_and_what_would_have_been_said(understanding: Understanding) -> None:
    text = told(
        understanding,
        scene(
            (0, "wang", "早上好"),
            (1, "wang", "1502门口的电梯坏了，电话13900001234"),
            (5, "leader", "收到，我去看看", 1),
        ),
    )
    for part in (
        "09:00 居民1：早上好",
        "闲聊，不作声",
        "报修·电梯",
        "#1 开了一件",
        "会私下告诉单元长：",
        "会在群里说：",
        "#1 有人接下（单元长）",
        "09:05 单元长（回09:01 居民1）：",
        "会开1件：",
        "会在群里说1句，私下说1句",
    ):
        assert part in text
    assert "1502" not in text
    assert "13900001234" not in text
    assert "wang" not in text


def test_what_the_clock_does_stands_at_its_minute(understanding: Understanding) -> None:
    lines = told(understanding, scene((0, "wang", "楼道灯不亮"), (600, "chen", "早上好"))).splitlines()
    at = lines.index("15:00 到点了")
    assert "#1 往上报" in lines[at + 1]
    assert lines[at - 1].startswith("      会在群里说") or lines[at - 1].startswith("      会私下")


def test_an_alarm_that_nobody_comes_to_does_not_fill_pages(understanding: Understanding) -> None:
    text = told(understanding, scene((0, "wang", "救命，有人困在电梯里了"), (600, "chen", "早上好")))
    assert text.count("还没人到场，再叫一遍") == 4
    assert "又叫了" in text


def test_several_chats_are_summed_up(understanding: Understanding) -> None:
    text = told(understanding, scene((0, "wang", "电梯坏了")), scene((0, "wang", "早上好")))
    assert "合计：2个群，2句话" in text
    assert "一件也不会开" in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("我住1502室", "我住***"),
        ("3-2-1204 漏水", "*** 漏水"),
        ("五零二的", "***的"),
        ("打119，再打12345，电话13900001234", "打119，再打12345，电话*******"),
        ("电梯停了(#128)", "电梯停了(#128)"),
        ("2026-11-23起施行", "2026-11-23起施行"),
        ("3栋2单元，500块", "3栋2单元，500块"),
    ],
)
def test_rooms_and_phones_are_blotted_out(text: str, shown: str) -> None:
    assert without_rooms(text) == shown


def one_scene() -> dict[str, object]:
    return {
        "id": "a", "group": "七栋邻居", "area": {"building": "7", "unit": None}, "expect": {"never": "read"},
        "participants": [{"user_id": "r", "role": "resident", "name": "甲"},
                         {"user_id": "l", "role": "leader", "name": "乙"}],
        "events": [{"i": 0, "user_id": "r", "text": "电梯坏了", "reply_to": None, "at_minutes": 0, "setting": "group"},
                   {"i": 1, "user_id": "l", "text": "收到", "reply_to": 0, "at_minutes": 2, "setting": "group"}],
    }  # fmt: skip


def test_the_command_prints_one_list_and_nothing_else(tmp_path: Path, environment: dict[str, str]) -> None:
    file = tmp_path / "scenes.json"
    file.write_text(json.dumps([one_scene()]), encoding="utf-8")
    result = command(["rehearse", str(file), "--json"], environment, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    (ledger,) = json.loads(result.stdout)
    assert set(ledger) == {"id", "tickets", "said"}
    assert set(ledger["tickets"][0]) == {
        "ref", "number", "intent", "category", "urgent", "building", "unit", "room", "status", "private",
        "opened_by_event", "reporters", "history",
    }  # fmt: skip
    assert set(ledger["tickets"][0]["history"][0]) == {"kind", "by", "event", "at_minutes"}
    assert set(ledger["said"][0]) == {"setting", "to", "text", "at_minutes", "in_answer_to", "ticket"}


def test_an_export_is_read_by_the_same_command(tmp_path: Path, environment: dict[str, str]) -> None:
    file = tmp_path / "chat.txt"
    file.write_text("标题\n2026-11-23 09:00 小罗: 电梯坏了\n2026-11-23 09:03 许姐: 收到\n", encoding="utf-8")
    said = command(["rehearse", str(file), "--area", "7栋1单元", "--leader", "许姐"], environment, cwd=tmp_path)
    assert said.returncode == 0, said.stderr
    assert "第1行" in said.stdout
    assert "（7栋1单元）" in said.stdout
    wrong = command(["rehearse", str(file), "--leader", "没这个人"], environment, cwd=tmp_path)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "--leader 没这个人" in wrong.stderr


def broken(**change: object) -> str:
    return json.dumps([{**one_scene(), **change}])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{", "JSON"),
        ("{}", "list"),
        ("[1]", "[0]"),
        (broken(id=""), "[0].id"),
        (broken(events=None), "[0].events"),
        (broken(area={"building": 7}), "[0].area.building"),
        (broken(participants=[{"user_id": "r", "role": "king", "name": "甲"}]), "[0].participants[0].role"),
        (broken(events=[{"user_id": "r", "text": "早", "at_minutes": "x"}]), "[0].events[0].at_minutes"),
        (broken(events=[{"user_id": "r", "text": "早", "at_minutes": 1e12}]), "[0].events[0].at_minutes"),
        (broken(events=[{"user_id": "r", "text": "早", "at_minutes": float("nan")}]), "[0].events[0].at_minutes"),
        (broken(events=[{"user_id": "r", "text": 5, "at_minutes": 1}]), "[0].events[0].text"),
        (
            broken(events=[{"user_id": "r", "text": "早", "at_minutes": 1, "setting": "street"}]),
            "[0].events[0].setting",
        ),
        (broken(starts_at="tomorrow"), "[0].starts_at"),
    ],
)
def test_a_wrong_scene_is_named_by_its_place(text: str, named: str) -> None:
    with pytest.raises(SceneError) as caught:
        read_json(text)
    assert named in str(caught.value)


def test_half_a_character_is_no_reason_to_fail(understanding: Understanding) -> None:
    events = [{"user_id": "r", "text": "电梯坏了\ud83d", "at_minutes": 0}]
    (one,) = rehearse(Settings(), understanding, read_json(broken(events=events)))
    assert len(one.ledger["tickets"]) == 1
