"""A roster in the database: once, twice, changed, in parts, and refused whole."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, func, select

from bot import roster
from bot.desk import Desk
from bot.roster.rows import OPEN_END, AccountRow, AreaRow, ChatRow, OrganisationRow, PersonRow, PostRow, Roster
from bot.roster.rows import RosterRefused as Refused
from bot.roster.words import OrganisationKind
from bot.settings import Settings
from models import (
    Account,
    AccountState,
    Area,
    AuditEntry,
    BindingCode,
    Chat,
    ChatKind,
    Community,
    Level,
    Organisation,
    Person,
    Post,
    Role,
    Slot,
)

TODAY = date.today()  # noqa: DTZ011 - terms of office are days; which one does not matter here
ROSTER = Roster(
    areas=(
        AreaRow("U", Level.UNIT, "2单元", "B"),  # children may stand before their parents
        AreaRow("B", Level.BUILDING, "三栋", "E", aliases=("老三栋",)),
        AreaRow("E", Level.ESTATE, "某小区", "C"),
        AreaRow("C", Level.COMMUNITY, "某社区", "S", gas="000-1001", staff_duty="000-1002"),
        AreaRow("S", Level.SUBDISTRICT, "某街道"),
    ),
    organisations=(OrganisationRow("W", "某物业", OrganisationKind.PROPERTY, "E", "000-2001"),),
    chats=(ChatRow("onebot", "g-1", ChatKind.RESIDENTS, "U", "群"),),
    people=(
        PersonRow("P1", "张三", "13800138000", "听不见", "U"),
        PersonRow("P2", "李四", area="U"),
    ),
    accounts=(AccountRow("P1", "onebot", "u-1"),),
    posts=(
        PostRow("P1", Role.UNIT_LEADER, "U", TODAY, ends_on=TODAY + timedelta(days=365)),
        PostRow("P2", Role.PROPERTY, "E", TODAY, "W", Slot.B),
    ),
)


def count(session: Session, model: type) -> int:
    return session.exec(select(func.count()).select_from(model)).one()


def area(session: Session, code: str) -> Area:
    return session.exec(select(Area).where(Area.code == code)).one()


def person(session: Session, code: str) -> Person:
    return session.exec(select(Person).where(Person.code == code)).one()


def test_everything_is_there_after_an_import(desk: Desk) -> None:
    outcome = roster.apply(desk, ROSTER)
    session = desk.session
    assert {name: counts.added for name, counts in outcome.counts.items()} == {
        "areas": 5, "organisations": 1, "chats": 1, "people": 2, "accounts": 1, "posts": 2, "shifts": 0,
    }  # fmt: skip
    chain = [area(session, code) for code in "SCEBU"]
    assert chain[-1].path == "/" + "/".join(str(one.id) for one in chain) + "/"
    assert [one.parent_id for one in chain] == [None, *(one.id for one in chain[:-1])]
    assert (chain[3].label, chain[4].label) == ("3", "2")
    assert chain[1].phones == {"gas": "000-1001", "staff_duty": "000-1002"}
    community = session.exec(select(Community)).one()
    assert (community.area_id, community.code) == (chain[1].id, "C")
    chat = session.exec(select(Chat)).one()
    assert (chat.kind, chat.area_id, chat.created_at) == (ChatKind.RESIDENTS, chain[4].id, desk.now)
    account = session.exec(select(Account)).one()
    assert (account.person_id, account.area_id) == (person(session, "P1").id, chain[4].id)
    company = session.exec(select(Organisation)).one()
    post = session.exec(select(Post).where(Post.role == Role.PROPERTY)).one()
    assert (post.organisation_id, post.slot, post.ends_on) == (company.id, Slot.B, None)


def test_importing_twice_changes_nothing_at_all(desk: Desk) -> None:
    first = roster.apply(desk, ROSTER)
    desk.session.commit()
    before = _everything(desk.session)
    again = roster.apply(desk, ROSTER)
    desk.session.commit()
    assert (again.added, again.changed, again.unchanged) == (0, 0, first.added)
    assert again.codes == []
    assert _everything(desk.session) == before


def _everything(session: Session) -> dict[str, list[dict[str, object]]]:
    session.expire_all()
    models = (Area, Community, Organisation, Person, Account, Chat, Post, BindingCode, AuditEntry)
    return {
        model.__name__: [row.model_dump() for row in session.exec(select(model).order_by(col(model.id)))]
        for model in models
    }


def test_changed_rows_keep_their_ids_and_are_counted(desk: Desk) -> None:
    roster.apply(desk, ROSTER)
    ids = {one.code: one.id for one in desk.session.exec(select(Person))}
    people = (replace(ROSTER.people[0], name="张三丰", phone=None, contact_note=""), ROSTER.people[1])
    outcome = roster.apply(desk, replace(ROSTER, people=people))
    changed = person(desk.session, "P1")
    assert (outcome.counts["people"].changed, outcome.counts["people"].unchanged) == (1, 1)
    assert (changed.id, changed.name) == (ids["P1"], "张三丰")
    assert changed.phone == "13800138000", "a blank cell leaves what is there"
    assert changed.contact_note is None, "无 clears it"


def test_a_moved_area_takes_all_below_it_along(desk: Desk) -> None:
    roster.apply(desk, ROSTER)
    moved = Roster(areas=(AreaRow("E2", Level.ESTATE, "另一个小区", "C"), AreaRow("B", Level.BUILDING, "三栋", "E2")))
    outcome = roster.apply(desk, moved)
    assert (outcome.counts["areas"].added, outcome.counts["areas"].changed) == (1, 1)
    assert area(desk.session, "U").path.startswith(area(desk.session, "E2").path)
    assert count(desk.session, Community) == 1


def test_area_phones_are_changed_one_by_one(desk: Desk) -> None:
    roster.apply(desk, ROSTER)
    roster.apply(desk, Roster(areas=(AreaRow("C", Level.COMMUNITY, "某社区", gas="", lift="000-1003"),)))
    assert area(desk.session, "C").phones == {"staff_duty": "000-1002", "lift": "000-1003"}


def test_rows_that_vanished_from_the_sheet_are_left_alone(desk: Desk) -> None:
    roster.apply(desk, ROSTER)
    roster.apply(desk, replace(ROSTER, people=ROSTER.people[:1], posts=ROSTER.posts[:1], organisations=()))
    assert (count(desk.session, Person), count(desk.session, Post), count(desk.session, Organisation)) == (2, 2, 1)


def test_a_term_that_is_extended_corrected_or_renewed(desk: Desk) -> None:
    roster.apply(desk, ROSTER)
    first = ROSTER.posts[0]
    year = timedelta(days=366)

    extended = roster.apply(desk, replace(ROSTER, posts=(replace(first, ends_on=TODAY + timedelta(days=400)),)))
    assert (extended.counts["posts"].changed, count(desk.session, Post)) == (1, 2)

    earlier = replace(first, starts_on=TODAY - timedelta(days=30), ends_on=TODAY + timedelta(days=300))
    corrected = roster.apply(desk, replace(ROSTER, posts=(earlier,)))
    assert (corrected.counts["posts"].changed, count(desk.session, Post)) == (1, 2)

    renewed = replace(first, starts_on=TODAY + year, ends_on=TODAY + 2 * year)
    outcome = roster.apply(desk, replace(ROSTER, posts=(earlier, renewed)))
    assert (outcome.counts["posts"].added, outcome.counts["posts"].unchanged) == (1, 1)
    terms = desk.session.exec(select(Post).where(Post.role == Role.UNIT_LEADER).order_by(col(Post.starts_on))).all()
    assert [post.starts_on for post in terms] == [earlier.starts_on, renewed.starts_on]


def test_a_term_made_open_again_has_no_end(desk: Desk) -> None:
    roster.apply(desk, ROSTER)
    roster.apply(desk, replace(ROSTER, posts=(replace(ROSTER.posts[0], ends_on=OPEN_END),)))
    assert desk.session.exec(select(Post).where(Post.role == Role.UNIT_LEADER)).one().ends_on is None


def test_a_group_the_bot_was_in_already_is_bound_by_the_roster(desk: Desk) -> None:
    desk.session.add(Chat(channel="onebot", external_id="g-1", kind=ChatKind.UNBOUND, created_at=desk.now))
    outcome = roster.apply(desk, ROSTER)
    assert outcome.counts["chats"].changed == 1
    assert desk.session.exec(select(Chat)).one().kind == ChatKind.RESIDENTS
    assert _audited(desk, "chat.bound") == 1


def test_a_resident_who_wrote_before_keeps_the_account(desk: Desk) -> None:
    desk.session.add(Account(channel="onebot", user_id="u-1", created_at=desk.now, room="502"))
    desk.session.flush()
    roster.apply(desk, ROSTER)
    account = desk.session.exec(select(Account)).one()
    assert (account.person_id, account.room) == (person(desk.session, "P1").id, "502")
    assert _audited(desk, "account.bound") == 1


def test_a_place_told_later_is_not_set_back_by_the_next_import(desk: Desk) -> None:
    roster.apply(desk, ROSTER)
    account = desk.session.exec(select(Account)).one()
    account.area_id = area(desk.session, "E").id
    desk.session.add(account)
    assert roster.apply(desk, ROSTER).changed == 0
    assert account.area_id == area(desk.session, "E").id


def test_an_account_of_somebody_else_is_never_moved_and_nothing_is_written(desk: Desk) -> None:
    other = Person(name="别人")
    desk.session.add(other)
    desk.session.flush()
    desk.session.add(Account(channel="onebot", user_id="u-1", created_at=desk.now, person_id=other.id))
    desk.session.commit()
    with pytest.raises(Refused) as refused:
        roster.apply(desk, ROSTER)
    assert ["别人名下" in problem.reason for problem in refused.value.problems] == [True]
    assert (count(desk.session, Area), count(desk.session, Person)) == (0, 1)


def test_somebody_elses_private_chat_is_no_group(desk: Desk) -> None:
    desk.session.add(Chat(channel="onebot", external_id="g-1", kind=ChatKind.PRIVATE, created_at=desk.now))
    desk.session.flush()
    with pytest.raises(Refused, match="私聊"):
        roster.apply(desk, ROSTER)


def test_a_community_keeps_its_level(desk: Desk) -> None:
    roster.apply(desk, ROSTER)
    with pytest.raises(Refused, match="不能改级别"):
        roster.apply(desk, Roster(areas=(AreaRow("C", Level.ESTATE, "某社区"),)))


def test_who_unfollowed_is_not_bound_again_by_a_list(desk: Desk) -> None:
    desk.session.add(Account(channel="onebot", user_id="u-1", created_at=desk.now, state=AccountState.GONE))
    desk.session.flush()
    outcome = roster.apply(desk, ROSTER)
    assert desk.session.exec(select(Account)).one().person_id is None
    assert ["取消关注" in warning.reason for warning in outcome.warnings] == [True]


def test_only_people_without_an_account_get_a_code_and_get_it_once(desk: Desk) -> None:
    first = roster.apply(desk, ROSTER)
    assert [(code.person_code, code.name) for code in first.codes] == [("P2", "李四")]
    assert roster.apply(desk, ROSTER).codes == []


def test_a_new_code_comes_when_the_old_one_has_expired(desk: Desk) -> None:
    first = roster.apply(desk, ROSTER)
    later = replace(desk, now=desk.now + timedelta(days=desk.settings.times.code_days, seconds=1))
    second = roster.apply(later, ROSTER)
    assert len(second.codes) == 1
    assert second.codes[0].code != first.codes[0].code


def test_no_code_is_kept_in_the_open(desk: Desk) -> None:
    code = roster.apply(desk, ROSTER).codes[0].code
    rows = [str(rows) for rows in _everything(desk.session).values()]
    assert not any(code in row for row in rows)


def test_two_people_as_a_of_one_unit_are_imported_with_a_warning(desk: Desk) -> None:
    second = PostRow("P2", Role.UNIT_LEADER, "U", TODAY, at=4)
    outcome = roster.apply(desk, replace(ROSTER, posts=(*ROSTER.posts, second)))
    assert outcome.counts["posts"].added == 3
    assert [(warning.sheet, warning.row) for warning in outcome.warnings] == [("岗位", 4)]


def test_a_channel_that_is_not_configured_is_a_warning(desk: Desk) -> None:
    settings = Settings.model_validate({"channels": {"webhook": {"kind": "webhook"}}})
    outcome = roster.apply(replace(desk, settings=settings), ROSTER)
    assert [(warning.sheet, warning.column) for warning in outcome.warnings] == [("群", "渠道"), ("账号", "渠道")]
    assert outcome.counts["accounts"].added == 1


def test_an_import_that_changed_something_is_in_the_audit_once(desk: Desk) -> None:
    roster.apply(desk, ROSTER)
    roster.apply(desk, ROSTER)
    assert _audited(desk, "roster.imported") == 1


def test_a_thousand_people_are_imported_and_found_again(desk: Desk) -> None:
    people = tuple(PersonRow(f"N{at}", f"第{at}位", area="U") for at in range(1000))
    accounts = tuple(AccountRow(row.code, "onebot", f"n-{row.code}") for row in people)
    many = Roster(ROSTER.areas, people=people, accounts=accounts)
    assert roster.apply(desk, many).added == 2005
    desk.session.commit()
    again = roster.apply(desk, many)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2005)


def _audited(desk: Desk, action: str) -> int:
    query = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == action)
    return desk.session.exec(query).one()
