"""What the stand-in must be told: where the hooks are, the shared secrets, and the cast.

One JSON object, read from the file named on the command line or from the variable STANDIN_CONFIG:

    {"hook_base": "http://127.0.0.1:8000",
     "bot_name": "小单",
     "channels": {"wechat": {"kind": "wechat", "appid": "wx…", "token": "…", "aes_key": "…", "secret": "…"},
                  "onebot": {"kind": "onebot", "secret": "…", "access_token": "…"}},
     "people": [{"id": "wang", "name": "王阿姨", "role": "居民", "part": "resident", "about": "3栋2单元502"}],
     "chats": [{"id": "3d2@chatroom", "kind": "group", "name": "3栋2单元邻里群", "members": ["wang"],
                "channel": "onebot"}],
     "phones": ["wang"]}

A channel's keys are named as in the service's own settings. Everybody gets a private chat with the Official Account
by themselves (see `Config.rooms`), so `chats` needs to list groups only.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

ChannelKind = Literal["wechat", "onebot", "onebot12", "webhook"]
Part = Literal["resident", "leader", "staff", "property", "volunteer"]

BOT = "bot"  # who a message is `by` when the service sent it
RESERVED = {"say", "act", "since", "cast", "control", "calls", "health"}  # addresses of the stand-in itself


class ConfigError(Exception):
    """The configuration cannot be used; the message names the key."""


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Channel(Model):
    """One platform as it is shared with the service. Which keys count depends on the kind."""

    kind: ChannelKind
    hook: str = ""  # the hook's path; empty: /hooks/<channel name>
    appid: str = ""  # wechat
    token: str = ""  # wechat: signs callbacks; onebot12: bearer token both ways
    aes_key: str = ""  # wechat
    secret: str = ""  # wechat: AppSecret; onebot: signs callbacks; webhook: signs both ways
    access_token: str = ""  # onebot: bearer token of the bridge's own API
    mode: Literal["", "plain", "compatible", "safe"] = ""  # wechat; empty: safe where aes_key is set, else plain
    account: Literal["verified", "unverified"] = "verified"  # wechat: an unverified account may only answer
    original_id: str = "gh_danyuan"  # wechat: the account's own name in its messages
    strangers: bool = False  # wechat: takes lines for whoever is not in the cast as well, and shows them nowhere
    self_id: str = "10001"  # onebot, onebot12: the bot's user id at the bridge

    @property
    def sealed(self) -> Literal["plain", "compatible", "safe"]:
        """The mode in force."""
        if self.mode:
            return self.mode
        return "safe" if self.aes_key else "plain"


class Person(Model):
    """Somebody of the cast. `id` is their user id on every channel that `accounts` does not name."""

    id: Annotated[str, Field(min_length=1)]
    name: Annotated[str, Field(min_length=1)]
    role: str = "居民"  # as shown
    part: Part = "resident"  # which suggestions the page offers
    about: str = ""  # as shown under the name
    accounts: Mapping[str, str] = Field(default_factory=dict)  # channel name -> user id
    following: bool = True  # follows the Official Account at the start
    lines: tuple[str, ...] = ()  # suggestions of their own, in place of the part's

    def account(self, channel: str) -> str:
        return self.accounts.get(channel, self.id)


class Chat(Model):
    """A group or a private talk with the bot. A group's `id` is its id at the bridge; digits go as a number (v11)."""

    id: Annotated[str, Field(min_length=1)]
    kind: Literal["private", "group"] = "group"
    name: str = ""
    members: tuple[str, ...] = ()
    channel: str
    about: str = ""


class Config(Model):
    """All that the stand-in is told. Raises ValidationError (load: ConfigError) where names do not fit together."""

    hook_base: str
    bot_name: str = "小单"
    channels: Mapping[str, Channel]
    people: tuple[Person, ...] = ()
    chats: tuple[Chat, ...] = ()
    phones: tuple[str, ...] = ()  # whose phones the page shows at first; empty: it chooses
    callback_seconds: Annotated[float, Field(gt=0)] = 5.0  # WeChat hangs up after 5 s
    callback_tries: Annotated[int, Field(ge=1)] = 3  # and tries three times in all

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        people = {person.id for person in self.people}
        _once("people", (person.id for person in self.people))
        _once("chats", (chat.id for chat in self.chats))
        if wrong := RESERVED & set(self.channels):
            raise ValueError(f"channels.{min(wrong)}: the name is taken by the stand-in itself")
        if BOT in people:
            raise ValueError(f"people: the id {BOT!r} is the bot's")
        for chat in self.chats:
            self._chat_fits(chat, people)
        if missing := set(self.phones) - people:
            raise ValueError(f"phones: nobody is called {min(missing)}")
        return self

    def _chat_fits(self, chat: Chat, people: set[str]) -> None:
        if chat.channel not in self.channels:
            raise ValueError(f"chats.{chat.id}: no channel {chat.channel}")
        if chat.kind == "group" and self.channels[chat.channel].kind == "wechat":
            raise ValueError(f"chats.{chat.id}: an Official Account hears no groups")
        if missing := set(chat.members) - people:
            raise ValueError(f"chats.{chat.id}: nobody is called {min(missing)}")
        if chat.kind == "private" and len(chat.members) != 1:
            raise ValueError(f"chats.{chat.id}: a private chat has one member")

    def rooms(self) -> tuple[Chat, ...]:
        """All chats: one with each Official Account for everybody (id `private:<person>`), then those listed."""
        return (*self._private_rooms(), *self.chats)

    def _private_rooms(self) -> Iterable[Chat]:
        listed = {(chat.channel, chat.members[0]) for chat in self.chats if chat.kind == "private"}
        accounts = [name for name, channel in self.channels.items() if channel.kind == "wechat"]
        for order, name in enumerate(accounts):
            for person in self.people:
                if (name, person.id) not in listed:
                    chat_id = private_chat(person.id) if order == 0 else f"{private_chat(person.id)}:{name}"
                    yield Chat(id=chat_id, kind="private", name=self.bot_name, members=(person.id,), channel=name)


def private_chat(person_id: str) -> str:
    """The id of somebody's chat with the (first) Official Account."""
    return f"private:{person_id}"


def load(path: Path | None, environ: Mapping[str, str]) -> Config:
    """Read the file, else the variable STANDIN_CONFIG (JSON itself). Raises ConfigError; it never shows a value."""
    try:
        text = path.read_text(encoding="utf-8") if path else environ.get("STANDIN_CONFIG", "")
        return Config.model_validate(json.loads(text))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read") from error
    except json.JSONDecodeError as error:
        raise ConfigError(f"{path or 'STANDIN_CONFIG'}: not JSON (line {error.lineno})") from error
    except ValidationError as error:
        raise ConfigError(_explain(error)) from error


def _once(what: str, ids: Iterable[str]) -> None:
    twice = [name for name, count in Counter(ids).items() if count > 1]
    if twice:
        raise ValueError(f"{what}: {twice[0]} stands twice")


def _explain(error: ValidationError) -> str:
    items = error.errors(include_input=False, include_url=False)
    return "; ".join(f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in items)
