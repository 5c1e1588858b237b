"""Telling a chat in a table: minute, who, what, and what it quotes."""

from typing import Any

from bot.channels import Kind
from bot.rehearse import Scene, rehearse
from bot.rehearse.ledger import Ledger
from bot.rehearse.scene import Event, Part, Participant
from bot.settings import Settings
from intents.understanding import Understanding

PEOPLE = {
    "wang": Part.RESIDENT,
    "chen": Part.RESIDENT,
    "he": Part.RESIDENT,
    "leader": Part.LEADER,
    "company": Part.PROPERTY,
    "office": Part.STAFF,
}
Line = tuple[float, str, str] | tuple[float, str, str, int | None]


def scene(*said: Line, building: str | None = "7", unit: str | None = "1", **fields: Any) -> Scene:
    """A scene of the house 7-1. A name with "@" before it writes in private; an empty text is a photo."""
    events = [
        Event(
            i,
            who.removeprefix("@"),
            text,
            minute,
            who.startswith("@"),
            rest[0] if rest else None,
            Kind.TEXT if text else Kind.IMAGE,
        )
        for i, (minute, who, text, *rest) in enumerate(said)
    ]
    people = tuple(Participant(name, part, name) for name, part in PEOPLE.items())
    return Scene("story", "七栋邻居", building, unit, people, tuple(events), **fields)


def play(understanding: Understanding, told: Scene, settings: Settings | None = None) -> Ledger:
    """The ledger of one scene."""
    return next(iter(rehearse(settings or Settings(), understanding, [told]))).ledger


def moves(ledger: Ledger, number: int = 1) -> list[tuple[str, str | None, int | None, float]]:
    """kind, by, event, minute of everything that happened to a ticket."""
    ticket = next(one for one in ledger["tickets"] if one["number"] == number)
    return [(step["kind"], step["by"], step["event"], step["at_minutes"]) for step in ticket["history"]]


def heard(ledger: Ledger, to: str) -> list[tuple[float, int | None, str]]:
    """minute, the event answered, and the text of every line to somebody or to the group."""
    return [(line["at_minutes"], line["in_answer_to"], line["text"]) for line in ledger["said"] if line["to"] == to]
