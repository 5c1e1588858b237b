"""`python -m benchmarks understanding`: how well and how fast messages of unseen voices are understood."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import jieba

from benchmarks.baselines import bag_of_words, keyword_list
from benchmarks.scoring import INTENTS, Row, Score, score
from bot import services
from bot.classify import BadLine, classify
from intents import examples, understanding
from intents.understanding import Understanding
from training import crossval, measures, samples

OPEN = Path(__file__).parent / "samples" / "open.jsonl"
ROUNDS = 7
WORST = 15
HIDDEN = ("id", "setting", "text")  # all that the program under test is given


class UnfitSample(Exception):
    """A sample that cannot be read; the message says why."""


@dataclass(frozen=True)
class Measured:
    """One set of messages: ours, the baselines', and where ours was wrong."""

    name: str
    ours: Score
    baselines: dict[str, Score]
    wrong: list[tuple[Row, Row]]


@dataclass(frozen=True)
class Speed:
    """Messages a second on one core, how often jieba cuts the same texts in that time, seconds to load."""

    a_second: float
    times_cut: float
    start_seconds: float


def run(messages: Sequence[Path], *, voices: bool, report: Path | None) -> None:
    """Measure the open sample and further files of labelled messages; print tables and one JSON line.

    voices: cross-validate the training data by voice too, which takes some minutes. report: where confusion and worst
    errors of the open sample go, as Markdown. Raises UnfitSample.
    """
    started = time.process_time()
    understood = understanding.load(services.KEYWORDS)
    start = time.process_time() - started
    known = examples.load(services.KEYWORDS / "examples", understood.labels, understood.danger)
    guesses = {"keyword_list": keyword_list(), "bag_of_words": bag_of_words(known)}
    measured = [_measure(understood, path, guesses) for path in (OPEN, *messages)]
    speed = _speed(understood, [row["text"] for row in _rows(OPEN)], start)
    checked = _voices() if voices else {}
    for one in measured:
        print("\n".join(_table(one)))
    print("\n".join(_speed_lines(speed)))
    if report is not None:
        report.write_text("\n".join(_report(measured[0], understood, speed, checked)) + "\n", encoding="utf-8")
    print(json.dumps(_figures(measured, speed, checked), ensure_ascii=False))


def _measure(understood: Understanding, path: Path, guesses: dict[str, Callable[[str], str]]) -> Measured:
    rows = _rows(path)
    heard = list(_readings(understood, rows))
    others = {
        name: score(rows, [{"intent": guess(row["text"]), "urgent": False} for row in rows])
        for name, guess in guesses.items()
    }
    wrong = [(row, said) for row, said in zip(rows, heard, strict=True) if row["intent"] != said["intent"]]
    wrong.sort(key=lambda pair: -pair[1]["score"])
    return Measured(path.stem, score(rows, heard), others, wrong)


def _rows(path: Path) -> list[Row]:
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise UnfitSample(f"{path}: {error}") from error


def _readings(understood: Understanding, rows: Sequence[Row]) -> Iterator[Row]:
    cut = (json.dumps({key: row[key] for key in HIDDEN}).encode() for row in rows)
    for reading in classify(understood, cut):
        if isinstance(reading, BadLine):
            raise UnfitSample(str(reading))
        yield reading


def _speed(understood: Understanding, texts: Sequence[str], start: float) -> Speed:
    """Both sides in turns over all the texts, a first turn left out; of each the best, in this process's own time: what
    the machine does besides only ever adds. Nothing that was read before is remembered from one turn to the next.
    """
    ours, cutting = [], []
    for _ in range(ROUNDS + 1):
        ours.append(_seconds(lambda: [understood.read(text, "group") for text in texts]))
        cutting.append(_seconds(lambda: [jieba.lcut(text) for text in texts]))
    best, cut = min(ours[1:]), min(cutting[1:])
    return Speed(len(texts) / best, best / cut, start)


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _voices() -> dict[str, float]:
    corpus = samples.read(services.KEYWORDS)
    held = list(crossval.validate(corpus))
    return measures.of(corpus, held, crossval.temperatures(corpus, held)).whole


def _table(one: Measured) -> Iterator[str]:
    yield f"{one.name}: {one.ours.messages} messages"
    for name, found in {"ours": one.ours, **one.baselines}.items():
        shares = "  ".join(f"{intent} {found.f1[intent]:.2f}" for intent in INTENTS if intent in found.f1)
        yield f"  {name:13} macro-F1 {found.macro_f1:.3f}  false tickets {found.false_tickets:.3f}  {shares}"
    yield (
        f"  urgent: recall {one.ours.urgent_recall:.3f}, false alarms {one.ours.urgent_false_alarms:.4f};"
        f" slots F1 {one.ours.slots_f1:.3f}; matters missed {one.ours.missed:.3f}"
    )


def _speed_lines(speed: Speed) -> Iterator[str]:
    yield f"Speed on one core: {speed.a_second:.0f} messages a second, {speed.times_cut:.2f} times jieba's own cut;"
    yield f"loaded in {speed.start_seconds:.2f} s."


def _figures(measured: Sequence[Measured], speed: Speed, checked: dict[str, float]) -> dict[str, object]:
    return {
        **{one.name: one.ours.figures() for one in measured},
        **{
            f"{one.name}_{name}": {"macro_f1": round(found.macro_f1, 4), "false_tickets": round(found.false_tickets, 4)}
            for one in measured
            for name, found in one.baselines.items()
        },
        "by_voice": checked,
        "messages_a_second": round(speed.a_second),
        "times_jieba_cut": round(speed.times_cut, 2),
        "start_seconds": round(speed.start_seconds, 2),
    }


def _report(one: Measured, understood: Understanding, speed: Speed, checked: dict[str, float]) -> Iterator[str]:
    model = understood.judge.model
    yield f"Words {understood.version}, model {model.version if model else 'none'}; {one.ours.messages} messages of"
    yield "voices that are not in the training data."
    yield ""
    yield "| | macro-F1 | false tickets | missed | urgent recall | urgent false alarms | slots F1 |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for name, found in {"ours": one.ours, **one.baselines}.items():
        rest = (
            f"{found.urgent_recall:.3f} | {found.urgent_false_alarms:.4f} | {found.slots_f1:.3f}"
            if name == "ours"
            else "— | — | —"
        )
        yield f"| {name} | {found.macro_f1:.3f} | {found.false_tickets:.3f} | {found.missed:.3f} | {rest} |"
    if checked:
        yield ""
        yield f"Cross-validation by voice over the training data, the model alone: {json.dumps(checked)}."
    yield ""
    yield from _speed_lines(speed)
    yield ""
    yield "Rows are what it is, columns what it was heard as:"
    yield ""
    yield "| | " + " | ".join(INTENTS) + " | F1 |"
    yield "| --- |" + " --- |" * (len(INTENTS) + 1)
    for right in INTENTS:
        counts = " | ".join(str(one.ours.confusion.get((right, heard), 0)) for heard in INTENTS)
        yield f"| {right} | {counts} | {one.ours.f1.get(right, 0.0):.2f} |"
    yield ""
    yield f"The {WORST} errors it was surest of:"
    yield ""
    yield "| is | heard as | score | text |"
    yield "| --- | --- | --- | --- |"
    for row, said in one.wrong[:WORST]:
        yield f"| {row['intent']} | {said['intent']} | {said['score']:.2f} | {row['text'].replace('|', '/')} |"
