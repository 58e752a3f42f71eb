"""Published sets that are not part of this repository: tests over them skip where they are not."""

from __future__ import annotations

import os
from pathlib import Path

#: The folder named by TROLY_DATA, or ``shared/data`` beside the repository.
DATA = Path(os.environ.get("TROLY_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
