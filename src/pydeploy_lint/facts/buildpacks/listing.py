"""Reads what `heroku buildpacks` prints, for one app or for several."""

from __future__ import annotations

import re

from pydeploy_lint.facts.buildpacks.declaration import BuildpackEntry, BuildpackList, Place
from pydeploy_lint.facts.buildpacks.reference import parse
from pydeploy_lint.files.source import FileProblem, Source

# "=== example Buildpack URLs"; older versions leave out the app, newer ones put a hexagon before it, and Dokku
# begins with "=====>" and writes in lower case.
_HEADER = re.compile(r"\s*=+(?!=)>?\s*(?:⬢\s*)?(?:(?P<app>\S+)\s+)?buildpack urls?\s*", re.IGNORECASE)
_NONE_SET = re.compile(r"\s*(?:⬢\s*)?(?P<app>\S+) has no buildpack urls? set\.?\s*", re.IGNORECASE)
_ENTRY = re.compile(r"\s*(?:[0-9]+\.\s+)?(?P<reference>[^\s\x00-\x1f/]*/[^\s\x00-\x1f]+)\s*")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def read_listing(source: Source) -> list[BuildpackList]:
    """The apps of a listing, each with its buildpacks.

    Raises:
        FileProblem: it is not what `heroku buildpacks` prints.
    """
    lists: list[BuildpackList] = []
    for number in range(1, source.line_count + 1):
        line = _COLOUR.sub(lambda colour: " " * len(colour[0]), source.line(number))
        if header := _HEADER.fullmatch(line) or _NONE_SET.fullmatch(line):
            lists.append(BuildpackList(Place.LISTING, (), header["app"]))
        elif lists and (entry := _ENTRY.fullmatch(line)):
            start = source.offset(number, 1)
            at = source.span(start + entry.start("reference"), start + entry.end("reference"))
            lists[-1] = lists[-1]._replace(entries=(*lists[-1].entries, BuildpackEntry(parse(entry["reference"]), at)))
        elif line.strip():
            message = "is not the output of `heroku buildpacks`, which begins with `=== NAME Buildpack URL`"
            raise FileProblem(source.line_span(number), message, invalid=True)
    return lists
