"""The shapes of the API: what comes in and what goes out. The OpenAPI document is made from these."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from bot.web.api_due import DueItem
from models import ChatKind, Intent, Origin, Status


def _storable(text: str) -> str:
    """No NUL and no half of a character: neither database takes them."""
    if "\x00" in text:
        raise ValueError("a NUL character")
    text.encode("utf-8")  # a lone surrogate raises UnicodeEncodeError, which is a ValueError
    return text.strip()


def _ours(at: datetime) -> datetime:
    """A moment of this century: at the edges of the calendar a change of zone overflows."""
    if not datetime(2000, 1, 1, tzinfo=UTC) < at < datetime(2100, 1, 1, tzinfo=UTC):
        raise ValueError("out of range")
    return at


def _with_plus(value: Any) -> Any:
    """`+08:00` reaches us as ` 08:00` where a client did not encode the plus sign."""
    if isinstance(value, str) and len(value) > len("08:00") and value[-6] == " " and value[-3] == ":":
        return f"{value[:-6]}+{value[-5:]}"
    return value


def split(value: Any) -> Any:
    """`status=new,accepted` and `status=new&status=accepted` say the same."""
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list):
        return [part for item in value for part in (item.split(",") if isinstance(item, str) else [item]) if part]
    return value


Plain = Annotated[str, AfterValidator(_storable)]
Moment = Annotated[AwareDatetime, BeforeValidator(_with_plus), AfterValidator(_ours)]


class Input(BaseModel):
    """What comes in: an unknown key is a mistake worth telling, not something to pass over."""

    model_config = ConfigDict(extra="forbid")


class Page(Input):
    cursor: Annotated[Plain | None, Field(max_length=200, description="`next` of the page before")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class TicketQuery(Page):
    status: Annotated[list[Status], BeforeValidator(split), Field(default_factory=list, description="one or several")]
    intent: Annotated[list[Intent], BeforeValidator(split), Field(default_factory=list, description="one or several")]
    area: Annotated[Plain | None, Field(max_length=64, description="an area's code; its whole subtree")] = None
    opened_from: Annotated[
        Moment | None, Field(alias="from", description="opened then or later; ISO 8601 with offset")
    ] = None
    opened_to: Annotated[Moment | None, Field(alias="to", description="opened before then; ISO 8601 with offset")] = (
        None
    )
    text: Annotated[Plain | None, Field(max_length=100, description="in the matter, the place, the words or ref")] = (
        None
    )
    urgent: bool | None = None


class ChatQuery(Page):
    bound: Annotated[Literal["yes", "no"] | None, Field(description="no: groups nobody has told us about")] = None


class MoveBody(Input):
    note: Annotated[Plain, Field(max_length=500, description="what is said beside the move")] = ""
    reason: Annotated[Plain, Field(max_length=200, description="needed to pause, refuse and decline")] = ""
    target: Annotated[
        Plain | None, Field(max_length=100, description="to whom it is transferred; the id of the post it is given to")
    ] = None
    until: Annotated[Moment | None, Field(description="when a pause or a wait ends")] = None
    second: Annotated[
        Plain | None, Field(max_length=64, description="to decline: the user name of the second person who agrees")
    ] = None


class BindBody(Input):
    area: Annotated[Plain, Field(min_length=1, max_length=64, description="the code of the area it belongs to")]
    kind: Annotated[Literal["residents", "leaders", "staff"], Field(description="whose group it is")] = "residents"


class AreaRef(BaseModel):
    code: str
    name: str


class Holder(BaseModel):
    """The post that is responsible."""

    role: str
    title: str
    name: str | None
    area: str


class HistoryItem(BaseModel):
    """What happened. `by` is the user id on the channel; null: the service, its clock, or somebody signed in."""

    kind: str
    by: str | None
    at: AwareDatetime
    old: Status | None
    new: Status | None


class TicketItem(BaseModel):
    """A ticket as the lists show it."""

    ref: str
    number: int
    intent: Intent
    category: str
    urgent: bool
    danger: str | None
    private: bool
    silent: bool
    status: Status
    area: str
    area_name: str
    building: str | None
    unit: str | None
    room: str | None
    location: str | None
    matter: str
    opened_at: AwareDatetime
    accept_due_at: AwareDatetime | None
    resolve_due_at: AwareDatetime | None
    attended_at: AwareDatetime | None
    resolved_at: AwareDatetime | None
    closed_at: AwareDatetime | None
    holder: Holder | None
    transferred_to: str | None
    reports_count: int
    reporters: list[str]
    merged_into: str | None  # the ref of the ticket this one lives on in
    origin: Origin
    look_again_on: date | None  # solved, and looked at again then
    history: list[HistoryItem]


class ReportItem(BaseModel):
    """One resident's voice. `id` is what a split names."""

    id: int
    at: AwareDatetime
    by: str | None
    name: str | None
    contact_note: str | None
    room: str | None
    phone: str | None
    words: str | None
    for_neighbour: bool
    channel: str | None
    chat: str | None
    origin: str | None
    withdrawn_at: AwareDatetime | None


class EventItem(HistoryItem):
    """What happened, with the note and the name of whoever did it."""

    note: str | None
    person: str | None


class MessageItem(BaseModel):
    """A message heard about the ticket, and how it was understood."""

    at: AwareDatetime
    by: str | None
    channel: str
    kind: str
    text: str | None
    media_id: str | None
    intent: str | None
    category: str | None
    score: float | None
    lexicon_version: str | None


class LineItem(BaseModel):
    """A line owed because of the ticket, and whether it arrived."""

    id: int
    channel: str | None
    chat: str | None
    chat_kind: ChatKind | None
    text: str
    urgency: str
    state: str
    created_at: AwareDatetime
    sent_at: AwareDatetime | None
    undelivered_at: AwareDatetime | None


class Questions(BaseModel):
    """The five questions kept on every ticket."""

    need: str | None
    cause: str | None
    plan: str | None
    progress: str | None
    outcome: str | None


class TicketDetail(TicketItem):
    """A ticket with everything known of it. Reading it is written into the audit log."""

    why: list[str]
    due: DueItem | None
    questions: Questions
    reports: list[ReportItem]
    events: list[EventItem]
    messages: list[MessageItem]
    lines: list[LineItem]


class ChatItem(BaseModel):
    id: int
    channel: str
    external_id: str
    kind: ChatKind
    name: str | None
    area: AreaRef | None
    listen_only: bool
    created_at: AwareDatetime
    last_heard_at: AwareDatetime | None
    last_sent_at: AwareDatetime | None


class Code(BaseModel):
    """A one-time code. It is shown this once; whoever says it in the group binds the group."""

    code: str
    expires_at: AwareDatetime


class UndeliveredItem(LineItem):
    """A line that reached nobody."""

    ticket: str | None
    error: str | None


class TicketPage(BaseModel):
    items: list[TicketItem]
    next: str | None


class ChatPage(BaseModel):
    items: list[ChatItem]
    next: str | None


class UndeliveredPage(BaseModel):
    items: list[UndeliveredItem]
    next: str | None


class Fault(BaseModel):
    """Why it was not done. Clients go by `code`; `message` is for people."""

    code: str
    message: str
    field: str | None


class ErrorBody(BaseModel):
    error: Fault
