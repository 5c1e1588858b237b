"""When a channel was last heard: a row of its own, written now and then, never in a message's transaction."""

import logging

from sqlalchemy.exc import SQLAlchemyError

from bot.services import Services
from models import ChannelState

log = logging.getLogger(__name__)


def heard(services: Services, channel: str) -> None:
    """Note that a genuine message came through a channel. Failing to note it harms nobody."""
    try:
        with services.transaction() as session:
            state = session.get(ChannelState, channel)
            if state is None:
                session.add(ChannelState(channel=channel, last_heard_at=services.now()))
            else:
                state.last_heard_at = services.now()
    except SQLAlchemyError as error:
        log.warning("the pulse of %s was not noted: %s", channel, type(error).__name__)
