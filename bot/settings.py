"""Settings: config.toml, with secrets and addresses from the environment. Wrong ones refuse to start, by name.

Every key is explained in config.toml, which is the operator's manual. Secrets never stand in a file.
"""

import tomllib
from collections.abc import Mapping
from datetime import time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator

from bot import calendar
from bot.calendar import OwnDays, WorkCalendar
from bot.hours import ClocksSection, HoursSection, Section, TimesSection
from bot.sections import (
    ConsoleSection,
    DigestSection,
    MediaSection,
    OrdersSection,
    PhonesSection,
    RatingsSection,
    ReviewsSection,
    StationSection,
    StormSection,
)
from models.directory import Level

SHIPPED = Path(__file__).parent.parent / "keywords"

# What each channel kind takes from the environment: setting name -> variable suffix.
CHANNEL_ENVIRONMENT: Mapping[str, Mapping[str, str]] = {
    "wechat": {
        "appid": "APPID",
        "token": "TOKEN",
        "aes_key": "AES_KEY",
        "aes_key_previous": "AES_KEY_PREVIOUS",
        "secret": "SECRET",
        "api_base": "API_BASE",
    },
    "onebot": {"secret": "SECRET", "api_base": "API_BASE", "access_token": "ACCESS_TOKEN"},
    "onebot12": {"token": "TOKEN", "api_base": "API_BASE"},
    "webhook": {"secret": "SECRET", "url": "URL"},
    "phone": {"secret": "SECRET", "url": "URL"},
}

# What else comes from the environment: section, key, variable.
FURTHER = (("database", "url", "DATABASE_URL"), ("redis", "url", "REDIS_URL"), ("console", "secret", "CONSOLE_SECRET"))

# Secrets that stand in tutorials: whoever finds the hook would try these first.
SHORTEST_SECRET = 32
DEFAULT_SECRETS = {"", "token", "secret", "changeme", "change-me", "password", "123456", "weixin", "wechat", "test"}


class SettingsError(Exception):
    """The configuration cannot be used; the message names the key and what is wrong with it."""


class ServiceSection(Section):
    name: str = "小单"
    timezone: str = "Asia/Shanghai"
    public_url: str = ""

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"no such time zone: {value}") from error
        return value


class DatabaseSection(Section):
    url: str = ""
    synchronous: Literal["FULL", "NORMAL"] = "FULL"
    wait_seconds: Annotated[float, Field(gt=0, le=4)] = 2.0


class RedisSection(Section):
    url: str = ""


class WebSection(Section):
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    workers: Annotated[int, Field(ge=0, le=64)] = 0  # 0: one on SQLite, one a core on PostgreSQL
    threads: Annotated[int, Field(ge=1, le=64)] = 4
    max_body_bytes: Annotated[int, Field(ge=1024)] = 65536


Words = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=20)], ...], Field(min_length=1)]
ReachStep = Literal["leaders_chat", "unit_group", "private", "staff_chat"]


class ReachSection(Section):
    """Where somebody is told, in order. What cannot be delivered in time goes the next way."""

    leader: tuple[ReachStep, ...] = ("leaders_chat", "unit_group", "private", "staff_chat")
    staff: tuple[ReachStep, ...] = ("staff_chat", "private")
    property: tuple[ReachStep, ...] = ("private", "staff_chat")


class ChannelSection(Section):
    """One configured channel. Which fields count depends on the kind; secrets come from the environment."""

    kind: Literal["wechat", "onebot", "onebot12", "webhook", "phone"]
    area: str = ""
    env: str = ""  # the prefix of its variables; empty: the kind in capitals
    mode: Literal["plain", "compatible", "safe"] = "safe"
    account: Literal["verified", "unverified"] = "verified"
    appid: str = ""
    token: SecretStr = SecretStr("")
    aes_key: SecretStr = SecretStr("")
    aes_key_previous: SecretStr = SecretStr("")
    secret: SecretStr = SecretStr("")
    access_token: SecretStr = SecretStr("")
    api_base: str = ""
    url: str = ""
    media_hosts: tuple[Annotated[str, Field(min_length=3)], ...] = ("qq.com", "qq.com.cn", "qpic.cn")


class Settings(Section):
    """All settings of one installation."""

    service: ServiceSection = ServiceSection()
    database: DatabaseSection = DatabaseSection()
    redis: RedisSection = RedisSection()
    web: WebSection = WebSection()
    console: ConsoleSection = ConsoleSection()
    hours: HoursSection = HoursSection()
    clocks: ClocksSection = ClocksSection()
    times: TimesSection = TimesSection()
    storm: StormSection = StormSection()
    reviews: ReviewsSection = ReviewsSection()
    orders: OrdersSection = OrdersSection()
    ratings: RatingsSection = RatingsSection()
    digest: DigestSection = DigestSection()
    media: MediaSection = MediaSection()
    phones: PhonesSection = PhonesSection()
    stations: tuple[StationSection, ...] = ()
    reach: ReachSection = ReachSection()
    levels: dict[Level, Words] = Field(default_factory=dict)  # own words for the levels of the area tree
    channels: dict[str, ChannelSection] = Field(default_factory=dict)
    keywords: str = ""  # a folder in place of the shipped keywords/
    data: Path = Path("data")
    sample: bool = False  # set by `run` alone: the fictional sample with its stand-in platform

    @field_validator("levels")
    @classmethod
    def _one_level_a_word(cls, value: dict[Level, tuple[str, ...]]) -> dict[Level, tuple[str, ...]]:
        said = [word for words in value.values() for word in words]
        twice = next((word for word in said if said.count(word) > 1), None)
        if twice is not None:
            raise ValueError(f"{twice} names two levels")
        return value

    @model_validator(mode="after")
    def _told_awake(self) -> "Settings":
        self.digest.require_awake(self.hours)
        return self

    @property
    def keyword_files(self) -> Path:
        """The folder of the installation's keyword files: version 0 of the words."""
        return Path(self.keywords) if self.keywords else SHIPPED

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.service.timezone)

    @cached_property
    def calendar(self) -> WorkCalendar:
        """The days that are worked, with the installation's own. Raises SettingsError where its file cannot be used."""
        return _calendar(self.hours.calendar)

    @property
    def reach_after(self) -> timedelta:
        return timedelta(seconds=self.times.reach_seconds)


