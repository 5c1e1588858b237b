"""What is seen in passing and must not be passed over (daily life 5, 41, 46).

A strange QR code, a neighbour's number posted in anger, a script we do not read.
"""

import re
import unicodedata

from bot import consequences, places, posted, reach, telling
from bot.inbox import filing, matters, merging
from bot.inbox.hearing import Hearing
from bot.inbox.where import locate
from bot.masking import masked
from bot.moves import Verb
from bot.routing import LADDER, Candidate
from bot.tickets import Matter, act, join, lock, open_ticket
from intents.verdict import Command
from models import Area, ChatKind, Intent, Slot

# Beside a number: others are set on whose it is.
ANGER = re.compile(
    r"(?:大家|都|一起|你们|快|去|给我|赶紧){1,3}(?:去)?(?:打|骂|搞|骚扰|轰炸|呼|call|加|找|堵|问候)(?:死|爆)?(?:他|她|它|这|那|死)"
    r"|人肉|曝光|电话轰炸|骂死|打爆|让(?:他|她)(?:睡|好看|不得)",
    re.IGNORECASE,
)
LETTERS_LEAST = 4  # of another script: fewer is a face drawn with letters
QR_CATEGORY = "sanitation"


def strange_code(h: Hearing, command: Command) -> bool:
    """A code pasted over ours: which account is ours is said at once, and the property company takes it off."""
    del command
    if h.chat.kind not in (ChatKind.PRIVATE, ChatKind.RESIDENTS):
        return False
    place, area, community = locate(h)
    lock(h.session, community.id)
    known = merging.own_open(h, community, Intent.REPAIR, QR_CATEGORY)
    if known is not None:
        join(h.desk, known, filing.voice(h, h.verdict))
        ticket = known
    else:
        matter = Matter(Intent.REPAIR, QR_CATEGORY, h.desk.wording("matter_strange_code"), place, area)
        ticket, _ = open_ticket(h.desk, community, matter, filing.voice(h, h.verdict))
        act(h.desk, ticket, Verb.DISPATCH, consequences.SERVICE, target_name="property")
    h.answer_about(
        "only_ours", ticket, once=None if h.private else f"code:{ticket.id}", name=h.desk.settings.service.name
    )
    return True


def other_script(h: Hearing) -> bool:
    """A message in a script we do not read is a message: a person who reads it has it, and the group hears nothing."""
    if h.chat.kind not in (ChatKind.PRIVATE, ChatKind.RESIDENTS) or not in_other_script(h.line.text):
        return False
    matters.to_person(h, "script", h.desk.wording("matter_script"), "script_heard")
    return True


def in_other_script(text: str) -> bool:
    """Whether most letters of a text are neither Chinese nor Latin: ياردەم, བོད་ཡིག, 도와주세요."""
    letters = [sign for sign in text if sign.isalpha() or _is_vowel_sign(sign)]
    others = [
        sign for sign in letters if not unicodedata.name(sign, "").startswith(("CJK", "LATIN", "FULLWIDTH LATIN"))
    ]
    return len(others) >= LETTERS_LEAST and len(others) * 2 > len(letters)


def _is_vowel_sign(sign: str) -> bool:
    """Tibetan writes its vowels as marks; the marks that colour an emoji or pile up on nothing are no writing."""
    return unicodedata.category(sign) in ("Mn", "Mc") and not unicodedata.name(sign, "").startswith(
        ("COMBINING", "VARIATION")
    )


def exposed(h: Hearing) -> bool:
    """A number posted in anger: whoever keeps the group is asked in private to have it recalled. Always False: the
    message is heard on like any other.
    """
    area = h.base
    if h.chat.kind != ChatKind.RESIDENTS or area is None or masked(h.line.text) == h.line.text:
        return False
    if not ANGER.search(h.line.text):
        return False
    text = h.desk.wording("aside_exposed", place=places.label_in_full(h.session, area))
    key = f"exposed:{h.row.id}"
    keeper = _keeper(h, area)
    chats = reach.private_chats(h.session, keeper.person_id) if keeper is not None else []
    if chats:
        telling.say(h.desk, chats[0], key, text)
    else:
        consequences.tell_area_office(h.desk, area, key, text)
    return False


def _keeper(h: Hearing, area: Area) -> Candidate | None:
    """Who keeps a residents' group: the nearest who leads there, not whoever has just posted it."""
    around = posted.candidates(h.desk, area)
    leads = [c for c in around if c.role in LADDER[:4] and c.person_id != h.account.person_id]
    return min(leads, key=lambda c: (-c.depth, c.slot != Slot.A, c.post_id), default=None)
