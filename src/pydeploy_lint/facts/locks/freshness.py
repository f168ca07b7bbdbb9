"""The verdict on an app's lockfile, whichever package manager it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.facts.locks.uv.workspace import Project, UnknownMembersError, find_members
from pydeploy_lint.facts.locks.verdict import Verdict, undecided
from pydeploy_lint.files.tables import table

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydeploy_lint.files.documents import Document
    from pydeploy_lint.files.tree import Tree

MANIFESTS = {"pipenv": "Pipfile", "poetry": "pyproject.toml", "uv": "pyproject.toml"}
"""What the lock of each package manager is made from."""


def judge(
    manager: str,
    file: str,
    *,
    tree: Tree,
    document: Callable[[str], Document | None],
    python: str | None,
    version: str,
) -> Verdict:
    """Whether the install command accepts a lock.

    Args:
        manager: ``pipenv``, ``poetry`` or ``uv``.
        file: the path of its lock, which is there.
        tree: the app's files.
        document: gives the parsed file at a path, as `App.document` does.
        python: the full version of Python; None where it is not known.
        version: the version of the package manager.

    Raises:
        FileProblem: the lock, or what it was made from, cannot be read.
    """
    lock, manifest = document(file), document(MANIFESTS[manager])
    assert lock is not None
    if manifest is None:
        return undecided(f"there is no {MANIFESTS[manager]} to compare with {file}", file)
    if manager == "pipenv":
        from pydeploy_lint.facts.locks import pipenv

        return pipenv.freshness(manifest.value, lock.value, version)
    if manager == "poetry":
        from pydeploy_lint.facts.locks.poetry import freshness as poetry

        return poetry.freshness(manifest.value, lock.value, lock.source.line(1), version)
    from pydeploy_lint.facts.locks.uv import freshness as uv

    root = Project(manifest.source.path, table(manifest.value))
    members = _members(root, tree, document)
    return uv.freshness(root, members, lock.value, python=python, version=version, uv_toml=tree.is_file("uv.toml"))


def _members(root: Project, tree: Tree, document: Callable[[str], Document | None]) -> list[Project] | None:
    def read(path: str) -> object:
        found = document(path)
        return found.value if found else None

    try:
        return find_members(root, tree, read)
    except UnknownMembersError:
        return None
