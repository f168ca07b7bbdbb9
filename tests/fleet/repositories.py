"""Makes git repositories for tests."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from pydeploy_lint.testing import write_tree

IDENTITY = ("-c", "user.name=A", "-c", "user.email=a@host.example", "-c", "commit.gpgsign=false")


def git(directory: Path | str, *arguments: str) -> None:
    """Run git."""
    subprocess.run(["git", *IDENTITY, *arguments], cwd=directory, check=True, capture_output=True)


def repository(path: Path, files: Mapping[str, str | bytes], *, branch: str = "main") -> Path:
    """A repository with one commit of some files."""
    path.mkdir(parents=True)
    write_tree(path, files)
    git(path, "init", "--quiet", "--initial-branch", branch)
    commit(path, "First")
    return path


def commit(path: Path, message: str) -> None:
    """Commit everything."""
    git(path, "add", "--all", "--force")
    git(path, "commit", "--quiet", "--allow-empty", "--message", message)
