"""Do the rows fit together, and with what is there already? Pure; every problem at once."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import date
from typing import TypeVar

from bot.roster.cells import ASCII_CODE
from bot.roster.check_areas import area_problems
from bot.roster.columns import ACCOUNTS, AREAS, CHATS, ORGANISATIONS, PEOPLE, POSTS, SHIFTS, Sheet
from bot.roster.known import Known
from bot.roster.rows import OPEN_END, AccountRow, PostRow, Problem, Roster, Row
from models import Level, Role, Slot

COMMUNITY_CODE_LENGTH = 32
R = TypeVar("R", bound=Row)
Declared = Mapping[str, Iterable[str]]


def check(roster: Roster, known: Known, declared: Declared | None = None) -> list[Problem]:
    """All that is wrong across rows. `declared`: keys of rows that were left out because a cell of them is bad."""
    told = declared or {}
    areas = {row.code for row in roster.areas} | set(told.get("areas", ())) | set(known.areas)
    people = {row.code for row in roster.people} | set(told.get("people", ())) | known.people
    organisations = {r.code for r in roster.organisations} | set(told.get("organisations", ())) | known.organisations
    return [
        *_repeated(AREAS, "code", roster.areas, lambda row: row.code),
        *_repeated(ORGANISATIONS, "code", roster.organisations, lambda row: row.code),
        *_repeated(PEOPLE, "code", roster.people, lambda row: row.code),
        *_repeated(CHATS, "chat", roster.chats, lambda row: (row.channel, row.chat)),
        *area_problems(roster.areas, known, areas),
        *_communities(roster, known, told),
        *_unknown(ORGANISATIONS, "area", roster.organisations, lambda row: row.area, areas, what="区域"),
        *_unknown(CHATS, "area", roster.chats, lambda row: row.area, areas, what="区域"),
        *_unknown(PEOPLE, "area", roster.people, lambda row: row.area, areas, what="区域"),
        *_unknown(ACCOUNTS, "person", roster.accounts, lambda row: row.person, people, what="人员"),
        *_unknown(POSTS, "person", roster.posts, lambda row: row.person, people, what="人员"),
        *_unknown(POSTS, "area", roster.posts, lambda row: row.area, areas, what="区域"),
        *_unknown(POSTS, "organisation", roster.posts, lambda row: row.organisation, organisations, what="单位"),
        *_unknown(SHIFTS, "person", roster.shifts, lambda row: row.person, people, what="人员"),
        *_unknown(SHIFTS, "area", roster.shifts, lambda row: row.area, areas, what="区域"),
        *_families(roster, people),
        *_turns(roster),
        *_private(roster, known),
        *_accounts(roster, known),
        *_terms(roster),
        *_contacts(roster),
    ]


def warn(roster: Roster) -> list[Problem]:
    """What is allowed but rarely meant: two holders of a single leader's post at the same time, both as A."""
    single = {Role.UNIT_LEADER, Role.BUILDING_LEADER, Role.PATCH_LEADER, Role.GRID_LEADER, Role.SECRETARY}
    held: dict[tuple[Role, str], list[PostRow]] = {}
    found: list[Problem] = []
    for row in roster.posts:
        if row.role in single and row.slot == Slot.A:
            others = held.setdefault((row.role, row.area), [])
            if any(other.person != row.person and _overlap(other, row) for other in others):
                found.append(_at(POSTS, row, "slot", "同一个岗位同时有两个A岗，照样导入了；有一个该是B岗吧"))
            others.append(row)
    return found


def _repeated(sheet: Sheet, field: str, rows: Iterable[R], key: Callable[[R], Hashable]) -> Iterator[Problem]:
    first: dict[Hashable, int] = {}
    for row in rows:
        if key(row) in first:
            yield _at(sheet, row, field, f"跟第{first[key(row)]}行重复")
        first.setdefault(key(row), row.at)


def _unknown(
    sheet: Sheet, field: str, rows: Iterable[R], key: Callable[[R], str | None], there: Iterable[str], *, what: str
) -> Iterator[Problem]:
    there = set(there)
    for row in rows:
        code = key(row)
        if code and code not in there:
            yield _at(sheet, row, field, f"没有编号是“{code}”的{what}")


