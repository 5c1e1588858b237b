"""python -m tests.faults.resume_once CONFIG DATA ID MOMENT: one worker that resumes one stored message, then ends.

MOMENT: what its clock says, in ISO 8601.
"""

import os
import sys
from datetime import datetime
from pathlib import Path

from bot import inbox, services
from bot import settings as configuration
from bot.bell import Bell


def main(config: str, data: str, inbound_id: str, at: str) -> None:
    settings = configuration.load(Path(config), Path(data), os.environ)
    moment = datetime.fromisoformat(at)
    built = services.build(settings, now=lambda: moment, bell=Bell(None))
    inbox.resume(built, int(inbound_id))


if __name__ == "__main__":
    main(*sys.argv[1:])
