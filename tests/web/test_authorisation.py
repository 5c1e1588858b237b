"""Who may do what: every route of the API against every role, inside and outside the area of their post."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from itertools import count
from typing import Any

import pytest

from bot.web import api
from models import Absence, Account, BindRequest, ChatKind, DutyShift, Intent, Learning, Person, Post, Role, Status
from tests.conftest import START
from tests.web.test_reviews import heard
from tests.web.world import INSIDE, World

READ = ["staff", "secretary", "administrator", "grid_leader", "auditor"]
MOVE = ["staff", "secretary", "administrator", "grid_leader"]
OFFICE = ["staff", "secretary", "administrator"]
EVERYBODY = list(INSIDE)


@dataclass(frozen=True)
class Row:
    """Who is served by a route. thing: what the path names, made anew for each request, in building 3, unit 2."""

    method: str
    path: str
    served: list[str]
    thing: Callable[[World], object] | None = None
    body: Mapping[str, Any] | None = None
    first: str | None = None  # a move the same user makes before
    status: int = 200


def ticket(status: Status = Status.DISPATCHED) -> Callable[[World], object]:
    return lambda world: world.ticket(status=status)


def help_wanted(status: Status = Status.DISPATCHED) -> Callable[[World], object]:
    return lambda world: world.ticket(status=status, intent=Intent.HELP, category="other", need="想请人帮我买菜")


def group(world: World) -> object:
    return world.group("xf-3-2", ChatKind.RESIDENTS)


def line(world: World) -> object:
    return world.lost(ref=world.ticket())


def move(verb: str, served: list[str], status: Status = Status.DISPATCHED, **more: Any) -> Row:
    first = more.pop("first", None)
    return Row("POST", f"/tickets/{{}}/{verb}", served, ticket(status), more, first)


def two_voices(world: World) -> object:
    return world.joined(world.ticket())


def called(world: World) -> object:
    """A ticket to which an organisation is called, as the path goes on from there."""
    ref = world.ticket()
    return f"{ref}/hands/{world.called(ref)}"


INTO = {"into": "earlier"}  # the ref of a ticket beside it, opened before it


def sentence(world: World) -> object:
    """On the review list, a leader's decision that staff may approve."""
    return heard(world, learning=Learning.ASKED)


def leader(world: World) -> object:
    return world.posts["unit_leader"]


def new_leader(world: World) -> object:
    """Another post in building 3, unit 2, so that no two turns are the same."""
    with world.services.transaction() as session:
        person = Person(name="新来的")
        session.add(person)
        session.flush()
        post = Post(person_id=person.id, role=Role.UNIT_LEADER, area_id=world.areas["xf-3-2"],
                    starts_on=world.services.now().date())  # fmt: skip
        session.add(post)
        session.flush()
        return post.id


def leave_of_the_leader(world: World) -> object:
    with world.services.transaction() as session:
        now = world.services.now()
        absence = Absence(person_id=world.people["unit_leader"], starts_at=now, recorded_at=now)
        session.add(absence)
        session.flush()
        return absence.id


def turn(world: World) -> object:
    """A turn on building 3's roster, of another person each time."""
    with world.services.transaction() as session:
        shift = DutyShift(area_id=world.areas["xf-3-2"], person_id=world.people["unit_leader"], starts=time(18),
                          ends=time(8), from_on=world.services.now().date(), weekday=next(DAYS))  # fmt: skip
        session.add(shift)
        session.flush()
        return shift.id


def wish(world: World) -> object:
    with world.services.transaction() as session:
        now = world.services.now()
        account = Account(channel="wechat", user_id=f"wish-{next(DAYS)}", created_at=now)
        session.add(account)
        session.flush()
        request = BindRequest(account_id=account.id, area_id=world.areas["xf-3-2"], asked_at=now)
        session.add(request)
        session.flush()
        return request.id


DAYS = count(100)
TURN = {"starts": "18:00", "ends": "08:00"}


def unit(world: World) -> object:
    return "xf-3-2"


def duty(world: World) -> object:
    return world.duty("xf-3-2")


SOON = (START + timedelta(days=10)).date().isoformat()
WEEKLY = {"title": "清理楼道", "weekdays": [4]}
BIND = {"area": "xf-3-2", "kind": "residents"}

