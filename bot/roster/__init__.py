"""Rosters: areas, groups, people, accounts and posts from a spreadsheet: `read`, `apply`, and a `template` to fill."""

from bot.roster.apply import IssuedCode, Outcome, apply
from bot.roster.known import Known, known
from bot.roster.rows import Problem, Roster, RosterRefused
from bot.roster.sheets import read, read_table
from bot.roster.template import template

__all__ = [
    "IssuedCode",
    "Known",
    "Outcome",
    "Problem",
    "Roster",
    "RosterRefused",
    "apply",
    "known",
    "read",
    "read_table",
    "template",
]
