"""Writes src/pydeploy_lint/plugin.pyi, by which type checkers know the names of `pydeploy_lint.plugin`."""

from __future__ import annotations

from pathlib import Path

from pydeploy_lint.plugin import MODULES

TARGET = Path(__file__).resolve().parent.parent / "src" / "pydeploy_lint" / "plugin.pyi"


def stub() -> str:
    """The text of the stub."""
    lines = ["# Written by tools/generate.py from the table in plugin.py."]
    for module, names in sorted(MODULES.items()):
        lines += (f"from pydeploy_lint.{module} import {name} as {name}" for name in sorted(names))
    return "\n".join([*lines, "", "MODULES: dict[str, tuple[str, ...]]", ""])


def main() -> None:
    """Write the stub."""
    TARGET.write_text(stub(), encoding="utf-8", newline="\n")
