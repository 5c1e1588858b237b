"""`python -m training`: learn from keywords/examples/ and write keywords/model.npz. See `--help`."""

import sys

from training.command import main

sys.exit(main())
