"""One-time codes bind accounts and groups: once, in time, for what they were made for, and never by guessing."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, func, select

from bot import binding, onetime
from bot.binding import Refusal
from bot.desk import Desk
from bot.settings import Settings
from bot.wording import Wording
from models import (
    Account,
    AccountState,
    Area,
    AuditEntry,
    BindingCode,
    Chat,
    ChatKind,
    Level,
    Person,
    Post,
    Role,
    Slot,
    db,
)
from tests.conftest import StandingClock


@pytest.fixture
def unit(desk: Desk) -> Area:
    area = Area(level=Level.UNIT, code="U", name="2单元", path="/1/")
    desk.session.add(area)
    desk.session.flush()
    area.path = f"/{area.id}/"
    return area


@pytest.fixture
def person(desk: Desk, unit: Area) -> Person:
    one = Person(code="P1", name="张三", area_id=unit.id)
    desk.session.add(one)
    desk.session.flush()
    return one


@pytest.fixture
def account(desk: Desk) -> Account:
    return _account(desk, "o-1")


@pytest.fixture
def group(desk: Desk) -> Chat:
    return _group(desk, "g-1")


def _account(
    desk: Desk, user: str, *, person_id: int | None = None, state: AccountState = AccountState.ACTIVE
) -> Account:
    one = Account(channel="wechat", user_id=user, created_at=desk.now, person_id=person_id, state=state)
    desk.session.add(one)
    desk.session.flush()
    return one


def _group(desk: Desk, chat_id: str) -> Chat:
    chat = Chat(channel="onebot", external_id=chat_id, kind=ChatKind.UNBOUND, created_at=desk.now)
    desk.session.add(chat)
    desk.session.flush()
    return chat


def _later(desk: Desk, **span: float) -> Desk:
    return replace(desk, now=desk.now + timedelta(**span))


def _audited(desk: Desk, action: str) -> int:
    query = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == action)
    return desk.session.exec(query).one()


def _wrong_code(right: str) -> str:
    """Another code of the right form."""
    other = onetime.generate()
    return other if other != right else _wrong_code(right)


def test_a_code_binds_the_account_and_its_place_once(desk: Desk, person: Person, account: Account) -> None:
    code = binding.issue_person_code(desk, person)
    assert binding.redeem_person(desk, account, code) is person
    assert (account.person_id, account.area_id) == (person.id, person.area_id)
    assert _audited(desk, "account.bound") == 1
    second = _account(desk, "o-2")
    assert binding.redeem(desk, second, code) == Refusal.WRONG
    assert second.person_id is None


def test_the_same_account_may_say_its_code_twice(desk: Desk, person: Person, account: Account) -> None:
    code = binding.issue_person_code(desk, person)
    binding.redeem_person(desk, account, code)
    assert binding.redeem_person(desk, account, code) is person
    assert (account.code_tries, _audited(desk, "account.bound")) == (0, 1)


@pytest.mark.parametrize(
    "form", ["{}", "{l}", " 绑定 {} ", "绑定：{l}", "绑定码{}", "{a}-{b}", "{a} {b}", "{f}", "@小单 {}。"]
)
def test_a_code_is_taken_however_it_is_typed(desk: Desk, person: Person, account: Account, form: str) -> None:
    code = binding.issue_person_code(desk, person)
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    said = form.format(code, l=code.lower(), a=code[:4], b=code[4:], f=full_width)
    assert binding.looks_like_code(said)
    assert binding.redeem_person(desk, account, said) is person


def test_a_code_expires(desk: Desk, person: Person, account: Account) -> None:
    code = binding.issue_person_code(desk, person)
    assert binding.redeem(_later(desk, days=desk.settings.times.code_days), account, code) == Refusal.WRONG
    assert account.person_id is None


def test_a_new_code_ends_the_one_before(desk: Desk, person: Person, account: Account) -> None:
    first = binding.issue_person_code(desk, person)
    second = binding.issue_person_code(desk, person)
    assert binding.redeem(desk, account, first) == Refusal.WRONG
    assert binding.redeem(desk, account, second) is person


def test_only_a_hash_of_the_code_is_kept(desk: Desk, person: Person) -> None:
    code = binding.issue_person_code(desk, person)
    row = desk.session.exec(select(BindingCode)).one()
    assert row.code_hash == onetime.hash_of(code)
    assert code not in str(row.model_dump()) + str(
        [entry.model_dump() for entry in desk.session.exec(select(AuditEntry))]
    )


def test_after_five_wrong_codes_even_the_right_one_is_refused_for_an_hour(
    desk: Desk, person: Person, account: Account
) -> None:
    code = binding.issue_person_code(desk, person)
    for _ in range(5):
        assert binding.redeem(desk, account, _wrong_code(code)) == Refusal.WRONG
    assert binding.redeem(desk, account, code) == Refusal.TOO_MANY
    assert binding.redeem(_later(desk, minutes=59), account, code) == Refusal.TOO_MANY
    assert account.person_id is None
    assert binding.redeem(_later(desk, minutes=60), account, code) is person
    assert account.code_tries == 0


def test_another_account_is_not_held_up_by_somebody_elses_guesses(desk: Desk, person: Person, account: Account) -> None:
    code = binding.issue_person_code(desk, person)
    guesser = _account(desk, "o-guess")
    for _ in range(7):
        binding.redeem(desk, guesser, _wrong_code(code))
    assert binding.redeem(desk, account, code) is person


def test_an_account_of_somebody_else_is_not_moved_and_staff_find_it(desk: Desk, person: Person) -> None:
    other = Person(name="别人")
    desk.session.add(other)
    desk.session.flush()
    account = _account(desk, "o-1", person_id=other.id)
    code = binding.issue_person_code(desk, person)
    assert binding.redeem(desk, account, code) == Refusal.OTHER_PERSON
    assert binding.redeem_person(desk, account, code) is None
    assert account.person_id == other.id
    assert _audited(desk, "account.bind_refused") == 2
    assert binding.redeem(desk, _account(desk, "o-2"), code) is person, "the code is still good for the right one"


def test_a_frozen_account_is_not_bound(desk: Desk, person: Person) -> None:
    account = _account(desk, "o-1", state=AccountState.FROZEN)
    assert binding.redeem(desk, account, binding.issue_person_code(desk, person)) == Refusal.FROZEN
    assert account.person_id is None


def test_a_groups_code_binds_no_account(desk: Desk, account: Account, group: Chat, unit: Area) -> None:
    code = binding.issue_chat_code(desk, group, unit, ChatKind.RESIDENTS)
    assert binding.redeem(desk, account, code) == Refusal.WRONG


def test_a_code_said_in_its_group_binds_the_group(desk: Desk, group: Chat, unit: Area) -> None:
    code = binding.issue_chat_code(desk, group, unit, ChatKind.LEADERS)
    assert binding.redeem_chat(desk, group, f"绑定 {code.lower()}") is unit
    assert (group.kind, group.area_id) == (ChatKind.LEADERS, unit.id)
    assert _audited(desk, "chat.bound") == 1
    group.kind = ChatKind.UNBOUND
    assert binding.redeem_chat(desk, group, code) is None, "a code is good for one use"


def test_a_code_binds_no_other_group_and_not_for_ever(desk: Desk, group: Chat, unit: Area) -> None:
    code = binding.issue_chat_code(desk, group, unit)
    other = _group(desk, "g-2")
    assert binding.redeem_chat(desk, other, code) is None
    assert binding.redeem_chat(_later(desk, days=desk.settings.times.code_days), group, code) is None
    assert binding.redeem_chat(desk, group, _wrong_code(code)) is None
    assert (other.kind, group.kind) == (ChatKind.UNBOUND, ChatKind.UNBOUND)


def test_a_code_without_an_area_takes_that_of_the_leader_who_says_it(
    desk: Desk, group: Chat, unit: Area, person: Person
) -> None:
    code = binding.issue_chat_code(desk, group)
    speaker = _account(desk, "o-1", person_id=person.id)
    assert binding.redeem_chat(desk, group, code) is None
    assert binding.redeem_chat(desk, group, code, speaker) is None, "somebody without a post decides nothing"
    today = desk.now.astimezone(desk.settings.zone).date()
    desk.session.add(Post(person_id=person.id, role=Role.UNIT_LEADER, area_id=unit.id, starts_on=today))
    desk.session.flush()
    assert binding.redeem_chat(desk, group, code, speaker) is unit
    assert group.kind == ChatKind.RESIDENTS


def test_a_deputy_elsewhere_does_not_blur_which_unit_a_leader_means(
    desk: Desk, group: Chat, unit: Area, person: Person
) -> None:
    other = Area(level=Level.UNIT, code="U2", name="1单元", path="/99/")
    desk.session.add(other)
    desk.session.flush()
    today = desk.now.astimezone(desk.settings.zone).date()
    for area, slot in ((unit, Slot.A), (other, Slot.B)):
        post = Post(person_id=person.id, role=Role.UNIT_LEADER, area_id=area.id, slot=slot, starts_on=today)
        desk.session.add(post)
    desk.session.flush()
    speaker = _account(desk, "o-1", person_id=person.id)
    assert binding.redeem_chat(desk, group, binding.issue_chat_code(desk, group), speaker) is unit


def test_a_persons_code_said_in_a_group_is_spent(desk: Desk, group: Chat, person: Person, account: Account) -> None:
    code = binding.issue_person_code(desk, person)
    assert binding.redeem_chat(desk, group, code) is None
    assert _audited(desk, "code.exposed") == 1
    assert binding.redeem(desk, account, code) == Refusal.WRONG
    assert binding.people_with_codes(desk) == set()


@pytest.mark.parametrize("kind", [ChatKind.PRIVATE, ChatKind.UNBOUND])
def test_a_group_is_bound_as_a_group_only(desk: Desk, group: Chat, unit: Area, kind: ChatKind) -> None:
    with pytest.raises(ValueError, match="only a group"):
        binding.issue_chat_code(desk, group, unit, kind)
    with pytest.raises(ValueError, match="only a group"):
        binding.bind_chat(desk, group, unit, kind, by="staff")


def test_groups_are_listed_with_the_unbound_first(desk: Desk, group: Chat, unit: Area) -> None:
    bound = _group(desk, "g-0")
    binding.bind_chat(desk, bound, unit, ChatKind.STAFF, by="staff")
    desk.session.add(Chat(channel="wechat", external_id="o-1", kind=ChatKind.PRIVATE, created_at=desk.now))
    new = _group(desk, "g-9")
    desk.session.flush()
    lines = binding.groups(desk.session)
    assert [line.chat for line in lines] == ["g-1", "g-9", "g-0"]
    assert (lines[2].area_code, lines[2].area_name, lines[2].kind) == ("U", "2单元", ChatKind.STAFF)
    assert [line.id for line in binding.unbound_chats(desk.session)] == [group.id, new.id]


@pytest.fixture
def desks(database: str, clock: StandingClock) -> Iterator[tuple[Desk, Desk]]:
    """Two transactions of their own."""
    engine = db.connect(database, "NORMAL", 4.0)
    with Session(engine, expire_on_commit=False) as one, Session(engine, expire_on_commit=False) as other:
        yield (
            Desk(one, Settings(), Wording({}), clock()),
            Desk(other, Settings(), Wording({}), clock()),
        )
    engine.dispose()


def test_two_accounts_saying_one_code_at_the_same_instant_bind_one(desks: tuple[Desk, Desk]) -> None:
    first = desks[0]
    person = Person(name="张三")
    first.session.add(person)
    accounts = [_account(first, "o-1").id, _account(first, "o-2").id]
    code = binding.issue_person_code(first, person)
    first.session.commit()
    found: list[object] = []
    together = threading.Barrier(2)

    def say(desk: Desk, account_id: int) -> None:
        together.wait()
        result = binding.redeem(desk, desk.session.get_one(Account, account_id), code)
        desk.session.commit()
        found.append(result)

    threads = [threading.Thread(target=say, args=each) for each in zip(desks, accounts, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(isinstance(one, Person) for one in found) == [False, True]
    assert [one for one in found if not isinstance(one, Person)] == [Refusal.WRONG]
