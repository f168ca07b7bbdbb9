"""Writes what a release of Poetry demands of a pyproject.toml, from the schemas that it is installed with.

    path/to/poetry's/python tools/update_poetry_schema.py

Descriptions are left out: only what decides is kept.
"""

from __future__ import annotations

import datetime
import json
import sys
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "src" / "pydeploy_lint" / "facts" / "locks" / "poetry" / "schema.json"
SCHEMAS = {
    "project": ("poetry.core", "project-schema"),
    "poetry": ("poetry.core", "poetry-schema"),
    "dependency-groups": ("poetry.core", "dependency-groups-schema"),
    "application": ("poetry", "poetry"),
}
WORDS = ("$schema", "default", "description", "title", "name")


def decisive(schema: Any) -> Any:
    """A schema without what is for readers; a property may have such a name, too."""
    if isinstance(schema, dict):
        return {
            key: decisive(value)
            for key, value in schema.items()
            if key not in WORDS or not isinstance(value, str | bool)
        }
    return [decisive(item) for item in schema] if isinstance(schema, list) else schema


def main() -> int:
    """Write the data; returns the exit status."""
    data: dict[str, Any] = {
        "source": f"the JSON schemas in Poetry {version('poetry')} with poetry-core {version('poetry-core')} (MIT)",
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
    }
    for name, (package, file) in SCHEMAS.items():
        text = (files(package) / "json" / "schemas" / f"{file}.json").read_text(encoding="utf-8")
        data[name] = decisive(json.loads(text))
    DATA.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
