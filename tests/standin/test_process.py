"""The stand-in as a process of its own, and its configuration."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from standin.config import ConfigError, load
from tests.standin.cast import CHATS, config

SMALL = {"hook_base": "http://127.0.0.1:9", "channels": {"wechat": {"kind": "wechat", "token": "t"}}}


@pytest.mark.parametrize("by", ["file", "environment"])
def test_it_prints_its_url_serves_there_and_ends_at_sigterm(tmp_path: Path, by: str) -> None:
    text = config("http://127.0.0.1:9").model_dump_json()
    (tmp_path / "standin.json").write_text(text, encoding="utf-8")
    told = ["--config", str(tmp_path / "standin.json")] if by == "file" else []
    environ = {**os.environ, **({} if by == "file" else {"STANDIN_CONFIG": text})}
    with subprocess.Popen(
        [sys.executable, "-m", "standin", *told], stdout=subprocess.PIPE, text=True, env=environ
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")
        assert requests.get(url + "/health", timeout=5).json()["ok"] is True
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"colour": "red"}, "colour"),
        ({"people": [{"id": "a", "name": "甲"}, {"id": "a", "name": "乙"}]}, "people"),
        ({"chats": [{"id": "g", "channel": "nowhere"}]}, "nowhere"),
        ({"chats": [{"id": "g", "channel": "wechat"}]}, "hears no groups"),
        ({"phones": ["nobody"]}, "nobody"),
        ({"people": [{"id": "bot", "name": "甲"}]}, "bot"),
    ],
)
def test_a_configuration_that_does_not_fit_is_refused_by_name(
    tmp_path: Path, wrong: dict[str, object], named: str
) -> None:
    path = tmp_path / "standin.json"
    path.write_text(json.dumps({**SMALL, **wrong}), encoding="utf-8")
    with pytest.raises(ConfigError, match=named):
        load(path, {})


def test_a_missing_or_broken_file_is_refused_without_showing_it(tmp_path: Path) -> None:
    path = tmp_path / "standin.json"
    with pytest.raises(ConfigError):
        load(path, {})
    path.write_text('{"hook_base": "s3cret', encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load(path, {})
    assert "s3cret" not in str(refused.value)


def test_everybody_has_a_private_chat_and_the_groups_stand_behind() -> None:
    rooms = config("http://127.0.0.1:9").rooms()
    assert [room.id for room in rooms[:4]] == ["private:wang", "private:zhou", "private:li", "private:chen"]
    assert [room.id for room in rooms[4:]] == [chat["id"] for chat in CHATS]
