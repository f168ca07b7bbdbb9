"""Where the platform data is in this repository."""

from __future__ import annotations

from pathlib import Path

from pydeploy_lint.heroku import history

DATA = Path(history.__file__).with_name("data")