def load(
    config: Path | None,
    data: Path,
    environ: Mapping[str, str],
    *,
    sample_channels: Mapping[str, Mapping[str, str]] | None = None,
) -> Settings:
    """Read config.toml (where given), lay the environment over it and check everything.

    sample_channels: the sample's channels with generated secrets, used only where the file configures no channel;
    what the environment sets wins over them. Raises SettingsError naming the key or variable.
    """
    raw = _read(config)
    for section, key, variable in FURTHER:
        if environ.get(variable):
            raw.setdefault(section, {})[key] = environ[variable]
    sample = sample_channels is not None and not raw.get("channels")
    if sample_channels is not None and sample:
        raw["channels"] = {name: dict(fields) for name, fields in sample_channels.items()}
        # Whoever tries the sample late in the evening must not wait for the card until the morning.
        raw["hours"] = raw.get("hours", {}) | {"silent_from": time(0), "silent_to": time(0)}
    for name, fields in raw.get("channels", {}).items():
        _lay_environment(name, fields, environ)
    try:
        settings = Settings.model_validate({**raw, "data": data, "sample": sample})
    except ValidationError as error:
        raise SettingsError(_explain(error)) from error
    _refuse_weak_secrets(settings)
    _ = settings.calendar  # a file that cannot be used stops the start, not the first message
    return settings


def _calendar(file: str) -> WorkCalendar:
    if not file:
        return calendar.shipped()
    try:
        own = OwnDays.model_validate(tomllib.loads(Path(file).read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"hours.calendar: {file}: {error}") from error
    except ValidationError as error:
        raise SettingsError(f"hours.calendar: {file}: {_explain(error)}") from error
    return calendar.with_own(calendar.shipped(), own)


def _read(config: Path | None) -> dict[str, Any]:
    if config is None:
        return {}
    try:
        raw: dict[str, Any] = tomllib.loads(config.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SettingsError(f"{config}: no such file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{config}: {error}") from error
    for key in ("data", "sample"):
        if key in raw:
            raise SettingsError(f"{key}: is given on the command line, not in the file")
    if raw.get("console", {}).get("secret"):
        raise SettingsError("console.secret: a secret belongs in the environment (CONSOLE_SECRET), not in the file")
    for name, fields in raw.get("channels", {}).items():
        _refuse_secrets_in_file(name, fields)
    return raw


def _refuse_secrets_in_file(name: str, fields: object) -> None:
    if not isinstance(fields, dict):
        raise SettingsError(f"channels.{name}: must be a section")
    for key in ("token", "aes_key", "aes_key_previous", "secret", "access_token"):
        if key in fields:
            raise SettingsError(f"channels.{name}.{key}: a secret belongs in the environment, not in the file")


def _lay_environment(name: str, fields: dict[str, object], environ: Mapping[str, str]) -> None:
    kind = str(fields.get("kind", ""))
    prefix = str(fields.get("env") or kind.upper())
    for key, suffix in CHANNEL_ENVIRONMENT.get(kind, {}).items():
        value = environ.get(f"{prefix}_{suffix}")
        if value:
            fields[key] = value


def _explain(error: ValidationError) -> str:
    lines = []
    for item in error.errors(include_input=False, include_url=False):
        key = ".".join(str(part) for part in item["loc"])
        lines.append(f"{key}: {'unknown key' if item['type'] == 'extra_forbidden' else item['msg']}")
    return "; ".join(lines)


def _refuse_weak_secrets(settings: Settings) -> None:
    own = settings.console.secret.get_secret_value()
    if own and len(own) < SHORTEST_SECRET:
        raise SettingsError(f"CONSOLE_SECRET: at least {SHORTEST_SECRET} characters")
    needed = {"wechat": ("token",), "onebot": ("secret",), "onebot12": ("token",), "webhook": ("secret",),
              "phone": ("secret", "url")}  # fmt: skip
    for name, channel in settings.channels.items():
        prefix = channel.env or channel.kind.upper()
        keys = list(needed[channel.kind])
        if channel.kind == "wechat" and channel.mode != "plain":
            keys.append("aes_key")
            if not channel.appid:
                raise SettingsError(f"{prefix}_APPID: missing, channels.{name} needs it in {channel.mode} mode")
        if channel.kind == "wechat" and channel.account == "verified" and not settings.sample:
            keys.append("secret")
        for key in keys:
            value: SecretStr | str = getattr(channel, key)
            variable = f"{prefix}_{CHANNEL_ENVIRONMENT[channel.kind][key]}"
            secret = value if isinstance(value, str) else value.get_secret_value()
            if not secret:
                raise SettingsError(f"{variable}: missing, channels.{name} needs it")
            if not settings.sample and secret.lower() in DEFAULT_SECRETS:
                raise SettingsError(f"{variable}: a default secret is no secret")
