"""The versions of Python that an app is developed, tested and packed with elsewhere: CI, tox, Docker, version managers.

Where a file leaves open which versions it means, nothing is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.files.source import FileProblem

if TYPE_CHECKING:
    from pydeploy_lint.files.files import Files
    from pydeploy_lint.files.source import Source
    from pydeploy_lint.finding import Span

_VERSION = re.compile(r"(?:python-?)?(3\.\d{1,2})(?:\.\d{1,2})?(?:-dev)?", re.ASCII)
_FROM = re.compile(
    r"^[ \t]*FROM[ \t]+(?:--platform=\S+[ \t]+)?(?:docker\.io/)?(?:library/)?python:(\S+)", re.MULTILINE | re.IGNORECASE
)
_ARG = re.compile(r"^[ \t]*ARG[ \t]+(\w+)=[\"']?([^\s\"']+)", re.MULTILINE | re.IGNORECASE)
_VARIABLE = re.compile(r"\$\{?(\w+)")
_IMAGE_TAG = re.compile(r"3\.\d{1,2}(?![\d])", re.ASCII)
_ENV_LIST = re.compile(r"^env_?list[ \t]*=((?:[^\n]*\n?)(?:[ \t]+[^\n]*\n?|[ \t]*\n)*)", re.MULTILINE)
_TOX_FACTOR = re.compile(r"(?<![\w.])py(3)\.?(\d{1,2})(?![\w.])", re.ASCII)
_TOX_BRACES = re.compile(r"(?<![\w.])py(3?)\{([^{}]*)\}", re.ASCII)
LONGEST_TAG = 128
"""Characters of the tag of an image."""
_TOOL_VERSIONS = re.compile(r"^python[ \t]+(\S+)", re.MULTILINE)


class Mention(NamedTuple):
    """One version of Python in a file."""

    series: str
    at: Span


class Place(NamedTuple):
    """Where an app says which versions of Python it is used with, all that it says."""

    subject: str
    """Begins a sentence that goes on with the versions."""
    mentions: list[Mention]


def python_mentions(files: Files) -> Iterator[Place]:
    """The places where versions are given, each with at least one.

    Args:
        files: the app's files; those that cannot be read are skipped.
    """
    if mentions := _workflow_mentions(files):
        yield Place("the GitHub workflows set up", mentions)
    readers: tuple[tuple[str, str, Callable[[Source], list[Mention] | None]], ...] = (
        ("tox.ini", "tox tests with", _tox),
        ("Dockerfile", "the Dockerfile is made for", _dockerfile),
        (".tool-versions", "asdf installs", _tool_versions),
    )
    for path, subject, read in readers:
        source = files.readable_source(path)
        if source and (mentions := read(source)):
            yield Place(subject, mentions)
    for path in ("mise.toml", ".mise.toml"):
        if mentions := _mise(files, path):
            yield Place("mise installs", mentions)


def _workflow_mentions(files: Files) -> list[Mention] | None:
    from pydeploy_lint.facts.python.workflows import DIRECTORY, MOST_FILES, is_workflow, python_versions

    names = [name for name in files.tree.names(DIRECTORY) if is_workflow(name)][:MOST_FILES]
    sources = filter(None, (files.readable_source(f"{DIRECTORY}/{name}") for name in names))
    found: list[Mention] = []
    for source in sources:
        versions = python_versions(source)
        if versions is None:
            return None
        for text, at in versions:
            match = _VERSION.fullmatch(text)
            if match is None:
                return None
            found.append(Mention(match[1], at))
    return found


def _tox(source: Source) -> list[Mention] | None:
    env_list = _ENV_LIST.search(source.text)
    if not env_list:
        return None
    start = env_list.start(1)
    found = [
        (start + match.start(), start + match.end(), f"3.{match[2]}") for match in _TOX_FACTOR.finditer(env_list[1])
    ]
    for match in _TOX_BRACES.finditer(env_list[1]):
        for item in match[2].split(","):
            version = re.fullmatch(r"3?\.?(\d{1,2})" if not match[1] else r"\.?(\d{1,2})", item.strip(), re.ASCII)
            if version:
                found.append((start + match.start(), start + match.end(), f"3.{version[1]}"))
    return [Mention(series, source.span(first, last)) for first, last, series in sorted(found)]


def _dockerfile(source: Source) -> list[Mention] | None:
    arguments = {name: value[:LONGEST_TAG] for name, value in _ARG.findall(source.text)}
    found = []
    for match in _FROM.finditer(source.text):
        if len(match[1]) > LONGEST_TAG:
            return None
        tag = _VARIABLE.sub(lambda variable: arguments.get(variable[1], ""), match[1])
        version = _IMAGE_TAG.match(tag)
        if not version:
            return None
        found.append(Mention(version[0], source.span(*match.span(1))))
    return found


def _tool_versions(source: Source) -> list[Mention] | None:
    match = _TOOL_VERSIONS.search(source.text)
    version = _VERSION.fullmatch(match[1]) if match else None
    return [Mention(version[1], source.span(*match.span(1)))] if match and version else None


def _mise(files: Files, path: str) -> list[Mention] | None:
    try:
        document = files.document(path)
    except FileProblem:
        return None
    stated = document.get("tools", "python") if document else None
    version = _VERSION.fullmatch(stated) if isinstance(stated, str) else None
    return [Mention(version[1], document.span("tools", "python"))] if document and version else None
