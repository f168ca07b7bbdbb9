from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from pydeploy_lint.report.common.paths import RepositoryPaths, typed_path


@pytest.fixture(autouse=True)
def _in_a_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


def paths(*apps: str) -> list[str]:
    """Where each app's Procfile is in a report for services."""
    found = RepositoryPaths(apps)
    return [found.of(app)("Procfile") for app in apps]


def repository(path: str) -> str:
    Path(path).mkdir(parents=True)
    subprocess.run(["git", "init", "-q", path], check=True)
    return path


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
def test_outside_of_git_the_working_directory_is_the_root(app: str, typed: str, in_repository: str) -> None:
    assert typed_path(app, "Procfile") == typed
    assert paths(app) == [in_repository]


def test_an_absolute_path_is_shown_as_typed_and_reported_from_the_root(tmp_path: Path) -> None:
    inside, outside = str(tmp_path / "here/web"), str(tmp_path / "other")
    assert typed_path(inside, "a/b") == f"{(tmp_path / 'here/web/a/b').as_posix()}"
    assert paths(inside) == ["web/Procfile"]
    assert paths(outside) == ["Procfile"]


def test_in_git_the_root_of_the_working_tree_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    repository("shop")
    Path("shop/services/api").mkdir(parents=True)
    assert paths("shop/services/api") == ["services/api/Procfile"]
    monkeypatch.setenv("GITHUB_WORKSPACE", os.getcwd())
    assert paths("shop/services/api") == ["services/api/Procfile"]
    monkeypatch.chdir("shop/services/api")
    assert paths(".", "../../web") == ["services/api/Procfile", "web/Procfile"]


@pytest.mark.parametrize("variable", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
def test_outside_of_git_the_directory_of_a_job_counts(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("work/shop/api").mkdir(parents=True)
    monkeypatch.setenv(variable, str(Path("work/shop").resolve()))
    assert paths("work/shop/api") == ["api/Procfile"]
    assert paths("elsewhere") == ["elsewhere/Procfile"]
    monkeypatch.chdir("work/shop/api")
    assert paths(".") == ["api/Procfile"]


def test_no_two_apps_share_a_path(tmp_path: Path) -> None:
    assert paths("../one", "../two") == ["one/Procfile", "two/Procfile"]
    assert paths(".", "../two") == ["here/Procfile", "two/Procfile"]
    assert paths(repository("../repositories/one"), repository("../repositories/two")) == [
        "one/Procfile",
        "two/Procfile",
    ]
    assert paths(repository("nested/outer"), repository("nested/outer/inner")) == ["Procfile", "inner/Procfile"]
    assert paths(str(tmp_path / "x" / "web"), str(tmp_path / "y" / "web")) == ["x/web/Procfile", "y/web/Procfile"]


def test_a_link_to_an_app_is_the_app() -> None:
    repository("shop")
    Path("shop/api").mkdir()
    Path("link").symlink_to("shop/api", target_is_directory=True)
    assert paths("link") == ["api/Procfile"]


def test_what_is_outside_of_the_app_has_its_place_too() -> None:
    where = RepositoryPaths(["web"]).of("web")
    assert where("../known.json") == "known.json"
    assert where("<stdin>") == "<stdin>"
    assert RepositoryPaths([]).of(".")("a/b") == "a/b"
    assert RepositoryPaths(["web"]).of(".")(str(Path("web/x").resolve())) == "web/x"
