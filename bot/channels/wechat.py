"""The WeChat Official Account (公众号, 服务号): one-to-one with its followers, never a group.

Callbacks are XML, signed and in safe mode sealed; the answer rides on the callback's own response (5 s, then WeChat
asks again, three times in all). A verified account can also send on its own: five texts within 48 hours of a message.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wechatpy.replies import TextReply

from bot.channels import Channel, DeliveryError, Gone, Hook, Incoming, Line, Media, Reading, Rejected, Reply, Response
from bot.channels.fields import Unreadable
from bot.channels.token_store import MemoryTokenStore, TokenStore
from bot.channels.wechat_client import OfficialAccountClient
from bot.channels.wechat_envelope import Envelope
from bot.channels.wechat_lines import Heard, heard
from bot.channels.wechat_text import PASSIVE_BYTES, cut_bytes, in_cdata, passive_text, split_bytes
from bot.settings import ChannelSection, SettingsError

__all__ = ["PASSIVE_BYTES", "OfficialAccount", "connect", "cut_bytes", "split_bytes"]

_SUCCESS = Response(200, b"success")  # WeChat's word for "heard, nothing to say"; anything odd shows the user a fault


def connect(name: str, section: ChannelSection, token_store: TokenStore | None = None) -> Channel:
    """The Official Account of this section. Raises SettingsError for an AES key that is none."""
    keys = [key.get_secret_value() for key in (section.aes_key, section.aes_key_previous) if key.get_secret_value()]
    try:
        envelope = Envelope(section.mode, section.token.get_secret_value(), section.appid, keys)
    except ValueError as error:
        raise SettingsError(f"channels.{name}.aes_key: {error}") from None
    client = None
    if section.account == "verified" and section.appid and section.secret.get_secret_value():
        client = OfficialAccountClient(
            section.appid,
            section.secret.get_secret_value(),
            section.api_base,
            token_store or MemoryTokenStore(),
            section.media_hosts,
        )
    return OfficialAccount(name, envelope, client)


class OfficialAccount:
    """client: None for an unverified account, which can only answer."""

    answers_passively = True
    hears_groups = False
    whispers = False

    def __init__(self, name: str, envelope: Envelope, client: OfficialAccountClient | None) -> None:
        self.name = name
        self.pushes = self.fetches = client is not None  # an unverified account may do neither (48001)
        self._envelope = envelope
        self._client = client

    def read(self, hook: Hook) -> Reading:
        """A GET verifies the address, a POST holds one message or event."""
        if hook.method == "GET":
            return self._handshake(hook)
        if hook.method != "POST":
            raise Rejected("neither GET nor POST")
        try:
            letter = self._envelope.open(hook)
            message = heard(letter.xml)
        except Unreadable as unreadable:
            return Reading((), _silence, unreadable=str(unreadable))
        lines: tuple[Incoming, ...] = (message.line,) if message.line else ()
        return Reading(lines, PassiveReply(message, letter.seal))

    def send(self, line: Line) -> None:
        """A customer-service text; WeChat gives it no id."""
        if self._client is None:
            raise DeliveryError("an unverified account can only answer", parked=True)
        if not line.private:
            raise DeliveryError("an Official Account has no groups", permanent=True)
        self._client.say(line.chat_id, line.text)

    def fetch(self, media: Media, wire: Mapping[str, object], most: int) -> bytes:
        """What a follower sent, for three days. Raises DeliveryError."""
        if self._client is None or media.id is None:
            raise Gone("an unverified account is handed nothing out" if self._client is None else "no media id")
        return self._client.media(media.id, most)

    def _handshake(self, hook: Hook) -> Reading:
        self._envelope.check(hook.args)
        echo = Response(200, hook.args.get("echostr", "").encode("utf-8", "replace"))
        return Reading((), _always(echo))


@dataclass(frozen=True)
class PassiveReply:
    """The answer in the callback's own response, sealed where the callback was.

    Its time is the message's: the same message told again gets the same answer.
    """

    message: Heard
    seal: Callable[[str], str]

    def __call__(self, text: str | None) -> Response:
        said = passive_text(text)
        if not said:
            return _SUCCESS
        reply = TextReply(
            source=self.message.account,
            target=self.message.sender,
            time=int(self.message.said_at.timestamp()),
            content=in_cdata(said),
        )
        return Response(200, self.seal(reply.render()).encode(), "application/xml; charset=utf-8")


def _silence(text: str | None) -> Response:
    return _SUCCESS


def _always(response: Response) -> Reply:
    def reply(text: str | None) -> Response:
        return response

    return reply
