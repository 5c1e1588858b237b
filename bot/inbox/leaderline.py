"""Once a day a leader is asked in private about what was said in their group, and answers with a word."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from bot import clocks, people, places, posted, reach, routing
from bot.desk import Desk
from bot.inbox import asking, reviewing
from bot.inbox.hearing import Hearing
from bot.inbox.reviewing import Decided, Decision
from bot.owed import owe
from bot.services import Services
from intents import choosing
from models import Account, Area, Chat, Inbound, Intent, Learning, Outgoing, Question, Review, ReviewState, Urgency

KIND = "review"  # of the question
LEADERS = frozenset(routing.LADDER) - routing.OFFICE
TIME_TO_ANSWER = timedelta(hours=1)  # what is erased sooner is not asked about any more
SHOWN = 40  # characters of a sentence
MARKS = "①②③④⑤⑥⑦⑧⑨"
COUNTS = "零一两三四五六七八九"
BATCH = 200


def ask_leaders(services: Services) -> int:
    """Ask every leader whose hour has come, each once a day. Returns how many were asked."""
    now = services.now()
    due = select(Review.id).where(col(Review.leader_due_at).is_not(None), col(Review.leader_due_at) <= now)
    with services.reading() as session:
        if session.exec(due.limit(1)).first() is None:
            return 0
    with services.transaction() as session:
        desk = services.desk(session)
        rows = session.exec(
            select(Review)
            .where(col(Review.leader_due_at).is_not(None), col(Review.leader_due_at) <= desk.now)
            .order_by(col(Review.id))
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        if not clocks.within(desk.now, desk.settings.hours.leaders, desk.settings.zone):
            _put_off(desk, rows)
            return 0
        return sum(_ask(desk, chat_id, theirs) for chat_id, theirs in _by_leader(desk, rows).items())


def forget(services: Services) -> None:
    """Erase what has lain its time on the list."""
    now = services.now()
    with services.reading() as session:
        due = select(Review.id).where(col(Review.expires_at).is_not(None), col(Review.expires_at) <= now).limit(1)
        if session.exec(due).first() is None:
            return
    with services.transaction() as session:
        reviewing.forget(session, services.now())


def answered(h: Hearing, payload: dict[str, list[int]], question: Question) -> bool:
    """要, 1要, 都不用: what the leader says of the sentences they were asked about."""
    ids = payload["reviews"]
    said = h.verdict.text
    chosen = choosing.chosen(said, len(ids))
    if chosen is None or (choosing.bare(said) and _card_since(h, question)) or not _still_leads(h, ids):
        return False
    if not chosen:
        asking.ask_again(h, question)
        h.answer("review_which")
        return True
    _settle(h, {ids[n - 1]: wanted for n, wanted in sorted(chosen.items())})
    left = select(Review.id).where(col(Review.id).in_(ids), Review.state == ReviewState.OPEN)
    if h.session.exec(left).first() is not None:
        asking.ask_again(h, question)
    return True


def _put_off(desk: Desk, rows: Sequence[Review]) -> None:
    """Not now: at the next of the leaders' hours, if the text is still there then."""
    opening = clocks.next_opening(desk.now, desk.settings.hours.leaders, desk.settings.zone)
    for row in rows:
        row.leader_due_at = opening


def _by_leader(desk: Desk, rows: Sequence[Review]) -> dict[int, list[Review]]:
    """The rows that somebody can still be asked about, by the leader's private chat. The others stay with staff."""
    found: dict[int, list[Review]] = defaultdict(list)
    leaders: dict[int, tuple[int, Chat] | None] = {}
    for row in rows:
        row.leader_due_at = None
        if row.state != ReviewState.OPEN or row.expires_at is None or row.expires_at < desk.now + TIME_TO_ANSWER:
            continue
        if row.area_id not in leaders:
            leaders[row.area_id] = _leader(desk, row.area_id)
        leader = leaders[row.area_id]
        if leader is not None and _speaker(desk, row) != leader[0]:
            found[leader[1].id].append(row)
    return found


def _leader(desk: Desk, area_id: int) -> tuple[int, Chat] | None:
    """Who leads the group's unit and where they are told alone; None where nobody does, or only staff."""
    area = desk.session.get_one(Area, area_id)
    holder = routing.route("repair", posted.candidates(desk, area)).holder
    if holder is None or holder.role not in LEADERS:
        return None
    chats = reach.private_chats(desk.session, holder.person_id)
    return (holder.person_id, chats[0]) if chats else None


