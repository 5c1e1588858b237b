"""The Chinese font of charts and paper: Noto Sans SC (SIL Open Font License 1.1), which the package zhplot carries.

Found by the package's list of files: importing it would import and change matplotlib.
"""

from importlib import metadata
from pathlib import Path

SANS = Path(str(metadata.distribution("zhplot").locate_file("zhplot/fonts/NotoSansSC-Regular.ttf")))
