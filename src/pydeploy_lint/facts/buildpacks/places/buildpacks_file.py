"""`.buildpacks`: one reference a line; read by the multi buildpack, Dokku and Scalingo, not by Heroku itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.facts.buildpacks.declaration import BuildpackEntry, BuildpackList, Place
from pydeploy_lint.facts.buildpacks.reference import parse

if TYPE_CHECKING:
    from pydeploy_lint.files.source import Source


def read_buildpacks_file(source: Source) -> list[BuildpackList]:
    """The buildpacks of a `.buildpacks` file; empty lines and comments are none."""
    lines = ((number, source.line(number).strip()) for number in range(1, source.line_count + 1))
    entries = [
        BuildpackEntry(parse(text), source.line_span(number)) for number, text in lines if text and text[0] != "#"
    ]
    return [BuildpackList(Place.BUILDPACKS_FILE, tuple(entries))]
