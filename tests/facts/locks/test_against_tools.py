"""The verdict on a lock, beside that of the tool that made it: uv, Poetry and Pipenv themselves lock and judge.

The projects have no dependencies, so that nothing is downloaded.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pydeploy_checks.locks import invalid_lockfile, lockfile_of_other_version, stale_lockfile

from pydeploy_lint.engine import run as engine
from pydeploy_lint.testing import open_app

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
PROJECT = f"""\
[project]
name = "app"
version = "1"
requires-python = ">={PYTHON}"
dependencies = []
"""
POETRY_PROJECT = PROJECT + "\n[tool.poetry]\npackage-mode = false\n"
PIPFILE = """\
[[source]]
name = "index"
url = "https://index.example/simple"
verify_ssl = true

[packages]

[dev-packages]
"""


def run(root: Path, *command: str) -> int:
    """The exit status of a tool that is installed beside this interpreter."""
    program = shutil.which(command[0], path=str(Path(sys.executable).parent))
    assert program, f"{command[0]} is among the development tools: pip install -e '.[dev]'"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "POETRY_", "PIP"))}
    settings = {
        "PIPENV_IGNORE_VIRTUALENVS": "1",
        "PIPENV_PYTHON": sys.executable,
        "PIPENV_VENV_IN_PROJECT": "1",
        "POETRY_VIRTUALENVS_CREATE": "false",
        "UV_OFFLINE": "1",
        "UV_PYTHON": sys.executable,
    }
    done = subprocess.run(
        [program, *command[1:]], cwd=root, env=environment | settings, check=False, capture_output=True, timeout=120
    )
    return done.returncode


def refuses(root: Path) -> bool:
    """Whether we say that the install command refuses the lock."""
    (root / ".python-version").write_text("3.13\n", encoding="utf-8")
    report = engine.run(open_app(root), [stale_lockfile, lockfile_of_other_version, invalid_lockfile])
    assert report.notifications == ()
    return bool(report.findings)


@pytest.mark.parametrize(
    ("old", "new", "stale"),
    [
        ("", "", False),
        ("dependencies = []", 'dependencies = ["six"]', True),
        ('version = "1"', 'version = "2"', True),
        (f">={PYTHON}", f">={PYTHON},<4", True),
        ("dependencies = []", "dependencies = []\n# nothing", False),
    ],
)
def test_uv(tmp_path: Path, old: str, new: str, stale: bool) -> None:
    manifest = tmp_path / "pyproject.toml"
    manifest.write_text(PROJECT, encoding="utf-8")
    assert run(tmp_path, "uv", "lock") == 0
    manifest.write_text(PROJECT.replace(old, new, 1), encoding="utf-8")

    assert (run(tmp_path, "uv", "lock", "--check") != 0, refuses(tmp_path)) == (stale, stale)


@pytest.mark.parametrize(
    ("old", "new", "stale"),
    [
        ("", "", False),
        ("dependencies = []", 'dependencies = ["six"]', True),
        ('version = "1"', 'version = "2"', False),
        (f">={PYTHON}", f">={PYTHON},<4", True),
    ],
)
def test_poetry(tmp_path: Path, old: str, new: str, stale: bool) -> None:
    manifest = tmp_path / "pyproject.toml"
    manifest.write_text(POETRY_PROJECT, encoding="utf-8")
    assert run(tmp_path, "poetry", "lock", "--no-interaction") == 0
    manifest.write_text(POETRY_PROJECT.replace(old, new, 1), encoding="utf-8")

    sync = run(tmp_path, "poetry", "sync", "--only", "main", "--dry-run", "--no-interaction")

    assert (sync != 0, refuses(tmp_path)) == (stale, stale)


@pytest.mark.parametrize(
    ("old", "new", "stale"),
    [
        ("", "", False),
        ("[packages]", '[packages]\nsix = "*"', True),
        ("[dev-packages]", '[dev-packages]\nsix = "*"', True),
        ("[dev-packages]", '[dev-packages]\n\n[scripts]\nhello = "true"', False),
    ],
)
def test_pipenv(tmp_path: Path, old: str, new: str, stale: bool) -> None:
    manifest = tmp_path / "Pipfile"
    manifest.write_text(PIPFILE, encoding="utf-8")
    assert run(tmp_path, "pipenv", "lock") == 0
    manifest.write_text(PIPFILE.replace(old, new, 1), encoding="utf-8")

    assert (run(tmp_path, "pipenv", "verify") != 0, refuses(tmp_path)) == (stale, stale)
