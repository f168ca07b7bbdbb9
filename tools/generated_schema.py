"""Writes src/pydeploy_lint/settings/configuration.schema.json, for editors, from the table of settings."""

from __future__ import annotations

import json
from pathlib import Path

import pydeploy_lint
from pydeploy_lint.settings.options import schema


def main() -> None:
    """Write the schema."""
    target = Path(pydeploy_lint.__file__).with_name("settings") / "configuration.schema.json"
    target.write_text(json.dumps(schema(), indent=2) + "\n", encoding="utf-8")