def _speaker(desk: Desk, row: Review) -> int | None:
    inbound = desk.session.get(Inbound, row.inbound_id) if row.inbound_id is not None else None
    account = desk.session.get(Account, inbound.account_id) if inbound and inbound.account_id else None
    return account.person_id if account else None


def _ask(desk: Desk, chat_id: int, rows: list[Review]) -> int:
    """One line with the likeliest few, in the order they were said. Asked today already: tomorrow."""
    chat = desk.session.get_one(Chat, chat_id)
    most = min(desk.settings.reviews.to_leader_a_day, len(MARKS))
    shown = sorted(sorted(rows, key=lambda row: row.score)[:most], key=lambda row: (row.said_at, row.id))
    text = _sentence(desk, shown)
    line = owe(desk, key=f"reviews:{chat.id}:{_today(desk)}", chat=chat, text=text, urgency=Urgency.NOTICE)
    if line is None:
        _put_off(desk, rows)
        return 0
    line.overdue_at = None  # nobody else need be told instead: staff have the list
    _remember(desk, chat, shown)
    return 1


def _remember(desk: Desk, chat: Chat, shown: Sequence[Review]) -> None:
    """The leader's next words are looked at as the answer; an older list of theirs is answered no more."""
    older = select(Question).where(
        Question.chat_id == chat.id, Question.kind == KIND, col(Question.answered_at).is_(None)
    )
    for question in desk.session.exec(older):
        question.answered_at = desk.now
    for row in shown:
        row.leader_asked_at = desk.now
    desk.session.add(
        Question(
            account_id=chat.account_id or 0,
            chat_id=chat.id,
            kind=KIND,
            payload={"reviews": [row.id for row in shown]},
            asked_at=desk.now,
            expires_at=max(row.expires_at for row in shown if row.expires_at is not None),
        )
    )


def _sentence(desk: Desk, shown: Sequence[Review]) -> str:
    day = _day(desk, [row.said_at for row in shown])
    repairs = all(row.intent == Intent.REPAIR for row in shown)
    kind = desk.wording("review_as_repair" if repairs else "review_as_other")
    if len(shown) == 1:
        return desk.wording("review_one", day=day, said=_shown(shown[0]), kind=kind)
    several = len({row.area_id for row in shown}) > 1
    said = "\n".join(f"{MARKS[n]}{_place(desk, row) if several else ''}“{_shown(row)}”" for n, row in enumerate(shown))
    return desk.wording("review_some", day=day, count=COUNTS[len(shown)], said=said, kind=kind)


def _shown(row: Review) -> str:
    text = " ".join((row.text or "").split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _place(desk: Desk, row: Review) -> str:
    return places.label_of(desk.session, desk.session.get_one(Area, row.area_id))


def _day(desk: Desk, moments: Sequence[datetime]) -> str:
    days = {(_today(desk) - at.astimezone(desk.settings.zone).date()).days for at in moments}
    if days == {0}:
        return desk.wording("review_today")
    return desk.wording("review_yesterday" if days == {1} else "review_lately")


def _settle(h: Hearing, wanted: dict[int, bool]) -> None:
    """Decide on each, in the order of their numbers, and say what became of them."""
    ignored = late = 0
    for review_id, yes in wanted.items():
        review = reviewing.locked(h.session, review_id)
        state = ReviewState.TICKET if yes else ReviewState.IGNORED
        try:
            if review is None:
                raise Decided
            decision = Decision(state, people.person_of(h.account), learning=Learning.ASKED)
            ticket = reviewing.decide(h.services, h.desk, review, decision)
        except Decided:
            late += 1
            continue
        ignored += not yes
        if ticket is not None:
            h.answer_about("review_opened", ticket)
    if late:
        h.answer("review_late")
    elif ignored:
        h.answer("review_ignored")


def _still_leads(h: Hearing, ids: Sequence[int]) -> bool:
    """Whether the speaker holds a leader's post today at or above every place that was asked about."""
    own = [h.session.get_one(Area, post.area_id) for post in h.posts if post.role in LEADERS]
    asked = select(Area).join(Review, col(Review.area_id) == col(Area.id)).where(col(Review.id).in_(ids))
    areas = h.session.exec(asked)
    return all(any(people.covers(scope, area) for scope in own) for area in areas)


def _card_since(h: Hearing, question: Question) -> bool:
    """Whether a card came in between: then a bare word may be meant for that."""
    cards = select(Outgoing.id).where(
        Outgoing.chat_id == h.chat.id, col(Outgoing.event_id).is_not(None), Outgoing.created_at >= question.asked_at
    )
    return h.session.exec(cards).first() is not None


def _today(desk: Desk) -> date:
    return desk.now.astimezone(desk.settings.zone).date()
