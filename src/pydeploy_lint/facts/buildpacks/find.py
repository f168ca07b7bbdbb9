"""The places in which buildpacks are declared: one small reader for each kind, and a fixed list of paths to look at."""

from __future__ import annotations

from fnmatch import fnmatchcase
from itertools import islice
from typing import TYPE_CHECKING

from pydeploy_lint.files.names import APP_JSON
from pydeploy_lint.files.source import FileProblem, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydeploy_lint.facts.buildpacks.declaration import BuildpackList
    from pydeploy_lint.files.files import Files
    from pydeploy_lint.files.tree import Tree

MENTIONS = (b"buildpack", b"BUILDPACK")
"""A file without these bytes declares no buildpack, and is not parsed."""
STACK_MENTIONS = (b"heroku create", b"apps:create", b"stack:set")
"""What a script must hold to give an app a stack."""
MOST_FILES = 100
"""How many files of a directory are looked at: enough for scripts that people write, few enough to be fast."""
LARGEST = 1024 * 1024
"""Bytes; nobody writes a larger script."""

ENV = "env"
"""The kind of a file with environment variables."""
WITHOUT_SUFFIX = ""
SCRIPTS = (WITHOUT_SUFFIX, "*.sh", "*.bash", "*.zsh")
WORKFLOWS = ("*.yml", "*.yaml")
CANDIDATES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (ENV, "", (".env", ".env.*", "env.example", "env.sample")),
    ("terraform", "", ("*.tf", "*.tofu")),
    *(
        ("terraform", directory, ("*.tf", "*.tofu"))
        for directory in (
            "deploy", "deployment", "infra", "infrastructure", "ops", "terraform", "tofu",
            "deploy/terraform", "infra/terraform", "ops/terraform", "terraform/heroku",
        )
    ),
    ("makefile", "", ("Makefile", "makefile", "GNUmakefile")),
    ("workflow", "", (".gitlab-ci.yml", ".travis.yml", "azure-pipelines.yml", "bitbucket-pipelines.yml")),
    ("workflow", ".circleci", WORKFLOWS),
    ("workflow", ".github/workflows", WORKFLOWS),
    ("script", "", ("*.sh",)),
    *(("script", directory, SCRIPTS) for directory in ("bin", "ci", "deploy", "ops", "script", "scripts", "tools")),
)  # fmt: skip
"""Kind of reader, directory and names in it; each directory is listed, and none below it."""


MOST_ENTRIES = 100
"""How many buildpacks of a list are looked at."""


def find_lists(files: Files, listing: Source | None) -> list[BuildpackList]:
    """Every list of buildpacks that an app has, of at least one buildpack; first the one that is in force, if given.

    Args:
        files: the app.
        listing: the output of `heroku buildpacks`.
    """
    readers = (
        _listing(listing),
        _app_json(files),
        _buildpacks_file(files),
        _project_toml(files),
        _package_json(files),
        _mentions(files),
    )
    return [found for reader in readers for found in _with_notes(reader, files) if found.entries]


def _with_notes(reader: Iterator[BuildpackList], files: Files) -> Iterator[BuildpackList]:
    try:
        for found in reader:
            yield found._replace(entries=found.entries[:MOST_ENTRIES])
    except FileProblem as problem:
        files.note(problem)


def _listing(listing: Source | None) -> Iterator[BuildpackList]:
    if listing:
        from pydeploy_lint.facts.buildpacks.listing import read_listing

        yield from read_listing(listing)


def _app_json(files: Files) -> Iterator[BuildpackList]:
    if document := files.document(APP_JSON):
        from pydeploy_lint.facts.buildpacks.places.app_json import read_app_json

        yield from read_app_json(document)


def _buildpacks_file(files: Files) -> Iterator[BuildpackList]:
    if source := files.source(".buildpacks"):
        from pydeploy_lint.facts.buildpacks.places.buildpacks_file import read_buildpacks_file

        yield from read_buildpacks_file(source)


def _project_toml(files: Files) -> Iterator[BuildpackList]:
    if document := files.document("project.toml"):
        from pydeploy_lint.facts.buildpacks.places.project_toml import read_project_toml

        yield from read_project_toml(document)


def _package_json(files: Files) -> Iterator[BuildpackList]:
    source = files.source("package.json")
    is_mentioned = source is not None and any(word in source.data for word in MENTIONS)
    document = files.document("package.json") if is_mentioned else None
    if document:
        from pydeploy_lint.facts.buildpacks.places.scripts import read_package_json

        yield from read_package_json(document)


def _mentions(files: Files) -> Iterator[BuildpackList]:
    for kind, source in mentioning(files, MENTIONS):
        yield from _reader(kind)(source)


def mentioning(files: Files, words: tuple[bytes, ...]) -> list[tuple[str, Source]]:
    """The files that may hold declarations and mention one of some words, each with its kind.

    Args:
        files: the app.
        words: what to look for, in the bytes of the file.
    """
    common = MENTIONS + STACK_MENTIONS
    if not set(words) <= set(common):
        return _read(files.tree, words)
    found = files.once("files that declare", lambda: _read(files.tree, common))
    return [(kind, source) for kind, source in found if any(word in source.data for word in words)]


def _read(tree: Tree, words: tuple[bytes, ...]) -> list[tuple[str, Source]]:
    read = ((kind, _mentioning(tree, path, words)) for kind, path in _candidates(tree))
    return [(kind, source) for kind, source in read if source]


def _candidates(tree: Tree) -> Iterator[tuple[str, str]]:
    """The paths that may hold a declaration, each once, with the kind of reader."""
    seen = set()
    for kind, directory, patterns in CANDIDATES:
        names = (name for name in tree.names(directory) if any(_matches(name, pattern) for pattern in patterns))
        for name in islice(names, MOST_FILES):
            path = f"{directory}/{name}" if directory else name
            if path not in seen:
                seen.add(path)
                yield kind, path


def _matches(name: str, pattern: str) -> bool:
    return "." not in name if pattern == WITHOUT_SUFFIX else fnmatchcase(name, pattern)


def _mentioning(tree: Tree, path: str, words: tuple[bytes, ...]) -> Source | None:
    try:
        data = tree.read(path) if tree.is_file(path) else b""
    except FileProblem:
        return None  # Nothing says that it should be readable: it only might have been a script.
    return Source(path, data) if len(data) <= LARGEST and any(word in data for word in words) else None


def _reader(kind: str) -> Callable[[Source], list[BuildpackList]]:
    from pydeploy_lint.facts.buildpacks.places import env_file, scripts, terraform

    return {
        ENV: env_file.read_env_file,
        "terraform": terraform.read_terraform,
        "makefile": scripts.read_makefile,
        "workflow": scripts.read_workflow,
        "script": scripts.read_script,
    }[kind]
