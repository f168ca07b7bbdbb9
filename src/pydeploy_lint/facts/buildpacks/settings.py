"""What files with environment variables and commands say of an app: config vars that buildpacks read, and stacks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydeploy_lint.facts.buildpacks.find import ENV, STACK_MENTIONS, mentioning
from pydeploy_lint.facts.buildpacks.route import Setting
from pydeploy_lint.files.names import APP_JSON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.files.files import Files
    from pydeploy_lint.files.source import Source
    from pydeploy_lint.finding import Span

REST = r"(?:[^\n;&|#]|\\\n){0,500}?"
"""The words of a command up to the one that is looked for."""
STACKS = re.compile(
    rf"(?m)^[^#\n]*?\bheroku (?:(?:apps:)?create\b{REST}\s(?:--stack|-s)[ =]|stack:set )"
    r"[ \"']?(?P<stack>[a-z]+-?[0-9]*)"
)
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


def find_stacks(files: Files) -> list[tuple[str, Span]]:
    """The stacks that scripts give to apps, with ``heroku create --stack`` or ``heroku stack:set``, in order."""
    return [
        (match["stack"], source.span(*match.span("stack")))
        for kind, source in mentioning(files, STACK_MENTIONS)
        if kind != ENV
        for match in STACKS.finditer(source.text)
    ]


def _elsewhere(files: Files, name: str) -> Iterator[tuple[str, Span]]:
    for kind, source in mentioning(files, (name.encode(),)):
        pattern = _assignment(name) if kind == ENV else _command(name)
        for match in pattern.finditer(source.text):
            yield match["value"].strip("/"), _span(source, match)


def _assignment(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?m)^[ \t]*(?:export[ \t]+)?{name}[ \t]*=[ \t]*{VALUE}")


def _command(name: str) -> re.Pattern[str]:
    return re.compile(rf"\bheroku config:(?:set|add)\b{REST}\b{name}={VALUE}")


def _span(source: Source, match: re.Match[str]) -> Span:
    return source.span(*match.span("value"))
