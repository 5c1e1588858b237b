"""What is no trouble to mend and must not meet with silence: suggestions, complaints about the office, praise, and what
is told in confidence (behaviour.md, "Everybody else"; daily life 27, 28, 43).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlmodel import col, select

from bot import consequences, places, posted, reach, telling
from bot.inbox import matters
from bot.inbox.hearing import Hearing
from bot.routing import Candidate
from intents.verdict import Command, Verdict
from models import AuditEntry, ChatKind, Intent, Person, Post, Role

# Whom praise is for, by the word that names their office; the nearest of them has it.
PRAISED = {
    "单元长": Role.UNIT_LEADER,
    "楼栋长": Role.BUILDING_LEADER,
    "楼长": Role.BUILDING_LEADER,
    "网格": Role.GRID_LEADER,
    "书记": Role.SECRETARY,
    "社工": Role.STAFF,
    "物业": Role.PROPERTY,
    "师傅": Role.PROPERTY,
    "保安": Role.PROPERTY,
    "保洁": Role.PROPERTY,
    "社区": Role.STAFF,
    "居委": Role.STAFF,
}
GIFT = re.compile(r"送(?!我|给我|到|医|走|饭|菜|药|水)|红包|礼物|一点心意")
# Whoever asks not to be named speaks of somebody who may be angry: these words say that there is one.
SOMEBODY = re.compile(
    r"物业|经理|保安|保洁|师傅|老板|[楼单]元?长|书记|主任|他|她|佢|伊|男的|女的|老头|老太|小伙|那[家户个]|[这那]几[家户个]|人家|有人|楼上|楼下|对门"
    r"|隔壁|邻居|亲戚|租客|房东|业主|住户|店里|姓.的|老.家"
)
A_MATTER = 4  # characters: less than this is no matter told in confidence, but the wish to tell one
REQUEST_LEAST = 0.9  # the probability from which thanks that speak of help ask for it too


def suggest(h: Hearing, command: Command) -> bool:
    """For the next meeting: a list of its own in private; from a group staff hear that there was one, once an hour."""
    del command
    if h.verdict.danger is not None or (h.verdict.sure and h.verdict.intent in (Intent.REPAIR, Intent.DISPUTE)):
        return False
    if h.addressed:
        matters.to_person(h, "meeting", h.desk.wording("matter_meeting"), "to_meeting")
        return True
    if h.base is None or h.chat.kind != ChatKind.RESIDENTS:
        return False
    key = f"aside:{h.chat.id}:suggestion:{int(h.now.timestamp() // 3600)}"
    text = h.desk.wording("aside_suggestion", place=places.label_in_full(h.session, h.base))
    consequences.tell_area_office(h.desk, h.base, key, text)
    return True


def complain(h: Hearing, command: Command) -> bool:
    """About a leader or the office itself: the secretary alone, whatever it sounded like."""
    del command
    if h.chat.kind not in (ChatKind.PRIVATE, ChatKind.RESIDENTS):
        return False  # among those who work here it is talk
    matter = h.desk.wording("matter_office")
    verdict = replace(h.verdict, intent=Intent.DISPUTE.value, category="other", matter=matter, sure=True)
    matters.file(h, verdict)
    return True


def confide(h: Hearing, command: Command) -> bool:
    """Told in confidence, in private: the matter is heard without the request, and no group learns of it. What fits
    nothing else is a dispute: nobody is told before they have said whom.
    """
    if not h.private:
        return False
    del command
    rest = _without_request(h)
    if len(rest) < A_MATTER:
        h.answer("confide_open")
        return True
    verdict = h.understanding.read(rest, "private", True)
    if verdict.intent == Intent.HELP:
        matters.to_person(h, "human", h.desk.wording("matter_human"), "to_person")  # offered to nobody, a person asks
        return True
    if verdict.intent == Intent.OTHER or _of_somebody(verdict):
        category = h.understanding.category(rest, "private", Intent.DISPUTE.value)
        verdict = replace(verdict, intent=Intent.DISPUTE.value, category=category, matter="", urgent=False, danger=None)
    h.verdict = verdict
    if verdict.intent != Intent.DISPUTE:
        h.answer("confide_kept")
    matters.file(h, verdict)
    return True


def praise(h: Hearing, command: Command) -> bool:
    """Passed to the person praised, once, in private, and written down. Gifts are not passed on."""
    del command
    if not h.private or _asks_as_well(h):
        return False
    told = _praised(h)
    day = h.now.astimezone(h.desk.settings.zone).date()
    for candidate in told:
        key = f"praise:{candidate.person_id}:{h.account.id}:{day}"
        if not telling.first_time(h.desk, key):
            continue
        chats = reach.private_chats(h.session, candidate.person_id)
        if not chats:
            _to_office(h, key)
        else:
            telling.say(h.desk, chats[0], key, h.desk.wording("praise"))
        _log(h, candidate)
    if not told:
        _to_office(h, f"praise:office:{h.account.id}:{day}")
    h.answer("praised_gift" if GIFT.search(h.verdict.text) else "praised")
    return True


def _of_somebody(verdict: Verdict) -> bool:
    """Whether what sounds like something broken is told of a person: nobody hides to have a lamp mended."""
    return verdict.intent == Intent.REPAIR and SOMEBODY.search(verdict.text) is not None


def _without_request(h: Hearing) -> str:
    """What is left when the wish for confidence is taken out, clause by clause."""
    clauses = re.split(r"[,，。;；!！:：\s]+", h.verdict.text)
    return "，".join(clause for clause in clauses if clause and not _asks_confidence(h, clause))


def _asks_as_well(h: Hearing) -> bool:
    """Whether something is wanted beside the thanks. Help that was given sounds much like help that is asked for."""
    wanted = REQUEST_LEAST if h.verdict.intent == Intent.HELP else 0.0
    return h.verdict.danger is not None or (h.verdict.intent != Intent.OTHER and h.verdict.score >= wanted)


def _asks_confidence(h: Hearing, clause: str) -> bool:
    command = h.understanding.resident(clause)
    return command is not None and command.verb in ("confide", "anonymous")


def _praised(h: Hearing) -> Sequence[Candidate]:
    """Who is named, by name or by office, among those responsible here; nobody where that is not plain."""
    if h.base is None:
        return ()
    around = posted.candidates(h.desk, h.base)
    for fits in (_by_name(h, around), _by_office(h)):
        found = [c for c in around if fits(c)]
        if found:
            return [min(found, key=lambda c: (-c.depth, c.slot, c.post_id))]
    return ()


def _by_name(h: Hearing, around: Sequence[Candidate]) -> Callable[[Candidate], bool]:
    query = select(Person).where(col(Person.id).in_({c.person_id for c in around}))
    named = {p.id for p in h.session.exec(query) if p.name and len(p.name) > 1 and p.name in h.verdict.text}
    return lambda candidate: candidate.person_id in named


def _by_office(h: Hearing) -> Callable[[Candidate], bool]:
    role = next((role for word, role in PRAISED.items() if word in h.verdict.text), None)
    return lambda candidate: candidate.role == role


def _to_office(h: Hearing, key: str) -> None:
    """Nobody can be told apart or reached: staff pass it on."""
    area = h.base
    if area is not None:
        text = h.desk.wording("praise_office", place=places.label_in_full(h.session, area))
        consequences.tell_area_office(h.desk, area, key, text)


def _log(h: Hearing, candidate: Candidate) -> None:
    post = h.session.get_one(Post, candidate.post_id)
    h.session.add(
        AuditEntry(at=h.now, person_id=candidate.person_id, action="praise", subject=f"post:{post.id}", detail={})
    )
