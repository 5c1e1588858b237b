"""What a reader of the API learns of people: silent and private matters, phones, parties, and the audit log."""

from typing import Any

import pytest

from models import ChatKind, Intent
from tests.web.world import PHONE, World

OFFICE = ["staff", "secretary", "administrator"]
OTHERS = ["grid_leader", "auditor"]

SECRET: dict[str, dict[str, Any]] = {
    "violence or suicide": {"silent": True, "private": True, "danger": "violence"},
    "silent alone": {"silent": True},
    "a private danger": {"private": True, "danger": "suicide"},
    "a dispute": {"private": True, "intent": Intent.DISPUTE},
}


def sees(world: World, user: str, ref: str) -> bool:
    """Whether the ticket, its list entry, its undelivered line and its moves exist for a user. They must agree."""
    listed = ref in {item["ref"] for item in world.get(user, "/tickets")["items"]}
    found = world.ask(user, "GET", f"/tickets/{ref}").status_code == 200
    lost = ref in {item["ticket"] for item in world.get(user, "/undelivered")["items"]}
    moved = user == "auditor" or world.post(user, f"/tickets/{ref}/progress", note="x").status_code != 404
    if user == "auditor":
        moved = found
    assert listed == found == lost == moved
    return found


@pytest.mark.parametrize("kind", SECRET)
def test_a_secret_matter_exists_for_the_office_alone(world: World, kind: str) -> None:
    ref = world.ticket(**SECRET[kind])
    world.lost(ref=ref)
    assert {user: sees(world, user, ref) for user in [*OFFICE, *OTHERS]} == {
        **dict.fromkeys(OFFICE, True),
        **dict.fromkeys(OTHERS, False),
    }


def test_a_private_matter_exists_for_the_grid_leader_who_holds_or_held_it(world: World) -> None:
    post = world.posts["grid_leader"]
    for columns in ({"holder_post_id": post}, {"former_post_ids": [world.posts["staff"], post]}):
        ref = world.ticket(private=True, intent=Intent.DISPUTE, **columns)
        world.lost(ref=ref)
        assert sees(world, "grid_leader", ref)


def test_what_the_secretary_alone_was_told_exists_for_the_heads_of_the_office(world: World) -> None:
    for former in ([], ["administrator"]):
        ref = world.ticket(
            private=True,
            intent=Intent.DISPUTE,
            holder_post_id=world.posts["secretary"],
            former_post_ids=[world.posts[name] for name in former],
        )
        world.lost(ref=ref)
        assert {user: sees(world, user, ref) for user in [*OFFICE, *OTHERS]} == {
            **dict.fromkeys(["secretary", "administrator"], True),
            **dict.fromkeys(["staff", *OTHERS], False),
        }


@pytest.mark.parametrize("columns", [{"former": ["staff"]}, {"former": ["secretary", "staff"]}, {"private": False}])
def test_what_went_up_to_the_secretary_still_exists_for_the_office(world: World, columns: dict[str, Any]) -> None:
    former = [world.posts[name] for name in columns.get("former", [])]
    private = columns.get("private", True)
    ref = world.ticket(private=private, holder_post_id=world.posts["secretary"], former_post_ids=former)
    world.lost(ref=ref)
    assert all(sees(world, user, ref) for user in OFFICE)


def test_a_silent_matter_does_not_exist_even_for_a_grid_leader_who_holds_it(world: World) -> None:
    for secret in ({"silent": True}, {"private": True}):
        ref = world.ticket(**secret, danger="suicide", holder_post_id=world.posts["grid_leader"])
        world.lost(ref=ref)
        assert not sees(world, "grid_leader", ref), secret


@pytest.mark.parametrize("user", [*OFFICE, "grid_leader"])
def test_a_party_never_sees_the_matter_whatever_their_post(world: World, user: str) -> None:
    ref = world.ticket(recused_person_ids=[9999, world.people[user]])
    world.lost(ref=ref)
    assert not sees(world, user, ref)
    assert sees(world, "colleague", ref)


def test_only_the_very_number_of_a_party_recuses(world: World) -> None:
    own = world.people["staff"]
    ref = world.ticket(recused_person_ids=[own * 10 + 1, int(f"1{own}")])
    world.lost(ref=ref)
    assert sees(world, "staff", ref)


@pytest.mark.parametrize("user", OTHERS)
def test_without_an_office_a_reader_finds_no_phone_number_anywhere(world: World, user: str) -> None:
    ref = world.ticket(words=f"打我电话{PHONE}", need=f"回电{PHONE}", location=f"找{PHONE}")
    world.lost(ref=ref)
    assert world.post("staff", f"/tickets/{ref}/progress", note=f"联系了{PHONE}").status_code == 200
    answer = world.ask(user, "GET", f"/tickets/{ref}")
    assert answer.json is not None
    assert PHONE not in answer.text
    assert answer.json["reports"][0]["phone"] is None
    assert answer.json["reports"][0]["name"] == "王奶奶"
    assert PHONE not in world.ask(user, "GET", "/undelivered").text


@pytest.mark.parametrize("user", OFFICE)
def test_the_office_sees_whom_to_ring(world: World, user: str) -> None:
    ref = world.ticket()
    assert world.get(user, f"/tickets/{ref}")["reports"][0]["phone"] == PHONE


def test_a_grid_leader_who_is_staff_elsewhere_gains_no_phone_here(world: World) -> None:
    world.add_post("grid_leader", "staff", "yh")
    ref = world.ticket(area="xf-3-2")
    world.lost(ref=ref)
    assert PHONE not in world.ask("grid_leader", "GET", f"/tickets/{ref}").text
    assert PHONE not in world.ask("grid_leader", "GET", "/undelivered").text


def test_whoever_reads_a_ticket_is_written_down_once_for_each_look(world: World) -> None:
    ref = world.ticket()
    for user in ("staff", "auditor"):
        world.get(user, f"/tickets/{ref}")
    looks = world.audited("ticket.read")
    assert [(look.person_id, look.subject) for look in looks] == [
        (world.people["staff"], f"ticket:{ref}"),
        (world.people["auditor"], f"ticket:{ref}"),
    ]


def test_a_look_that_fails_is_not_written_down(world: World) -> None:
    ref = world.ticket(area="yh")
    world.ask("staff", "GET", f"/tickets/{ref}")
    assert world.audited("ticket.read") == []


def test_residents_private_chats_are_listed_for_nobody(world: World) -> None:
    world.ticket()
    kinds = {item["kind"] for item in world.get("administrator", "/chats")["items"]}
    assert ChatKind.PRIVATE not in kinds
