"""python -m standin --port P [--config FILE]: prints its URL, then serves until SIGTERM or Ctrl-C."""

import argparse
import os
import signal
import sys
from pathlib import Path

from standin.config import ConfigError, load
from standin.server import server, url


def main() -> int:
    parser = argparse.ArgumentParser("standin", description="The stand-in platforms, on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--config", type=Path, help="JSON file; without it the variable STANDIN_CONFIG holds the JSON")
    options = parser.parse_args()
    try:
        config = load(options.config, os.environ)
    except ConfigError as error:
        sys.stderr.write(f"standin: {error}\n")
        return 2
    serving = server(config, options.port)
    signal.signal(signal.SIGTERM, _stop)
    sys.stdout.write(url(serving) + "\n")
    sys.stdout.flush()
    try:
        serving.serve_forever()
    except KeyboardInterrupt:
        return 0
    return 0


def _stop(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
