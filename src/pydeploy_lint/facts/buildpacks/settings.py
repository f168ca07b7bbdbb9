"""The value of a config var that a buildpack reads, as far as the files of the app say it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydeploy_lint.facts.buildpacks.find import ENV, mentioning
from pydeploy_lint.facts.buildpacks.route import Setting
from pydeploy_lint.files.names import APP_JSON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.files.files import Files
    from pydeploy_lint.files.source import Source
    from pydeploy_lint.finding import Span

VALUE = r"(?P<quote>[\"']?)(?P<value>[^\s\"'$]+)(?P=quote)(?=[\s\"']|$)"


def find_setting(files: Files, name: str) -> Setting:
    """The value of a config var: from ``app.json``, or else the one on which all other files agree.

    Files with environment variables and commands like ``heroku config:set`` are of one app, and others may exist: what
    they say counts only as long as they do not disagree.
    """
    document = files.noted_document(APP_JSON)
    for keys in (("env", name, "value"), ("env", name)):
        value = document and document.get(*keys)
        if document and isinstance(value, str) and value.strip():
            return Setting(name, value, document.span(*keys))
    found = dict(_elsewhere(files, name))
    if len(found) != 1:
        return Setting(name, None)
    [(value, at)] = found.items()
    return Setting(name, value, at)


def _elsewhere(files: Files, name: str) -> Iterator[tuple[str, Span]]:
    for kind, source in mentioning(files.tree, (name.encode(),)):
        pattern = _assignment(name) if kind == ENV else _command(name)
        for match in pattern.finditer(source.text):
            yield match["value"].strip("/"), _span(source, match)


def _assignment(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?m)^[ \t]*(?:export[ \t]+)?{name}[ \t]*=[ \t]*{VALUE}")


def _command(name: str) -> re.Pattern[str]:
    return re.compile(rf"\bheroku config:(?:set|add)\b[^\n;&|#]{{0,500}}?\b{name}={VALUE}")


def _span(source: Source, match: re.Match[str]) -> Span:
    return source.span(*match.span("value"))
