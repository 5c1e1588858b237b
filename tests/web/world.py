"""A small town for the API's tests: two communities of one subdistrict, people with posts, and tokens."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select
from werkzeug.test import TestResponse

from bot import services as building
from bot import tokens
from bot.bell import Bell
from bot.services import Services
from bot.settings import Settings
from bot.web import api, health, metrics
from intents.understanding import Understanding
from models import (
    Account,
    Area,
    AuditEntry,
    Chat,
    ChatKind,
    CoHandler,
    Community,
    Inbound,
    Intent,
    Level,
    Organisation,
    Outgoing,
    Person,
    Post,
    RecurringDuty,
    Report,
    Role,
    Status,
    Ticket,
    TicketEvent,
)
from tests.conftest import StandingClock

PHONE = "13912345678"
KNOWN = ("tokens", "people", "posts", "areas", "communities")  # what is known of a town that was founded

# Every role of the matrix, with the area of the one who is responsible for building 3, unit 2 ...
INSIDE: Mapping[str, tuple[Role, str]] = {
    "staff": (Role.STAFF, "xf"),
    "secretary": (Role.SECRETARY, "xf"),
    "administrator": (Role.ADMINISTRATOR, "street"),
    "grid_leader": (Role.GRID_LEADER, "xf-g1"),
    "auditor": (Role.AUDITOR, "xf"),
    "unit_leader": (Role.UNIT_LEADER, "xf-3-2"),
    "property": (Role.PROPERTY, "xf"),
}
# ... and of the one who holds the same post next door.
OUTSIDE: Mapping[str, tuple[Role, str]] = {f"{name}_next_door": (role, "yh") for name, (role, _) in INSIDE.items()}
USERS = {**INSIDE, **OUTSIDE, "colleague": (Role.STAFF, "xf"), "neighbour_grid": (Role.GRID_LEADER, "xf-g2")}

_TREE = (
    ("street", None, Level.SUBDISTRICT),
    ("xf", "street", Level.COMMUNITY),
    ("xf-g1", "xf", Level.GRID),
    ("xf-3", "xf-g1", Level.BUILDING),
    ("xf-3-2", "xf-3", Level.UNIT),
    ("xf-g2", "xf", Level.GRID),
    ("yh", "street", Level.COMMUNITY),
)


@dataclass
class World:
    """The town in a database, and a client of the real application in front of it."""

    services: Services
    app: Flask
    tokens: dict[str, str] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    posts: dict[str, int] = field(default_factory=dict)
    areas: dict[str, int] = field(default_factory=dict)
    communities: dict[str, int] = field(default_factory=dict)
    numbers: int = 0

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def ask(self, user: str | None, method: str, path: str, **more: Any) -> TestResponse:
        """One request as `user` (a key of USERS), or without a token."""
        headers = {"Authorization": f"Bearer {self.tokens[user]}"} if user else {}
        headers |= more.pop("headers", {})
        return self.client.open(f"{api.PREFIX}{path}", method=method, headers=headers, **more)

    def get(self, user: str, path: str, **query: Any) -> Any:
        """The JSON of a GET that must succeed."""
        response = self.ask(user, "GET", path, query_string=query)
        assert response.status_code == 200, response.text
        return response.json

    def post(self, user: str, path: str, **body: Any) -> TestResponse:
        return self.ask(user, "POST", path, json=body)

    def ticket(self, **columns: Any) -> str:
        """A ticket with one voice; returns its ref. `area` is a code; the rest are columns."""
        with self.services.transaction() as session:
            return self._ticket(session, **columns).ref

    def _ticket(self, session: Session, *, area: str = "xf-3-2", words: str = "电梯停了", **columns: Any) -> Ticket:
        self.numbers += 1
        at: datetime = columns.pop("opened_at", self.services.now())
        community = "yh" if area.startswith("yh") else "xf"
        fields = {
            "ref": f"{at.year}-{community}-{self.numbers}",
            "number": self.numbers,
            "year": at.year,
            "community_id": self.communities[community],
            "intent": Intent.REPAIR,
            "category": "lift",
            "area_id": self.areas[area],
            "matter": "电梯停了",
            "opened_at": at,
            "last_report_at": at,
            "status": Status.DISPATCHED,
        }
        ticket = Ticket(**{**fields, **columns})
        session.add(ticket)
        session.flush()
        account, chat = self._resident(session)
        heard = Inbound(
            channel="wechat",
            external_id=f"m{self.numbers}",
            chat_id=chat.id,
            account_id=account.id,
            kind="text",
            text=f"{words} {PHONE}",
            said_at=at,
            received_at=at,
            ticket_id=ticket.id,
        )
        session.add(heard)
        session.flush()
        session.add(
            Report(
                ticket_id=ticket.id,
                account_id=account.id,
                chat_id=chat.id,
                inbound_id=heard.id,
                at=at,
                words=words,
                phone=PHONE,
                room="302",
            )
        )
        session.add(TicketEvent(ticket_id=ticket.id, at=at, kind="opened", account_id=account.id, new=Status.NEW))
        session.flush()
        return ticket

    def _resident(self, session: Session) -> tuple[Account, Chat]:
        name = f"o{self.numbers}"
        account = Account(channel="wechat", user_id=name, display_name="王奶奶", created_at=self.services.now())
        session.add(account)
        session.flush()
        chat = Chat(
            channel="wechat",
            external_id=name,
            kind=ChatKind.PRIVATE,
            account_id=account.id,
            created_at=self.services.now(),
        )
        session.add(chat)
        session.flush()
        return account, chat

    def joined(self, ref: str) -> str:
        """One more voice on a ticket, by another neighbour; returns the ref."""
        with self.services.transaction() as session:
            self.numbers += 1
            account, chat = self._resident(session)
            ticket = self.row(session, ref)
            at = self.services.now()
            community = session.get_one(Community, ticket.community_id)
            community.number_year, community.last_number = ticket.year, 1000 + self.numbers
            session.add(Report(ticket_id=ticket.id, origin_ticket_id=ticket.id, account_id=account.id, chat_id=chat.id,
                               at=at, words="楼道灯不亮了"))  # fmt: skip
            return ref

    def volunteer(self, area: str = "xf", **columns: Any) -> int:
        """Somebody who volunteers there and can be reached in private; returns the id of the post."""
        with self.services.transaction() as session:
            self.numbers += 1
            account, _ = self._resident(session)
            person = Person(name=f"志愿者{self.numbers}", area_id=self.areas["xf-3-2"])
            session.add(person)
            session.flush()
            account.person_id = person.id
            since = (self.services.now() - timedelta(days=1)).date()
            post = Post(person_id=person.id, role=Role.VOLUNTEER, area_id=self.areas[area], starts_on=since, **columns)
            session.add(post)
            session.flush()
            return post.id

    def organisation(self, code: str, area: str = "xf", kind: str = "police", name: str | None = None) -> int:
        """An organisation with a contact of its own who is told in private; returns its id."""
        with self.services.transaction() as session:
            row = Organisation(code=code, name=name or code, kind=kind, area_id=self.areas[area])
            person = Person(name=f"{code}的联系人")
            session.add_all([row, person])
            session.flush()
            since = (self.services.now() - timedelta(days=30)).date()
            session.add(Post(person_id=person.id, role=Role.LIAISON, area_id=self.areas[area], starts_on=since,
                             organisation_id=row.id))  # fmt: skip
            return row.id

    def called(self, ref: str, **columns: Any) -> int:
        """A whistle for a new organisation on a ticket; returns the id of the call."""
        self.numbers += 1
        organisation = columns.pop("organisation_id", None) or self.organisation(f"org{self.numbers}")
        at = columns.pop("called_at", self.services.now())
        with self.services.transaction() as session:
            row = CoHandler(ticket_id=self.row(session, ref).id, organisation_id=organisation, called_at=at, **columns)
            session.add(row)
            session.flush()
            return row.id

    def group(self, area: str | None = None, kind: ChatKind = ChatKind.UNBOUND, channel: str = "onebot") -> int:
        """A group; returns its id."""
        with self.services.transaction() as session:
            self.numbers += 1
            chat = Chat(
                channel=channel,
                external_id=f"g{self.numbers}",
                kind=kind,
                area_id=self.areas[area] if area else None,
                created_at=self.services.now(),
            )
            session.add(chat)
            session.flush()
            return chat.id

    def lost(self, *, ref: str | None = None, **columns: Any) -> int:
        """A line that reached nobody, about a ticket or about none; returns its id."""
        now = self.services.now()
        with self.services.transaction() as session:
            self.numbers += 1
            if ref is not None:
                columns["ticket_id"] = self.row(session, ref).id
            line = Outgoing(
                key=f"lost:{self.numbers}",
                text=f"电话 {PHONE}",
                created_at=now,
                due_at=now,
                undelivered_at=now,
                **columns,
            )
            session.add(line)
            session.flush()
            return line.id

    def duty(self, area: str, **columns: Any) -> int:
        """A duty that falls due every Friday; returns its id."""
        now = self.services.now()
        fields = {"title": "清理楼道", "weekdays": [4], "starts_on": now.date(), "next_due_on": now.date(), **columns}
        with self.services.transaction() as session:
            row = RecurringDuty(area_id=self.areas[area], created_at=now, **fields)
            session.add(row)
            session.flush()
            return row.id

    def add_post(self, user: str, role: str, area: str) -> None:
        """One more post for somebody."""
        since = (self.services.now() - timedelta(days=1)).date()
        with self.services.transaction() as session:
            session.add(Post(person_id=self.people[user], role=Role(role), area_id=self.areas[area], starts_on=since))

    def stored(self, ref: str) -> Ticket:
        """The ticket as it is in the database now."""
        with self.services.reading() as session:
            return self.row(session, ref)

    def audited(self, action: str) -> list[AuditEntry]:
        """The audit log's entries of one kind, oldest first."""
        with self.services.reading() as session:
            query = select(AuditEntry).where(col(AuditEntry.action) == action).order_by(col(AuditEntry.id))
            return list(session.exec(query))

    @staticmethod
    def row(session: Session, ref: str) -> Ticket:
        return session.exec(select(Ticket).where(col(Ticket.ref) == ref)).one()


