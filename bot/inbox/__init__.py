"""The ears: what was said becomes a row and, in the same commit, everything that follows from it."""

from bot.inbox.ticking import clockwork
from bot.inbox.taking import receive, resume

__all__ = ["clockwork", "receive", "resume"]
