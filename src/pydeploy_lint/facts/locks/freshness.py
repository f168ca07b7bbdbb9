"""The verdict on an app's lockfile, whichever package manager it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.facts.locks.verdict import Reason, Verdict, invalid, undecided
from pydeploy_lint.files.formats.tables import table
from pydeploy_lint.files.source import FileProblem

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydeploy_lint.files.formats.documents import Document
    from pydeploy_lint.files.tree import Tree

UV_TOML = "uv.toml"
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
    from pydeploy_lint.facts.locks.uv.workspace import Project, find_workspace

    def read(path: str) -> object:
        found = document(path)
        return found.value if found else None

    root = Project(manifest.source.path, table(manifest.value))
    try:
        uv_toml = table(read(UV_TOML)) if tree.is_file(UV_TOML) else None
    except FileProblem as problem:
        if not problem.invalid:
            raise
        return invalid([Reason(f"uv.toml {problem.message}", UV_TOML)])
    workspace = find_workspace(root, tree, read)
    return uv.freshness(workspace, lock.value, python=python, version=version, uv_toml=uv_toml)
