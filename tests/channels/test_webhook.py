"""Our own webhook: signed both ways, and errors that a developer can mend."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.channels import Channel, DeliveryError, Hook, Line, Rejected
from tests.channels import kits
from tests.channels.platform import Platform, Says

LINE = Line("event:1:2", "g-1", False, "电梯修好了。", reply_to="m-1")
DOCS = Path(__file__).parents[2] / "docs" / "channels.md"


def receiver(platform: Platform, path: str = "/in") -> Channel:
    return kits.connect("webhook", url=platform.url + path)


def refused(platform: Platform, answer: Says) -> DeliveryError:
    platform.says(answer)
    with pytest.raises(DeliveryError) as caught:
        receiver(platform).send(LINE)
    return caught.value


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff", b'{"time": NaN}', b'{"id": Infinity}', b"[" * 60_000]
)
def test_bad_json_with_a_genuine_signature_is_answered_with_its_fault(body: bytes) -> None:
    reading = kits.connect("webhook").read(kits.signed_json("webhook", body))
    answer = reading.reply(None)
    assert reading.lines == ()
    assert answer.status == 400
    assert answer.content_type.startswith("application/json")
    assert json.loads(answer.body)["error"].startswith("body: ")


def test_an_error_names_the_field_and_quotes_nothing() -> None:
    body = {"id": "m-1", "time": "王大爷", "chat": {"id": "g", "kind": "王大爷"}, "user": {"id": ["王大爷"]}, "text": 7}
    reading = kits.connect("webhook").read(kits.signed_json("webhook", body))
    error = json.loads(reading.reply(None).body)["error"]
    assert [part.split(": ")[0] for part in error.split("; ")] == ["time", "chat.kind", "user.id", "text"]
    assert "王大爷" not in error
    assert reading.unreadable == error


def test_a_signature_without_its_prefix_or_of_another_digest_is_rejected() -> None:
    body = b"{}"
    good = kits.signed_with("sha256", kits.SECRET, body)
    for header in (good.removeprefix("sha256="), kits.signed_with("sha1", kits.SECRET, body), good + "0"):
        with pytest.raises(Rejected):
            kits.connect("webhook").read(Hook("POST", {}, {"x-signature": header}, body))


def test_a_line_goes_out_signed_over_its_raw_body(platform: Platform) -> None:
    platform.says(Says(b"", status=204))
    assert receiver(platform).send(LINE) is None
    (asked,) = platform.asked
    assert asked.path == "/in"
    assert asked.headers["x-signature"] == kits.signed_with("sha256", kits.SECRET, asked.body)
    assert asked.json == {"key": "event:1:2", "chat": "g-1", "text": "电梯修好了。", "reply_to": "m-1"}


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_success_has_taken_the_line(platform: Platform, status: int) -> None:
    platform.says(Says(b"not json" if status != 204 else b"", status=status))
    assert receiver(platform).send(LINE) is None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 422])
def test_a_refusal_is_final(platform: Platform, status: int) -> None:
    error = refused(platform, Says(b"", status=status))
    assert error.permanent
    assert str(error) == f"HTTP {status}"


@pytest.mark.parametrize("status", [302, 307, 408, 425, 429, 500, 502, 503, 504])
def test_a_passing_trouble_is_not(platform: Platform, status: int) -> None:
    error = refused(platform, Says(b"", status=status, headers={"Location": platform.url + "/elsewhere"}))
    assert not error.permanent
    assert len(platform.asked) == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("0", 0.0), ("120", 120.0), ("999999999", 86400.0), ("-5", None), ("soon", None), ("", None), ("1e9", None)],
)
def test_a_wish_to_wait_is_read_with_care(platform: Platform, header: str, seconds: float | None) -> None:
    assert refused(platform, Says(b"", status=503, headers={"Retry-After": header})).retry_after == seconds


def test_a_date_to_wait_for_counts_from_the_answers_own_date(platform: Platform) -> None:
    headers = {"Retry-After": "Fri, 22 Nov 2024 00:02:00 GMT"}
    error = refused(platform, Says(b"", status=503, headers=headers))
    assert error.retry_after == 0.0  # that day has passed


# Stands in where the machine has no openssl; takes the one call that the documentation makes.
OPENSSL = """#!{python}
import hmac, sys
assert sys.argv[1:4] == ["dgst", "-sha256", "-hmac"] and len(sys.argv) == 5
print("SHA2-256(stdin)= " + hmac.new(sys.argv[4].encode(), sys.stdin.buffer.read(), "sha256").hexdigest())
"""
CURL = """#!{python}
import json, os, sys
with open(os.environ["OUT"], "w", encoding="utf-8") as out:
    json.dump(sys.argv[1:], out)
"""


def program(path: Path, source: str) -> None:
    path.write_text(source.format(python=sys.executable), encoding="utf-8")
    path.chmod(0o755)


def test_the_documented_shell_example_is_heard(tmp_path: Path) -> None:
    """docs/channels.md signs with openssl; what it makes is what we accept."""
    example = DOCS.read_text(encoding="utf-8").split("<!-- webhook example -->\n```sh\n")[1].split("```")[0]
    program(tmp_path / "curl", CURL)
    if shutil.which("openssl") is None:
        program(tmp_path / "openssl", OPENSSL)
    out = tmp_path / "out"
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "OUT": str(out)}
    environment["WEBHOOK_SECRET"] = kits.SECRET
    subprocess.run(["sh", "-eu", "-c", example], check=True, env=environment)
    arguments = json.loads(out.read_text(encoding="utf-8"))
    assert arguments[1] == "http://127.0.0.1:8000/hooks/webhook"
    header = next(each for each in arguments if each.startswith("X-Signature: "))
    body = arguments[arguments.index("--data-binary") + 1].encode()
    hook = Hook("POST", {}, {"x-signature": header.removeprefix("X-Signature: ")}, body)
    (line,) = kits.connect("webhook").read(hook).lines
    assert line.text == "3栋2单元电梯坏了"
