"""`--fix` replaces references and nothing around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pydeploy_lint.cli.main import main
from pydeploy_lint.testing import write_tree

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://github.com/heroku/heroku-buildpack-python"
FORK = "https://github.com/a/heroku-buildpack-python"
FILES = {
    "app.json": '{\r\n  "é": 1,\t"buildpacks" : [ {"url":"heroku/nodejs"},{ "url" : "%s" } ]\r\n}',
    ".buildpacks": "# ours\r\n\thttps://github.com/heroku/heroku-buildpack-nodejs\n%s \n",
    "project.toml": "# é\n[[io.buildpacks.group]]  # ours\nuri = '%s' # pinned\n",
    "main.tf": 'resource "heroku_app" "é" {\n  buildpacks=["heroku/nodejs" , "%s"] # é\n}\n',
}


def fix(root: Path, reference: str, *arguments: str) -> dict[str, str]:
    app = {".python-version": "3.13\n", "requirements.txt": ""}
    write_tree(root, {**app, **{path: text % reference for path, text in FILES.items()}})
    main([str(root), "--fix", *arguments])
    return {path: (root / path).read_bytes().decode() for path in FILES}


def with_reference(reference: str) -> dict[str, str]:
    """The files with the official buildpack, and another reference in the one that names no registry."""
    return {path: text % (reference if path == ".buildpacks" else "heroku/python") for path, text in FILES.items()}


@pytest.mark.parametrize(
    "reference", [f"{URL}#v300", f"{URL}#archive/v200", f"git://github.com/heroku/{URL[26:]}#main"]
)
def test_a_pin_of_the_official_buildpack_is_replaced(reference: str, tmp_path: Path) -> None:
    assert fix(tmp_path, reference) == with_reference(URL)


def test_a_plain_url_is_replaced_by_the_name(tmp_path: Path) -> None:
    assert fix(tmp_path, URL) == with_reference(URL)


def test_a_copy_is_replaced_only_where_that_is_asked_for(tmp_path: Path) -> None:
    assert fix(tmp_path, FORK) == {path: text % FORK for path, text in FILES.items()}
    assert fix(tmp_path, FORK, "--unsafe-fixes") == with_reference(URL)


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    fixed = fix(tmp_path, f"{URL}#v300")
    main([str(tmp_path), "--fix", "--unsafe-fixes"])
    assert {path: (tmp_path / path).read_bytes().decode() for path in FILES} == fixed
