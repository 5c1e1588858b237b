"""More volunteers for the town: where they live, what they can, and what became of a request."""

from sqlmodel import col, select

from models import Area, Offer, OfferState, Order, Person, Post, Role, Skill, Slot
from tests.stories.town import Town


def volunteer(town: Town, name: str, home: str | None = None, *skills: Skill, of: str = "XF") -> None:
    """Somebody who volunteers in `of`, lives in `home`, and can do these."""
    town.person(name, (Role.VOLUNTEER, of, Slot.A))
    with town.services.transaction() as session:
        person = session.exec(select(Person).where(Person.name == name)).one()
        if home is not None:
            person.area_id = session.exec(select(Area.id).where(Area.code == home)).one()
        post = session.exec(select(Post).where(Post.person_id == person.id)).one()
        post.skills = [skill.value for skill in skills]


def order(town: Town, number: int = 1) -> Order:
    with town.services.reading() as session:
        return session.exec(select(Order).where(Order.ticket_id == town.ticket(number).id)).one()


def offers(town: Town, number: int = 1) -> list[Offer]:
    with town.services.reading() as session:
        query = select(Offer).where(Offer.ticket_id == town.ticket(number).id).order_by(col(Offer.id))
        return list(session.exec(query))


def asked(town: Town, number: int = 1) -> list[list[str]]:
    """Who was asked, wave by wave, of all rounds."""
    found: dict[tuple[int, int], list[str]] = {}
    with town.services.reading() as session:
        for offer in offers(town, number):
            name = session.get_one(Person, offer.person_id).name if offer.person_id else "?"
            if offer.post_id is not None:
                found.setdefault((offer.round, offer.wave), []).append(name or "")
    return [names for _, names in sorted(found.items())]


def takers(town: Town, number: int = 1) -> list[str]:
    """Who has it now: one or nobody."""
    with town.services.reading() as session:
        held = [o for o in offers(town, number) if o.state == OfferState.CLAIMED]
        return [session.get_one(Person, o.person_id).name or "" if o.person_id else "?" for o in held]
