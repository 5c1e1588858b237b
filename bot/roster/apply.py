"""A Roster into the database, in the caller's transaction. Twice changes nothing; ids stay; nothing is deleted."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy.orm import Mapped
from sqlmodel import Session, SQLModel, col, select

from bot import binding
from bot.desk import Desk
from bot.roster.apply_areas import apply_areas
from bot.roster.apply_posts import apply_posts
from bot.roster.apply_shifts import apply_families, apply_shifts
from bot.roster.changes import Counts, put
from bot.roster.check import check, warn
from bot.roster.columns import ACCOUNTS, CHATS
from bot.roster.known import known
from bot.roster.rows import AccountRow, ChatRow, Problem, Roster, RosterRefused
from models import Account, AccountState, Area, AuditEntry, Chat, Organisation, Person

M = TypeVar("M", bound=SQLModel)
K = TypeVar("K")
PORTION = 500


@dataclass(frozen=True)
class IssuedCode:
    """A one-time binding code: shown now, never again."""

    person_code: str
    name: str
    code: str


@dataclass
class Outcome:
    """What an import did, by sheet (areas, organisations, chats, people, accounts, posts, shifts)."""

    counts: dict[str, Counts] = field(default_factory=dict)
    codes: list[IssuedCode] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def added(self) -> int:
        return sum(counts.added for counts in self.counts.values())

    @property
    def changed(self) -> int:
        return sum(counts.changed for counts in self.counts.values())

    @property
    def unchanged(self) -> int:
        return sum(counts.unchanged for counts in self.counts.values())


def apply(desk: Desk, roster: Roster) -> Outcome:
    """Write the roster. People in it who have no account get a binding code, unless an unused one is still good.

    Checked once more against what the database holds now. Raises RosterRefused, with nothing written.
    """
    problems = check(roster, known(desk.session))
    if problems:
        raise RosterRefused(problems)
    outcome = Outcome(warnings=[*warn(roster), *_unknown_channels(desk, roster)])
    outcome.counts["areas"], areas = apply_areas(desk.session, roster.areas)
    outcome.counts["organisations"], organisations = _organisations(desk, roster, areas)
    outcome.counts["chats"] = _chats(desk, roster, areas)
    outcome.counts["people"], people = _people(desk, roster, areas)
    outcome.counts["accounts"] = _accounts(desk, roster, people, outcome)
    outcome.counts["posts"] = apply_posts(desk.session, roster.posts, people, areas, organisations)
    outcome.counts["shifts"] = apply_shifts(desk.session, roster.shifts, people, areas)
    apply_families(desk.session, roster.people, people)
    desk.session.flush()
    outcome.codes = _codes(desk, roster, people)
    _record(desk, outcome)
    return outcome


def _organisations(desk: Desk, roster: Roster, areas: Mapping[str, Area]) -> tuple[Counts, dict[str, Organisation]]:
    there = _by(desk.session.exec(select(Organisation)), lambda row: row.code)
    counts = Counts()
    for row in roster.organisations:
        wanted = {
            "code": row.code,
            "name": row.name,
            "kind": row.kind.value,
            "area_id": areas[row.area].id,
            "phone": row.phone,
        }
        there[row.code] = put(desk.session, counts, there.get(row.code), Organisation, wanted)
    desk.session.flush()
    return counts, there


def _chats(desk: Desk, roster: Roster, areas: Mapping[str, Area]) -> Counts:
    there = _by(
        _named(desk.session, Chat, col(Chat.external_id), [row.chat for row in roster.chats]),
        lambda row: (row.channel, row.external_id),
    )
    counts = Counts()
    for row in roster.chats:
        found = there.get((row.channel, row.chat))
        before = (found.kind, found.area_id) if found else None
        chat = put(desk.session, counts, found, Chat, _chat(desk, row, areas[row.area], new=found is None))
        if before != (chat.kind, chat.area_id):
            desk.session.flush()
            binding.record(desk, "chat.bound", f"chat:{chat.id}", {"by": "roster", "area": row.area, "kind": row.kind})
    return counts


def _chat(desk: Desk, row: ChatRow, area: Area, *, new: bool) -> dict[str, object]:
    wanted = {"channel": row.channel, "external_id": row.chat, "kind": row.kind, "area_id": area.id, "name": row.name}
    return {**wanted, "created_at": desk.now} if new else wanted


def _people(desk: Desk, roster: Roster, areas: Mapping[str, Area]) -> tuple[Counts, dict[str, Person]]:
    there = _by(desk.session.exec(select(Person).where(col(Person.code).is_not(None))), lambda row: row.code or "")
    counts = Counts()
    for row in roster.people:
        wanted = {
            "code": row.code,
            "name": row.name,
            "phone": row.phone,
            "contact_note": row.contact_note,
            "area_id": areas[row.area].id if row.area else row.area,
        }
        there[row.code] = put(desk.session, counts, there.get(row.code), Person, wanted)
    desk.session.flush()
    return counts, there


def _accounts(desk: Desk, roster: Roster, people: Mapping[str, Person], outcome: Outcome) -> Counts:
    there = _by(
        _named(desk.session, Account, col(Account.user_id), [row.user for row in roster.accounts]),
        lambda row: (row.channel, row.user_id),
    )
    counts = Counts()
    for row in roster.accounts:
        account = there.get((row.channel, row.user))
        if account is not None and account.state == AccountState.GONE:
            # They unfollowed and were erased; a list in a drawer does not bring them back.
            outcome.warnings.append(_problem(row, "本人已经取消关注，没有再绑"))
            counts.unchanged += 1
            continue
        _bind(desk, counts, row, account, people[row.person])
    return counts


def _bind(desk: Desk, counts: Counts, row: AccountRow, account: Account | None, person: Person) -> None:
    wanted: dict[str, object] = {"channel": row.channel, "user_id": row.user, "person_id": person.id}
    if account is None:
        wanted["created_at"] = desk.now
    newly = account is None or account.person_id != person.id
    if newly:
        # Where they are is what they last told us, once they have told us; the roster only begins it.
        wanted["area_id"] = person.area_id
    bound = put(desk.session, counts, account, Account, wanted)
    if newly:
        desk.session.flush()
        binding.record(desk, "account.bound", f"account:{bound.id}", {"by": "roster", "person": person.id})


def _codes(desk: Desk, roster: Roster, people: Mapping[str, Person]) -> list[IssuedCode]:
    bound = set(desk.session.exec(select(Account.person_id).where(col(Account.person_id).is_not(None))))
    waiting = binding.people_with_codes(desk)
    return [
        IssuedCode(row.code, row.name, binding.issue_person_code(desk, people[row.code]))
        for row in roster.people
        if people[row.code].id not in bound and people[row.code].id not in waiting
    ]


def _unknown_channels(desk: Desk, roster: Roster) -> list[Problem]:
    configured = desk.settings.channels
    if not configured:
        return []
    reason = "配置里没有这个渠道，先导入了，配好才收得到"
    accounts = [_problem(row, reason, "channel") for row in roster.accounts if row.channel not in configured]
    chats = [
        Problem(CHATS.title, row.at, CHATS.heading("channel"), reason)
        for row in roster.chats
        if row.channel not in configured
    ]
    return [*chats, *accounts]


def _problem(row: AccountRow, reason: str, column: str = "user") -> Problem:
    return Problem(ACCOUNTS.title, row.at, ACCOUNTS.heading(column), reason)


def _record(desk: Desk, outcome: Outcome) -> None:
    if outcome.added or outcome.changed:
        detail = {name: [counts.added, counts.changed] for name, counts in outcome.counts.items()}
        desk.session.add(AuditEntry(at=desk.now, action="roster.imported", subject="roster", detail=detail))


def _named(session: Session, model: type[M], column: Mapped[str], names: Sequence[str]) -> Iterator[M]:
    """The rows whose column is one of the names, asked for in portions that every database takes."""
    for portion in range(0, len(names), PORTION):
        yield from session.exec(select(model).where(column.in_(names[portion : portion + PORTION])))


def _by(rows: Iterable[M], key: Callable[[M], K]) -> dict[K, M]:
    return {key(row): row for row in rows}
