"""What is said at once although an error of the same run keeps the build from getting there."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydeploy_checks.locks import PROJECT, UV_LOCK

from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.finding import Finding, Severity
from pydeploy_lint.testing import Files, judge_app, lint_files, write_tree

CHECKS = load_registry().checks.values()
VERSION = {".python-version": "3.13\n"}
APP = {"app.py": "from flask import Flask\n\napp = Flask(__name__)\n"}


def loud(files: Files) -> list[Finding]:
    return [each for each in lint_files(files, CHECKS) if each.severity > Severity.NOTE]


def test_what_a_misnamed_procfile_hides() -> None:
    files = {**VERSION, **APP, "requirements.txt": "Flask==3.1\n", "procfile": "# start\nweb: gunicorn app:app\n"}
    [misnamed, behind] = loud(files)
    assert (misnamed.check, misnamed.severity) == ("procfile-misnamed", Severity.ERROR)
    assert (behind.check, behind.severity) == ("procfile-program-missing", Severity.WARNING)
    assert str(behind.at) == "procfile:2:6"
    assert behind.message.startswith("if you rename procfile to Procfile: web runs gunicorn, but ")
    assert behind.source_line == "web: gunicorn app:app"
    assert behind.fixes == ()
    assert behind.failure_reason is None


@pytest.mark.parametrize(
    ("requirements", "lead"),
    [("six\nFlask==3.1\ngunicorn==23\n", "if you keep uv"), ("six\ngunicorn==23\n", "whatever you choose")],
)
def test_what_an_undecided_package_manager_hides(requirements: str, lead: str) -> None:
    locked = {"pyproject.toml": PROJECT, "uv.lock": UV_LOCK}
    files = {**VERSION, **APP, **locked, "requirements.txt": requirements, "Procfile": "web: gunicorn app:app\n"}
    [behind] = [each for each in loud(files) if each.check == "module-not-installed"]
    assert (str(behind.at), behind.severity) == ("app.py:1:1", Severity.WARNING)
    assert behind.message.startswith(f"{lead}: the app imports flask, but flask is not in ")


def test_what_a_version_in_another_encoding_hides() -> None:
    files: Files = {
        **APP,
        ".python-version": "3.13\n".encode("utf-16"),
        "requirements.txt": "Flask==3.1\ngunicorn==20.1.0\n",
        "Procfile": "web: gunicorn app:app\n",
    }
    [encoding, behind] = loud(files)
    assert encoding.check == "python-version-encoding"
    assert (behind.check, str(behind.at)) == ("package-incompatible", "requirements.txt:2:1")
    assert behind.message.startswith("if you write 3.13 in UTF-8 into .python-version: gunicorn ==20.1.0 ")


def test_what_is_said_already_is_not_said_again() -> None:
    files = {
        **APP,
        ".python-version": "3.13 # note\n",
        "requirements.txt": "Flask==3.1\n",
        "Procfile": "web: flask run\n",
    }
    names = [each.check for each in loud(files)]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    ("files", "is_said"),
    [
        ({"pyproject.toml": PROJECT}, True),  # Only `uv lock` can tell what is installed.
        ({"Pipfile": "[packages]\nflask = '*'\n"}, True),
        ({"app.py": "import flask\n"}, False),  # A requirements.txt can be made of that.
        ({"pyproject.toml": PROJECT, "uv.lock": UV_LOCK, "requirements.txt": "six\n"}, False),
        ({"requirements.txt": "six\n"}, False),
        ({"notes.txt": ""}, False),
    ],
)
def test_what_cannot_be_looked_at_yet_is_named(files: Files, is_said: bool, tmp_path: Path) -> None:
    write_tree(tmp_path, {**VERSION, **files})
    notes = [str(each) for each in judge_app(tmp_path, CHECKS).notifications]
    assert any("was not looked at yet" in each for each in notes) is is_said