MATRIX: dict[str, Row] = {
    "api.openapi": Row("GET", "/openapi.json", EVERYBODY),
    "api.me": Row("GET", "/me", EVERYBODY),
    "api.areas": Row("GET", "/areas", READ),
    "api.tickets": Row("GET", "/tickets", READ),
    "api.ticket": Row("GET", "/tickets/{}", READ, ticket()),
    "api.accept_ticket": move("accept", MOVE),
    "api.attend_ticket": move("attend", MOVE),
    "api.progress_ticket": move("progress", MOVE, note="师傅在路上"),
    "api.wait_ticket": move("wait", MOVE),
    "api.pause_ticket": move("pause", MOVE, reason="等配件"),
    "api.transfer_ticket": move("transfer", MOVE, target="物业"),
    "api.refuse_ticket": move("refuse", MOVE, Status.TRANSFERRED, reason="不归我们"),
    "api.release_ticket": Row("POST", "/tickets/{}/release", OFFICE, help_wanted(Status.ACCEPTED), {}),
    "api.offers": Row("GET", "/tickets/{}/offers", OFFICE, help_wanted()),
    "api.assign_ticket": Row("POST", "/tickets/{}/assign", OFFICE, help_wanted(), {"post": "a volunteer"}),
    "api.ratings": Row("GET", "/tickets/{}/ratings", READ, ticket()),
    "api.give_ticket": move("give", OFFICE, target="a post"),
    "api.escalate_ticket": move("escalate", MOVE),
    "api.resolve_ticket": move("resolve", MOVE),
    "api.reopen_ticket": move("reopen", OFFICE, Status.RESOLVED),
    "api.decline_ticket": move("decline", OFFICE, reason="不是小区的事", second="colleague"),
    "api.undo_ticket": move("undo", MOVE, first="accept"),
    "api.merge_ticket": Row("POST", "/tickets/{}/merge", MOVE, ticket(), INTO),
    "api.split_ticket": Row("POST", "/tickets/{}/split", MOVE, two_voices, {}),
    "api.hands": Row("GET", "/tickets/{}/hands", READ, ticket()),
    "api.whistle": Row("POST", "/tickets/{}/whistle", MOVE, ticket(), {"organisations": ["派出所"]}),
    "api.answer_for": Row("POST", "/tickets/{}", MOVE, called, {"answer": "came"}),
    "api.response_rates": Row("GET", "/whistles/rates", READ),
    "api.cases": Row("GET", "/cases", READ),
    "api.attach_case": Row("POST", "/tickets/{}/cases", OFFICE, ticket(), {"number": "20261123001", "move": True}),
    "api.announcements": Row("GET", "/announcements", READ),
    "api.chats": Row("GET", "/chats", READ),
    "api.bind_chat": Row("POST", "/chats/{}/bind", OFFICE, group, BIND),
    "api.code_for_chat": Row("POST", "/chats/{}/code", OFFICE, group, BIND, status=201),
    "api.listen_only": Row("POST", "/chats/{}/listen-only", OFFICE, group, {"listen_only": True}),
    "api.heard": Row("GET", "/chats/{}/heard", OFFICE, group),
    "api.undelivered": Row("GET", "/undelivered", READ),
    "api.policies": Row("GET", "/policies", READ),
    "api.classify": Row("POST", "/classify", READ, body={"text": "电梯停了"}),
    "api.reviews": Row("GET", "/reviews", OFFICE),
    "api.decide_review": Row("POST", "/reviews/{}", OFFICE, heard, {"decision": "ignore"}),
    "api.learn_review": Row("POST", "/reviews/{}/learn", OFFICE, sentence, {"learn": True}),
    "api.examples": Row("GET", "/examples", OFFICE),
    "api.words": Row("GET", "/words", READ),
    "api.posts": Row("GET", "/posts", READ),
    "api.absences": Row("GET", "/absences", READ),
    "api.record_absence": Row("POST", "/posts/{}/absences", OFFICE, leader, {}, status=201),
    "api.end_absence": Row("DELETE", "/absences/{}", OFFICE, leave_of_the_leader),
    "api.shifts": Row("GET", "/shifts", READ),
    "api.add_shift": Row("POST", "/posts/{}/shifts", OFFICE, new_leader, TURN, status=201),
    "api.remove_shift": Row("DELETE", "/shifts/{}", OFFICE, turn),
    "api.bindings": Row("GET", "/bindings", OFFICE),
    "api.decide_binding": Row("POST", "/bindings/{}", OFFICE, wish, {"decision": "confirm"}),
    "api.ledger": Row("GET", "/ledger?area={}", READ, unit),
    "api.digest": Row("GET", "/digest?community=xf", [*OFFICE, "auditor"]),
    "api.duties": Row("GET", "/duties", READ),
    "api.duty": Row("GET", "/duties/{}", READ, duty),
    "api.make_duty": Row("POST", "/duties", OFFICE, body={"area": "xf-3-2", **WEEKLY}, status=201),
    "api.change_duty": Row("POST", "/duties/{}", OFFICE, duty, WEEKLY),
    "api.stop_duty": Row("POST", "/duties/{}/stop", OFFICE, duty, {}),
    "api.look_again_at": Row("POST", "/tickets/{}/look-again", MOVE, ticket(Status.RESOLVED), {"on": SOON}),
    "api.undelivered_seen": Row("POST", "/undelivered/{}/seen", OFFICE, line, {}),
}


