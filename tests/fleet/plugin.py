"""A plug-in that is installed for a process of its own, to make trouble in apps that ask for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from pydeploy_lint.engine.registry import GROUP

CODE = '''
import os, pathlib, signal, sys, time
from pydeploy_lint.plugin import Problem, Severity, Span, check

@check("trouble", severity=Severity.NOTE)
def trouble(app):
    """The app asks for trouble."""
    directory = app.files.tree.directory
    if not directory:
        return
    folder = pathlib.Path(directory)
    if (folder / "kill-always").exists():
        os.kill(os.getpid(), signal.SIGKILL)
    if (folder / "kill-once").exists():
        (folder / "kill-once").unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    if (folder / "slow").exists():
        time.sleep(1)
    if (folder / "endless").exists():
        time.sleep(600)
    if (folder / "raise").exists():
        raise KeyError("on purpose")
    if (folder / "exit").exists():
        sys.exit(3)
    if (folder / "print").exists():
        print("{ this is no report")
        os.write(1, b"{ nor is this\\n")
    yield Problem(f"process {os.getpid()}", Span("process"))
'''


def install(site: Path) -> None:
    """Make the distribution in a directory."""
    site.mkdir()
    (site / "trouble.py").write_text(CODE, encoding="utf-8")
    information = site / "trouble-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: trouble\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text(f"[{GROUP}]\ntrouble = trouble\n")


def lint_with_trouble(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line with the plug-in."""
    if not site.exists():
        install(site)
    environment = {name: value for name, value in os.environ.items() if name != "GITHUB_ACTIONS"}
    return subprocess.run(
        [sys.executable, "-m", "pydeploy_lint", "--as-of", "2026-08-20", *arguments],
        env={**environment, "PYTHONPATH": str(site.resolve())},
        capture_output=True,
        text=True,
        check=False,
    )
