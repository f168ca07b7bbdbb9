"""`app.json`: the buildpacks of new apps, of review apps and of CI, and the config var `BUILDPACK_URL`.

Heroku reads the file when it creates an app from it, and never again for that app.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.facts.buildpacks.declaration import BuildpackEntry, BuildpackList, Place
from pydeploy_lint.facts.buildpacks.reference import parse

if TYPE_CHECKING:
    from pydeploy_lint.files.formats.documents import Document
    from pydeploy_lint.files.formats.positions import Key


def read_app_json(document: Document) -> list[BuildpackList]:
    """The lists of an `app.json`; what is not of the right shape is left out."""
    environments = document.get("environments")
    roots: list[tuple[Key, ...]] = [()]
    if isinstance(environments, dict):
        roots += [("environments", name) for name in environments]
    lists = []
    for root in roots:
        entries = _strings(document, [(*root, "buildpacks", index, "url") for index in _indices(document, root)])
        variable = _strings(document, [(*root, "env", "BUILDPACK_URL"), (*root, "env", "BUILDPACK_URL", "value")])
        place = Place.APP_JSON_ENVIRONMENT if root else Place.APP_JSON
        lists += [BuildpackList(place, entries), BuildpackList(Place.CONFIG_VAR, variable)]
    return lists


def _indices(document: Document, root: tuple[Key, ...]) -> range:
    buildpacks = document.get(*root, "buildpacks")
    return range(len(buildpacks) if isinstance(buildpacks, list) else 0)


def _strings(document: Document, paths: list[tuple[Key, ...]]) -> tuple[BuildpackEntry, ...]:
    values = ((path, document.get(*path)) for path in paths)
    return tuple(
        BuildpackEntry(parse(value), document.string_span(*path, start=0))
        for path, value in values
        if isinstance(value, str) and value.strip()
    )
