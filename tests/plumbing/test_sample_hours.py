"""The sample can be tried at any hour; a configured community sleeps."""

from datetime import datetime
from pathlib import Path

import pytest

from bot import clocks, settings

HOURS = "[hours]\nsilent_from = 22:00:00\nsilent_to = 07:30:00\n"
CHANNEL = {"kind": "wechat", "area": "XF", "mode": "plain", "token": "a-token-for-tests"}


@pytest.mark.parametrize("sample", [True, False])
def test_at_night_the_sample_alone_is_awake(tmp_path: Path, sample: bool) -> None:
    file = tmp_path / "config.toml"
    file.write_text(HOURS, encoding="utf-8")
    loaded = settings.load(file, tmp_path, {}, sample_channels={"oa": CHANNEL} if sample else None)
    late = datetime(2026, 11, 26, 23, 0, tzinfo=loaded.zone)
    assert clocks.is_silent(late, loaded.hours, loaded.zone) is not sample
