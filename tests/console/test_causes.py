"""Every cause that a channel can give is said in plain words, with what helps."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels import wechat_client
from bot.console import causes
from bot.console.causes import Helps, cause
from tests.console.place import Place

BOT = Path(causes.__file__).parents[1]
SOURCES = [*sorted((BOT / "channels").glob("*.py")), BOT / "jobs.py", BOT / "owed.py"]
CODES = {**wechat_client._PARKED, **wechat_client._PERMANENT, **wechat_client._LATER}


def given() -> Iterator[str]:
    """The causes as they stand in the source, with a status where they name one."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("DeliveryError") and node.args:
                said = node.args[0]
                if isinstance(said, ast.JoinedStr):
                    yield "".join(str(part.value) if isinstance(part, ast.Constant) else "503" for part in said.values)
                else:
                    yield str(said.value) if isinstance(said, ast.Constant) else "ValueError"


def test_no_cause_of_a_channel_is_unknown() -> None:
    found = set(given())
    assert {"no connection", "HTTP 503", "the bridge refused, retcode 503", "no url configured"} <= found
    assert {raw for raw in found if getattr(cause(raw), "key", None) == "other"} == set()
    for code, meaning in CODES.items():
        known = cause(f"WeChat {code}: {meaning}")
        assert known is not None
        assert known.key != "wechat_other", code
    assert 'error": "no chat"' in (BOT / "owed.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("raw", "key", "helps"),
    [
        ("WeChat 45015: 48 hours have passed", "silent_48h", Helps.THEM),
        ("WeChat 99999: unexpected", "wechat_other", Helps.RUNNER),
        ("HTTP 502", "busy", Helps.TIME),
        ("HTTP 401: the bridge refuses our token", "keys", Helps.RUNNER),
        ("HTTP 302", "no_answer", Helps.TIME),
        ("HTTP 400", "not_taken", Helps.RUNNER),
        ("no chat", "nobody", Helps.THEM),
        ("channel <b>oa</b> is not configured", "unconfigured", Helps.RUNNER),
        ("KeyError", "fault", Helps.RUNNER),
        ("what is this?", "other", Helps.RUNNER),
    ],
)
def test_what_a_cause_means(raw: str, key: str, helps: Helps) -> None:
    assert cause(raw) == causes.Cause(key, helps, raw)


def test_what_has_not_failed_has_no_cause() -> None:
    assert cause(None) is None
    assert cause("") is None


def test_the_page_has_words_for_every_cause(place: Place) -> None:
    keys = {*causes._WECHAT.values(), *((key, helps) for _, key, helps in causes._SAID)}
    with place.app.test_request_context():
        words = place.app.jinja_env.get_template("console/causes.html").module
    assert set(words.WHAT) == {key for key, _ in keys} | {"wechat_other", "other"}  # type: ignore[attr-defined]
    assert set(words.HELP) == {key for key, helps in keys if helps is Helps.THEM}  # type: ignore[attr-defined]
    said = "".join((*words.WHAT.values(), *words.HELP.values()))  # type: ignore[attr-defined]
    assert re.findall(r"[A-Za-z！]", said) == []
