"""The report of a rehearsal for people: minute by minute what was said, what was made of it, what would have been said.

Phones and rooms are blotted out, and people are called by what they are in the group, not by their names.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.masking import without_rooms
from bot.rehearse import words
from bot.rehearse.exports import Export
from bot.rehearse.ledger import Ledger
from bot.rehearse.scene import Event, Part, Scene
from intents.understanding import Understanding
from intents.verdict import Verdict

ALARMS = 4  # of one emergency are told one by one
DECIDERS = 4  # words shown of those that decided
Entry = dict[str, Any]


@dataclass(frozen=True)
class Played:
    """One chat after its rehearsal."""

    scene: Scene
    ledger: Ledger
    start: datetime


def write(understanding: Understanding, name: str, played: Sequence[Played]) -> Iterator[str]:
    """The lines of the report: each chat's course of events, then what it comes to. name: the service's, as called."""
    doubts = 0
    for one in played:
        page = _Page(understanding, name, one)
        yield from page.lines()
        yield ""
        yield from page.summary()
        yield ""
        doubts += len(page.doubts)
    if len(played) > 1:
        yield from _altogether(understanding, played, doubts)


def left_out(export: Export) -> Iterator[str]:
    """What of an export is not in the rehearsal, line by line, and what became of pictures and voice."""
    if export.problems:
        yield words.LEFT_OUT.format(count=len(export.problems))
    for problem in export.problems:
        yield "  " + words.LINE.format(line=problem.line, reason=words.REASONS[problem.reason])
    if export.media:
        yield words.MEDIA_READ.format(count=export.media)


class _Page:
    """One chat's part of the report."""

    def __init__(self, understanding: Understanding, name: str, played: Played) -> None:
        self._understanding = understanding
        self._name = name
        self._played = played
        self._events = {event.i: event for event in played.scene.events}
        self._who = _titles(played.scene)
        self.doubts: list[Event] = []

    def lines(self) -> Iterator[str]:
        scene, ledger = self._played.scene, self._played.ledger
        yield words.HEAD.format(
            group=without_rooms(scene.group),
            area=_place(scene.building, scene.unit) or words.NO_AREA,
            start=f"{self._played.start:%Y-%m-%d %H:%M}",
            count=len(scene.events),
        )
        skipped = _endless(ledger)
        clockwork = sorted(
            [
                (step["at_minutes"], ticket, step)
                for ticket, step in _steps(ledger)
                if step["event"] is None and (ticket["ref"], step["at_minutes"]) not in skipped
            ],
            key=lambda one: one[0],
        )
        spoken = [
            line
            for line in ledger["said"]
            if line["in_answer_to"] is None and (line["ticket"], line["at_minutes"]) not in skipped
        ]
        told = -1.0
        for event in scene.events:
            yield from self._clock(clockwork, spoken, told, event.at_minutes)
            told = event.at_minutes
            yield from self._event(event)

    def summary(self) -> Iterator[str]:
        tickets = self._played.ledger["tickets"]
        listed = [
            words.TICKET.format(
                number=ticket["number"],
                place=_place(ticket["building"], ticket["unit"]),
                what=self._what(ticket["intent"], ticket["category"]),
                status=words.STATUS[ticket["status"]],
                voices=len(ticket["reporters"]),
            )
            for ticket in tickets
        ]
        if listed:
            yield words.TICKETS.format(count=len(listed), list="；".join(listed))
        else:
            yield words.NO_TICKETS
        for ticket in tickets:
            again = sum(ref == ticket["ref"] for ref, _ in _endless(self._played.ledger))
            if again:
                yield "  " + words.ENDLESS.format(number=ticket["number"], count=again)
        yield words.LINES.format(**_counted(self._played.ledger))
        yield words.DOUBTS.format(count=len(self.doubts)) if self.doubts else words.NO_DOUBTS
        for event in self.doubts:
            yield "  " + words.DOUBT.format(
                time=self._time(event.at_minutes), who=self._called(event.user_id), text=_shown(event.text)
            )

    def _event(self, event: Event) -> Iterator[str]:
        quoted = self._events.get(event.reply_to) if event.reply_to is not None else None
        yield words.SAID.format(
            time=self._time(event.at_minutes),
            who=self._called(event.user_id),
            setting=words.PRIVATELY if event.private else "",
            quoting=words.QUOTING.format(time=self._time(quoted.at_minutes), who=self._called(quoted.user_id))
            if quoted
            else "",
            text=words.MEDIA.get(event.kind.value, "") + _shown(event.text),
        )
        caused = [self._move(ticket, step) for ticket, step in _steps(self._played.ledger) if step["event"] == event.i]
        said = [self._line(line) for line in self._played.ledger["said"] if line["in_answer_to"] == event.i]
        if event.text:
            yield "      " + self._understood(event, acted=bool(caused or said))
        for text in (*caused, *said):
            yield "      " + text

    def _understood(self, event: Event, *, acted: bool) -> str:
        verdict = self._read(event)
        if _doubtful(verdict):
            self.doubts.append(event)
        elif verdict.intent == "other" and not acted:
            return words.CHATTER
        deciders = _deciders(verdict)
        return words.UNDERSTOOD.format(
            what=self._what(verdict.intent, verdict.category),
            score=f"{verdict.score:.0%}",
            why=words.WHY.format(words="、".join(deciders)) if deciders else "",
        ) + (words.UNSURE if _doubtful(verdict) else "")

    def _read(self, event: Event) -> Verdict:
        """What the rehearsal understood: reading the same words again comes to the same."""
        to_me = event.private or f"@{self._name}" in event.text
        return self._understanding.read(event.text, "private" if event.private else "group", to_me)

    def _clock(
        self, steps: Sequence[tuple[float, Entry, Entry]], spoken: Sequence[Entry], after: float, until: float
    ) -> Iterator[str]:
        """What happened by itself between two messages."""
        moments: dict[float, list[str]] = {}
        for at, ticket, step in steps:
            if after < at <= until:
                moments.setdefault(at, []).append(self._move(ticket, step))
        for line in spoken:
            if after < line["at_minutes"] <= until:
                moments.setdefault(line["at_minutes"], []).append(self._line(line))
        for at in sorted(moments):
            yield words.CLOCK.format(time=self._time(at))
            yield from ("      " + text for text in moments[at])

    def _move(self, ticket: Entry, step: Entry) -> str:
        move = words.MOVES.get(step["kind"], step["kind"]).format(
            what=_place(ticket["building"], ticket["unit"]) + self._what(ticket["intent"], ticket["category"])
        )
        if step["by"] is not None:
            move = words.BY.format(move=move, who=self._called(step["by"]))
        return words.MOVED.format(number=ticket["number"], move=move)

    def _line(self, line: Entry) -> str:
        text = _shown(line["text"])
        if line["setting"] == "group":
            return words.WOULD.format(text=text)
        return words.WOULD_PRIVATELY.format(who=self._called(line["to"]), text=text)

    def _what(self, intent: str, category: str) -> str:
        known = self._understanding.intents.get(intent)
        if known is None:
            return intent
        kind = known.categories.get(category)
        return f"{known.label}·{kind.label}" if kind else known.label

    def _called(self, user_id: str) -> str:
        return self._who.get(user_id, words.ABOVE)

    def _time(self, minutes: float) -> str:
        at = self._played.start + timedelta(minutes=minutes)
        return f"{at:%H:%M}" if at.date() == self._played.start.date() else f"{at:%m-%d %H:%M}"


