"""Writes the settings of the VS Code extension into its package.json, from those of the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydeploy_lint import __version__
from pydeploy_lint.settings.options import SETTINGS, Setting

MANIFEST = Path(__file__).resolve().parent.parent / "editors" / "vscode" / "package.json"
TEXTS = {"type": "array", "items": {"type": "string"}, "default": []}
OWN: dict[str, dict[str, Any]] = {
    "command": {
        **TEXTS,
        "description": "The command that runs pydeploy-lint, with its first arguments; empty: look for one",
        "scope": "machine-overridable",
    },
    "apps": {
        **TEXTS,
        "description": "The directories of the apps, relative to the folder; empty: the folder, or the apps below it",
        "scope": "resource",
    },
    "trace.server": {
        "type": "string",
        "enum": ["off", "messages", "verbose"],
        "default": "off",
        "description": "What to log of the talk with the language server",
        "scope": "window",
    },
}
"""The settings of the extension itself, by name."""
NO_EFFECT = {"fail-on"}
"""Settings about the exit status, which an editor does not see."""


def main() -> None:
    """Write the manifest."""
    MANIFEST.write_text(manifest(json.loads(MANIFEST.read_text(encoding="utf-8"))), encoding="utf-8", newline="\n")


def manifest(document: dict[str, Any]) -> str:
    """The manifest with the version and the settings of today."""
    taken = {each.name: property_of(each) for each in SETTINGS if each.metavar and each.name not in NO_EFFECT}
    properties = {f"pydeploy-lint.{name}": schema for name, schema in {**OWN, **taken}.items()}
    document["version"] = __version__
    document["contributes"]["configuration"]["properties"] = properties
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def property_of(setting: Setting) -> dict[str, Any]:
    """A setting as VS Code describes it: a text or texts, empty where it is not set."""
    kind = TEXTS if setting.is_list else {"type": "string", "default": ""}
    description = setting.schema["description"]
    return {**kind, "description": f"{description[0].upper()}{description[1:]}", "scope": "resource"}
