"""The vectors that the real package managers gave, for the tests to agree with."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[2] / "data"


def vectors(name: str) -> list[dict[str, Any]]:
    """The lines of one file."""
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