def _altogether(understanding: Understanding, played: Sequence[Played], doubts: int) -> Iterator[str]:
    yield words.SUMMARY.format(chats=len(played), messages=sum(len(one.scene.events) for one in played))
    tickets = Counter(ticket["intent"] for one in played for ticket in one.ledger["tickets"])
    if tickets:
        yield words.TICKETS.format(
            count=tickets.total(),
            list="、".join(f"{understanding.intents[key].label}{n}" for key, n in tickets.most_common()),
        )
    counted = [_counted(one.ledger) for one in played]
    yield words.LINES.format(group=sum(c["group"] for c in counted), private=sum(c["private"] for c in counted))
    yield words.DOUBTS.format(count=doubts).rstrip("：") if doubts else words.NO_DOUBTS


def _titles(scene: Scene) -> Mapping[str, str]:
    """居民1, 居民2, 单元长: numbered where there are several, in the order in which they are listed."""
    count = Counter(one.part for one in scene.participants)
    seen: Counter[Part] = Counter()
    titles = {}
    for one in scene.participants:
        seen[one.part] += 1
        number = str(seen[one.part]) if one.part == Part.RESIDENT or count[one.part] > 1 else ""
        titles[one.user_id] = words.WHO[one.part] + number
    for event in scene.events:
        if event.user_id not in titles:
            seen[Part.RESIDENT] += 1
            titles[event.user_id] = words.WHO[Part.RESIDENT] + str(seen[Part.RESIDENT])
    return titles


def _steps(ledger: Ledger) -> Iterator[tuple[Entry, Entry]]:
    for ticket in ledger["tickets"]:
        for step in ticket["history"]:
            yield ticket, step


def _endless(ledger: Ledger) -> set[tuple[str, float]]:
    """The alarms after the first few that nobody came to, by ticket and minute: they would fill pages."""
    found: set[tuple[str, float]] = set()
    for ticket in ledger["tickets"]:
        rung = [step["at_minutes"] for step in ticket["history"] if step["kind"] == "alarmed"]
        found |= {(ticket["ref"], at) for at in rung[ALARMS:]}
    return found


def _counted(ledger: Ledger) -> dict[str, int]:
    group = sum(line["setting"] == "group" for line in ledger["said"])
    return {"group": group, "private": len(ledger["said"]) - group}


def _doubtful(verdict: Verdict) -> bool:
    """Something was heard, and not surely enough to act on it in a group; or a danger that had to be asked about."""
    if verdict.danger is not None:
        return not verdict.danger.certain
    return verdict.intent != "other" and not verdict.sure


def _deciders(verdict: Verdict) -> list[str]:
    """The words that decided; a thing and its sign stand together, and what is part of a longer one adds nothing."""
    found = [word.replace("+", "").strip("，,。 ") for word in verdict.matched if "." not in word and ":" not in word]
    kept = [word for word in dict.fromkeys(found) if word and not any(word != w and word in w for w in found)]
    return [without_rooms(word) for word in kept[:DECIDERS]]


def _place(building: str | None, unit: str | None) -> str:
    return (words.BUILDING.format(label=building) if building else "") + (words.UNIT.format(label=unit) if unit else "")


def _shown(text: str) -> str:
    """One line of it, blotted out, and not too much."""
    line = without_rooms(text.replace("\n", " "))
    return line if len(line) <= words.SHOWN else line[: words.SHOWN] + "…"
