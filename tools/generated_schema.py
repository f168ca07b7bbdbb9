"""Writes the schema of the configuration from the table of settings: for editors, and for SchemaStore."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pydeploy_lint
from pydeploy_lint.settings.options import schema

PARTIAL = "partial-pydeploy-lint.json"
"""What SchemaStore calls the schema of a table of pyproject.toml."""


def main() -> None:
    """Write the schemas."""
    own = schema()
    _write(Path(pydeploy_lint.__file__).with_name("settings") / "configuration.schema.json", own)
    catalogue = Path(__file__).resolve().parent.parent / "packaging" / "schemastore"
    _write(catalogue / PARTIAL, {**own, "$id": f"https://www.schemastore.org/{PARTIAL}"})


def _write(path: Path, document: dict[str, Any]) -> None:
    path.write_text(f"{json.dumps(document, indent=2)}\n", encoding="utf-8")