def build(services: Services) -> World:
    """The town, in an empty database."""
    world = World(services, application(services))
    settle(world)
    return world


def founder(folder: Path, understanding: Understanding) -> tuple[str, Callable[[str], dict[str, Any]]]:
    """How the town is founded in an empty database (tests.conftest.Founders)."""

    def found(url: str) -> dict[str, Any]:
        settings = Settings.model_validate({"database": {"url": url}, "data": folder})
        services = building.build(settings, now=StandingClock(), bell=Bell(None), understanding=understanding)
        world = build(services)
        services.engine.dispose()
        return {name: getattr(world, name) for name in KNOWN}

    return "world", found


def application(services: Services) -> Flask:
    app = Flask("test")
    for part in (api.blueprint(services), health.blueprint(services), metrics.blueprint(services)):
        app.register_blueprint(part)
    return app


def settle(world: World) -> None:
    """Its areas, people and tokens."""
    services = world.services
    with services.transaction() as session:
        for code, parent, level in _TREE:
            _area(world, session, code, parent, level)
        for code in ("xf", "yh"):
            community = Community(area_id=world.areas[code], code=code)
            session.add(community)
            session.flush()
            world.communities[code] = community.id
        for user, (role, area) in USERS.items():
            _user(world, session, user, role, area)


def _area(world: World, session: Session, code: str, parent: str | None, level: Level) -> None:
    above = session.get_one(Area, world.areas[parent]) if parent else None
    area = Area(code=code, name=code, level=level, parent_id=above.id if above else None)
    session.add(area)
    session.flush()
    area.path = f"{above.path if above else '/'}{area.id}/"
    world.areas[code] = area.id


def _user(world: World, session: Session, user: str, role: Role, area: str) -> None:
    """A person with a post, given a token as the operator gives it."""
    desk = world.services.desk(session)
    person = Person(name=f"{user}的名字", code=user)
    session.add(person)
    session.flush()
    since = (desk.now - timedelta(days=30)).date()
    post = Post(person_id=person.id, role=role, area_id=world.areas[area], starts_on=since)
    session.add(post)
    session.flush()
    world.people[user], world.posts[user] = person.id, post.id
    world.tokens[user] = tokens.create(desk, user)
