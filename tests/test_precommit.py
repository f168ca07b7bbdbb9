"""The hook, as pre-commit installs and runs it from this repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
IDENTITY = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"]


def _environment(home: Path) -> dict[str, str]:
    # Git sets GIT_DIR and the like for its own hooks, from one of which the tests may have been started.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GITHUB_", "PRE_COMMIT"))}
    return kept | {"PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"}


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A git repository with an app that Heroku would build."""
    root = tmp_path / "app"
    root.mkdir()
    git(root, "init", "--quiet")
    shutil.copytree(ROOT / "examples" / "clean", root, dirs_exist_ok=True)
    commit(root)
    return root


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *IDENTITY, *arguments], cwd=root, env=_environment(root), check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit(root: Path) -> str:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--no-verify", "--message", "Change")
    return git(root, "rev-parse", "HEAD")


def try_hook(root: Path, *arguments: str) -> tuple[int, str]:
    """Exit status and output of the hook."""
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), "pydeploy-lint", "--verbose", *arguments],
        cwd=root,
        env=_environment(root.parent / "home"),
        check=False,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_commit_that_only_deletes_a_file_is_judged(app: Path) -> None:
    git(app, "rm", "--quiet", "requirements.txt")

    status, output = try_hook(app)

    assert status == 1, output
    assert "missing-package-manager" in output
    assert "- exit code: 1\n" in output


def test_the_commit_that_is_pushed_is_judged_whatever_is_checked_out(app: Path) -> None:
    before = git(app, "rev-parse", "HEAD")
    (app / "poetry.lock").write_text("package = []\n", encoding="utf-8")
    pushed = commit(app)
    git(app, "rm", "--quiet", "poetry.lock")
    repaired = commit(app)

    status, output = try_hook(app, "--hook-stage", "pre-push", "--from-ref", before, "--to-ref", pushed)
    assert status == 1, output
    assert "conflicting-package-managers" in output

    status, output = try_hook(app, "--hook-stage", "pre-push", "--from-ref", before, "--to-ref", repaired)
    assert status == 0, output
    assert "would build this app with Python 3.14" in output


def test_a_fresh_clone_is_judged_by_its_commit_as_pre_commit_ci_does(app: Path, tmp_path: Path) -> None:
    (app / ".python-version").write_text("3.9\n", encoding="utf-8")
    commit(app)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(app), str(clone))

    status, output = try_hook(clone, "--all-files")

    assert status == 1, output
    assert "unsupported-runtime" in output
