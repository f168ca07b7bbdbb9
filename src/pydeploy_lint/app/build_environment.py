"""What else takes part in the build: hooks and buildpacks that run before it, and what it does for Django."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydeploy_lint.app.files import MANAGE_PY

if TYPE_CHECKING:
    from pydeploy_lint.app import App
    from pydeploy_lint.app.platform import PlatformFacts
    from pydeploy_lint.tree import Tree


MANAGE_PY_DEPTH = 3
"""How deep the build looks for ``manage.py``; the root counts as the first level."""
COLLECTSTATIC_DISABLED = ".heroku/collectstatic_disabled"
DISABLE_COLLECTSTATIC = "DISABLE_COLLECTSTATIC"


def nearest_manage_py(tree: Tree) -> str | None:
    """The ``manage.py`` with which the build runs Django's commands: the least deep, then the first by name.

    Source: ``bin/steps/collectstatic`` of the classic Python buildpack, v351.
    """
    level = [""]
    for depth in range(MANAGE_PY_DEPTH):
        found = [f"{directory}{MANAGE_PY}" for directory in level if tree.is_file(f"{directory}{MANAGE_PY}")]
        if found:
            return min(found)
        if depth + 1 < MANAGE_PY_DEPTH:
            level = [directory for parent in level for directory in _directories(tree, parent)]
    return None


def _directories(tree: Tree, parent: str) -> Iterator[str]:
    # Hidden directories and packages of Node.js hold no Django project, and may be large.
    for name in tree.names(parent.rstrip("/")):
        if not name.startswith(".") and name != "node_modules" and tree.is_directory(parent + name):
            yield f"{parent}{name}/"


def skips_collectstatic(app: PlatformFacts) -> str | None:
    """Why the build will not collect static files; None where nothing in the files keeps it from it."""
    if app.tree.is_file(COLLECTSTATIC_DISABLED):
        return f"{COLLECTSTATIC_DISABLED} is there"
    value = app.declared_config_var(DISABLE_COLLECTSTATIC)
    return f"app.json sets {DISABLE_COLLECTSTATIC}" if value not in (None, "0") else None


def file_makers(app: App) -> Iterator[str]:
    """What may create or delete files before the build looks for them."""
    from pydeploy_lint.buildpacks.declaration import Place

    if app.tree.is_file("bin/pre_compile"):
        yield "bin/pre_compile"
    for found in app.buildpack_lists:
        if found.place not in (Place.LISTING, Place.APP_JSON):
            continue
        references = [entry.reference for entry in found.entries]
        python = next((number for number, each in enumerate(references) if each.is_python), 0)
        # Heroku's own buildpacks write nothing that the Python build looks for.
        strangers = [reference for reference in references[:python] if reference.owner != "heroku"]
        yield from (f"the buildpack {reference.shown}" for reference in strangers)
