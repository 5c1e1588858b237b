"""Every configured channel, connected. A kind is found by its module's name; what is not configured is not imported."""

import importlib

from bot.channels import Channel
from bot.channels.token_store import TokenStore
from bot.settings import Settings


def connect_all(settings: Settings, token_store: TokenStore | None = None) -> dict[str, Channel]:
    """The channels by name. token_store: where access tokens are shared between processes; None: each keeps its own.

    Each `bot/channels/<kind>.py` offers `connect(name, section, token_store=None) -> Channel`. Raises SettingsError
    where a section cannot be used.
    """
    return {name: _connect(name, settings, token_store) for name in settings.channels}


def _connect(name: str, settings: Settings, token_store: TokenStore | None) -> Channel:
    section = settings.channels[name]
    module = importlib.import_module(f"bot.channels.{section.kind}")
    channel: Channel = module.connect(name, section, token_store)
    return channel
