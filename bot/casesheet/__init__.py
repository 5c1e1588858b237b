"""Sheets of external cases: read from 12345's export, kept on tickets, and given back with their answers."""

from bot.casesheet.exporting import export
from bot.casesheet.importing import Outcome, apply
from bot.casesheet.table import CaseRow, read

__all__ = ["CaseRow", "Outcome", "apply", "export", "read"]
