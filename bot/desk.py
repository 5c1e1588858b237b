"""What every verb below the services works with: one open transaction and the circumstances of the moment."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.settings import Settings
from bot.wording import Wording


@dataclass(frozen=True)
class Desk:
    """Whoever opened the transaction hands this down; nothing below commits, nothing below asks the time."""

    session: Session
    settings: Settings
    wording: Wording
    now: datetime  # aware; the moment of acting
