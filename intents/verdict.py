"""What understanding hands on: plain frozen values, no behaviour."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Slots:
    """Only what the text says, normalised: 十二栋 is "12", 二门 is unit "2", A座 is "A"."""

    building: str | None = None
    unit: str | None = None
    room: str | None = None
    floor: str | None = None
    phone: str | None = None
    landmark: str | None = None  # 超市楼上, 东门: a place in the speaker's words when no building is named
    time: str | None = None  # 明天下午, 周五之前: in the speaker's words; intents.times says when that is
    others: tuple[str, ...] = ()  # further buildings, where none of those named is plainly the speaker's own
    together: bool = False  # they are named as one: 3栋和5栋都停了
    home_floor: str | None = None  # the floor said of the speaker's own rooms: 我在12楼, 12楼1203


@dataclass(frozen=True)
class DangerCall:
    """A danger heard. `kind` is a section of keywords/danger.toml."""

    kind: str
    certain: bool  # False: ambiguous smoke and the like: ask one question in private
    silent: bool  # violence, suicide, child harm: nothing in the group
    matched: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """One message understood."""

    text: str  # normalised
    intent: str  # repair, dispute, policy, help, other
    category: str
    urgent: bool
    score: float  # 0..1: how sure the intent is
    sure: bool  # sure enough to open a ticket from a group
    slots: Slots = field(default_factory=Slots)
    danger: DangerCall | None = None
    matched: tuple[str, ...] = ()  # the words and rules that decided
    matter: str = ""  # the matter in a few words without place, room, phone or name; fit for a group
    wants_place: bool = True  # False for policy and chatter: no place need be asked
    perhaps: str | None = None  # heard as chatter, and might be this intent: a person looks, later


@dataclass(frozen=True)
class Command:
    """What somebody wants done with a ticket, or asks about one. `verb` is a key of keywords/commands.toml."""

    verb: str
    number: int | None = None
    note: str = ""  # what was said beside the command: 换了灯泡, 明天下午
    target: str | None = None  # transfer: 物业, 维修队, ...
    rest: str = ""  # relay: the neighbour's words; correct: the new place in words
    bare: bool = False  # nothing but an acknowledgement ("收到", "要得", "好的"): takes only what it plainly answers
    score: int | None = None  # a rating 1..5
    things: frozenset[str] = frozenset()  # the categories of repair it names a thing of: 泵换好了 is about water


@dataclass(frozen=True)
class PolicyAnswer:
    """A passage of the policy store that answers, with where it stands."""

    id: str  # the file's stem
    title: str
    answer: str  # two sentences
    source: str  # issuing body and title
    article: str
    in_force: str  # 2021-01-01
    ask: str  # whom to ask
    score: float
