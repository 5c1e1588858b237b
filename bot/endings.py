"""How it is told that a matter has ended: a repair is mended, a question answered, whoever was missing found. Pure."""

from models import Intent, Ticket

# Whoever was missing is found: that ends the whole matter, nothing is left to mend.
MISSING = frozenset({"missing_child", "missing_elder"})


def kind(ticket: Ticket, note: str) -> str:
    """The stem of the sentence for those who reported it: told.<stem>_group and told.<stem>_private."""
    if ticket.danger in MISSING:
        return "found"
    return "answered" if ticket.intent == Intent.POLICY and note else "resolved"
