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
from models.hands import CallKind, CoHandler, ExternalCase
from models.mail import Inbound, InboundState, Outgoing, OutgoingState, Urgency
from models.office import AuditEntry, ChannelState, DueRun, Heartbeat, Token, User
from models.review import Learning, Review, ReviewState
from models.ticket import Intent, Question, Rating, Report, Status, Ticket, TicketEvent, Timer
from models.words import CurrentWords, KeywordVersion

__all__ = [
    "Account",
    "AccountState",
    "Announcement",
    "Area",
    "AuditEntry",
    "BindingCode",
    "CallKind",
    "ChannelState",
    "Chat",
    "ChatKind",
    "CoHandler",
    "Community",
    "CurrentWords",
    "DueRun",
    "ExternalCase",
    "Heartbeat",
    "Inbound",
    "InboundState",
    "Intent",
    "KeywordVersion",
    "Learning",
    "Level",
    "Organisation",
    "Outgoing",
    "OutgoingState",
    "Person",
    "Post",
    "Question",
    "Rating",
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
