"""Which of several things that were listed an answer means."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from bot.inbox.hearing import Hearing
from bot.tickets import lock
from models import Ticket

Thing = TypeVar("Thing")


def ticket(h: Hearing, payload: dict[str, Any]) -> Ticket | None:
    """Which of the tickets that were listed: by its place in the list, its number or its name."""
    tickets = [h.session.get_one(Ticket, ticket_id) for ticket_id in payload["tickets"]]
    by_number = re.search(r"#?(\d{1,6})", h.verdict.text)
    if by_number and int(by_number[1]) > len(tickets):
        return next((t for t in tickets if t.number == int(by_number[1])), None)
    picked = pick(h.verdict.text, tickets, lambda t: t.matter)
    if picked is not None:
        lock(h.session, picked.community_id)
    return picked


def pick(text: str, things: list[Thing], name: Callable[[Thing], str]) -> Thing | None:
    """The thing meant by "2", "第二个" or its name."""
    digits = re.fullmatch(r"第?\s*([1-9一二两三四五六七八九])\s*[个处件号.。]*", text.strip())
    if digits:
        n = (
            "123456789".find(digits[1])
            if digits[1].isdigit()
            else "一二三四五六七八九".find(digits[1].replace("两", "二"))
        )
        return things[n] if 0 <= n < len(things) else None
    named = [thing for thing in things if name(thing) in text or (len(text) > 1 and text in name(thing))]
    return named[0] if len(named) == 1 else None
