from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydeploy_checks.python.elsewhere import WORKFLOW, python_differs_elsewhere

from pydeploy_lint.facts.python.workflows import python_versions
from pydeploy_lint.files.source import Source
from pydeploy_lint.testing import Files, lint_files, place

APP = {".python-version": "3.13\n", "requirements.txt": ""}
SETUP = "steps:\n  - uses: actions/setup-python@v6\n    with:\n      python-version: {}\n"
WORKFLOW_PATH = ".github/workflows/test.yml"


def found(files: Files) -> list[tuple[str, str]]:
    findings = lint_files({**APP, **files}, [python_differs_elsewhere])
    return [(place(finding.at), finding.message.partition(", and Heroku")[0]) for finding in findings]


def test_message_names_both_versions_and_who_asks() -> None:
    [finding] = lint_files({**APP, WORKFLOW_PATH: WORKFLOW}, [python_differs_elsewhere])
    assert finding.message == (
        "the GitHub workflows set up Python 3.11 and 3.12, and Heroku installs 3.13 because of .python-version"
    )
    assert finding.help == "Use the same version here and in .python-version."


@pytest.mark.parametrize(
    ("path", "text", "at", "message"),
    [
        (WORKFLOW_PATH, SETUP.format("3.9"), f"{WORKFLOW_PATH}:4:23-4:26", "the GitHub workflows set up Python 3.9"),
        (
            WORKFLOW_PATH,
            "# ä\nenv: {PYTHON: '3.12'}\n" + SETUP.format("${{ env.PYTHON }}"),
            f"{WORKFLOW_PATH}:2:15-2:21",
            "the GitHub workflows set up Python 3.12",
        ),
        (
            WORKFLOW_PATH,
            SETUP.format("${{ matrix.v }}") + "matrix:\n  v: [3.12]\n  include:\n    - v: 3.8.1\n",
            f"{WORKFLOW_PATH}:6:7-6:11",
            "the GitHub workflows set up Python 3.8 and 3.12",
        ),
        (
            "tox.ini",
            "[tox]\nenvlist = py310,py{311,312}-dj, lint\n",
            "tox.ini:2:11-2:16",
            "tox tests with Python 3.10, 3.11 and 3.12",
        ),
        (
            "tox.ini",
            "[tox]\nenv_list =\n    py3.9\n    py3{11,12}\n[testenv]\ndeps = py313\n",
            "tox.ini:3:5-3:10",
            "tox tests with Python 3.9, 3.11 and 3.12",
        ),
        (
            "Dockerfile",
            "ARG V=3.11\nFROM --platform=x python:${V}-slim AS x\n",
            "Dockerfile:2:26-2:35",
            "the Dockerfile is made for Python 3.11",
        ),
        (".tool-versions", "nodejs 22\npython 3.12.4\n", ".tool-versions:2:8-2:14", "asdf installs Python 3.12"),
        ("mise.toml", '[tools]\npython = "3.12"\n', "mise.toml:2:10-2:16", "mise installs Python 3.12"),
    ],
)
def test_other_versions(path: str, text: str, at: str, message: str) -> None:
    assert found({path: text}) == [(at, message)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (WORKFLOW_PATH, SETUP.format("3.13")),
        (WORKFLOW_PATH, SETUP.format("3.x")),
        (WORKFLOW_PATH, SETUP.format(">=3.9")),
        (WORKFLOW_PATH, SETUP.format("${{ inputs.python }}")),
        (WORKFLOW_PATH, SETUP.format("${{ matrix.python }}") + "matrix:\n  python: ${{ fromJSON(x) }}\n"),
        (WORKFLOW_PATH, SETUP.format("*pythons")),
        (WORKFLOW_PATH, SETUP.format("3.9") + "  - run: uv run pytest\n"),
        (WORKFLOW_PATH, SETUP.format("3.9") + "      python-version-file: .python-version\n"),
        (WORKFLOW_PATH, "python-version: [3.9\n  'x: {\n"),
        (".github/workflows/README", SETUP.format("3.9")),
        ("tox.ini", "[tox]\nenvlist = py3, lint, spy39, py39x\n"),
        ("tox.ini", "[tox]\nenvlist = py{312,313}\n"),
        ("Dockerfile", "FROM python:3.12\nFROM python:latest\n"),
        ("Dockerfile", "FROM python:${V}\n"),
        ("Dockerfile", "FROM node:22\n"),
        (".tool-versions", "python system\n"),
        ("mise.toml", "[tools]\npython = ['3.12', '3.13']\n"),
        ("mise.toml", "[tools\n"),
    ],
)
def test_same_or_undecided_versions(path: str, text: str) -> None:
    assert found({path: text}) == []


def test_workflows_are_judged_together() -> None:
    assert found({WORKFLOW_PATH: WORKFLOW, ".github/workflows/other.yaml": SETUP.format("3.13")}) == []


@given(st.text(alphabet="python-version:[]{}&*|> '\"\n3.9ä$matrix", max_size=80))
def test_any_workflow_is_read(text: str) -> None:
    for written, at in python_versions(Source("x", f"python-version: 3.9\n{text}".encode())) or []:
        assert isinstance(written, str)
        assert at.line is not None
