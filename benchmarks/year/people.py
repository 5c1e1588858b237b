"""How the people of the year behave: who answers at once, late or never, and what becomes of what they take on.

They know only what arrived on their phones. All chance comes from one seeded generator, so a year can be told again.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from benchmarks.year import talk
from benchmarks.year.phones import Sent
from benchmarks.year.play import Play, Saying
from benchmarks.year.rhythm import DAY, HOUR, Rhythm
from benchmarks.year.town import Town
from bot.moves import OPEN
from bot.routing import OFFICE
from models import Account, Chat, Intent, Outgoing, Person, Post, Report, Role, Status, Ticket, TicketEvent

REOPENED_AT_MOST = 2  # by us: the third time they give up
UNDONE = 0.04  # of what was said to be done is taken back within minutes, and said again later

# Out of a hundred who hear of something that is theirs: at once, late, never. Leaders are volunteers.
ANSWERS = {
    Role.UNIT_LEADER: (68, 20, 12),
    Role.GRID_LEADER: (72, 18, 10),
    Role.STAFF: (82, 15, 3),
    Role.SECRETARY: (80, 20, 0),
    Role.MEDIATOR: (70, 20, 10),
    Role.DUTY: (80, 15, 5),
    Role.PROPERTY: (70, 16, 14),
    Role.VOLUNTEER: (25, 0, 75),
}
AT_NIGHT = {Role.DUTY: 0.85, Role.PROPERTY: 0.5}  # how likely an emergency is gone to by night; all others: ELSE_NIGHT
BY_DAY, ELSE_NIGHT = 0.55, 0.15
# What becomes of something taken on: done, a word and then done, passed on, put aside, waited for, forgotten.
ENDS = {"done": 58, "word": 12, "transfer": 10, "up": 6, "pause": 5, "wait": 3, "whistle": 1, "forget": 5}


@dataclass(frozen=True)
class Read:
    """A line as whoever it reached sees it."""

    sent: Sent
    row: Outgoing
    ticket: Ticket
    kind: str  # of the event it tells of

    @property
    def group(self) -> str | None:
        return None if self.sent.line.private else self.sent.line.chat_id


class People:
    """`listen` is given to Play as its listener."""

    def __init__(self, play: Play, town: Town, seed: int) -> None:
        self._play = play
        self._town = town
        self._random = random.Random(f"people {seed}")
        self._rhythm = Rhythm(lambda: play.services.settings, self._random)
        self._away: dict[str, datetime] = {}  # until when
        self._busy: set[tuple[int, str, str]] = set()  # what somebody is already about to do: ticket, user, what
        self._tries: dict[int, int] = {}  # how often a neighbour said that it isn't done
        self._users: dict[int, str] = {}  # by post

    def leave(self, user: str, first: datetime, last: datetime) -> None:
        """Somebody will be away from `first` to the end of the day of `last`."""

        def goes() -> Saying | None:
            if self._is_away(user):
                return None
            local = self._rhythm.local(last)
            self._away[user] = local.replace(hour=23, minute=59)
            return Saying(user, talk.LEAVE.format(month=local.month, day=local.day))

        def returns() -> Saying | None:
            self._away.pop(user, None)
            return Saying(user, talk.BACK)

        self._play.plan(first, goes)
        if self._random.random() < 0.5:
            self._play.plan(self._rhythm.local(last).replace(hour=8, minute=30) + DAY, returns)

    def told(self, user: str, group: str | None, kind: str, at: datetime) -> None:
        """A neighbour will tell something of that kind at that moment: what they do about it by themselves."""
        chance = self._random.random
        if kind == "dispute" and chance() < 0.75:
            self._play.say(at + self._rhythm.minutes(3), Saying(user, self._random.choice(talk.WHOM)))
        for words, share, days in ((talk.URGE, 0.14, 1.6), (talk.TAKE_BACK, 0.03, 0.5), (talk.WHY, 0.04, 0.1)):
            if kind not in ("danger", "silent") and chance() < share:
                when = self._rhythm.awake(at + days * DAY * (0.4 + chance()))
                self._play.plan(when, self._while_open_for(user, Saying(user, self._random.choice(words), group)))

    def listen(self, session: Session, sent: Sequence[Sent]) -> None:
        """Read what has arrived, and plan what follows."""
        self._know(session)
        by_key = {one.line.key: one for one in sent}
        query = (
            select(Outgoing, Ticket, TicketEvent.kind)
            .join(Ticket, col(Ticket.id) == col(Outgoing.ticket_id))
            .join(TicketEvent, col(TicketEvent.id) == col(Outgoing.event_id), isouter=True)
            .where(col(Outgoing.key).in_(list(by_key)))
            .order_by(col(Outgoing.id))
        )
        for row, ticket, kind in session.exec(query):
            read = Read(by_key[row.key], row, ticket, kind or "")
            user = self._users.get(row.post_id) if row.post_id is not None else None
            if user is not None:
                self._in_office(user, read)
            elif row.post_id is None:
                self._neighbours(session, read)

    # --- people with a post

    def _in_office(self, user: str, read: Read) -> None:
        role, ticket = self._town.offices[user][2], read.ticket
        if self._is_away(user) or ticket.status not in OPEN:
            return
        if ticket.danger and ticket.attended_at is None:
            self._alarmed(user, role, read)
        elif role == Role.VOLUNTEER:
            self._offered(user, read)
        elif role == Role.PROPERTY:
            if ticket.status == Status.TRANSFERRED or ticket.holder_post_id == read.row.post_id:
                self._asked(user, role, read)
        elif ticket.holder_post_id == read.row.post_id:
            self._asked(user, role, read)

    def _alarmed(self, user: str, role: Role, read: Read) -> None:
        """An emergency: some go there, by day rather than by night, and say so when they are there."""
        night = self._rhythm.local(self._play.clock()).hour not in range(7, 22)
        likely = AT_NIGHT.get(role, ELSE_NIGHT) if night else BY_DAY
        if self._random.random() > likely or self._begun(read, user, "there"):
            return
        there = self._play.clock() + self._rhythm.minutes(9)
        self._later(there, read, user, talk.THERE, unless=lambda ticket: ticket.attended_at is not None)
        self._later(there + HOUR * self._random.uniform(0.5, 5), read, user, talk.OVER, ends="there")

    def _offered(self, user: str, read: Read) -> None:
        """A request for help: few come, and one of ten who came cannot after all."""
        if self._begun(read, user, "claim") or self._random.random() > ANSWERS[Role.VOLUNTEER][0] / 100:
            return
        at = self._rhythm.awake(self._play.clock() + self._rhythm.minutes(25))
        self._play.plan(at, self._if(read, Saying(user, talk.CLAIM, quote=read.sent.message_id), lambda ticket: False))
        goes, does = self._random.random(), at + HOUR * self._random.uniform(1, 8)
        if goes < 0.85:
            self._later(self._rhythm.awake(does), read, user, talk.DONE, ends="claim")
        elif goes < 0.95:
            self._later(self._rhythm.awake(at + HOUR), read, user, (talk.CANNOT,), ends="claim")

    def _asked(self, user: str, role: Role, read: Read) -> None:
        """Something is theirs: they take it at once, late or never."""
        if self._begun(read, user, "take"):
            return
        how = self._random.choices(("soon", "late", "never"), ANSWERS[role])[0]
        if how == "never":
            # Told again (a reminder, a neighbour who asks, back from leave) they may think otherwise.
            self._busy.discard((read.ticket.id, user, "take"))
            return
        gap = self._rhythm.minutes(50) if how == "soon" else HOUR * self._random.uniform(5, 36)
        at = self._rhythm.when(role, self._play.clock() + gap)
        if role == Role.PROPERTY and self._random.random() < 0.14:
            self._later(at, read, user, talk.REFUSE, ends="take")
            return
        self._later(at, read, user, talk.TAKES, unless=lambda ticket: ticket.status == Status.ACCEPTED)
        self._work(user, role, read, at)

    def _work(self, user: str, role: Role, read: Read, taken: datetime) -> None:
        """What becomes of what they have taken."""
        repair, office = read.ticket.intent == Intent.REPAIR, role in OFFICE
        end = self._random.choices(list(ENDS), list(ENDS.values()))[0]
        if (end in ("transfer", "whistle") and not (repair and role != Role.PROPERTY)) or (end == "up" and office):
            end = "done"
        does = self._rhythm.when(role, taken + HOUR * min(self._random.lognormvariate(1.2, 1.1), 120))
        words = talk.DONE if repair else talk.SETTLED
        if end == "word":
            self._later(does, read, user, talk.PROGRESS)
            does = self._rhythm.when(role, does + DAY * self._random.uniform(0.3, 2))
        elif end in ("pause", "wait"):
            self._later(does, read, user, talk.PAUSE if end == "pause" else talk.WAIT)
            does = self._rhythm.when(role, does + DAY * self._random.uniform(1, 9))
        elif end in ("transfer", "up", "whistle"):
            said = {"transfer": talk.TRANSFER, "up": talk.ESCALATE, "whistle": (talk.WHISTLE,)}[end]
            self._later(does, read, user, said, ends="" if end == "whistle" else "take")
        if end in ("done", "word", "pause", "wait", "whistle"):
            self._later(does, read, user, words, ends="take")
            if self._random.random() < UNDONE:
                self._play.say(does + timedelta(minutes=2), Saying(user, talk.UNDO, read.group))
                self._later(self._rhythm.when(role, does + HOUR), read, user, words)

    # --- neighbours

    def _neighbours(self, session: Session, read: Read) -> None:
        """It is said to be done, or they are asked how it was: some say something."""
        ticket, chance = read.ticket, self._random.random()
        if read.row.key.startswith("rating:"):
            if chance < 0.5:
                said = self._random.choice(talk.GOOD if chance < 0.42 else talk.BAD)
                self._play.say(
                    self._rhythm.awake(self._play.clock() + self._rhythm.minutes(90)),
                    Saying(read.sent.line.chat_id, said),
                )
            return
        if (
            read.kind != "resolved"
            or ticket.status != Status.RESOLVED
            or self._begun(read, "", f"seen{read.row.event_id}")
        ):
            return
        told = self._reporter(session, ticket.id)
        if told is None or chance > 0.42:
            return
        user, group = told
        said, tries = self._random.choice(talk.FIXED), self._tries.get(ticket.id, 0)
        if chance < 0.13 and tries < REOPENED_AT_MOST:
            said, self._tries[ticket.id] = self._random.choice(talk.NOT_FIXED), tries + 1
        at = self._rhythm.awake(self._play.clock() + HOUR * self._random.uniform(0.2, 9))
        self._play.plan(
            at, self._if(read, Saying(user, said, group, read.sent.message_id if group else None), _not_resolved)
        )

    def _reporter(self, session: Session, ticket_id: int) -> tuple[str, str | None] | None:
        query = (
            select(Account.user_id, Chat.external_id, Chat.account_id)
            .join(Report, col(Report.account_id) == col(Account.id))
            .join(Chat, col(Chat.id) == col(Report.chat_id))
            .where(Report.ticket_id == ticket_id, col(Report.withdrawn_at).is_(None))
            .order_by(col(Report.id))
        )
        found = session.exec(query).first()
        return None if found is None else (found[0], None if found[2] is not None else found[1])

    # --- when, and whether still

    def _later(
        self,
        at: datetime,
        read: Read,
        user: str,
        sentences: Sequence[str],
        *,
        unless: Callable[[Ticket], bool] = lambda ticket: False,
        ends: str = "",
    ) -> None:
        """Say one of these at that moment, where the matter is still theirs. ends: what they are no longer about."""
        words = self._random.choice(list(sentences)).format(n=read.ticket.number)

        def not_mine(ticket: Ticket) -> bool:
            if ends:
                self._busy.discard((ticket.id, user, ends))
            if self._is_away(user) or ticket.status not in OPEN or unless(ticket):
                return True
            theirs = ticket.holder_post_id == read.row.post_id or ticket.danger is not None
            # Relieved of it they leave it alone; a company and a volunteer never held it.
            return not theirs and self._town.offices[user][2] not in (Role.PROPERTY, Role.VOLUNTEER)

        self._play.plan(at, self._if(read, Saying(user, words, read.group), not_mine))

    def _if(self, read: Read, saying: Saying, unless: Callable[[Ticket], bool]) -> Callable[[], Saying | None]:
        def say() -> Saying | None:
            with self._play.services.reading() as session:
                ticket = session.get_one(Ticket, read.ticket.id)
            return None if unless(ticket) else saying

        return say

    def _while_open_for(self, user: str, saying: Saying) -> Callable[[], Saying | None]:
        def say() -> Saying | None:
            query = (
                select(Ticket.id)
                .join(Report, col(Report.ticket_id) == col(Ticket.id))
                .join(Account, col(Account.id) == col(Report.account_id))
                .where(Account.user_id == user, col(Ticket.status).in_(list(OPEN)), col(Report.withdrawn_at).is_(None))
            )
            with self._play.services.reading() as session:
                return saying if session.exec(query).first() is not None else None

        return say

    def _begun(self, read: Read, user: str, what: str) -> bool:
        """Whether they are about it already; from now on they are."""
        key = (read.ticket.id, user, what)
        known = key in self._busy
        self._busy.add(key)
        return known

    def _is_away(self, user: str) -> bool:
        return user in self._away and self._play.clock() < self._away[user]

    def _know(self, session: Session) -> None:
        if not self._users:
            query = select(Post.id, Person.code).join(Person, col(Person.id) == col(Post.person_id))
            self._users = {post: code for post, code in session.exec(query) if code is not None}


def _not_resolved(ticket: Ticket) -> bool:
    return ticket.status != Status.RESOLVED
