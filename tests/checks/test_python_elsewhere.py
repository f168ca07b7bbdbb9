from __future__ import annotations

import pytest
from pydeploy_checks.python.elsewhere import (
    OTHER_PYTHON,
    PIPFILE,
    PIPFILE_LOCK,
    POETRY,
    POETRY_LOCK,
    PROJECT,
    UV_LOCK,
    python_mismatch,
)

from pydeploy_lint.finding import Finding, Severity
from pydeploy_lint.testing import Files, lint_files, place

UV = {".python-version": "3.13\n", "pyproject.toml": PROJECT, "uv.lock": UV_LOCK}
POETRY_APP = {".python-version": "3.13\n", "pyproject.toml": POETRY, "poetry.lock": POETRY_LOCK}
AS_OF = {"as-of": "2026-08-18", "stack": "heroku-24"}


def only(files: Files, **settings: str) -> Finding:
    [finding] = lint_files(files, [python_mismatch], {**AS_OF, **settings})
    return finding


def nothing(files: Files, **settings: str) -> bool:
    return not lint_files(files, [python_mismatch], {**AS_OF, **settings})


def test_uv_refuses() -> None:
    finding = only(UV)
    assert finding.message == (
        "requires-python is ==3.12.*, but Heroku installs Python 3.13.15 because of .python-version; "
        "uv fails, so Heroku rejects the push"
    )
    assert finding.help == (
        "Set a version that the project allows in .python-version:\n    3.12\n"
        "Or let pyproject.toml allow Python 3.13, and lock again:\n    uv lock"
    )
    assert (finding.severity, finding.failure_reason) == (Severity.ERROR, "install-dependencies::uv")


def test_lock_of_a_workspace_asks_for_what_all_members_do() -> None:
    finding = only({**UV, "pyproject.toml": PROJECT.replace("==3.12.*", ">=3.12")})
    assert finding.message.startswith("uv.lock is for Python ==3.12.*, but Heroku installs Python 3.13.15 because")
    assert place(finding.at) == "uv.lock:2:19-2:29"


def test_without_version_uv_does_not_get_to_compare() -> None:
    assert nothing({path: text for path, text in UV.items() if path != ".python-version"})


def test_pipenv_refuses() -> None:
    files = {".python-version": "3.13\n", "Pipfile": PIPFILE, "Pipfile.lock": PIPFILE_LOCK}
    finding = only(files)
    assert finding.message == (
        "[requires] python_version is 3.12, but Heroku installs Python 3.13.15 because of .python-version; "
        "`pipenv install --deploy` fails, so Heroku rejects the push"
    )
    assert finding.failure_reason == "install-dependencies::pipenv"
    assert nothing({**files, "Pipfile": PIPFILE.replace("3.12", "*")})


@pytest.mark.parametrize(
    ("constraint", "stack", "is_sure"),
    [
        ("~3.11", "heroku-24", True),
        ("~3.12", "heroku-24", False),
        ("~3.12", "heroku-22", True),
        ("3.12", "heroku-24", False),
        (">=3.8,<3.11", "heroku-22", False),
        ("~3.11", "heroku-26", True),
        ("~3.14", "heroku-26", False),
    ],
)
def test_poetry_may_take_the_python_of_the_stack(constraint: str, stack: str, *, is_sure: bool) -> None:
    files = {**POETRY_APP, "pyproject.toml": POETRY.replace('"3.13"', f'"{constraint}"')}
    finding = only(files, stack=stack)
    assert finding.severity is Severity.ERROR
    assert finding.failure_reason == ("install-dependencies::poetry" if is_sure else None)
    assert finding.message.endswith(OTHER_PYTHON) is not is_sure


def test_for_poetry_a_bare_version_is_exact() -> None:
    finding = only(POETRY_APP)
    assert finding.message == (
        "python in [tool.poetry.dependencies] is 3.13, which for Poetry means that version alone, "
        "but Heroku installs Python 3.13.15 because of .python-version; "
        "Poetry finds no Python that it may install into, so Heroku rejects the push"
    )
    assert nothing({**POETRY_APP, ".python-version": "3.13.0\n"})


def test_default_python_is_that_of_new_apps_only() -> None:
    finding = only({"pyproject.toml": POETRY.replace('"3.13"', '"^3.9,<3.14"'), "poetry.lock": POETRY_LOCK})
    assert "Heroku installs Python 3.14.7 in a new app that asks for no version;" in finding.message
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(("line", "found"), [("-e .", True), (".[web]", True), ("./lib", False), ("six", False)])
def test_pip_compares_for_what_it_builds(line: str, *, found: bool) -> None:
    files = {".python-version": "3.13\n", "requirements.txt": f"{line}\n", "pyproject.toml": PROJECT}
    findings = lint_files(files, [python_mismatch], AS_OF)
    assert [(finding.failure_reason, place(finding.at)) for finding in findings] == (
        [("install-dependencies::pip", "pyproject.toml:4:19-4:29")] if found else []
    )


def test_later_patches_are_possible_where_the_data_is_old() -> None:
    files = {
        **UV,
        "pyproject.toml": PROJECT.replace("==3.12.*", ">=3.13.16"),
        "uv.lock": UV_LOCK.replace("==3.12.*", ">=3.13.16"),
    }
    assert only(files).failure_reason == "install-dependencies::uv"
    assert nothing(files, **{"as-of": "2027-01-15"})
    exact = {path: text.replace(">=3.13.16", "==3.13.2") for path, text in files.items()}
    assert only(exact, **{"as-of": "2027-01-15"}).failure_reason == "install-dependencies::uv"
    assert only({**files, ".python-version": "3.13.15\n"}, **{"as-of": "2027-01-15"})
