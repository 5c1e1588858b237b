"""Every sentence the code asks for is there with the blanks it is given, none is left over, and all sound right."""

import re
import tomllib

import pytest

from bot.binding import Refusal
from bot.digest.periods import Period
from bot.hands import Answer
from bot.inbox import unclear
from bot.inbox.commands import MOVING
from bot.inbox.home_visits import ASKED as VISIT
from bot.inbox.matters import FOR_A_PERSON, STAFF_LOOK
from bot.ledger_table import COLUMNS, CONFIDENTIAL
from bot.offering import FORBIDDEN
from bot.services import KEYWORDS
from bot.wording import Wording, WordingError, load
from intents.announcements import SUPPLIES
from intents.danger import BLANKS
from intents.understanding import Understanding
from models import Intent, Status
from tests.core.sentences import Taker, Unknown, Use, uses, words_of

MATTER = words_of("matter_words", "telling.py")
TAKERS = {
    "wording": Taker((0,)),
    "answer": Taker((0,)),
    "answer_about": Taker((0,), MATTER, frozenset({"once"})),
    "remind": Taker((3,), MATTER),
    "chase_office": Taker((2,), MATTER),
    "to_person": Taker((3,), MATTER | {"phone"}),
    "_answer_here": Taker((2, 3), MATTER),
    "lay": Taker((4,), MATTER | {"voices", "story", "title"}),
    "_tell_holder": Taker((3,), MATTER),
    "tell_reporters": Taker((3,), MATTER | {"note", "title"}, frozenset({"note", "title", "besides_account"}),
                            ("_group", "_private")),
    "NotAllowed": Taker((0,), MATTER),
}  # fmt: skip
CARDS = ["card_person", "card_office", "card_duty", *(f"card_{intent}" for intent in Intent if intent != Intent.OTHER)]
ORDERS = ["card_help_assign", "card_help_staff", *(f"card_help_{reason}" for reason in FORBIDDEN)]
GIVEN = [*CARDS, "card_given", "card_emergency", "card_emergency_silent"]
SMALL_TALK = ["youre_welcome", "abused", "hotline_too", "hello"]
PATROLS = ["patrol_opened", "patrol_joined", "patrol_solved", "patrol_elsewhere"]
LEDGER_STATUSES = [f"ledger_status_{status}" for status in Status]
DIGEST_INTENTS = [f"digest_intent_{intent}" for intent in Intent]
RATES = ("response", "solution", "satisfaction")
DIGEST_TABLES = ("numbers", "rates", "intents", "trend", "areas", "categories", "hours", "unhappy", "topics", "repeats",
                 "quiet", "burdens")  # fmt: skip
DIGEST_COLUMNS = ("item", "count", "rate", "part", "whole", "percent", "rule", "day", "new", "solved", "area", "open",
                  "kind", "hour", "place", "matter", "number", "week", "before", "times", "quiet", "since", "post",
                  "usual")  # fmt: skip
