"""The second path: telephones that ring or get an SMS in an emergency, through a gateway of the installation's own.

Nothing is heard here. Out: the neutral webhook's {"key", "chat", "text", "reply_to"}, signed as it signs; `chat` is the
number to call. What the gateway does with it (an SMS, a voice call, both) is its own affair; any 2xx has taken it.
"""

from collections.abc import Mapping

from bot.channels import Channel, Gone, Hook, Line, Media, Reading, Rejected
from bot.channels.token_store import TokenStore
from bot.channels.webhook import Webhook
from bot.settings import ChannelSection


def connect(name: str, section: ChannelSection, token_store: TokenStore | None = None) -> Channel:
    """The gateway of this section; it needs no token store."""
    return Phone(name, section.secret.get_secret_value(), section.url)


class Phone:
    answers_passively = False
    hears_groups = False
    whispers = False
    fetches = False

    def __init__(self, name: str, secret: str, url: str) -> None:
        self.name = name
        self.pushes = bool(url)
        self._gateway = Webhook(name, secret, url)

    def read(self, hook: Hook) -> Reading:
        """Always Rejected: whoever calls back is no neighbour."""
        raise Rejected("a telephone gateway has nothing to say")

    def send(self, line: Line) -> str | None:
        """Have the number called. Raises DeliveryError as the webhook does."""
        return self._gateway.send(line)

    def fetch(self, media: Media, wire: Mapping[str, object], most: int) -> bytes:
        """Nothing is ever sent along with a call. Raises Gone."""
        raise Gone("a telephone gateway hands out nothing")
