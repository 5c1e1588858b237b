"""A platform for every test that sends."""

from collections.abc import Iterator

import pytest

from tests.channels.platform import Platform, running


@pytest.fixture
def platform() -> Iterator[Platform]:
    with running() as started:
        yield started


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time-outs of 0.3 s in place of seconds."""
    monkeypatch.setattr("bot.channels.courier.TIMEOUT", (0.3, 0.3))
    monkeypatch.setattr("bot.channels.wechat_client.TIMEOUT", (0.3, 0.3))
