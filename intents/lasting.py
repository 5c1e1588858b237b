"""Making what stays: no collection of garbage while thousands of objects are made of which none will go again, and no
module that only looks useful to one that we need.
"""

import gc
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def uncollected() -> Iterator[None]:
    """No collection meanwhile, where there were any before. It is the whole process that does without."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def module(name: str, *, without: str) -> Any:
    """The module of that name, imported as on a machine where `without` (unless it is loaded already) is not there."""
    if name in sys.modules or without in sys.modules:
        return importlib.import_module(name)
    sys.modules[without] = None  # type: ignore[assignment]  # so Python is told that there is no such module
    try:
        return importlib.import_module(name)
    finally:
        del sys.modules[without]
