"""The gateway of telephones: it is told numbers and words, signed, and heard from never."""

import hashlib
import hmac
from pathlib import Path

import pytest

from bot.channels import Channel, DeliveryError, Hook, Line, Rejected
from bot.channels.phone import connect
from bot.settings import ChannelSection, SettingsError, load
from tests.channels import kits
from tests.channels.platform import Platform, Says

CALL = Line("event:7:phone3", "13800002222", False, "社区急事：3栋2单元煤气味(#1)。")


def gateway(platform: Platform) -> Channel:
    section = ChannelSection.model_validate({"kind": "phone", "secret": kits.SECRET, "url": f"{platform.url}/call"})
    return connect("duty", section)


def test_a_call_is_one_signed_post(platform: Platform) -> None:
    gateway(platform).send(CALL)

    (asked,) = platform.asked
    assert asked.json == {"key": "event:7:phone3", "chat": "13800002222", "text": CALL.text, "reply_to": None}
    expected = hmac.new(kits.SECRET.encode(), asked.body, hashlib.sha256).hexdigest()
    assert asked.headers["x-signature"].endswith(expected)


@pytest.mark.parametrize(("status", "permanent"), [(400, True), (404, True), (429, False), (503, False)])
def test_a_refusal_is_tried_again_or_not_and_names_no_number(platform: Platform, status: int, permanent: bool) -> None:
    platform.says(Says({"error": "13800002222"}, status=status))
    with pytest.raises(DeliveryError) as refused:
        gateway(platform).send(CALL)
    assert refused.value.permanent is permanent
    assert "1380000" not in str(refused.value)


def test_nobody_is_heard_through_it(platform: Platform) -> None:
    body = b'{"text": "13800002222"}'
    signature = hmac.new(kits.SECRET.encode(), body, hashlib.sha256).hexdigest()
    for hook in (Hook("GET", {}, {}, b""), Hook("POST", {}, {"x-signature": f"sha256={signature}"}, body)):
        with pytest.raises(Rejected):
            gateway(platform).read(hook)


@pytest.mark.parametrize(("environ", "missing"), [({}, "PHONE_SECRET"), ({"PHONE_SECRET": "long-enough"}, "PHONE_URL")])
def test_without_an_address_or_a_secret_it_does_not_start(
    environ: dict[str, str], missing: str, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[channels.duty]\nkind = "phone"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=missing):
        load(file, tmp_path, environ)
