"""Writes everything in the repository that is generated.

    python tools/generate.py

- `src/pydeploy_lint/data/manifest.json`, from the files beside it
- `src/pydeploy_lint/plugin.pyi`, from the table in `plugin.py`
- `src/pydeploy_lint/settings/configuration.schema.json` and its copy for SchemaStore, from the table of settings
- `src/pydeploy_lint/cli/shell/`, completions and the manual page, from the options
- the settings in `editors/vscode/package.json`, from the table of settings
- `docs/checks/`, `docs/errors/` and `docs/schemas/` (not kept in git)
- the blocks of `README.md` and `docs/*.md`, from docstrings, tables and commands

It changes nothing where everything is up to date; CI runs it and fails if it does.
"""

from __future__ import annotations

import generated_docs
import generated_editor
import generated_manifest
import generated_schema
import generated_shell_files
import generated_stub


def main() -> int:
    """Write everything, what others are made from first; returns the exit status."""
    generated_manifest.main()
    generated_stub.main()
    generated_schema.main()
    generated_shell_files.main()
    generated_editor.main()
    return generated_docs.main()


if __name__ == "__main__":
    raise SystemExit(main())
