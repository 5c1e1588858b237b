"""What a matter is about, as far as that decides who has it. Pure."""

from dataclasses import dataclass

from models.duty import DutyTag

# Which of the ten duties (domain.md) a matter belongs to: by its category, else by its intent.
DUTY_OF_CATEGORY = {
    ("repair", "sanitation"): DutyTag.HYGIENE,
    ("repair", "greening"): DutyTag.HYGIENE,
    ("repair", "fire"): DutyTag.SAFETY,
    ("repair", "gas"): DutyTag.SAFETY,
    ("dispute", "clutter"): DutyTag.CONDUCT,
    ("dispute", "pets"): DutyTag.CONDUCT,
    ("dispute", "charging"): DutyTag.SAFETY,
    ("dispute", "fee"): DutyTag.RIGHTS,
    ("dispute", "property"): DutyTag.RIGHTS,
    ("dispute", "renting"): DutyTag.RIGHTS,
    ("dispute", "labour"): DutyTag.RIGHTS,
    ("help", "volunteer"): DutyTag.ACTIVITIES,
}
DUTY_OF_INTENT = {
    "repair": DutyTag.FACILITIES,
    "dispute": DutyTag.RELATIONS,
    "help": DutyTag.MUTUAL_HELP,
    "policy": DutyTag.LIAISON,
}

# Dangers of which the member linked to a household hears as well: an old neighbour unseen, a machine that keeps alive.
LINKED_DANGERS = frozenset({"elder_unseen", "device_power", "missing_elder", "fall", "illness"})
# Help that is a person's visit or call and nothing else: what becomes of it is not asked of them afterwards.
PLIGHTS = frozenset({"bereaved", "alone", "leave"})
# For one pair of eyes, on their own phone: not even the staff's chat reads it.
CONFIDENTIAL = frozenset({"press"})


@dataclass(frozen=True)
class About:
    """What it is about, as far as that decides. urgent: 着急, or somebody waits for a person to answer."""

    intent: str = ""
    category: str = ""
    urgent: bool = False
    danger: bool = False
    out_of_hours: bool = False

    @property
    def duty(self) -> str:
        """Which of the ten duties it belongs to."""
        if self.danger:
            return DutyTag.EMERGENCIES
        usual = DUTY_OF_INTENT.get(self.intent, DutyTag.LIAISON)
        return DUTY_OF_CATEGORY.get((self.intent, self.category), usual)


NOTHING_KNOWN = About()
