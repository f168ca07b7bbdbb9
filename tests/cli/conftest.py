from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from pydeploy_lint.cli.main import main
from tests.cli.apps import Lint

TODAY = datetime.date(2026, 8, 20)


@pytest.fixture
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty working directory, outside of any CI."""
    for name in ("GITHUB_ACTIONS", "FORCE_COLOR", "PYDEPLOY_LINT_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def lint(plain_environment: None, capsys: pytest.CaptureFixture[str]) -> Lint:  # noqa: ARG001 - it prepares
    """Run the command line; returns status, standard output and standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(list(arguments), TODAY)
        return (status, *capsys.readouterr())

    return run
