"""Who may say what about which ticket: every command x twenty-one speakers x five kinds of ticket, as a table.

A new command fails the first test until its row stands here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import absences, duties, whistles
from bot.duties import Wish
from bot.inbox import leaves, rounds, untangling, whistling
from bot.inbox.commands import MOVING
from bot.inbox.residents import HANDLERS
from bot.moves import Verb
from bot.tickets import act, join
from intents.recurring import Every
from intents.understanding import Understanding
from intents.verdict import Command
from models import Area
from tests.core.authority import KINDS, SPEAKERS, Heard, by_leader_a, more_people, try_out
from tests.core.walk import Walk
from tests.stories.more import GROUP, quick_town
from tests.stories.town import Town

# The groups of the table.
LEADERS = "leader_a leader_b grid_leader"
OFFICE = "staff secretary"
ON_PUBLIC = (
    f"{LEADERS} {OFFICE} duty property mediator"  # domain.md: holder, deputy, co-handler, property or staff in scope
)
ON_PRIVATE = f"{OFFICE} mediator"  # the leader only where the resident chose him
ON_HEADS = "secretary"  # told to the secretary alone: no other staff, and no mediator
ON_SILENT = f"{OFFICE} duty"  # trained staff alone
ALL = " ".join(SPEAKERS)
WITH_POSTS = (
    f"{ON_PUBLIC} volunteer other_leader out_leader out_staff out_property out_mediator out_volunteer"
    " liaison out_liaison"
)
BUT_REPORTER = ALL.removeprefix("reporter ")  # whose voice it has already
NOBODY = ""
LEAD = f"{LEADERS} {OFFICE} other_leader out_leader out_staff"  # whoever leads or works for a place, for that place
OFFICE_ANYWHERE = f"{OFFICE} out_staff"  # each for their own community
ON_ROUNDS = f"{LEAD} duty volunteer out_volunteer"
SETTLE_THERE = f"other_leader grid_leader {OFFICE} duty volunteer"  # in 5栋1单元, by a post for it


@dataclass(frozen=True)
class Row:
    """Who gets an effect, by kind of ticket. `has`: moved, opened, or words that must be shown."""

    has: str
    repair: str
    dispute: str
    about_leader: str
    silent: str
    help: str
    before: tuple[Verb, ...] = ()
    in_group: bool = False

    def may(self, kind: str) -> set[str]:
        return set(str(getattr(self, kind)).split())


def handlers(*before: Verb) -> Row:
    """A move that whoever handles the matter may make."""
    return Row("moved", ON_PUBLIC, ON_PRIVATE, ON_HEADS, ON_SILENT, ON_PUBLIC, before)


def reporters(*before: Verb) -> Row:
    """A word that only counts from who reported it."""
    return Row("moved", "reporter", "reporter", "reporter", "reporter", "reporter", before)


TABLE = {
    # --- handlers
    "accept": Row("moved", ON_PUBLIC, ON_PRIVATE, ON_HEADS, ON_SILENT, f"{ON_PUBLIC} volunteer"),
    "attend": handlers(),
    "progress": handlers(),
    "resolve": handlers(),
    "escalate": handlers(),
    "transfer": handlers(),
    "refuse": handlers(Verb.TRANSFER),
    "wait": handlers(),
    "pause": handlers(),
    # a request for help given back: nobody has it here (who took it on: see below); all else goes up
    "release": Row("moved", ON_PUBLIC, ON_PRIVATE, ON_HEADS, ON_SILENT, OFFICE, (Verb.ACCEPT,)),
    # whom to ask for help is the office's to choose
    "assign": Row("moved", NOBODY, NOBODY, NOBODY, NOBODY, OFFICE),
    "undo": Row("moved", "leader_a", NOBODY, NOBODY, NOBODY, "leader_a"),  # her own last move, see FIRST
    # two tickets are one; nothing that was told in confidence is made one with anything
    "merge": Row("moved", ON_PUBLIC, NOBODY, NOBODY, NOBODY, ON_PUBLIC),
    "split": Row("moved", ON_PUBLIC, ON_PRIVATE, ON_HEADS, ON_SILENT, ON_PUBLIC),
    "list": Row("#1)", ON_PUBLIC, ON_PRIVATE, ON_HEADS, ON_SILENT, f"{ON_PUBLIC} volunteer"),
    # leaders, the duty and staff call organisations; nobody is called to what was told in confidence
    "whistle": Row("moved", f"{LEADERS} {OFFICE} duty", NOBODY, NOBODY, NOBODY, f"{LEADERS} {OFFICE} duty"),
    # --- who was called, and nobody for them (see FIRST: 派出所 was)
    **{str(said): Row("moved", "liaison", NOBODY, NOBODY, NOBODY, "liaison") for said in sorted(whistling.ANSWERS)},
    # an external number: the office alone
    "case": Row("moved", OFFICE, OFFICE, ON_HEADS, OFFICE, OFFICE),
    # room and phone: the holder and staff alone
    "details": Row("502", f"leader_a {OFFICE}", f"mediator {OFFICE}", ON_HEADS, f"duty {OFFICE}", OFFICE),
    "relay": Row("opened", WITH_POSTS, WITH_POSTS, WITH_POSTS, WITH_POSTS, WITH_POSTS),
    # one's own leave and one's own return; who is not away only talks (FIRST: leader A is)
    "leave": Row("放心", WITH_POSTS, WITH_POSTS, WITH_POSTS, WITH_POSTS, WITH_POSTS),
    "back": Row("欢迎回来", "leader_a", NOBODY, NOBODY, NOBODY, NOBODY),
    # rounds, the ledger and what comes back: by post, for the area of the post
    "patrol": Row("(#", ON_ROUNDS, ON_ROUNDS, ON_ROUNDS, ON_ROUNDS, ON_ROUNDS),
    "solved_here": Row("当场办好了", SETTLE_THERE, SETTLE_THERE, SETTLE_THERE, SETTLE_THERE, SETTLE_THERE),
    "ledger": Row("没销号", LEAD, LEAD, LEAD, LEAD, LEAD),
    # how it goes in the whole community: the office of it
    "digest": Row("到现在", OFFICE_ANYWHERE, OFFICE_ANYWHERE, OFFICE_ANYWHERE, OFFICE_ANYWHERE, OFFICE_ANYWHERE),
    "duty": Row("停掉定期", LEAD, LEAD, LEAD, LEAD, LEAD),
    "duties": Row("现在没有定期的事", LEAD, LEAD, LEAD, LEAD, LEAD),
    "duty_stop": Row("不再提醒", f"leader_a leader_b grid_leader {OFFICE}", NOBODY, NOBODY, NOBODY, NOBODY),
    "look_again": Row("我提醒您", ON_PUBLIC, ON_PRIVATE, ON_HEADS, NOBODY, ON_PUBLIC, (Verb.RESOLVE,)),
    # --- residents
    "confirm": reporters(Verb.RESOLVE),
    "unsatisfied": reporters(Verb.RESOLVE),
    "withdraw": reporters(),
    "correct": reporters(),
    "urge": reporters(),
    "urgent": reporters(),
    # who handles it and who told it; but on the phone of somebody in danger at home nobody must read of it
    "status": Row("#1)", f"reporter {ON_PUBLIC}", f"reporter {ON_PRIVATE}", f"reporter {ON_HEADS}", ON_SILENT,
                  f"reporter {ON_PUBLIC}"),
    # why it is due then: whoever may see it
    "why": Row("上班时间", f"reporter {ON_PUBLIC}", f"reporter {ON_PRIVATE}", f"reporter {ON_HEADS}", ON_SILENT,
               f"reporter {ON_PUBLIC}"),
    # 好 and 不好, after it was said to be done
    "yes": reporters(Verb.RESOLVE),
    "no": reporters(Verb.RESOLVE),
    # 有用 and 没用 are about the answer to a question, and there is none here
    "useful": Row("moved", NOBODY, NOBODY, NOBODY, NOBODY, NOBODY, (Verb.RESOLVE,)),
    "useless": Row("moved", NOBODY, NOBODY, NOBODY, NOBODY, NOBODY, (Verb.RESOLVE,)),
    # "我家也是": whoever reads the group it was said in; what is private or silent cannot be joined
    "join": Row("moved", BUT_REPORTER, NOBODY, NOBODY, NOBODY, BUT_REPORTER, in_group=True),
    # who was in danger is safe: no emergency runs here, so that nothing moves (see the test below)
    "rescued": Row("moved", NOBODY, NOBODY, NOBODY, NOBODY, NOBODY),
    # everybody may suggest, complain of the office, praise and tell in confidence
    "suggest": Row("opened", ALL, ALL, ALL, ALL, ALL),
    "complain": Row("opened", ALL, ALL, ALL, ALL, ALL),
    "praise": Row("谢意", ALL, ALL, ALL, ALL, ALL),
    "confide": Row("不发群里", ALL, ALL, ALL, ALL, ALL),
    # everybody may mourn, be afraid, say how to reach them, ask where to rest and point at a strange code; who holds a
    # post that leads may be ill
    "bereaved": Row("节哀", ALL, ALL, ALL, ALL, ALL),
    "alone": Row("opened", ALL, ALL, ALL, ALL, ALL),
    "raging": Row("110", ALL, ALL, ALL, ALL, ALL),
    "ill": Row("祝早日康复", WITH_POSTS, WITH_POSTS, WITH_POSTS, WITH_POSTS, WITH_POSTS),
    "prefers": Row("记下了", ALL, ALL, ALL, ALL, ALL),
    "rest": Row("歇脚点", ALL, ALL, ALL, ALL, ALL),
    "strange_code": Row("认准账号名", ALL, ALL, ALL, ALL, ALL),
    "anonymous": Row("opened", ALL, ALL, ALL, ALL, ALL),
    # a person is reached by everybody, and everybody may ask what is kept
    "human": Row("opened", ALL, ALL, ALL, ALL, ALL),
    "callback": Row("opened", ALL, ALL, ALL, ALL, ALL),
    "privacy": Row("存着这些", ALL, ALL, ALL, ALL, ALL),
    # everybody may say where they live; a leader or staff confirm it
    "bind": Row("核对", ALL, ALL, ALL, ALL, ALL),
}  # fmt: skip
# Said by leaders and staff; the rest is the residents' ear's.
HANDLERS_EAR = {*MOVING, *whistling.HANDLERS, "assign", "list", "details", "relay", "merge", "split", *leaves.HANDLERS}
HANDLERS_EAR |= {*rounds.HANDLERS}
NUMBERED = {*MOVING, "assign", "details", "confirm", "unsatisfied", "withdraw", "correct", "urge", "urgent", "status"}
NUMBERED |= {*untangling.HANDLERS, *whistling.HANDLERS, "why", "look_again", "duty_stop"}
# What is no verb of commands.toml, in its words; and where the words themselves are read.
SAID = {"case": "#1 12345工单 20261123001"}
SAYS = {**SAID, "look_again": "30天后再看看", "bind": "绑定 3栋2单元"}

# Once is enough.
ABOUT_NO_TICKET = {"relay", "human", "callback", "privacy", "suggest", "complain", "praise", "confide", "anonymous"}
ABOUT_NO_TICKET |= {"bereaved", "alone", "raging", "ill", "prefers", "rest", "strange_code"}
ABOUT_NO_TICKET |= {"leave", "back", "bind"}
ABOUT_NO_TICKET |= {"patrol", "solved_here", "ledger", "digest", "duty", "duties", "duty_stop"}
CASES = [(verb, kind) for verb in TABLE for kind in (KINDS[:1] if verb in ABOUT_NO_TICKET else KINDS)]


@pytest.fixture(scope="module")
def crowd(
    migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, understanding: Understanding
) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("crowd")
    path = folder / "town.sqlite3"
    path.write_bytes(migrated_file.read_bytes())
    town = quick_town(f"sqlite:///{path}", folder, understanding)
    more_people(town)
    yield town
    town.services.engine.dispose()


def test_every_command_has_its_row() -> None:
    handlers = {*MOVING, *untangling.HANDLERS, *leaves.HANDLERS, *whistling.HANDLERS, *whistling.ANSWERS}
    own = {"assign", "list", "details", "relay", "human", "case", *rounds.HANDLERS}
    assert set(TABLE) == {*handlers, *own, *HANDLERS}
    assert len(CASES) * len(SPEAKERS) == (37 * 5 + 26) * 21


@pytest.mark.parametrize(("verb", "kind"), CASES)
def test_exactly_those_of_the_table_get_their_way(crowd: Town, verb: str, kind: str) -> None:
    row = TABLE[verb]

    got = {speaker for speaker, heard in _said(crowd, verb, kind).items() if _has(row.has, heard)}

    assert got == row.may(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_in_the_group_a_neighbour_may_take_on_help_and_the_one_who_asked_may_not(crowd: Town, kind: str) -> None:
    took = Command("accept", note="")

    got = {who for who, heard in try_out(crowd, kind, took, "handler", in_group=True).items() if heard.moved}

    if kind == "help":
        assert got == set(BUT_REPORTER.split())
    else:
        assert got & {"reporter", "neighbour", "stranger", "volunteer", "auditor", "out_staff", "out_leader"} == set()


def test_who_is_on_duty_may_say_that_somebody_is_safe_and_one_neighbour_alone_may_not(crowd: Town) -> None:
    def in_danger(walk: Walk) -> None:
        walk.ticket.danger, walk.ticket.attended_at = "lift_trapped", None

    rescued = Command("rescued")
    over = {who for who, heard in try_out(crowd, "repair", rescued, "handler", first=in_danger).items() if heard.moved}
    said = {
        who
        for who, heard in try_out(crowd, "repair", rescued, "resident", first=in_danger, in_group=True).items()
        if heard.moved
    }

    assert over == set(ON_PUBLIC.split())
    assert said == set(SPEAKERS)  # written down and passed on; it takes two to be believed


@pytest.mark.parametrize("verb", ["useful", "useless"])
def test_only_who_asked_says_whether_the_answer_to_a_question_helped(crowd: Town, verb: str) -> None:
    outcomes = try_out(crowd, "policy", Command(verb), "resident", before=(Verb.RESOLVE,))

    assert {who for who, heard in outcomes.items() if heard.moved} == {"reporter"}


@pytest.mark.parametrize("verb", ["progress", "resolve", "escalate"])
def test_a_neighbour_who_took_on_help_may_say_how_it_goes_like_any_handler(crowd: Town, verb: str) -> None:
    command = Command(verb, number=1, note="买好了")

    got = {who for who, heard in try_out(crowd, "help", command, "handler", first=_taken_on).items() if heard.moved}

    assert got == {*ON_PUBLIC.split(), "neighbour"}


def test_what_a_neighbour_took_on_is_given_back_by_them_or_the_office_alone(crowd: Town) -> None:
    release = Command("release", number=1)

    got = {who for who, heard in try_out(crowd, "help", release, "handler", first=_taken_on).items() if heard.moved}

    assert got == {*OFFICE.split(), "neighbour"}


def _another_like_it(walk: Walk) -> None:
    """A second ticket of that kind, #2, in the same unit."""
    first = walk.ticket
    walk.begin(in_group=walk.kind in ("repair", "help"), asked_first=False)
    walk.ticket = first