# A key worked out at run time: (function, call) -> all it can be. A new one fails the test until it stands here.
KNOWN = {
    ("status_line", "wording(f'state_{ticket.status.value}')"): [f"state_{status}" for status in Status],
    ("_person", "answer(f'code_{outcome.value}')"): [f"code_{refusal}" for refusal in Refusal],
    ("_acknowledge", "answer_about(f'done_{verb.value}')"): [f"done_{verb}" for verb in MOVING.values()],
    ("_advice", "wording(f'no_{key}')"): [f"no_{number}" for number in BLANKS],
    ("whom", "answer_about(f'whom_{choice}')"): ["whom_mediator", "whom_leader", "whom_nobody"],
    ("menu", "answer(prompts[h.line.text])"): ["menu_repair", "menu_ask"],
    ("fallback", "answer(small_talk(h.verdict))"): SMALL_TALK,
    ("_called", "wording(key)"): SMALL_TALK,
    ("_called", "wording(f'matter_{category}')"): [f"matter_{category}" for category in FOR_A_PERSON],
    ("_called", "to_person(matters.FOR_A_PERSON[category])"): list(FOR_A_PERSON.values()),
    ("fallback", "wording(key)"): [f"matter_{category}" for category in FOR_A_PERSON],
    ("fallback", "to_person(FOR_A_PERSON[h.verdict.category])"): list(FOR_A_PERSON.values()),
    ("_aside_to_staff", "wording(f'aside_{h.verdict.category}')"): [f"aside_{category}" for category in STAFF_LOOK],
    ("what", "wording(f'outage_{category}')"): [f"outage_{category}" for category in SUPPLIES],
    ("_dispatched", "lay(cards.key(desk, ticket, route, whom))"): [*CARDS, *ORDERS],
    ("reroute", "lay(cards.key(desk, ticket, route, whom))"): [*CARDS, *ORDERS],
    ("_given", "lay(cards.of_given(desk, ticket, route))"): GIVEN,
    ("told_more", "_tell_holder(f'card_help_{reason}')"): [f"card_help_{reason}" for reason in FORBIDDEN],
    ("assign", "wording(key)"): ["card_assigned", "card_volunteer"],
    ("_ask_next", "answer(ASKED[missing])"): [*VISIT.values()],
    ("acknowledged", "wording(key)"): ["order_yours_now", "order_ask_address"],
    ("_accepted", "tell_reporters(kind)"): ["accepted", "accepted_danger"],
    ("_resolved", "tell_reporters(kind)"): ["resolved", "answered", "found"],
    ("ask", "wording(SENTENCES[odd.kind])"): [*unclear.SENTENCES.values()],
    ("keep", "wording(f'hand_{answer.value}')"): [f"hand_{answer.value}" for answer in Answer],
    ("ring_again", "wording(key)"): ["card_alarm", "card_alarm_silent"],
    ("_say", "wording(key)"): PATROLS,
    ("_say", "answer_about(key)"): PATROLS,
    ("_line", "wording(key)"): ["ledger_line", "ledger_line_late"],
    ("_line", "wording(f'ledger_origin_{entry.origin.value}')"): ["ledger_origin_patrol", "ledger_origin_duty"],
    ("_line", "wording(f'ledger_status_{entry.status.value}')"): LEDGER_STATUSES,
    ("_confidential", "wording(f'ledger_status_{row.status.value}')"): LEDGER_STATUSES,
    ("sheet", "wording(f'ledger_col_{name}')"): [f"ledger_col_{name}" for name in {*COLUMNS, *CONFIDENTIAL}],
    ("title", "wording(f'digest_title_{digest.period.value}')"): [f"digest_title_{period}" for period in Period],
    ("kind", "wording(f'digest_intent_{intent}')"): DIGEST_INTENTS,
    ("_kind", "wording(f'digest_intent_{line.intent.value}')"): DIGEST_INTENTS,
    ("intents", "wording(f'digest_intent_{line.intent.value}')"): DIGEST_INTENTS,
    ("rate_name", "wording(f'digest_rate_{rate.name}')"): [f"digest_rate_{name}" for name in RATES],
    ("_table", "wording(f'digest_table_{name}')"): [f"digest_table_{name}" for name in DIGEST_TABLES],
    ("_table", "wording(column)"): [f"digest_col_{name}" for name in DIGEST_COLUMNS],
}
# Hands on what its own caller named, and the caller is looked at.
HANDED_ON = {
    ("answer", "wording(key)"),
    ("answer_about", "wording(key)"),
    ("remind", "wording(key)"),
    ("lay", "wording(sentence)"),
    ("give", "answer_about(refusal.reason)"),
    ("chase_office", "wording(key)"),
    ("_answer_alone", "answer_about(key)"),
    ("_answer_alone", "wording(key)"),
    ("_answer_here", "answer_about(private_key)"),
    ("_answer_here", "answer_about(group_key)"),
    ("_sentence", "wording(key)"),
    ("_sentence", "wording(reason)"),
    ("_refuse", "answer_about(refusal.reason)"),
    ("refused", "wording(refusal.reason)"),
    ("assign", "answer_about(refusal.reason)"),
    ("_tell_holder", "wording(key)"),
    ("on_one", "answer_about(refusal.reason)"),
    ("topic", "wording(key)"),
}


@pytest.fixture(scope="module")
def wording() -> Wording:
    return load(KEYWORDS / "wording.toml")


