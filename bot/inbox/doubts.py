"""Whoever calls us by name or writes in private is always answered: in doubt with one short question.

Their answer may be a word (修, 问, 人工), a sentence that says more, or that it was nothing. Without one staff have it.
"""

import re
from dataclasses import replace
from typing import Any

from bot import clocks
from bot.inbox import asking, matters, meant
from bot.inbox.hearing import Hearing, Said
from bot.places import resolve
from intents.verdict import Verdict
from models import Area, Intent, Question

SURELY = 0.8  # from this probability on, chatter in private is taken for what it is
A_SENTENCE = 4  # characters: shorter than this it is a word, not a sentence
TALK = frozenset({"thanks", "resolved", "abuse", "hotline"})  # answered as what it is, however sure
AROUND = '。.,，!！~ “”"'
GREETINGS_EVERY = 600  # seconds: called by name again and again, a group hears the same answer once in a while

_REPAIR = re.compile(
    r"(?:我)?(?:是|要|想|就)?(?:请|找|叫|喊|派)?(?:个)?(?:人|师傅)?(?:来|上门)?(?:报修|修理|维修|修|整|弄)(?:一?下|理|的|吧|呀|啊|呢|呗){0,2}"
    r"|1|第?一个?|前面?(?:那个|一个)"
)
_POLICY = re.compile(
    r"(?:我)?(?:是|要|想|就|先){0,2}(?:咨询|请教|问问|问一?下|问)(?:怎么办|一?下|的|吧|呀|啊|呢|情况|政策){0,2}|2|第?二个?|后面?(?:那个|一个)"
)
_NOTHING = re.compile(
    r"(?:都)?(?:不是|没事|冇事|没什么事?|没啥事?|不用|不用了|不修|不问|算了|不需要|随便说说|随便讲讲|瞎说的|说着玩的?|聊聊天?|发错了?|点错了?)(?:了|的|哈|谢谢|,谢谢){0,2}"
)
_STALLS = re.compile(
    r"(?:请|你)?(?:等一?下|等会儿?|等等|稍等|慢点|莫急|别急|我(?:看|想|查|问)(?:看|想|一?下|问)?|让我(?:看|想|查|问)(?:看|想|一?下|问)?|嗯+|哦+|噢|啊|哎|好的?)"
    r"(?:吧|啊|哈|哦|先|再说)?"
)
_CHOICE_FIRST = re.compile(r"(?P<word>报修|修|咨询|问)[,，。:： ]{1,2}(?P<rest>.{2,200})", re.DOTALL)


def handle(h: Hearing) -> bool:
    """The last ear before small talk: what may well ask for something, in words that we do not know."""
    if not h.addressed:
        return False
    if not doubtful(h.verdict):
        return False if h.private else _called(h)
    asking.ask_aside(h, "unsure", matters.remember(h.verdict), h.desk.wording("unsure"))
    return True


def doubtful(verdict: Verdict) -> bool:
    """Whether it was heard as chatter, but not surely so."""
    if verdict.intent != Intent.OTHER or verdict.category in TALK or verdict.category in matters.FOR_A_PERSON:
        return False
    if len(verdict.text) < A_SENTENCE:
        return False
    return verdict.perhaps is not None or verdict.score < SURELY or _says_nothing_known(verdict) is None


def worth_a_ticket(verdict: Verdict) -> bool:
    """Whether staff must look into what nobody explained: it may be a matter, or nothing in it is known as chatter."""
    return verdict.intent != Intent.OTHER or verdict.perhaps is not None or _says_nothing_known(verdict) is not False


