"""Whom a complaint is about, where it is about the office itself: a party never hears of it."""

import re
from collections.abc import Sequence

from sqlmodel import col, select

from bot import posted, reach
from bot.desk import Desk
from bot.inbox.hearing import Hearing
from models import Area, Person, Role

A_NAME = 2  # characters
CALMED = ".{0,4}(?:来过|来了|劝|调解|知道|处理|管过|说过他|找过他)"  # whoever did that is no party
LEADER, STAFF, SECRETARY = "leader", "staff", "secretary"
WORDS = {
    LEADER: re.compile(r"单元长|楼长|楼栋长|片长|庭院书记|网格长|网格员"),
    STAFF: re.compile(r"社工|居委|社区(?:的)?(?:人|干部|工作人员|主任|窗口)"),
    # 书记 is also who is written to: only where something is said of the secretary
    SECRETARY: re.compile(
        r"(?:社区书记|(?<!尊敬的)(?<!请)(?<!找)书记(?!您好|你好|好|[,，:：])).{0,12}"
        r"(?:收|贪|态度|骂|占|不管|乱|包庇|偏心|徇私|权|推|凶|敷衍)|(?:投诉|举报|反映|告).{0,4}书记"
    ),
}
# Who is only not to hear of it (别跟单元长说) is not whom it is about.
NOT_TO_HEAR = re.compile(
    r"(?:千万)?(?:别|莫|不要|不能|不想|不用|先不)(?:跟|和|对|同|给|让|叫|告诉|被)?(?:我们?)?(?:的)?"
    r"(?:单元长|楼栋?长|片长|网格[长员]|社工|居委会?)(?:说|讲|提|知道|晓得|听到|听见)?"
)
ROLES = {STAFF: frozenset({Role.STAFF, Role.DUTY}), SECRETARY: frozenset({Role.STAFF, Role.DUTY, Role.SECRETARY})}


def concerned(text: str) -> frozenset[str]:
    """Which offices a dispute's words name: leader, staff, secretary; empty where it is about neighbours."""
    text = NOT_TO_HEAR.sub("", text)
    return frozenset(office for office, pattern in WORDS.items() if pattern.search(text))


def named(h: Hearing, area: Area) -> tuple[int, ...]:
    """Who of those in office around is named as the other side, and their kin. Who came to calm it is no party."""
    around = {c.person_id for place in (area, h.base) if place is not None for c in posted.candidates(h.desk, place)}
    text = h.verdict.text
    people = h.session.exec(select(Person).where(col(Person.id).in_(around)))
    told = {one.id for one in people if one.name and len(one.name) >= A_NAME and _is_party(one.name, text)}
    return posted.with_kin(h.desk, told)


def _is_party(name: str, text: str) -> bool:
    return name in text and re.search(re.escape(name) + CALMED, text) is None


def persons(h: Hearing, offices: frozenset[str], area: Area) -> tuple[int, ...]:
    """Who must not hear of it: every leader around (which one is meant is not for a program to guess), and the staff or
    the secretary where they are named.
    """
    return around(h.desk, offices, [place for place in (area, h.base) if place is not None])


def around(desk: Desk, offices: frozenset[str], areas: Sequence[Area]) -> tuple[int, ...]:
    """The same for a complaint that nobody said in a chat."""
    if not offices:
        return ()
    today = desk.now.astimezone(desk.settings.zone).date()
    found = {person for place in areas for person in reach.leaders_of(desk.session, place, today)}
    roles = frozenset().union(*(ROLES.get(office, frozenset()) for office in offices))
    for place in areas:
        found |= {c.person_id for c in posted.candidates(desk, place) if c.role in roles}
    return posted.with_kin(desk, found)
