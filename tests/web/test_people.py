"""Rights come from posts in force today, in their area and below it."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from bot import people
from bot.services import Services
from models import Area, Level, Person, Post, Role, Slot

DAY = timedelta(days=1)


def area(session: Session, code: str, path: str) -> Area:
    row = Area(code=code, name=code, level=Level.UNIT, path=path)
    session.add(row)
    session.flush()
    return row


def post(session: Session, place: Area, starts_on: date, ends_on: date | None = None, slot: Slot = Slot.A) -> Post:
    person = Person()
    session.add(person)
    session.flush()
    row = Post(
        person_id=person.id, role=Role.UNIT_LEADER, area_id=place.id, slot=slot, starts_on=starts_on, ends_on=ends_on
    )
    session.add(row)
    session.flush()
    return row


@pytest.mark.parametrize(
    ("starts", "ends", "valid"),
    [(0, None, True), (1, None, False), (-9, 0, True), (-90, -60, True), (-90, -61, False), (-1, 5, True)],
)
def test_a_post_counts_from_its_first_day_until_sixty_days_past_its_last(
    services: Services, starts: int, ends: int | None, valid: bool
) -> None:
    today = services.now().date()
    with services.transaction() as session:
        place = area(session, "a", "/1/")
        row = post(session, place, today + starts * DAY, None if ends is None else today + ends * DAY)
        assert people.in_force(row, today) is valid
        assert people.posts_of(session, row.person_id, today) == ([row] if valid else [])
        assert people.holders(session, place, Role.UNIT_LEADER, today) == ([row] if valid else [])
        assert people.may(session, row.person_id, place, [Role.UNIT_LEADER], today) is valid


def test_a_post_reaches_down_not_up_and_not_to_an_area_whose_number_begins_alike(services: Services) -> None:
    today = services.now().date()
    with services.transaction() as session:
        own, below = area(session, "own", "/1/"), area(session, "below", "/1/7/")
        alike, unset = area(session, "alike", "/12/"), area(session, "unset", "")
        person = post(session, own, today).person_id
        low = post(session, below, today).person_id
        nowhere = post(session, unset, today).person_id
        reached = {
            place.code
            for place in (own, below, alike, unset)
            if people.may(session, person, place, [Role.UNIT_LEADER], today)
        }
        assert reached == {"own", "below"}
        assert not people.may(session, low, own, [Role.UNIT_LEADER], today)
        assert not people.may(session, nowhere, own, [Role.UNIT_LEADER], today)
        assert not people.may(session, person, own, [Role.STAFF], today)
        assert [scope.code for scope in people.scopes(session, person, [Role.UNIT_LEADER], today)] == ["own"]


def test_the_a_post_comes_before_the_b_post_whoever_was_there_first(services: Services) -> None:
    today = services.now().date()
    with services.transaction() as session:
        place = area(session, "a", "/1/")
        second = post(session, place, today - 9 * DAY, slot=Slot.B)
        first = post(session, place, today, slot=Slot.A)
        assert people.holders(session, place, Role.UNIT_LEADER, today) == [first, second]
