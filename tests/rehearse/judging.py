"""What is wrong in a rehearsed chat: its ledger held against the ledger that the scene expects."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.rehearse.ledger import Ledger

Wanted = Mapping[str, Any]
PLACE = ("building", "unit", "room")


def faults(expected: Wanted, ledger: Ledger) -> list[str]:
    """Every point that is not as it should be, in words; empty where all is right."""
    found: list[str] = []
    left = list(ledger["tickets"])
    for wanted in expected["tickets"]:
        ticket = next((t for t in left if t["opened_by_event"] in wanted["opened_by"]), None)
        if ticket is None:
            found.append(f"{wanted['key']} was not opened")
            continue
        left.remove(ticket)
        found += [f"{wanted['key']}: {fault}" for fault in _ticket(wanted, ticket)]
    found += [f"a ticket too many by {ticket['opened_by_event']}" for ticket in left]
    return found + list(_said(expected, ledger["said"]))


def _ticket(wanted: Wanted, ticket: Mapping[str, Any]) -> Iterator[str]:
    if ticket["intent"] != wanted["intent"]:
        yield f"is {ticket['intent']}"
    if wanted["categories"] and ticket["category"] not in wanted["categories"]:
        yield f"is of {ticket['category']}"
    if wanted["urgent"] is not None and ticket["urgent"] != wanted["urgent"]:
        yield "urgent or not"
    if any(wanted[part] is not None and ticket[part] != wanted[part] for part in PLACE):
        yield f"is at {[ticket[part] for part in PLACE]}"
    heard, must = set(ticket["reporters"]), set(wanted["reporters"])
    if not must <= heard <= must | set(wanted["may_report"]):
        yield f"was reported by {sorted(heard)}"
    if wanted["final"] and ticket["status"] not in wanted["final"]:
        yield f"ends {ticket['status']}"
    if wanted["private"] and not ticket["private"]:
        yield "is public"
    yield from _moves(wanted, ticket["history"])


def _moves(wanted: Wanted, history: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    steps = [("accepted", wanted["accepted"])] if wanted["accepted"] else []
    steps += [(kind, step) for kind in ("resolved", "reopened") for step in wanted[kind]]
    for kind, step in steps:
        if not any(e["kind"] == kind and e["by"] == step["by"] and e["event"] in step["at"] for e in history):
            yield f"not {kind} by {step['by']} at {step['at']}"
    ended = {e["event"] for e in history if e["kind"] in ("resolved", "closed")}
    if ended & set(wanted["never_closed_at"]):
        yield f"ended at {sorted(ended)}"
    if wanted["escalated"] is not None and wanted["escalated"] != any(e["kind"] == "escalated" for e in history):
        yield "escalated or not"


def _said(expected: Wanted, said: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    group = [line for line in said if line["setting"] == "group"]
    for line in group:
        if line["in_answer_to"] in expected["silent"]:
            yield f"spoke after {line['in_answer_to']}: {line['text']}"
        for words in expected["private_fragments"]:
            if words in line["text"]:
                yield f"told the group {words}"
    if len(group) > expected["max_bot_group_messages"]:
        yield f"said {len(group)} lines in the group"
