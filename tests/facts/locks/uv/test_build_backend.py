from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import tomli
from hypothesis import HealthCheck, given, settings

from pydeploy_lint.facts.locks.uv.build_backend import missing_build_package
from pydeploy_lint.facts.locks.verdict import Reason
from pydeploy_lint.files.tree import WorkingTree
from pydeploy_lint.testing import write_tree
from tests.facts.locks.strategies import near_documents

if TYPE_CHECKING:
    from pathlib import Path

HATCHLING, UV_BUILD, SETUPTOOLS = "hatchling.build", "uv_build", "setuptools.build_meta"
POETRY = "poetry.core.masonry.api"
NAME, BACKEND = ("project", "name"), ("build-system", "build-backend")


def found(root: Path, backend: str, files: tuple[str, ...], more: str = "", requires: str = "x") -> list[Reason]:
    write_tree(root, dict.fromkeys(files, ""))
    text = f'[project]\nname = "My-App"\n[build-system]\nrequires = ["{requires}"]\nbuild-backend = "{backend}"\n{more}'
    return list(missing_build_package(tomli.loads(text), WorkingTree(str(root))))


@pytest.mark.parametrize(
    ("backend", "files"),
    [
        (HATCHLING, ("my_app/__init__.py",)),
        (HATCHLING, ("src/my_app/__init__.py",)),
        (HATCHLING, ("My_App/__init__.py",)),
        (HATCHLING, ("my_app.py",)),
        (HATCHLING, ("space/my_app/__init__.py",)),
        (HATCHLING, ("hatch.toml",)),
        (UV_BUILD, ("src/my_app/__init__.py",)),
        (SETUPTOOLS, ()),
        (SETUPTOOLS, ("web/x.py", "tests/x.py", "docs/x", "not-a-name/x", "main.py", "other.py")),
        (SETUPTOOLS, ("main.py", "manage.py", "conftest.py")),
        (SETUPTOOLS, ("src/x.py", "one/x.py", "two/x.py")),
        (SETUPTOOLS, ("setup.py", "one/x.py", "two/x.py")),
        (POETRY, ("my_app.py",)),
        ("flit_core.buildapi", ()),
    ],
)
def test_package_is_found_or_may_be(tmp_path: Path, backend: str, files: tuple[str, ...]) -> None:
    assert found(tmp_path, backend, files) == []


@pytest.mark.parametrize(
    ("backend", "files", "reason"),
    [
        (
            HATCHLING,
            ("src/my_app.py", "a/my_app/__init__.py", "b/my_app/__init__.py"),
            Reason(
                "hatchling finds no package for My-App: there is no my_app/__init__.py, here or in src, nor my_app.py",
                "pyproject.toml",
                NAME,
            ),
        ),
        (
            UV_BUILD,
            ("my_app/__init__.py", "src/My_App/__init__.py"),
            Reason("uv_build finds no package for My-App: there is no src/my_app/__init__.py", "pyproject.toml", NAME),
        ),
        (
            SETUPTOOLS,
            ("static/x.css", "templates/x.html", "web/x.py"),
            Reason(
                "setuptools cannot tell which of the directories static, templates, web is the package",
                "pyproject.toml",
                BACKEND,
            ),
        ),
        (
            SETUPTOOLS,
            ("one.py", "two.py"),
            Reason("setuptools cannot tell which of the modules one, two is the package", "pyproject.toml", BACKEND),
        ),
        (
            POETRY,
            (),
            Reason(
                "there is no my_app/, my_app.py, src/my_app/ or src/my_app.py for the package My-App",
                "pyproject.toml",
                NAME,
            ),
        ),
    ],
)
def test_package_is_not_found(tmp_path: Path, backend: str, files: tuple[str, ...], reason: Reason) -> None:
    assert found(tmp_path, backend, files) == [reason]
    assert found(tmp_path, backend, files, "[tool.uv]\npackage = false\n") == []


@pytest.mark.parametrize(
    ("backend", "more", "requires"),
    [
        (HATCHLING, '[tool.hatch.build.targets.wheel]\npackages = ["x"]\n', "hatchling"),
        (UV_BUILD, '[tool.uv.build-backend]\nmodule-name = "x"\n', "uv_build"),
        (UV_BUILD, '[tool.uv.build-backend]\nmodule-root = ""\n', "uv_build"),
        (SETUPTOOLS, '[tool.setuptools]\npackages = ["x"]\n', "setuptools"),
        (SETUPTOOLS, "", "setuptools<61"),
    ],
)
def test_configured_backends(tmp_path: Path, backend: str, more: str, requires: str) -> None:
    files = ("one/x.py", "two/x.py") if backend != UV_BUILD else ("my_app/__init__.py",)
    assert found(tmp_path, backend, files, more, requires) == []


SHAPE = {
    "project": {"name": "x"},
    "build-system": {"build-backend": SETUPTOOLS, "requires": ["setuptools"]},
    "tool": {"setuptools": {}, "hatch": {"build": {}}, "uv": {"build-backend": {"module-root": "src"}}},
}


@given(near_documents(SHAPE))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_never_raises(tmp_path: Path, pyproject: object) -> None:
    for reason in missing_build_package(pyproject, WorkingTree(str(tmp_path))):
        assert reason.message
