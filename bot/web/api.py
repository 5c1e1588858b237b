"""The staff's API below /api/v1. Its whole table of routes is entered here; docs/api.md explains it."""

from flask import Blueprint

from bot.services import Services
from bot.web.api_announcements import Announcements
from bot.web.api_bindings import Bindings
from bot.web.api_cases import Cases
from bot.web.api_chats import Chats
from bot.web.api_classify import Classify
from bot.web.api_digest import Digests
from bot.web.api_duties import Duties
from bot.web.api_hands import Hands
from bot.web.api_ledger import LedgerOfArea
from bot.web.api_merges import Merges
from bot.web.api_moves import Moves
from bot.web.api_orders import Orders
from bot.web.api_policies import PolicyStore
from bot.web.api_posts import Posts
from bot.web.api_reviews import Reviews
from bot.web.api_routes import PREFIX, Routes
from bot.web.api_shifts import Shifts
from bot.web.api_tickets import Tickets
from bot.web.api_undelivered import Undelivered
from bot.web.api_words import WordVersions

__all__ = ["PREFIX", "blueprint", "routes"]


def blueprint(services: Services) -> Blueprint:
    """The blueprint to register on the application. Every route of it has a guard (`routes(...).allowed`)."""
    return routes(services).blueprint


def routes(services: Services) -> Routes:
    """The table of routes, with the guard of each."""
    table = Routes(services)
    parts = (
        Tickets,
        Moves,
        Merges,
        Orders,
        Chats,
        Undelivered,
        PolicyStore,
        Classify,
        Reviews,
        Announcements,
        WordVersions,
        Posts,
        Shifts,
        Bindings,
        Hands,
        Cases,
        LedgerOfArea,
        Duties,
        Digests,
    )
    for part in parts:
        part(services).enter(table)
    table.add_document()
    return table
