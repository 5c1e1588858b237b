"""The figures as a table for people and as one JSON object for programs."""

import json
import math
import os
import platform
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from benchmarks.anatomy import PARTS, Anatomy
from benchmarks.guns import Volley
from benchmarks.result import KINDS, Contender, Result

PART_TITLES = {"whole": "in all, without HTTP", "processor": "of it processor time"}
OUTLINE = "{:<22}{:>13}{:>13}{:>11}{:>11}{:>11}{:>11}"


def progress(line: str) -> None:
    """What it is at, on stderr."""
    print(line, file=sys.stderr, flush=True)


def write(result: Result) -> None:
    """The table, then the JSON object on the last line."""
    for line in [*_throughput(result), "", *_cards(result), "", *_anatomy(result), "", *_rows(result), ""]:
        print(line)
    print(json.dumps(figures(result), ensure_ascii=False), flush=True)


def figures(result: Result) -> dict[str, Any]:
    """All that was found, as JSON values. The keys at the top are those of the first of ours (synchronous=FULL)."""
    first = result.ours[0]
    took = [seconds * 1000 for seconds in result.cards.seconds]
    return {
        "benchmark": "webhook",
        **{f"{kind}_ratio": _round(ratio(first, result.peer, kind)) for kind in KINDS},
        "p50_ms": _round(percentile(_milliseconds(first.volleys["mix"]), 50)),
        "p99_ms": _round(percentile(_milliseconds(first.volleys["mix"]), 99)),
        "to_leader_p50_ms": _round(percentile(took, 50)),
        "to_leader_p99_ms": _round(percentile(took, 99)),
        "chatter_per_second": _round(rate(first, "chatter")),
        "mix_per_second": _round(rate(first, "mix")),
        "peer_chatter_per_second": _round(rate(result.peer, "chatter")),
        "peer_mix_per_second": _round(rate(result.peer, "mix")),
        "peer_workers": result.setting.workers,
        "peer_threads": result.setting.threads,
        "peer_tried": {name: _round(value) for name, value in result.setting.tried.items()},
        "synchronous": "NORMAL" if first.name == "normal" else "FULL",
        "variant": first.name,
        "others": {one.name: _other(one, result.peer) for one in result.ours[1:]},
        "family_mix_per_second": _round(result.cards.family.rate),
        "cards": len(took),
        "cards_missing": result.cards.missing,
        "queue": result.cards.queue,
        "anatomy_chatter_ms": _parts(result.chatter),
        "anatomy_repair_ms": _parts(result.repair),
        "bare_commit_ms": _round(result.bare_commit_ms),
        "rows_right": result.right,
        "rows": {name: asdict(found) for name, found in _counts(result)},
        "settings": asdict(result.plan),
        "filesystem": result.filesystem,
        "load_average": _round(os.getloadavg()[0]),
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
    }


def rate(contender: Contender, kind: str) -> float:
    """The median of its rounds, in accepted messages a second."""
    return statistics.median(volley.rate for volley in contender.volleys[kind])


def ratio(ours: Contender, peer: Contender, kind: str) -> float:
    """The median of the rounds' own ratios: what slows a whole round down cancels."""
    rounds = zip(ours.volleys[kind], peer.volleys[kind], strict=True)
    return statistics.median(one.rate / other.rate for one, other in rounds if other.rate)


def percentile(values: Sequence[float], percent: float) -> float:
    """The nearest rank; nan for none."""
    if not values:
        return math.nan
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def _throughput(result: Result) -> list[str]:
    plan = result.plan
    lines = [
        f"{plan.rounds} rounds in turns of {plan.turn_seconds:g} s, {plan.senders} connections, mode {plan.mode}, "
        f"{result.filesystem}, Python {platform.python_version()}, {os.cpu_count()} cores",
        OUTLINE.format("", "chatter/s", "mix/s", "ratio", "ratio mix", "p50 ms", "p99 ms"),
    ]
    for one in (result.peer, *result.ours):
        own = one is result.peer
        name = f"peer {result.setting.workers}x{result.setting.threads}" if own else _title(one.name)
        mixed = _milliseconds(one.volleys["mix"])
        ratios = ("", "") if own else tuple(f"{ratio(one, result.peer, kind):.3f}" for kind in KINDS)
        rates = tuple(f"{rate(one, kind):.0f}" for kind in KINDS)
        lines.append(
            OUTLINE.format(name, *rates, *ratios, f"{percentile(mixed, 50):.1f}", f"{percentile(mixed, 99):.1f}")
        )
    return lines


def _cards(result: Result) -> list[str]:
    took = [seconds * 1000 for seconds in result.cards.seconds]
    family = "web, worker, clock, Redis" if result.cards.queue else "web and clock, no queue"
    return [
        f"to the leader ({family}; {result.plan.leader_rate} repairs/s): {len(took)} cards, "
        f"{result.cards.missing} missing, p50 {percentile(took, 50):.0f} ms, p99 {percentile(took, 99):.0f} ms",
        f"the mix while all of them deliver: {result.cards.family.rate:.0f}/s",
    ]


def _anatomy(result: Result) -> list[str]:
    lines = [f"{'ms a message':<26}{'chatter':>10}{'repair':>10}"]
    for part in (*PARTS, "whole", "processor"):
        values = (getattr(result.chatter, part), getattr(result.repair, part))
        lines.append(f"{PART_TITLES.get(part, part.replace('_', ' ')):<26}{values[0]:>10.2f}{values[1]:>10.2f}")
    lines.append(f"{'statements':<26}{result.chatter.statements:>10.1f}{result.repair.statements:>10.1f}")
    lines.append(f"a bare commit on this disk: {result.bare_commit_ms:.2f} ms")
    return lines


def _rows(result: Result) -> list[str]:
    return [
        f"{_title(name)}: {found.accepted} accepted, {found.rows} rows, {found.missing} missing, "
        f"{found.repeated} repeated, {found.pending} pending, {found.failed} failed; "
        f"{found.tickets} tickets of {found.tickets_expected}"
        for name, found in _counts(result)
    ]


def _counts(result: Result) -> list[tuple[str, Any]]:
    return [(one.name, one.count) for one in result.ours if one.count] + [("leaders", result.cards.count)]


def _other(one: Contender, peer: Contender) -> dict[str, Any]:
    mixed = _milliseconds(one.volleys["mix"])
    return {
        **{f"{kind}_ratio": _round(ratio(one, peer, kind)) for kind in KINDS},
        **{f"{kind}_per_second": _round(rate(one, kind)) for kind in KINDS},
        "p50_ms": _round(percentile(mixed, 50)),
        "p99_ms": _round(percentile(mixed, 99)),
    }


def _milliseconds(volleys: Sequence[Volley]) -> list[float]:
    return [hit.seconds * 1000 for volley in volleys for hit in volley.hits if hit.status]


def _parts(anatomy: Anatomy) -> dict[str, float | None]:
    return {part.name: _round(getattr(anatomy, part.name)) for part in fields(anatomy)} | {
        "whole": _round(anatomy.whole)
    }


def _title(name: str) -> str:
    return {"full": "SQLite FULL", "normal": "SQLite NORMAL", "postgresql": "PostgreSQL", "leaders": "to the leader"}[
        name
    ]


def _round(value: float) -> float | None:
    """Four figures; None where there is none, since JSON knows no nan."""
    return None if math.isnan(value) else float(f"{value:.4g}")
