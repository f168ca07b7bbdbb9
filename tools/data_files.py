"""Where the data that ages is in this repository."""

from __future__ import annotations

from pathlib import Path

from pydeploy_lint.files.data.aging_data import SHIPPED

DATA = Path(SHIPPED)
