from __future__ import annotations

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.facts.locks.python_fit import misfits
from pydeploy_lint.facts.locks.verdict import Reason
from tests.facts.locks.strategies import near_documents

PYTHON = "3.12.4"
PROJECT_KEYS = ("project", "requires-python")
POETRY_KEYS = ("tool", "poetry", "dependencies", "python")
VERSIONS = {"pipenv": "2026.7.1", "poetry": "2.4.1", "uv": "0.12.5"}


@pytest.mark.parametrize(
    ("manager", "text", "reason"),
    [
        (
            "uv",
            '[project]\nrequires-python = ">=3.13"\n',
            Reason("requires-python is >=3.13", "pyproject.toml", PROJECT_KEYS),
        ),
        (
            "poetry",
            '[project]\nrequires-python = ">=3.13"\n',
            Reason("requires-python is >=3.13", "pyproject.toml", PROJECT_KEYS),
        ),
        (
            "poetry",
            '[tool.poetry.dependencies]\npython = "3.12"\n',
            Reason(
                "python in [tool.poetry.dependencies] is 3.12, which for Poetry means that version alone",
                "pyproject.toml",
                POETRY_KEYS,
            ),
        ),
        (
            "poetry",
            '[tool.poetry.dependencies]\npython = "^3.13"\n',
            Reason("python in [tool.poetry.dependencies] is ^3.13", "pyproject.toml", POETRY_KEYS),
        ),
        (
            "pipenv",
            '[requires]\npython_full_version = "3.12.3"\n',
            Reason("[requires] python_full_version is 3.12.3", "Pipfile", ("requires", "python_full_version")),
        ),
    ],
)
def test_misfits(manager: str, text: str, reason: Reason) -> None:
    assert list(misfits(manager, tomli.loads(text), PYTHON, VERSIONS[manager])) == [reason]


@pytest.mark.parametrize(
    ("manager", "text"),
    [
        ("uv", '[project]\nrequires-python = ">=3.12,<4"\n'),
        ("uv", '[project]\nrequires-python = "nonsense"\n'),
        ("uv", '[tool.poetry.dependencies]\npython = "^3.13"\n'),
        ("poetry", '[project]\nrequires-python = ">=3.12"\n[tool.poetry.dependencies]\npython = "~3.12"\n'),
        ("pipenv", '[requires]\npython_version = "3.12"\n'),
        ("pipenv", "[packages]\n"),
    ],
)
def test_what_fits(manager: str, text: str) -> None:
    assert list(misfits(manager, tomli.loads(text), PYTHON, VERSIONS[manager])) == []


def test_poetry_1_does_not_read_project() -> None:
    assert list(misfits("poetry", tomli.loads('[project]\nrequires-python = ">=3.13"\n'), PYTHON, "1.8.5")) == []


SHAPE = {
    "project": {"requires-python": ">=3"},
    "tool": {"poetry": {"dependencies": {"python": "^3"}}},
    "requires": {"python_version": "3"},
}


@given(st.sampled_from(sorted(VERSIONS)), near_documents(SHAPE))
def test_never_raises(manager: str, manifest: object) -> None:
    for reason in misfits(manager, manifest, PYTHON, VERSIONS[manager]):
        assert reason.message