@pytest.fixture(scope="module")
def sections() -> dict[str, dict[str, str]]:
    return tomllib.loads((KEYWORDS / "wording.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def asked_for() -> list[Use]:
    """Every use, those of worked-out keys included."""
    found: list[Use] = []
    for use in uses(TAKERS, MATTER):
        if isinstance(use, Use):
            found.append(use)
        elif (use.function, use.call) in KNOWN:
            found += _possible(use)
        else:
            assert (use.function, use.call) in HANDED_ON, f"{use.where}: which keys can it be in {use.call}?"
    return found


def _possible(use: Unknown) -> list[Use]:
    keys = KNOWN[use.function, use.call]
    return [Use(use.where, key + end, use.given, frozenset()) for key in keys for end in use.suffixes]


def test_every_sentence_that_the_code_asks_for_is_there(asked_for: list[Use], wording: Wording) -> None:
    assert [f"{use.where} {use.key}" for use in asked_for if not wording.has(use.key)] == []
    assert len(asked_for) > 100


def test_every_blank_of_a_sentence_is_filled_in_wherever_it_is_said(asked_for: list[Use], wording: Wording) -> None:
    missing = {
        f"{use.where} {use.key}: {sorted(wording.blanks(use.key) - use.given)}"
        for use in asked_for
        if not wording.blanks(use.key) <= use.given
    }
    assert missing == set()


def test_nothing_is_filled_in_that_the_sentence_does_not_say(asked_for: list[Use], wording: Wording) -> None:
    """What is given by name is said; a whole set of words about a ticket, or one key for several sentences, is free."""
    spare = {
        f"{use.where} {use.key}: {sorted(use.named - wording.blanks(use.key))}"
        for use in asked_for
        if use.named - wording.blanks(use.key)
    }
    assert spare == set()


def test_no_sentence_is_left_over(asked_for: list[Use], sections: dict[str, dict[str, str]]) -> None:
    used = {use.key for use in asked_for}
    left = {key for name, lines in sections.items() for key in lines if name != "topics" and key not in used}
    assert left == set()


def test_every_topic_belongs_to_an_intent_and_category_that_exist(
    sections: dict[str, dict[str, str]], understanding: Understanding
) -> None:
    known = {f"topic_{intent}_{name}" for intent, found in understanding.intents.items() for name in found.categories}
    known |= {f"topic_help_{name}" for name in ("human", "callback", "voice")}

    assert set(sections["topics"]) <= known


# --- behaviour.md, "Voice"

OFFICIALESE = ("已受理", "诉求", "知悉", "逾期", "特此", "亲", "已通知")
EMOJI = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff\ufe0f]")
# The number stands elsewhere: in groups (the model of behaviour.md), in lists that begin with it, in refusals about it.
NUMBER_ELSEWHERE = {
    "ledger_line",
    "ledger_line_late",
    "card_duty",
    "card_look_again",
    "receipt_group",
    "choice_ticket",
    "not_yours",
    "no_such_ticket",
    "details",
    "move_not_possible",
}


def every_sentence(sections: dict[str, dict[str, str]], understanding: Understanding) -> dict[str, str]:
    """All that people see: the wording file, and the advice of danger.toml."""
    said = {key: text for lines in sections.values() for key, text in lines.items()}
    for kind in understanding.danger.values():
        said |= {f"{kind.key}.{part}": getattr(kind, part) for part in ("advice", "short", "question", "matter")}
    return said


def test_no_officialese_no_shouting_no_emoji(sections: dict[str, dict[str, str]], understanding: Understanding) -> None:
    for key, text in every_sentence(sections, understanding).items():
        assert not [word for word in OFFICIALESE if word in text.replace("母亲", "").replace("父亲", "")], key
        assert not re.search("[!！]", text), key
        assert not EMOJI.search(text), key


def test_people_are_addressed_as_nin_but_in_their_own_words(
    sections: dict[str, dict[str, str]], understanding: Understanding
) -> None:
    for key, text in every_sentence(sections, understanding).items():
        assert "你" not in re.sub("“[^”]*”", "", text), key


def test_the_number_comes_last_but_on_cards(sections: dict[str, dict[str, str]]) -> None:
    for name, lines in sections.items():
        for key, text in lines.items():
            if "{number}" in text and name != "cards" and key not in NUMBER_ELSEWHERE:
                assert re.search(r"\(#\{number\}\)”?$", text), key


def test_no_name_room_or_phone_is_filled_into_what_a_group_may_hear(sections: dict[str, dict[str, str]]) -> None:
    for name, lines in sections.items():
        for key, text in lines.items():
            if key.endswith("_group") or name == "cards":
                assert not re.search(r"\{(room|phone|lines)\}", text), key


def test_one_question_at_a_time_with_three_choices_at_most(sections: dict[str, dict[str, str]]) -> None:
    for key, text in sections["questions"].items():
        assert text.count("？") <= 2, key
        assert len(re.findall(r"^\d ", text, re.MULTILINE)) <= 3, key


@pytest.mark.parametrize(
    ("file", "named"),
    [
        ("[a]\nb = 3\n", "a.b"),
        ('[a]\nb = " "\n', "a.b"),
        ('[a]\nb = "{"\n', "a.b"),
        ('a = "x"\n', "a: must be a section"),
        ("[a\n", "wording.toml"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_name(
    file: str, named: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("words") / "wording.toml"
    path.write_text(file, encoding="utf-8")

    with pytest.raises(WordingError, match=re.escape(named)):
        load(path)