def _communities(roster: Roster, known: Known, declared: Declared) -> Iterator[Problem]:
    for row in roster.areas:
        if row.level == Level.COMMUNITY and not (
            ASCII_CODE.fullmatch(row.code) and len(row.code) <= COMMUNITY_CODE_LENGTH
        ):
            yield _at(
                AREAS,
                row,
                "code",
                f"社区的编号要印在工单号里，只用英文字母、数字和 - _ .，最多{COMMUNITY_CODE_LENGTH}个",
            )
    there = any(row.level == Level.COMMUNITY for row in roster.areas) or any(
        area.level == Level.COMMUNITY for area in known.areas.values()
    )
    if not there and not roster.empty() and not declared.get("areas"):
        yield Problem(AREAS.title, 0, AREAS.heading("level"), "一个社区也没有，至少要有一行级别是社区")


def _families(roster: Roster, people: Iterable[str]) -> Iterator[Problem]:
    there = set(people)
    for row in roster.people:
        for code in row.kin or ():
            if code not in there:
                yield _at(PEOPLE, row, "kin", f"没有编号是“{code}”的人员")
            elif code == row.code:
                yield _at(PEOPLE, row, "kin", "自己不算自己的亲属")


def _turns(roster: Roster) -> Iterator[Problem]:
    seen: dict[tuple[object, ...], int] = {}
    for row in roster.shifts:
        if row.to_on is not None and row.to_on < row.from_on:
            yield _at(SHIFTS, row, "to_on", "止的日期比起的日期早")
        for weekday in row.weekdays:
            key = (row.person, row.area, weekday, row.starts, row.from_on)
            if key in seen:
                yield _at(SHIFTS, row, "starts", f"跟第{seen[key]}行重复")
            seen.setdefault(key, row.at)


def _private(roster: Roster, known: Known) -> Iterator[Problem]:
    for row in roster.chats:
        if (row.channel, row.chat) in known.private_chats:
            yield _at(CHATS, row, "chat", "这是某个人的私聊，不是群")


def _accounts(roster: Roster, known: Known) -> Iterator[Problem]:
    owners: dict[tuple[str, str], AccountRow] = {}
    for row in roster.accounts:
        key = (row.channel, row.user)
        other = owners.setdefault(key, row)
        if other is not row:
            reason = "重复" if other.person == row.person else "是同一个账号，一个账号只能是一个人的"
            yield _at(ACCOUNTS, row, "user", f"跟第{other.at}行{reason}")
        elif key in known.accounts and known.accounts[key] != row.person:
            yield _at(ACCOUNTS, row, "user", "这个账号已经绑在别人名下。换人要先核实，再由社区解绑")


def _terms(roster: Roster) -> Iterator[Problem]:
    held: dict[tuple[str, Role, str, Slot], list[PostRow]] = {}
    for row in roster.posts:
        if row.ends_on is not None and row.ends_on < row.starts_on:
            yield _at(POSTS, row, "ends_on", "止的日期比起的日期早")
            continue
        others = held.setdefault((row.person, row.role, row.area, row.slot), [])
        clash = next((other for other in others if _overlap(other, row)), None)
        if clash is not None:
            yield _at(POSTS, row, "starts_on", f"跟第{clash.at}行是同一个人的同一个岗位，时间重叠")
        others.append(row)


def _contacts(roster: Roster) -> Iterator[Problem]:
    """The contact of an organisation has no right but through it."""
    for row in roster.posts:
        if row.role == Role.LIAISON and not row.organisation:
            yield _at(POSTS, row, "organisation", "单位联系人要填是哪个单位的")


def _overlap(one: PostRow, other: PostRow) -> bool:
    return one.starts_on <= _end(other) and other.starts_on <= _end(one)


def _end(row: PostRow) -> date:
    return row.ends_on or OPEN_END


def _at(sheet: Sheet, row: Row, field: str, reason: str) -> Problem:
    return Problem(sheet.title, row.at, sheet.heading(field), reason)
