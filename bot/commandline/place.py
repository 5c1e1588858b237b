"""Where a command works: its configuration and its data folder."""

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bot import services, staging
from bot import settings as configuration
from bot.services import Services
from bot.settings import Settings

ROOT = Path(__file__).parents[2]


@dataclass
class Place:
    """--config and --data, wherever on the line they stood."""

    config: Path | None = None
    data: Path = Path("data")

    def settings(self) -> Settings:
        """The settings; in the sample (for children of `run`) with its channels. Raises SettingsError."""
        standin = os.environ.get(staging.STANDIN)
        channels = staging.channels(self.data, standin) if standin else None
        return configuration.load(self.file(), self.data, os.environ, sample_channels=channels)

    def ready(self) -> Services:
        """Services on a database at the right revision, with the words that are in force."""
        built = services.build(self.settings(), live=True)
        built.engine.dispose()
        return built

    def keywords(self) -> Path:
        """The folder of the keyword files. Raises SettingsError."""
        folder = self.settings().keywords
        return Path(folder) if folder else services.KEYWORDS

    def file(self) -> Path | None:
        default = ROOT / "config.toml"
        return self.config or (default if default.exists() else None)


def placed(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command --config and --data, and hand it the Place."""

    @click.option(
        "--config", type=click.Path(path_type=Path), help="The configuration; else config.toml beside app.py."
    )
    @click.option("--data", type=click.Path(path_type=Path), help="The folder for what is kept; else ./data.")
    @functools.wraps(command)
    def wrapper(config: Path | None, data: Path | None, **rest: Any) -> Any:
        place = click.get_current_context().ensure_object(Place)
        place.config = config or place.config
        place.data = data or place.data
        return command(place, **rest)

    return wrapper
