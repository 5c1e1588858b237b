"""What is put aside for a time comes back then: 先放一放，等下周三配件到货."""

from datetime import datetime

from bot import clocks
from bot.inbox.hearing import Hearing
from bot.moves import Verb
from intents import times
from intents.verdict import Command

PUT_ASIDE = (Verb.PAUSE, Verb.WAIT)


def until(h: Hearing, verb: Verb, command: Command) -> datetime | None:
    """When a pause or a wait ends: where the time that was said begins, or, where that is now, where it ends.

    Never in the silent hours. None where no time was said, or for a move that ends by itself.
    """
    if verb not in PUT_ASIDE:
        return None
    hours, zone = h.desk.settings.hours, h.desk.settings.zone
    said_at = h.line.said_at.astimezone(zone)
    window = times.window(h.verdict.text, said_at) or times.window(command.note, said_at)
    if window is None or window.end <= h.now:
        return None
    return clocks.after_silence(window.start if window.start > h.now else window.end, hours, zone)
