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
from models.mail import Inbound, InboundState, Outgoing, OutgoingState, Urgency
from models.office import AuditEntry, ChannelState, DueRun, Heartbeat, Token, User
from models.order import Mode, Offer, OfferState, Order, Skill
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
    "Mode",
    "Offer",
    "OfferState",
    "Order",
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
    "Skill",
    "Slot",
    "Status",
    "Ticket",
    "TicketEvent",
    "Timer",
    "Token",
    "Urgency",
    "User",
]