def ask(world: World, user: str | None, row: Row) -> int:
    path = row.path.format(row.thing(world) if row.thing else "")
    if row.first and user in row.served:
        assert world.post(user, path.rsplit("/", 1)[0] + f"/{row.first}").status_code == 200
    body = None if row.body is None else dict(row.body)
    if body and body.get("post"):
        body["post"] = world.volunteer()
    if body and body.get("target") == "a post":
        body["target"] = str(world.posts["property"])
    if body and body.get("into"):
        body["into"] = world.ticket()
    more = {"json": body} if body is not None else {}
    return world.ask(user, row.method, path, **more).status_code


def test_every_route_below_the_prefix_has_a_guard_and_a_row_here(world: World) -> None:
    rules = {rule.endpoint for rule in world.app.url_map.iter_rules() if rule.rule.startswith(api.PREFIX)}
    assert rules == set(api.routes(world.services).allowed) == set(MATRIX)


@pytest.mark.parametrize("endpoint", MATRIX)
def test_a_route_serves_those_of_its_row_and_nobody_else(world: World, endpoint: str) -> None:
    row = MATRIX[endpoint]
    answers = {user: ask(world, user, row) for user in INSIDE}
    assert answers == {user: row.status if user in row.served else 403 for user in INSIDE}


@pytest.mark.parametrize("endpoint", [name for name, row in MATRIX.items() if row.thing])
def test_the_same_post_next_door_finds_nothing_there(world: World, endpoint: str) -> None:
    row = MATRIX[endpoint]
    reads = row.method == "GET" and row.served == READ
    readable = READ if reads else OFFICE if row.served == OFFICE or not row.served else MOVE
    answers = {user: ask(world, f"{user}_next_door", row) for user in INSIDE}
    assert answers == {user: 404 if user in readable else 403 for user in INSIDE}


def test_without_a_token_there_is_only_the_document(world: World) -> None:
    answers = {endpoint: ask(world, None, row) for endpoint, row in MATRIX.items()}
    assert answers == {endpoint: 200 if endpoint == "api.openapi" else 401 for endpoint in MATRIX}


def test_lists_show_only_what_lies_in_ones_area(world: World) -> None:
    near, far = world.ticket(area="xf-3-2"), world.ticket(area="yh")
    other_grid = world.ticket(area="xf-g2")
    group_near = world.group("xf-3-2", ChatKind.RESIDENTS)
    group_far = world.group("yh", ChatKind.RESIDENTS)
    lost_near, lost_far = world.lost(ref=near), world.lost(ref=far)

    def seen(user: str) -> tuple[set[str], set[int], set[int]]:
        return (
            {item["ref"] for item in world.get(user, "/tickets")["items"]},
            {item["id"] for item in world.get(user, "/chats")["items"]},
            {item["id"] for item in world.get(user, "/undelivered")["items"]},
        )

    assert seen("staff") == ({near, other_grid}, {group_near}, {lost_near})
    assert seen("grid_leader") == ({near}, {group_near}, {lost_near})
    assert seen("neighbour_grid") == ({other_grid}, set(), set())
    assert seen("staff_next_door") == ({far}, {group_far}, {lost_far})
    assert seen("administrator") == ({near, far, other_grid}, {group_near, group_far}, {lost_near, lost_far})


def test_what_is_outside_and_what_does_not_exist_look_the_same(world: World) -> None:
    ref = world.ticket(area="yh")
    outside = world.ask("staff", "GET", f"/tickets/{ref}")
    missing = world.ask("staff", "GET", "/tickets/0-xf-999")
    assert (outside.status_code, outside.json) == (missing.status_code, missing.json)
    assert outside.json is not None
    assert outside.json["error"]["code"] == "not_found"


def test_a_post_elsewhere_moves_nothing_that_one_may_only_read_here(world: World) -> None:
    world.add_post("auditor", "staff", "yh")
    ref = world.ticket(area="xf-3-2")
    assert world.ask("auditor", "GET", f"/tickets/{ref}").status_code == 200
    for verb in ("accept", "reopen", "undo"):
        assert world.post("auditor", f"/tickets/{ref}/{verb}").status_code == 403, verb
    lost = world.lost(ref=ref)
    group = world.group("xf-3-2", ChatKind.RESIDENTS)
    assert world.ask("auditor", "POST", f"/undelivered/{lost}/seen").status_code == 403
    assert world.post("auditor", f"/chats/{group}/bind", area="yh").status_code == 403