def _another_voice(walk: Walk) -> None:
    join(walk.desk, walk.ticket, walk.voice("张伯", in_group=False))


def _leader_away(walk: Walk) -> None:
    absences.record(walk.desk, walk.actor("李姐", "private").person_id or 0, walk.now, None)


def _whistled(walk: Walk) -> None:
    """派出所 is called; what was told in confidence calls nobody."""
    if not walk.ticket.private:
        whistles.whistle(walk.desk, walk.ticket, walk.actor("李姐", "private"), ["派出所"])


RESTS = {
    "digest": "本周",
    "relay": "5栋1单元水管漏水",
    "patrol": "5栋1单元水管漏水",
    "solved_here": "5栋1单元水管漏水",
    "duty": "每周五清理楼道",
    "correct": "402",
    "merge": "2",
    "anonymous": "单元长收了开店的钱",
    "bind": "3栋2单元",
    "whistle": "派出所",
}


def _a_duty(walk: Walk) -> None:
    """Number 1, for the unit."""
    area = walk.session.get_one(Area, walk.ticket.area_id)
    assert duties.make(walk.desk, Wish(area, "清理楼道", Every(days=7), walk.now.date()), None).id == 1


FIRST = {
    "merge": _another_like_it,
    "split": _another_voice,
    "back": _leader_away,
    "duty_stop": _a_duty,
    **{str(said): _whistled for said in sorted(whistling.ANSWERS)},
}


def _taken_on(walk: Walk) -> None:
    act(walk.desk, walk.ticket, Verb.ACCEPT, walk.actor("张伯", GROUP))


def _said(crowd: Town, verb: str, kind: str) -> dict[str, Heard]:
    row = TABLE[verb]
    command = Command(
        verb,
        number=1 if verb in NUMBERED else None,
        note="原因",
        target={"transfer": "物业", "assign": "志愿者小马"}.get(verb),
        rest=RESTS.get(verb, ""),
    )
    undone = verb == "undo" and kind in ("repair", "help")
    return try_out(
        crowd,
        kind,
        command,
        _ear(verb),
        before=row.before,
        first=by_leader_a(Verb.ACCEPT) if undone else FIRST.get(verb),
        in_group=row.in_group,
        text=SAYS.get(verb, "一句话"),
    )


def _ear(verb: str) -> str:
    if verb in SAID:
        return "said"
    return "called" if verb in whistling.ANSWERS else "handler" if verb in HANDLERS_EAR else "resident"


def _has(what: str, heard: Heard) -> bool:
    if what == "moved":
        return heard.moved
    return heard.opened if what == "opened" else what in heard.shown
