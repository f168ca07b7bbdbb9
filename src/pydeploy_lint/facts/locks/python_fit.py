"""Whether the Python that Heroku installs is one that the project asks for, as its package manager reads that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.facts.locks.verdict import Reason, version_key
from pydeploy_lint.files.formats.tables import member

if TYPE_CHECKING:
    from collections.abc import Iterator

PYPROJECT = "pyproject.toml"
REQUIRES_PYTHON = ("project", "requires-python")
POETRY_PYTHON = ("tool", "poetry", "dependencies", "python")


def misfits(manager: str, manifest: object, python: str, version: str) -> Iterator[Reason]:
    """What a project says of Python that the interpreter does not meet.

    Args:
        manager: the package manager.
        manifest: the parsed Pipfile or pyproject.toml.
        python: the full version of the interpreter.
        version: the version of the package manager.
    """
    if manager == "pipenv":
        from pydeploy_lint.facts.locks.pipenv import PIPFILE, accepts_python, required_python

        required = required_python(manifest)
        if required and not accepts_python(required[1], python, version):
            key, value = required
            yield Reason(f"[requires] {key} is {value}", PIPFILE, ("requires", key))
        return
    reads_project = manager != "poetry" or _reads_project(version)
    stated = member(manifest, *REQUIRES_PYTHON) if reads_project else None
    if isinstance(stated, str) and _accepts(manager, stated, python) is False:
        yield Reason(f"requires-python is {stated}", PYPROJECT, REQUIRES_PYTHON)
    constraint = member(manifest, *POETRY_PYTHON)
    if manager == "poetry" and isinstance(constraint, str) and _accepts(manager, constraint, python) is False:
        exact = ", which for Poetry means that version alone" if constraint[:1].isdigit() else ""
        yield Reason(f"python in [tool.poetry.dependencies] is {constraint}{exact}", PYPROJECT, POETRY_PYTHON)


def lock_misfits(lock: object, python: str) -> Iterator[Reason]:
    """What a uv.lock says of Python that the interpreter does not meet.

    It holds what all projects of a workspace ask for together; uv refuses a lock in which that is not so.

    Args:
        lock: the parsed uv.lock.
        python: the full version of the interpreter.
    """
    stated = member(lock, "requires-python")
    if isinstance(stated, str) and _accepts("uv", stated, python) is False:
        yield Reason(f"uv.lock is for Python {stated}", "uv.lock", ("requires-python",))


def _accepts(manager: str, stated: str, python: str) -> bool | None:
    if manager == "poetry":
        from pydeploy_lint.facts.locks.poetry.constraint import poetry_allows

        return poetry_allows(stated, python)
    from pydeploy_lint.facts.locks.uv.freshness import accepts_python

    return accepts_python(stated, python)


def _reads_project(version: str) -> bool:
    """Whether a version of Poetry reads the table ``[project]``."""
    from pydeploy_lint.facts.locks.poetry.freshness import PROJECT_TABLE

    return version_key(version) >= PROJECT_TABLE
