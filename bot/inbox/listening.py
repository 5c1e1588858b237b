"""A group that is only listened to: everything is understood and kept, and nothing follows from it.

But for danger (docs/decisions/0007): a person must know, so trained staff are told on their own ways; the group, its
leaders and the property company hear nothing, and no ticket is opened.
"""

from datetime import timedelta

from bot import places, posted, reach, routing
from bot.inbox.hearing import Hearing
from bot.inbox.where import locate
from bot.owed import owe
from bot.places import Place
from models import Area, Level, Urgency

AGAIN = timedelta(minutes=30)  # the same danger in the same group is told once in this time, however many say it
# The sentences staff get. They are told that nobody else was: whoever reads them must act.
HEARD = "【紧急】{place}的群里有人说：{matter}。这个群小单只听不说，没告诉别人，请您马上去看。"
MAYBE = "{place}的群里有人说的话像是：{matter}，说不准。这个群小单只听不说，请您看一下。"


def handle(h: Hearing) -> None:
    """Keep what was understood (the row has it already), and tell staff of a danger."""
    h.row.listened = True
    call = h.verdict.danger
    if call is None:
        return
    kind = h.understanding.danger[call.kind]
    place, area, _ = locate(h)
    text = (HEARD if call.certain else MAYBE).format(place=_place_words(h, place, area), matter=kind.matter)
    window = int(h.now.timestamp() // AGAIN.total_seconds())
    _tell_staff(h, area, f"listened:{h.chat.id}:{kind.key}:{int(call.certain)}:{window}", text, certain=call.certain)


def _tell_staff(h: Hearing, area: Area, key: str, text: str, *, certain: bool) -> None:
    """Duty, staff and secretary at once, each along their own reach; where there is nobody, the undelivered list."""
    told = routing.emergency(posted.candidates(h.desk, area), trained_only=True).told
    urgency = Urgency.EMERGENCY if certain else Urgency.ANSWER
    taken: set[int] = set()
    for candidate in told:
        ways = reach.reach(h.session, h.desk.settings, candidate, area, private=True)
        # A chat that two posts share is told once; in danger the second is told on their own phone as well.
        chats = [chat for chat in ways if chat.id not in taken] if certain else ways
        if ways and (not chats or chats[0].id in taken):
            continue
        taken |= {chats[0].id} if chats else set()
        owe(
            h.desk,
            key=f"{key}:post{candidate.post_id}",
            chat=chats[0] if chats else None,
            text=text,
            urgency=urgency,
            reach=[chat.id for chat in chats[1:]],
        )
    if not told:
        owe(h.desk, key=f"{key}:nobody", chat=None, text=text, urgency=urgency)


def _place_words(h: Hearing, place: Place, area: Area) -> str:
    """Building and unit, also of a building that the directory does not know; else the area's name. Never a room."""
    if place.building and area.level not in (Level.BUILDING, Level.UNIT):
        return f"{place.building}栋" + (f"{place.unit}单元" if place.unit else "")
    return places.label_in_full(h.session, area)
