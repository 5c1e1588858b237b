"""The town with organisations in it: a police station, a gas company, a property company, each with its contact."""

from sqlmodel import Session, select

from models import Area, CoHandler, ExternalCase, Level, Organisation, Person, Post, Role, Slot
from tests.stories.more import second_community
from tests.stories.town import Town

POLICE, GAS, PROPERTY, WATER = "青禾派出所", "蓝焰燃气公司", "安居物业公司", "清泉自来水公司"


def organisations(town: Town) -> None:
    """派出所 for the whole subdistrict, 燃气 and 物业 for the estate; 自来水公司 has nobody we could tell."""
    town.person("民警小高", (Role.LIAISON, "QH", Slot.A), bridge=False)
    town.person("燃气老陶", (Role.LIAISON, "XF", Slot.A), bridge=False)
    with town.services.transaction() as session:
        for code, name, kind, area in (
            ("PCS", POLICE, "police", "QH"),
            ("RQ", GAS, "member", "XF"),
            ("WY", PROPERTY, "property", "XFL"),
            ("ZLS", WATER, "member", "XF"),
        ):
            at = session.exec(select(Area).where(Area.code == area)).one()
            session.add(Organisation(code=code, name=name, kind=kind, area_id=at.id))
        session.flush()
        for who, code in (("民警小高", "PCS"), ("燃气老陶", "RQ"), ("物业邓工", "WY")):
            _belongs(session, who, code)


def border(town: Town) -> None:
    """东门 stands in 幸福社区 and belongs to 云溪社区 as well."""
    second_community(town)
    town.area("DM", Level.PLACE, "东门", "XFL")
    with town.services.transaction() as session:
        gate = session.exec(select(Area).where(Area.code == "DM")).one()
        gate.co_area_id = session.exec(select(Area).where(Area.code == "YX")).one().id


def calls(town: Town) -> list[CoHandler]:
    with town.services.reading() as session:
        return list(session.exec(select(CoHandler).order_by(CoHandler.id)))  # type: ignore[arg-type]  # a column


def cases(town: Town) -> list[ExternalCase]:
    with town.services.reading() as session:
        return list(session.exec(select(ExternalCase).order_by(ExternalCase.id)))  # type: ignore[arg-type]  # a column


def _belongs(session: Session, who: str, code: str) -> None:
    person = session.exec(select(Person).where(Person.name == who)).one()
    post = session.exec(select(Post).where(Post.person_id == person.id)).one()
    post.organisation_id = session.exec(select(Organisation).where(Organisation.code == code)).one().id
