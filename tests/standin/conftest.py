"""A stand-in with an echo service behind it, in safe mode."""

from collections.abc import Iterator

import pytest

from tests.standin.cast import Town, town


@pytest.fixture
def place() -> Iterator[Town]:
    with town() as found:
        yield found
