"""The staff's pages at /console: thin views over what chat and API do as well. Rights are the API's (bot.web.auth).

Everything is drawn by the server; what needs JavaScript works without it, only less comfortably. What people read
stands in the templates (docs/decisions/0018-the-console.md says why), here are only its keys.
"""

from flask import Flask

from bot.console.design import Design
from bot.console.login import Login
from bot.console.own_account import OwnAccount
from bot.console.pages import PREFIX, Pages
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
    for part in (Design(services), Login(services, seal), OwnAccount(services, seal)):
        part.enter(table)
    table.finish()
    return table
