"""The versions that findings propose: what the file means, as long as Heroku and the app work with it."""

from pathlib import Path

import pytest

from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.finding import Finding, Severity
from pydeploy_lint.testing import Files, judge_app, write_tree

CHECKS = load_registry().checks.values()
APP = {"requirements.txt": "Flask==3.1.0\n"}
V351 = {"buildpack": "v351"}


def errors(root: Path, files: Files) -> list[Finding]:
    write_tree(root, files)
    return [each for each in judge_app(root, CHECKS, V351).findings if each.severity is Severity.ERROR]


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("python-3.11.x", "3.11"),
        ("3.11.*", "3.11"),
        (">=3.11", "3.11"),
        ("Python 3.11.4", "3.11.4"),
        ("cpython-3.11", "3.11"),
        ("3,11", "3.11"),
        ("3.11-dev", "3.11"),
        (">=3.12,<3.13", "3.12"),
        ("<3.13", "3.12"),
        # 3.9 would be the next rejection.
        (">=3.9,<3.12", "3.11"),
        ("python-3.9.1", "3.14"),
        ("3", "3.14"),
    ],
)
def test_the_version_in_the_help(text: str, version: str, tmp_path: Path) -> None:
    found = errors(tmp_path, {**APP, ".python-version": f"{text}\n"})

    assert found
    assert {each.help for each in found} == {f"Write one line with the Python version and nothing else:\n    {version}"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["3.12\r\n", "3.12", "# ours\r\n3.12\r\n"])
def test_wide_text_is_one_fault(encoding: str, text: str, tmp_path: Path) -> None:
    [found] = errors(tmp_path, {**APP, ".python-version": text.encode(encoding)})

    assert found.check == "python-version-encoding"
    assert "\n    3.12\n" in found.help
    assert "Set-Content -Path .python-version -Value 3.12 -Encoding ascii" in found.help
    assert found.fix
    assert [edit.text and edit.text.split()[-1] for edit in found.fix.edits] == ["3.12"]
    assert found.failure_reason in ("python-version-file::invalid-encoding", "python-version-file::invalid-version")


@pytest.mark.parametrize(
    ("pins", "series"),
    [("psycopg2-binary==2.9.9\n", "3.12"), ("psycopg2-binary==2.9.10\n", "3.13"), ("Flask==3.1.0\n", "3.14")],
)
def test_an_upgrade_fits_the_pins(pins: str, series: str, tmp_path: Path) -> None:
    [found] = [
        each
        for each in errors(tmp_path, {".python-version": "3.9\n", "requirements.txt": pins})
        if each.check == "unsupported-runtime"
    ]
    assert found.help == f"Test with a newer version, then set it in .python-version:\n    {series}"


def test_an_upgrade_fits_the_project(tmp_path: Path) -> None:
    project = '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.9,<3.12"\n'
    found = errors(tmp_path, {**APP, ".python-version": "3.9\n", "pyproject.toml": project})

    assert found[0].help.endswith("\n    3.11")


def test_a_rejected_version_is_not_carried_over(tmp_path: Path) -> None:
    write_tree(tmp_path, {**APP, "runtime.txt": "python-3.9.18\n"})
    found = [each for each in judge_app(tmp_path, CHECKS, V351).findings if each.at.path == "runtime.txt"]

    assert {each.check for each in found} == {"runtime-txt-deprecated", "unsupported-runtime"}
    assert all("    echo 3.14 > .python-version\n    git rm runtime.txt" in each.help for each in found)


@pytest.mark.parametrize("version", ["3.99", "3.15"])
def test_an_unknown_version_points_at_the_buildpack(version: str, tmp_path: Path) -> None:
    [found] = [
        each for each in errors(tmp_path, {**APP, ".python-version": f"{version}\n"}) if each.check == "unknown-runtime"
    ]
    assert "check that the app uses the latest buildpack, heroku/python:\n    heroku buildpacks" in found.help
