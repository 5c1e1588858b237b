"""The nouns: every table, so that the metadata is complete wherever one of them is imported."""

from models.announcement import Announcement
from models.attachment import Attachment, AttachmentData
from models.console import LoginFailure, RecoveryCode, SavedView, TicketSearch, UserSession
from models.digest import KeptDigest
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
from models.duty import Absence, BindRequest, BindState, DutyShift, DutyTag, Kin
from models.hands import CallKind, CoHandler, ExternalCase
from models.mail import Inbound, InboundState, Outgoing, OutgoingState, Urgency
from models.office import AuditEntry, ChannelState, DueRun, Heartbeat, Token, User
from models.order import Mode, Offer, OfferState, Order, Skill
from models.people import Erasure, PolicyDraft, RosterUpload
from models.recurring import RecurringDuty
from models.reminder import Reminder
from models.review import Learning, Review, ReviewState
from models.ticket import Intent, Origin, Question, Rating, Report, Status, Ticket, TicketEvent, Timer
from models.words import ChangeKind, CurrentWords, DraftState, KeywordVersion, WordsChange, WordsDraft

__all__ = [
    "Absence",
    "Account",
    "AccountState",
    "Announcement",
    "Area",
    "Attachment",
    "AttachmentData",
    "AuditEntry",
    "BindRequest",
    "BindState",
    "BindingCode",
    "CallKind",
    "ChangeKind",
    "ChannelState",
    "Chat",
    "ChatKind",
    "CoHandler",
    "Community",
    "CurrentWords",
    "DraftState",
    "DueRun",
    "DutyShift",
    "DutyTag",
    "Erasure",
    "ExternalCase",
    "Heartbeat",
    "Inbound",
    "InboundState",
    "Intent",
    "KeptDigest",
    "KeywordVersion",
    "Kin",
    "Learning",
    "Level",
    "LoginFailure",
    "Mode",
    "Offer",
    "OfferState",
    "Order",
    "Organisation",
    "Origin",
    "Outgoing",
    "OutgoingState",
    "Person",
    "PolicyDraft",
    "Post",
    "Question",
    "Rating",
    "RecoveryCode",
    "RecurringDuty",
    "Reminder",
    "Report",
    "Review",
    "ReviewState",
    "Role",
    "RosterUpload",
    "SavedView",
    "Skill",
    "Slot",
    "Status",
    "Ticket",
    "TicketEvent",
    "TicketSearch",
    "Timer",
    "Token",
    "Urgency",
    "User",
    "UserSession",
    "WordsChange",
    "WordsDraft",
]
