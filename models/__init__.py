"""The nouns: every table, so that the metadata is complete wherever one of them is imported."""

from models.announcement import Announcement
from models.directory import (
    Account,
    AccountState,
    Area,
    BindingCode,
    Chat,
    ChatKind,
    Community,
    Level,
    Organisation,
    Person,
    Post,
    Role,
    Slot,
)
from models.duty import RecurringDuty
from models.mail import Inbound, InboundState, Outgoing, OutgoingState, Urgency
from models.office import AuditEntry, ChannelState, DueRun, Heartbeat, Token, User
from models.review import Learning, Review, ReviewState
from models.ticket import Intent, Origin, Question, Rating, Report, Status, Ticket, TicketEvent, Timer
from models.words import CurrentWords, KeywordVersion

__all__ = [
    "Account",
    "AccountState",
    "Announcement",
    "Area",
    "AuditEntry",
    "BindingCode",
    "ChannelState",
    "Chat",
    "ChatKind",
    "Community",
    "CurrentWords",
    "DueRun",
    "Heartbeat",
    "Inbound",
    "InboundState",
    "Intent",
    "KeywordVersion",
    "Learning",
    "Level",
    "Organisation",
    "Origin",
    "Outgoing",
    "OutgoingState",
    "Person",
    "Post",
    "Question",
    "Rating",
    "RecurringDuty",
    "Report",
    "Review",
    "ReviewState",
    "Role",
    "Slot",
    "Status",
    "Ticket",
    "TicketEvent",
    "Timer",
    "Token",
    "Urgency",
    "User",
]