def answered(h: Hearing, payload: dict[str, Any], question: Question) -> bool:
    """修, 问, 人工, nothing at all, or a sentence that says more and is read together with the first."""
    said = h.verdict.text.strip(AROUND)
    first = matters.recall(payload)
    if said_first := _CHOICE_FIRST.fullmatch(said):
        said, more = said_first["word"], said_first["rest"]
    else:
        more = ""
    if _wants_a_person(h):
        _to_a_person(h, question, first)
        return True
    if _NOTHING.fullmatch(said):
        h.answer("no_matter")
        return True
    intent = Intent.REPAIR if _REPAIR.fullmatch(said) else Intent.POLICY if _POLICY.fullmatch(said) else None
    if intent is not None:
        text = f"{first.text}，{more}" if more else first.text
        _file(h, payload, question, meant.verdict(h.understanding, text, "private", intent), *([more] if more else []))
        return True
    return _says_more(h, payload, question, first)


def stalls(text: str) -> bool:
    """等一下, 我看看: no answer yet, and no place either."""
    return _STALLS.fullmatch(text.strip(AROUND)) is not None


def _says_more(h: Hearing, payload: dict[str, Any], question: Question, first: Verdict) -> bool:
    """A second message. What is plainly something else (a word about a ticket, a greeting) leaves the question open."""
    heard = h.verdict
    if _is_command(h) or heard.category in matters.FOR_A_PERSON:
        return False
    slots = heard.slots
    placed = bool(slots.building or slots.unit or slots.room or slots.landmark)
    if heard.intent == Intent.OTHER and not doubtful(heard) and not placed:
        return False
    both = h.understanding.read(f"{first.text}，{heard.text}", "private", True)
    verdict = both if both.intent != Intent.OTHER else heard
    if verdict.intent == Intent.OTHER:
        _to_a_person(h, question, first, h.line.text)
        return True
    _file(h, payload, question, replace(verdict, slots=both.slots, danger=None), h.line.text)
    return True


def _file(h: Hearing, payload: dict[str, Any], question: Question, verdict: Verdict, *more: str) -> None:
    """File what was asked about; asked aside from a group, it is about that group's place unless it says another."""
    asking.as_asked(h, question, verdict, *more)
    area = h.session.get(Area, payload["area"]) if payload.get("area") else None
    place = resolve(h.session, area, verdict.slots, verdict.text) if area is not None else None
    matters.file(h, verdict, place=place)


def _to_a_person(h: Hearing, question: Question, first: Verdict, *more: str) -> None:
    """Two messages and still no wiser, or they would rather speak to somebody: staff have all that was said."""
    asking.as_asked(h, question, h.verdict if more else first, *more)
    matters.to_person(h, "human", h.desk.wording("matter_human"), "to_person")


def _called(h: Hearing) -> bool:
    """Called by name in a group: small talk is answered there, all that is somebody's own only to them."""
    category = h.verdict.category
    if category in matters.FOR_A_PERSON and len(h.verdict.text) >= A_SENTENCE:
        words = h.desk.wording(f"matter_{category}")
        matters.to_person(h, category, words, matters.FOR_A_PERSON[category])
        return True
    key = matters.small_talk(h.verdict)
    text = h.desk.wording(key, name=h.desk.settings.service.name)
    night = clocks.is_silent(h.now, h.desk.settings.hours, h.desk.settings.zone)
    if (key in ("hello", "youre_welcome") and not night) or not h.whisper(text, "called"):
        slot = int(h.now.timestamp() // GREETINGS_EVERY)
        h.answers.append(Said(text, f"called:{h.chat.id}:{key}:{slot}"))
    return True


def _says_nothing_known(verdict: Verdict) -> bool | None:
    """Whether no word of it is known as chatter. None where not even the model had a say: nothing at all is known."""
    if not any(word.startswith("other.") for word in verdict.matched):
        return None
    return len(verdict.matched) == 1


def _wants_a_person(h: Hearing) -> bool:
    command = h.understanding.resident(h.verdict.text)
    return command is not None and command.verb in ("human", "callback")


def _is_command(h: Hearing) -> bool:
    text = h.verdict.text
    return h.understanding.resident(text) is not None or h.understanding.handler(text) is not None
