from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pydeploy_lint.report.common.paths import repository_path, typed_path

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("app", "typed", "in_repository"),
    [
        (".", "Procfile", "Procfile"),
        ("./", "Procfile", "Procfile"),
        ("web", "web/Procfile", "web/Procfile"),
        ("./web/../api/", "api/Procfile", "api/Procfile"),
        ("../elsewhere", "../elsewhere/Procfile", "Procfile"),
    ],
)
def test_relative_app(
    app: str, typed: str, in_repository: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert typed_path(app, "Procfile") == typed
    assert repository_path(app, "Procfile") == in_repository


def test_absolute_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "repository").mkdir()
    monkeypatch.chdir(tmp_path / "repository")
    inside, outside = str(tmp_path / "repository/web"), str(tmp_path / "other")
    assert typed_path(inside, "a/b") == f"{(tmp_path / 'repository/web/a/b').as_posix()}"
    assert repository_path(inside, "a/b") == "web/a/b"
    assert repository_path(outside, "a/b") == "a/b"
