"""`.env` files: the variable `BUILDPACK_URL`, which Dokku obeys and people copy into Heroku's config vars."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydeploy_lint.facts.buildpacks.declaration import BuildpackEntry, BuildpackList, Place
from pydeploy_lint.facts.buildpacks.reference import parse

if TYPE_CHECKING:
    from pydeploy_lint.files.source import Source

_VARIABLE = re.compile(
    r"(?m)^[ \t]*(?:export[ \t]+)?BUILDPACK_URL[ \t]*=[ \t]*"
    r"(?P<quote>[\"']?)(?P<value>[^\s\"']+)(?P=quote)[ \t]*(?:#.*)?\r?$"
)


def read_env_file(source: Source) -> list[BuildpackList]:
    """The buildpack that a file of environment variables names; of several the last one counts."""
    matches = [match for match in _VARIABLE.finditer(source.text) if "$" not in match["value"]]
    return [
        BuildpackList(Place.ENV_FILE, (BuildpackEntry(parse(match["value"]), source.span(*match.span("value"))),))
        for match in matches[-1:]
    ]
