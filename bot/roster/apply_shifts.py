"""The duty roster and the families into the database: twice changes nothing, nothing is deleted."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from bot.roster.changes import Counts, put
from bot.roster.rows import OPEN_END, PersonRow, ShiftRow
from models import Area, DutyShift, Kin, Person


def apply_shifts(
    session: Session, rows: Sequence[ShiftRow], people: Mapping[str, Person], areas: Mapping[str, Area]
) -> Counts:
    """Write the turns: a line with several weekdays is one turn for each. The rows have been checked."""
    there = {(s.person_id, s.area_id, s.weekday, s.from_on, s.starts): s for s in session.exec(select(DutyShift))}
    counts = Counts()
    for row in rows:
        for weekday in row.weekdays:
            key = (people[row.person].id, areas[row.area].id, weekday, row.from_on, row.starts)
            wanted: dict[str, object] = {
                "person_id": key[0],
                "area_id": key[1],
                "weekday": weekday,
                "from_on": row.from_on,
                "starts": row.starts,
                "ends": row.ends,
                "to_on": "" if row.to_on == OPEN_END else row.to_on,
            }
            there[key] = put(session, counts, there.get(key), DutyShift, wanted)
    session.flush()
    return counts


def apply_families(session: Session, rows: Sequence[PersonRow], people: Mapping[str, Person]) -> None:
    """Write who is kin to whom. A blank cell leaves what is there; 无 takes all of that person's away."""
    for row in rows:
        if row.kin is None:
            continue
        own = people[row.code].id
        wanted = {_pair(own, people[code].id) for code in row.kin}
        held = session.exec(select(Kin).where((col(Kin.person_id) == own) | (col(Kin.kin_id) == own))).all()
        for kin in held:
            if not row.kin and (kin.person_id, kin.kin_id) not in wanted:
                session.delete(kin)
        for person_id, kin_id in sorted(wanted - {(kin.person_id, kin.kin_id) for kin in held}):
            session.add(Kin(person_id=person_id, kin_id=kin_id))
        session.flush()


def _pair(one: int, other: int) -> tuple[int, int]:
    """A pair is written once, the smaller id first."""
    return (one, other) if one < other else (other, one)
