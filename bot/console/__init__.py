"""The staff's pages at /console: thin views over what chat and API do as well. Rights are the API's (bot.web.auth).

Everything is drawn by the server; what needs JavaScript works without it, only less comfortably. What people read
stands in the templates (docs/decisions/0018-the-console.md says why), here are only its keys.
"""

from flask import Flask

from bot.console.appointing import Appointing
from bot.console.attachments import AttachmentPages
from bot.console.design import Design
from bot.console.digest import DigestPages
from bot.console.directory import Directory
from bot.console.importing import Importing
from bot.console.joining import Joining
from bot.console.login import Login
from bot.console.owed import OwedWork
from bot.console.own_account import OwnAccount
from bot.console.pages import PREFIX, Pages
from bot.console.people import People
from bot.console.policies import Policies
from bot.console.policy_page import PolicyPage
from bot.console.settings import SettingsPage
from bot.console.ticket import TicketPage
from bot.console.tickets import Tickets
from bot.console.today import Today
from bot.console.users import Users
from bot.console.words import Words
from bot.console.words_draft import DraftPage
from bot.console.words_lists import Lists
from bot.console.words_place import WordsPlace
from bot.console.words_samples import Samples
from bot.console.words_sentences import Sentences
from bot.console.words_trial import Trial
from bot.seal import seal_of
from bot.services import Services

__all__ = ["PREFIX", "install", "pages"]


def install(app: Flask, services: Services) -> None:
    """Put the console on the application. Every route of it has a guard (`pages(...).guards`)."""
    pages(app, services)


def pages(app: Flask, services: Services) -> Pages:
    """The table of pages, with the guard of each, on the application."""
    seal = seal_of(services.settings)
    table = Pages(app, services, seal)
    ticket, words = TicketPage(services), WordsPlace(services)
    parts = (
        Design(services),
        Login(services, seal),
        OwnAccount(services, seal),
        Today(services),
        Tickets(services),
        ticket,
        Joining(services, ticket),
        AttachmentPages(services),
        OwedWork(services),
        Directory(services),
        Importing(services),
        Appointing(services),
        Policies(services),
        PolicyPage(services),
        DigestPages(services),
        Users(services),
        SettingsPage(services),
        People(services),
        *(part(services, words) for part in (Words, DraftPage, Lists, Sentences, Trial, Samples)),
    )
    for part in parts:
        part.enter(table)
    table.finish()
    return table
