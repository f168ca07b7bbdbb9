"""Small apps on which the command line is tried."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from pydeploy_lint.testing import Files, write_tree

CLEAN = {"requirements.txt": "", ".python-version": "3.14\n"}
NO_VERSION = {"requirements.txt": ""}
"""One warning: missing-python-version."""
REFUSED = {"requirements.txt": "", ".python-version": "3.8\n"}
"""One error: unsupported-runtime."""

Lint = Callable[..., tuple[int, str, str]]
"""Runs the command line; returns status, standard output and standard error."""


def app(name: str, files: Files) -> str:
    """Write an app; returns its path."""
    Path(name).mkdir(parents=True)
    write_tree(Path(name), files)
    return name


def checks_in(document: str) -> list[list[str]]:
    """The names of the checks that found something, app by app, in a JSON report."""
    return [[finding["check"] for finding in report["findings"]] for report in json.loads(document)["apps"]]


def git(*arguments: str) -> None:
    """Run git as somebody who has configured nothing."""
    identity = ("-c", "user.name=A", "-c", "user.email=a@host.example", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)
