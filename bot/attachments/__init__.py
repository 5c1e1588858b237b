"""Pictures, recordings and files that belong to a matter: fetched once from their platform, made fit to be looked at,
kept for a while, forgotten.

    owed.claim(session, now)          # what is to be fetched, with a lease; bot.fetching does the talking
    fit.fitted(media, data)           # a picture smaller and without its place, a recording that browsers play
    keeping.keep(...)                 # the row and its bytes
    keeping.of_ticket(...), data(...) # for whoever may see the ticket
    keeping.forget(...)               # its time is up, it was taken back, or its sender is to be forgotten

A message owes its media from the moment it is heard (Inbound.media_due_at), but they are fetched only once it belongs
to a ticket: what is sent into a group and means nothing to us is never asked for.
"""

from enum import StrEnum


class Lost(StrEnum):
    """Why something sent along is not here, and will not be unless somebody asks anew."""

    GONE = "gone"  # the platform has it no more
    LARGE = "large"  # more than is fetched
    UNFIT = "unfit"  # not what it says it is, or broken
    REFUSED = "refused"  # the platform would not, however often it was asked
    EXPIRED = "expired"  # it was here, and its days are over
