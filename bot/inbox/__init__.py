"""The ears: what was said becomes a row and, in the same commit, everything that follows from it."""

from bot.inbox.recounting import recount
from bot.inbox.taking import receive, resume
from bot.inbox.ticking import clockwork

__all__ = ["clockwork", "receive", "recount", "resume"]
