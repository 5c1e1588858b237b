"""A fictional subdistrict to try everything in: laid in through the same import as a real roster."""

from datetime import date, timedelta

from sqlmodel import col, select

from bot import roster
from bot.desk import Desk
from bot.roster.rows import AccountRow, PersonRow, PostRow, Roster
from bot.sample.cast import Cast, accounts_of, cast
from bot.sample.neighbours import EVERYBODY
from bot.sample.places import ORGANISATIONS, PRIVATE, SUBDISTRICT, SUBDISTRICT_NAME, areas, chats
from models import Account, Area, Chat, ChatKind, Person, Role, User

__all__ = ["STAFF_USER", "Cast", "cast", "create", "rows"]

STAFF_USER = "staff"  # the User whom `run` makes a token for
STAFF_PERSON = "xiao-chen"
SINCE = timedelta(days=100)  # how long everybody has been in office
TERM = timedelta(days=365)  # leaders are appointed for a year
APPOINTED = {Role.UNIT_LEADER, Role.BUILDING_LEADER, Role.GRID_LEADER}


def create(desk: Desk) -> Cast | None:
    """Lay the sample into an empty database, in the caller's transaction; its cast.

    Where the sample lies there already it is left as it is. None where the database holds something else.
    """
    if _is_there(desk):
        return cast()
    if desk.session.exec(select(Area.id)).first() is not None:
        return None
    roster.apply(desk, rows(desk.now.astimezone(desk.settings.zone).date()))
    _open_private_chats(desk)
    _make_user(desk)
    desk.session.flush()
    return cast()


def rows(today: date) -> Roster:
    """The sample as a roster, with terms of office that hold today."""
    known = [one for one in EVERYBODY if one.known]
    people = tuple(PersonRow(one.id, one.name, f"000-{4001 + at}", one.note, one.area) for at, one in enumerate(known))
    accounts = tuple(
        AccountRow(one.id, channel, user) for one in known for channel, user in accounts_of(one.id).items()
    )
    posts = tuple(
        PostRow(
            one.id, duty.role, duty.area, today - SINCE, duty.organisation, duty.slot,
            today - SINCE + TERM if duty.role in APPOINTED else None, duty.skills or None,
        )
        for one in known
        for duty in one.duties
    )  # fmt: skip
    return Roster(areas(), ORGANISATIONS, chats(), people, accounts, posts)


def _is_there(desk: Desk) -> bool:
    found = desk.session.exec(select(Area).where(Area.code == SUBDISTRICT)).first()
    return found is not None and found.name == SUBDISTRICT_NAME


def _open_private_chats(desk: Desk) -> None:
    """Everybody follows the Official Account; there a chat's id is the account's."""
    for account in desk.session.exec(select(Account).where(col(Account.channel) == PRIVATE)).all():
        desk.session.add(
            Chat(
                channel=PRIVATE,
                external_id=account.user_id,
                kind=ChatKind.PRIVATE,
                account_id=account.id,
                created_at=desk.now,
            )
        )


def _make_user(desk: Desk) -> None:
    person = desk.session.exec(select(Person).where(Person.code == STAFF_PERSON)).one()
    desk.session.add(User(person_id=person.id, name=STAFF_USER))
