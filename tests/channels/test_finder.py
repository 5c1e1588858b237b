"""Only what is configured is connected, and only that is imported."""

import subprocess
import sys

import pytest

from bot.channels.finder import connect_all
from bot.settings import Settings, SettingsError
from tests.channels import kits

SECTIONS = {
    "front": {"kind": "wechat", "token": kits.TOKEN, "aes_key": kits.AES_KEY, "appid": kits.APPID},
    "groups": {"kind": "onebot", "secret": kits.SECRET},
    "more": {"kind": "onebot12", "token": kits.TOKEN},
    "own": {"kind": "webhook", "secret": kits.SECRET},
}


def test_every_configured_channel_is_connected_under_its_name() -> None:
    channels = connect_all(Settings.model_validate({"channels": SECTIONS}))
    assert {name: channel.name for name, channel in channels.items()} == {name: name for name in SECTIONS}
    assert {name: type(channel).__module__.rpartition(".")[2] for name, channel in channels.items()} == {
        name: section["kind"] for name, section in SECTIONS.items()
    }


def test_no_channel_is_no_channel() -> None:
    assert connect_all(Settings()) == {}


def test_a_section_that_cannot_be_used_stops_the_start_with_its_name() -> None:
    section = {**SECTIONS["front"], "aes_key": "short"}
    with pytest.raises(SettingsError, match=r"channels\.front\.aes_key"):
        connect_all(Settings.model_validate({"channels": {"front": section}}))


def test_a_kind_that_is_not_configured_is_not_imported() -> None:
    code = (
        "import sys\n"
        "from bot.channels.finder import connect_all\n"
        "from bot.settings import Settings\n"
        "connect_all(Settings.model_validate({'channels': {'own': {'kind': 'webhook', 'secret': 'x'}}}))\n"
        "print([name for name in ('bot.channels.wechat', 'bot.channels.onebot', 'wechatpy') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
