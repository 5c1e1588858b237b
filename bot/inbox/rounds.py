"""Rounds, the ledger, the digest and what comes back: the words of commands.toml for them, each with who acts on it."""

from collections.abc import Callable, Mapping

from bot.inbox import digests, ledgers, looking, patrols, repeating
from bot.inbox.hearing import Hearing
from intents.verdict import Command

HANDLERS: Mapping[str, Callable[[Hearing, Command], bool]] = {
    "patrol": patrols.handle,
    "solved_here": patrols.handle,
    "ledger": ledgers.show,
    "digest": digests.show,
    "duty": repeating.decide,
    "duties": repeating.listed,
    "duty_stop": repeating.stop,
    "look_again": looking.handle,
}
