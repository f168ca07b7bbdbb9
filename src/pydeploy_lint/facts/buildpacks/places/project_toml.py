"""`project.toml`: the buildpacks of Cloud Native builds, in both spellings of the standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.facts.buildpacks.declaration import BuildpackEntry, BuildpackList, Place
from pydeploy_lint.facts.buildpacks.reference import parse

if TYPE_CHECKING:
    from pydeploy_lint.files.formats.documents import Document

TABLES = (("io", "buildpacks", "group"), ("build", "buildpacks"))
"""Where the list is since version 0.2 of the project descriptor, and where it was in 0.1."""


def read_project_toml(document: Document) -> list[BuildpackList]:
    """The lists of a `project.toml`: each buildpack by its address, or by its name and perhaps a version."""
    return [BuildpackList(Place.PROJECT_TOML, tuple(_entries(document, table))) for table in TABLES]


def _entries(document: Document, table: tuple[str, ...]) -> list[BuildpackEntry]:
    group = document.get(*table)
    entries = []
    for index in range(len(group) if isinstance(group, list) else 0):
        uri, name, version = (document.get(*table, index, key) for key in ("uri", "id", "version"))
        if isinstance(uri, str):
            entries.append(BuildpackEntry(parse(uri), document.string_span(*table, index, "uri", start=0)))
        elif isinstance(name, str):
            text = f"{name}@{version}" if isinstance(version, str) else name
            entries.append(BuildpackEntry(parse(text), document.string_span(*table, index, "id", start=0)))
    return entries
