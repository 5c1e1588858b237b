"""Requests for help and ratings through the API, on both databases."""

import pytest
from sqlmodel import select

from bot import tickets
from bot.moves import Verb
from bot.permits import Actor
from models import Account, Intent, Offer, OfferState, Outgoing, Rating, Report, Status
from tests.web.world import PHONE, World

HELP = {"intent": Intent.HELP, "category": "other", "need": "想请人帮我买菜", "matter": "邻里求助"}


def wanted(world: World, **columns: object) -> str:
    return world.ticket(**{**HELP, **columns})


def test_candidates_are_listed_with_the_reasons_and_without_an_address_or_phone(world: World) -> None:
    near = world.volunteer(skills=["errands"])
    ref = wanted(world)

    body = world.get("staff", f"/tickets/{ref}/offers")

    assert (body["mode"], body["reason"], body["skills"], body["taker"]) == ("claim", None, ["errands"], None)
    assert [(one["post"], one["why"][0]) for one in body["candidates"]] == [(near, "会跑腿")]
    assert PHONE not in str(body)
    assert "302" not in str(body)
    assert [entry.subject for entry in world.audited("offers")] == [f"ticket:{ref}"]


def test_staff_choose_and_the_chosen_is_asked_without_an_address(world: World) -> None:
    post = world.volunteer()
    ref = wanted(world, need="请人上门给我妈剪头发")

    answer = world.post("staff", f"/tickets/{ref}/assign", post=post)

    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    (offer,) = answer.json["offers"]
    assert (offer["post"], offer["state"], offer["assigned"]) == (post, "asked", True)
    with world.services.reading() as session:
        line = session.exec(select(Outgoing).where(Outgoing.post_id == post)).one()
    assert "理发" in line.text
    assert "302" not in line.text
    assert [entry.detail for entry in world.audited("ticket.assign")] == [{"post": post}]


@pytest.mark.parametrize(
    ("columns", "post", "status"),
    [
        ({}, "nobody", 400),
        ({}, "next door", 400),
        ({}, "no volunteer", 400),
        ({"need": "帮我拿点药"}, "volunteer", 409),
        ({"status": Status.CLOSED}, "volunteer", 409),
        ({"intent": Intent.REPAIR}, "volunteer", 409),
        ({"category": "human"}, "volunteer", 409),
        ({"danger": "gas"}, "volunteer", 409),
    ],
)
def test_what_cannot_be_assigned(world: World, columns: dict[str, object], post: str, status: int) -> None:
    posts = {
        "nobody": 99999,
        "next door": world.volunteer("yh"),
        "no volunteer": world.posts["unit_leader"],
        "volunteer": world.volunteer(),
    }
    ref = wanted(world, **columns)

    assert world.post("staff", f"/tickets/{ref}/assign", post=posts[post]).status_code == status
    with world.services.reading() as session:
        assert session.exec(select(Offer)).all() == []


def test_staff_take_it_off_whoever_has_it_and_it_is_offered_anew(world: World) -> None:
    post = world.volunteer()
    ref = wanted(world)
    assert world.post("staff", f"/tickets/{ref}/assign", post=post).status_code == 200
    _claimed(world, ref)
    other = world.volunteer()

    assert world.get("staff", f"/tickets/{ref}/offers")["taker"]["post"] == post
    assert world.post("staff", f"/tickets/{ref}/release", reason="他病了").status_code == 200

    body = world.get("staff", f"/tickets/{ref}/offers")
    assert (body["taker"], body["round"]) == (None, 1)
    assert [(one["post"], one["state"]) for one in body["offers"]] == [(post, "released"), (other, "asked")]
    assert world.stored(ref).status == Status.DISPATCHED


def test_release_of_a_repair_is_no_move(world: World) -> None:
    assert world.post("staff", f"/tickets/{world.ticket(status=Status.ACCEPTED)}/release").status_code == 409


def test_ratings_are_read_and_none_is_not_rated(world: World) -> None:
    ref = world.ticket(status=Status.CLOSED)
    body = world.get("auditor", f"/tickets/{ref}/ratings")
    assert (body["label"], body["asked"], body["items"]) == ("未评价", 0, [])

    with world.services.transaction() as session:
        ticket = world.row(session, ref)
        report = session.exec(select(Report).where(Report.ticket_id == ticket.id)).one()
        report.rating_asked_at = world.services.now()
        session.add(
            Rating(ticket_id=ticket.id, account_id=report.account_id, at=world.services.now(), score=4, words="还行")
        )

    body = world.get("auditor", f"/tickets/{ref}/ratings")
    assert (body["label"], body["asked"]) == ("4分（1位）", 1)
    assert [(item["score"], item["words"]) for item in body["items"]] == [(4, "还行")]


def test_an_open_ticket_has_no_label(world: World) -> None:
    assert world.get("staff", f"/tickets/{world.ticket()}/ratings")["label"] == ""


def _claimed(world: World, ref: str) -> None:
    """The one who was asked says 我来."""
    with world.services.transaction() as session:
        desk = world.services.desk(session)
        ticket = world.row(session, ref)
        offer = session.exec(select(Offer).where(Offer.ticket_id == ticket.id)).one()
        assert offer.state == OfferState.ASKED
        account = session.exec(select(Account).where(Account.person_id == offer.person_id)).one()
        tickets.act(desk, ticket, Verb.ACCEPT, Actor(account_id=account.id, person_id=offer.person_id))
