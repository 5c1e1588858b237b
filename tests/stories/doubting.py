"""A town that is unsure of what a story says it is unsure of, whatever the learned model of the day thinks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot import services as building
from bot.bell import Bell
from intents.understanding import Understanding
from intents.verdict import Verdict
from tests.conftest import StandingClock
from tests.stories.conftest import people, settings
from tests.stories.town import MONDAY, FakeChannel, Town


@dataclass(frozen=True)
class Doubting(Understanding):
    """The shipped understanding; but the given sentences are heard as chatter that might be something.

    doubts: (setting, sentence) -> the intent it might be, None for chatter that is only not surely such.
    """

    doubts: Mapping[tuple[str, str], str | None] = field(default_factory=dict)
    known: Collection[str] = ()  # sentences with words that are known as chatter

    def read(self, text: str, setting: str, to_me: bool = False) -> Verdict:
        heard = super().read(text, setting, to_me)
        key = ("private" if to_me else setting, text)
        if key not in self.doubts:
            return heard
        return replace(
            heard,
            intent="other",
            category="chat",
            score=0.6,
            sure=False,
            danger=None,
            perhaps=self.doubts[key],
            matched=("other.chat", "天气") if text in self.known else ("other.other",),
            matter="",
        )


def doubting_town(
    database: str,
    folder: Path,
    understanding: Understanding,
    doubts: Mapping[tuple[str, str], str | None],
    *,
    groups: bool = True,
    whispers: bool = True,
    known: Collection[str] = (),
) -> Town:
    """The town of the stories, on either database. whispers False: a bridge that reaches nobody in private."""
    channels = {
        "oa": FakeChannel("oa", answers_passively=True, pushes=True, hears_groups=False, whispers=False),
        "bridge": FakeChannel("bridge", answers_passively=False, pushes=True, hears_groups=True, whispers=whispers),
    }
    unsure = Doubting(**{**vars(understanding), "doubts": doubts, "known": known})
    services = building.build(
        settings(database, folder), now=StandingClock(MONDAY), bell=Bell(None), understanding=unsure
    )
    town = Town(replace(services, channels=channels), channels)
    people(town, groups=groups, bridge=groups)
    return town
