"""Dialogues in a group, told as tables: who, what, how long after the line before, and what it quotes."""

from dataclasses import dataclass

from tests.stories.more import GROUP
from tests.stories.town import Town, said_to


@dataclass(frozen=True)
class Line:
    """Somebody says something in the group, so many minutes after the line before. to None: in private."""

    who: str
    words: str
    quote: str | None = None  # the name of the line that is quoted
    named: str | None = None
    after: float = 1
    to: str | None = GROUP


@dataclass(frozen=True)
class Dialogue:
    """What is said, and the status of every ticket then, in the order of their numbers."""

    name: str
    lines: tuple[Line, ...]
    statuses: tuple[str, ...]
    private: tuple[str, ...] = ()  # words that the last line's speaker sees in private
    quiet: bool = False  # the last line's speaker sees nothing in private


def tell(town: Town, dialogue: Dialogue) -> None:
    """Say it all, and look at what the tickets are then."""
    seen = []
    for line in dialogue.lines:
        town.wait(minutes=line.after)
        seen = town.say(line.who, line.words, to=line.to, quote=line.quote, message_id=line.named)
    last = dialogue.lines[-1].who
    private = said_to(seen, f"oa-{last}") + said_to(seen, f"bridge-{last}")
    assert tuple(ticket.status.value for ticket in town.tickets()) == dialogue.statuses
    for words in dialogue.private:
        assert words in private
    if dialogue.quiet:
        assert private == ""
