"""Fixes that take a buildpack out of a list, and those for packages that do not work with the app's Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydeploy_lint.testing import options_for, write_tree
from tests.fix.fixing import CHECKS, fix, lint

APP = {".python-version": "3.13\n", "requirements.txt": ""}
PYTHON, NODE = '{"url": "heroku/python"}', '{"url": "heroku/nodejs"}'


@pytest.mark.parametrize(
    ("entries", "mended"),
    [
        (f"{PYTHON}, {PYTHON}", PYTHON),
        (f"{PYTHON},\n  {PYTHON},\n  {NODE}", f"{PYTHON},\n  {NODE}"),
        (f'{PYTHON}, {{"url": "heroku/python", "note": 1}}', None),
    ],
)
def test_a_second_buildpack_for_python(entries: str, mended: str | None, tmp_path: Path) -> None:
    write_tree(tmp_path, {**APP, "app.json": f'{{"buildpacks": [{entries}]}}\n'})
    fix(tmp_path, options_for(tmp_path, {}, CHECKS.values()), "duplicate-buildpack", unsafe=False)
    assert (tmp_path / "app.json").read_text() == f'{{"buildpacks": [{mended or entries}]}}\n'


def test_a_buildpack_that_is_not_needed_is_the_first_of_the_list(tmp_path: Path) -> None:
    url = "https://github.com/moneymeets/python-poetry-buildpack"
    write_tree(tmp_path, {**APP, "app.json": f'{{"buildpacks": [{{"url": "{url}"}}, {PYTHON}]}}\n'})
    fix(tmp_path, options_for(tmp_path, {}, CHECKS.values()), "buildpack-obsolete", unsafe=True)
    assert (tmp_path / "app.json").read_text() == f'{{"buildpacks": [{PYTHON}]}}\n'


@pytest.mark.parametrize(
    ("requirement", "ways"),
    [
        (
            "gunicorn==20.1.0",
            ["Set 3.12 in .python-version", "Add setuptools<82 to requirements.txt", "Upgrade gunicorn to 21.0.0"],
        ),
        (
            "gunicorn==20.1.0; python_version > '3'",
            ["Set 3.12 in .python-version", "Add setuptools<82 to requirements.txt"],
        ),
        ("pysqlite3==0.5.2", ["Use pysqlite3-binary in place of pysqlite3", "Upgrade pysqlite3 to 0.6.0"]),
    ],
)
def test_the_ways_to_make_a_package_work(requirement: str, ways: list[str], tmp_path: Path) -> None:
    files = {**APP, "requirements.txt": f"Flask==3.1\n{requirement}\n", "Procfile": "web: gunicorn app:app\n"}
    write_tree(tmp_path, {**files, "app.py": "import pysqlite3\nfrom flask import Flask\n\napp = Flask(__name__)\n"})
    found = lint(tmp_path, options_for(tmp_path, {}, CHECKS.values())).findings
    [finding] = [each for each in found if each.check == "package-incompatible"]
    assert [each.description for each in finding.fixes] == ways
    assert not any(each.safe for each in finding.fixes)


def test_a_project_that_restricts_its_python_keeps_it(tmp_path: Path) -> None:
    project = '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.13"\n'
    files = {**APP, "requirements.txt": "gunicorn==20.1.0\n", "pyproject.toml": project}
    write_tree(tmp_path, {**files, "Procfile": "web: gunicorn app:app\n", "app.py": "app = 1\n"})
    found = lint(tmp_path, options_for(tmp_path, {}, CHECKS.values())).findings
    [finding] = [each for each in found if each.check == "package-incompatible"]
    assert finding.fixes[0].description == "Add setuptools<82 to requirements.txt"
