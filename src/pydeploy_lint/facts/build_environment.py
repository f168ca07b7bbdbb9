"""What else takes part in the build: hooks and buildpacks that run before it, and what it does for Django."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydeploy_lint.files.names import MANAGE_PY

if TYPE_CHECKING:
    from pydeploy_lint.facts.app import App
    from pydeploy_lint.facts.detection import PlatformFacts
    from pydeploy_lint.files.tree import Tree


MAX_DIRECTORIES = 20
MAX_NAMES = 200
COLLECTSTATIC_DISABLED = ".heroku/collectstatic_disabled"
DISABLE_COLLECTSTATIC = "DISABLE_COLLECTSTATIC"


def nearest_manage_py(tree: Tree) -> str | None:
    """The ``manage.py`` with which the build runs Django's commands: the least deep, then the first by name.

    The build searches three levels; here the third is searched only below the first `MAX_DIRECTORIES` directories of
    up to `MAX_NAMES` entries, so that a look at a large repository costs no more than one at a small one.

    Source: ``bin/steps/collectstatic`` of the classic Python buildpack, v351.
    """
    if tree.is_file(MANAGE_PY):
        return MANAGE_PY
    # Hidden directories and packages of Node.js hold no Django project, and may be large.
    names = [name for name in tree.names()[:MAX_NAMES] if not name.startswith(".") and name != "node_modules"]
    below = next((path for name in names if tree.is_file(path := f"{name}/{MANAGE_PY}")), None)
    return below or next(filter(tree.is_file, _third_level(tree, names)), None)


def _third_level(tree: Tree, names: list[str]) -> Iterator[str]:
    directories = 0
    for name in names:
        inner = tree.names(name)
        directories += bool(inner)
        if directories > MAX_DIRECTORIES:
            return
        if len(inner) <= MAX_NAMES:
            yield from (f"{name}/{each}/{MANAGE_PY}" for each in inner)


def skips_collectstatic(app: PlatformFacts) -> str | None:
    """Why the build will not collect static files; None where nothing in the files keeps it from it."""
    if app.tree.is_file(COLLECTSTATIC_DISABLED):
        return f"{COLLECTSTATIC_DISABLED} is there"
    value = app.declared_config_var(DISABLE_COLLECTSTATIC)
    return f"app.json sets {DISABLE_COLLECTSTATIC}" if value not in (None, "0") else None


def file_makers(app: App) -> Iterator[str]:
    """What may create or delete files before the build looks for them."""
    from pydeploy_lint.facts.buildpacks.declaration import Place

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
