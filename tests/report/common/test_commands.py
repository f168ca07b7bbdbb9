from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pydeploy_lint.report.common.commands import from_here
from pydeploy_lint.report.formats import render
from tests.report.samples import app, finding, report

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("command", "app", "shown"),
    [
        ("git rm poetry.lock", ".", "git rm poetry.lock"),
        ("git rm poetry.lock", "./", "git rm poetry.lock"),
        ("git rm poetry.lock", "services/api/", "(cd services/api && git rm poetry.lock)"),
        ("uv lock", "../my app", "(cd '../my app' && uv lock)"),
        ("uv lock", "./-x", "(cd ./-x && uv lock)"),
        ("SECRET_KEY = os.environ['SECRET_KEY']", "api", "SECRET_KEY = os.environ['SECRET_KEY']"),
        ("web: python app.py", "api", "web: python app.py"),
    ],
)
def test_commands_go_to_the_app(command: str, app: str, shown: str) -> None:
    assert from_here(command, app) == shown


@pytest.mark.skipif(sys.platform == "win32", reason="the shell is a POSIX one")
def test_one_after_the_other_works(tmp_path: Path) -> None:
    (tmp_path / "-a b").mkdir()
    lines = [from_here(f"echo {word} >> .python-version", "./-a b") for word in ("one", "two")]
    subprocess.run(["sh", "-ec", "\n".join(lines)], cwd=tmp_path, check=True)
    assert (tmp_path / "-a b/.python-version").read_text("utf-8") == "one\ntwo\n"


@pytest.mark.parametrize("name", ["github", "gitlab", "junit", "sarif"])
def test_in_reports_for_services_they_go_from_the_root_of_the_repository(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "services/api").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "services")
    shown = render(name, report(app(finding(help="Lock again:\n    uv lock"), path="api")))
    assert "(cd services/api && uv lock)" in shown.replace("&amp;", "&")
