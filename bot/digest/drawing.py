"""What draws, loaded when something is first drawn: matplotlib takes a second and 45 MB, which a clock or a worker that
never draws has no need of. The one place that loads it.
"""

import functools
import importlib
from typing import Any

from bot.digest.figures import Digest
from bot.digest.tables import Table

Page = dict[str, Any]


@functools.lru_cache(maxsize=64)
def svg(table: Table, theme: str, narrow: bool = False) -> bytes:
    """A chart for a page (bot.digest.charts). The same table is drawn once a process."""
    return bytes(importlib.import_module("bot.digest.charts").svg(table, theme, narrow=narrow))


def pdf(digest: Digest, words: Any, zone: Any) -> bytes:
    """A digest on paper (bot.digest.paper)."""
    return bytes(importlib.import_module("bot.digest.paper").pdf(digest, words, zone))
