"""The benchmark of the webhook at a few messages: that it counts, not what it measures."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks import letters
from benchmarks.counting import Count, Ledger, count
from benchmarks.guns import OK, Hit, Volley
from benchmarks.installation import Account
from benchmarks.receiver import number_in
from benchmarks.report import percentile
from benchmarks.talk import CHATTER, Said, Talk, UnfitTalk
from benchmarks.town import CHANNEL
from bot import services as building
from bot.channels import Channel, Hook, Rejected
from bot.services import Services
from bot.settings import ChannelSection
from intents.understanding import Understanding
from models import Inbound
from tests.conftest import START

ROOT = Path(__file__).parent.parent.parent
AGREED = {"chatter_ratio", "mix_ratio", "p50_ms", "p99_ms", "to_leader_p50_ms", "to_leader_p99_ms"}
TOLD = {"python", "cpus", "synchronous", "settings", "rows", "chatter_per_second", "peer_mix_per_second"}


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The last line of a run with a dozen messages."""
    options = [
        "--quick",
        "--rounds",
        "1",
        "--messages",
        "20",
        "--senders",
        "2",
        "--leader-seconds",
        "1",
        "--peer",
        "1x2",
    ]
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks", "webhook", *options, "--folder", str(tmp_path_factory.mktemp("bm"))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-3000:] + ended.stdout[-3000:]
    last: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return last


@pytest.mark.slow
def test_the_last_line_is_an_object_with_all_figures(figures: Mapping[str, Any]) -> None:
    assert figures.keys() >= AGREED | TOLD
    for key in AGREED:
        assert figures[key] > 0, key


@pytest.mark.slow
def test_every_accepted_message_of_a_run_has_its_row_and_the_tickets_are_those_reported(
    figures: Mapping[str, Any],
) -> None:
    rows = figures["rows"]["full"]
    assert figures["rows_right"] is True
    assert rows["accepted"] == rows["rows"] > 0
    assert rows["tickets"] == rows["tickets_expected"] > 0
    assert figures["cards"] == figures["settings"]["leader_seconds"] * figures["settings"]["leader_rate"]


def _letters(account: Account, *said: Said) -> list[letters.Letter]:
    return letters.write(account.channel, said)


def _ledger(sent: list[letters.Letter]) -> Ledger:
    ledger = Ledger()
    ledger.enter(sent, Volley(1.0, tuple(Hit(n, OK, 0.1, True) for n in range(len(sent))), tuple(sent)))
    return ledger


def _store(services: Services, *ids: str) -> None:
    with services.transaction() as session:
        for number in ids:
            session.add(Inbound(channel=CHANNEL, external_id=number, kind="text", said_at=START, received_at=START))


def test_an_accepted_message_without_a_row_is_found(services: Services) -> None:
    sent = _letters(Account.make("plain"), Said("a", "早上好"), Said("b", "早上好"))
    ledger = _ledger(sent)
    _store(services, sent[0].id)
    assert count(services.settings, ledger).missing == 1
    _store(services, sent[1].id)
    whole = count(services.settings, ledger)
    assert (whole.missing, whole.rows, whole.right) == (0, 2, True)


def test_a_row_that_nobody_sent_is_found(services: Services) -> None:
    sent = _letters(Account.make("plain"), Said("a", "早上好"))
    ledger = _ledger(sent)
    _store(services, sent[0].id, "of-somebody-else")
    assert count(services.settings, ledger).strange == 1


@pytest.mark.parametrize("wrong", ["missing", "repeated", "pending", "strange", "failed", "tickets", "rows"])
def test_anything_wrong_is_not_right(wrong: str) -> None:
    good = Count(3, 3, 0, 0, 0, 0, 0, 1, 1)
    assert good.right
    assert not replace(good, **{wrong: getattr(good, wrong) + 1}).right


def test_a_ticket_that_was_reported_and_is_not_there_is_found(services: Services) -> None:
    sent = _letters(Account.make("plain"), Said("a", "1栋1单元停水了", ((1, 1), "water")))
    ledger = _ledger(sent)
    _store(services, sent[0].id)
    found = count(services.settings, ledger)
    assert (found.tickets, found.tickets_expected, found.right) == (0, 1, False)


def _channel(account: Account) -> Channel:
    own = account.channel
    section = {"kind": "wechat", "mode": own.sealed, "account": "unverified", "appid": own.appid}
    secrets = {"token": own.token, "aes_key": own.aes_key}
    return building.connect(CHANNEL, ChannelSection.model_validate({**section, **secrets}))


@pytest.mark.parametrize("mode", ["plain", "safe"])
def test_letters_are_genuine_and_no_two_have_the_same_id(mode: str) -> None:
    account = Account.make(mode)
    channel = _channel(account)
    written = _letters(account, *[Said("a", f"第{n}句") for n in range(5)])
    read = [channel.read(Hook("POST", letter.query, {}, letter.body)).lines[0] for letter in written]
    assert [line.text for line in read] == [f"第{n}句" for n in range(5)]
    assert [line.external_id for line in read] == [letter.id for letter in written]
    assert len({letter.id for letter in written}) == len(written)


@pytest.mark.parametrize("mode", ["plain", "safe"])
def test_a_letter_for_another_account_is_refused(mode: str) -> None:
    letter = _letters(Account.make(mode), Said("a", "早上好"))[0]
    with pytest.raises(Rejected):
        _channel(Account.make(mode)).read(Hook("POST", letter.query, {}, letter.body))


def test_the_mix_is_eighty_to_twenty_and_the_same_every_time(understanding: Understanding) -> None:
    said = Talk(understanding).mix(200)
    assert Counter(one.matter is None for one in said) == {True: 160, False: 40}
    assert said == Talk(understanding).mix(200)
    matters = [one.matter for one in said if one.matter]
    assert 1 < len(set(matters)) < len(matters)  # some join, most open


def test_what_was_not_sent_is_said_again_later(understanding: Understanding) -> None:
    talk = Talk(understanding)
    first = talk.new_repairs(3)
    talk.take_back(first[1:])
    assert [one.matter for one in talk.new_repairs(2)] == [one.matter for one in first[1:]]


def test_repairs_are_understood_as_what_their_tickets_are_counted_by(understanding: Understanding) -> None:
    for said in Talk(understanding).new_repairs(400):
        verdict = understanding.read(said.text, "private", True)
        assert said.matter is not None
        (building_number, unit), category = said.matter
        assert (verdict.intent, verdict.category) == ("repair", category)
        assert (verdict.slots.building, verdict.slots.unit) == (str(building_number), str(unit))


def test_talk_that_is_understood_otherwise_is_refused(
    understanding: Understanding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.talk.CHATTER", (*CHATTER, "3栋2单元电梯坏了"))
    with pytest.raises(UnfitTalk):
        Talk(understanding)


@pytest.mark.parametrize(("percent", "value"), [(50, 2.0), (99, 4.0), (1, 1.0)])
def test_a_percentile_is_one_of_the_values(percent: float, value: float) -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], percent) == value


def test_the_number_of_a_ticket_is_found_in_a_card() -> None:
    assert number_in("3栋2单元 电梯停了。您方便去看看吗？(#128)") == 128
    assert number_in("早上好") is None


def test_the_rate_counts_only_what_was_accepted() -> None:
    sent = _letters(Account.make("plain"), Said("a", "早上好"), Said("b", "早上好"))
    hits = (Hit(0, OK, 0.1, True), Hit(1, 503, 0.1, False))
    volley = Volley(timedelta(milliseconds=500).total_seconds(), hits, (sent[0],))
    assert (volley.rate, volley.failed) == (2.0, 1)
