"""What to do where no file says what to install: only what leads to a build that installs what the app needs."""

from __future__ import annotations

import re
from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.files.names import REQUIREMENTS_TXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.files.tree import Tree

DIRECTORIES = ("requirements", "reqs", "requires")
"""Directories in which requirements files are kept."""
PRODUCTION = ("prod", "production", "heroku", "deploy", "deployment", "live")
SHARED = ("", "base", "common", "core", "main", "default", "app", "web", "server", "backend", "requirements", "all")
NOT_DEPLOYED = frozenset(
    {
        "build", "check", "checks", "ci", "coverage", "debug", "dev", "devel", "develop", "development", "doc", "docs",
        "docker", "extra", "extras", "format", "lint", "linting", "local", "mypy", "notebook", "notebooks", "optional",
        "quality", "staging", "style", "test", "testing", "tests", "tools", "types", "typing", "windows",
    }
)  # fmt: skip
"""What a requirements file is called that is not meant for production."""
WORDS = re.compile(r"[a-z]+")
SUFFIXES = (".txt", ".in", ".pip")


class Hint(NamedTuple):
    """A way to say what to install."""

    why: str
    """A sentence without its full stop."""
    commands: tuple[str, ...] = ()
    """The commands that do it, where there are any."""
    rename: tuple[str, str] | None = None
    """The name, and the right one, where a file has nearly the right name."""
    include: str | None = None
    """A requirements file to include in a new ``requirements.txt``."""


def hints(tree: Tree, wanted: list[str]) -> list[Hint]:
    """Look for what was perhaps meant to say what to install; the best first.

    Development, test and lint requirements are never offered, nor are directories.

    Args:
        tree: the app.
        wanted: the files that would tell the package manager.
    """
    names = tree.names()
    misspelled = list(_misspelled(tree, names, wanted))
    others = [name for name in names if all(name != hint.rename[0] for hint in misspelled if hint.rename)]
    return [*misspelled, *_requirements(tree, others), *_without_lock(tree)]


def _misspelled(tree: Tree, names: list[str], wanted: list[str]) -> Iterator[Hint]:
    import difflib

    by_lower = {name.lower(): name for name in wanted}
    for name in names:
        near = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.85)
        # A word beside the right one, as in requirements-dev.txt, is meant: that is another file.
        if near and name not in wanted and tree.is_file(name) and not _qualifiers(name):
            right = by_lower[near[0]]
            yield Hint(
                f"{name!r} looks like a misspelled {right}", (f"git mv {quote(name)} {right}",), rename=(name, right)
            )


def _qualifiers(name: str) -> set[str]:
    """What a file's name says beside the right name, such as ``dev``."""
    words = set(WORDS.findall(name.lower().rpartition(".")[0] or name.lower()))
    known = {"requirements", "txt", "text", "pipfile", "poetry", "uv", "lock"}
    return words - known if words & {"requirements", "pipfile", "poetry"} else words & NOT_DEPLOYED


def _extra_words(name: str) -> set[str]:
    """The words in a file's name beside ``requirements`` and the ending."""
    stem = name.lower().rpartition(".")[0] or name.lower()
    return set(WORDS.findall(stem)) - {"requirements", "requirement", "reqs", "txt", "in"}


def _requirements(tree: Tree, names: list[str]) -> Iterator[Hint]:
    """The requirements file for production, or else the one that others share; at most one."""
    candidates = [name for name in names if "req" in name.lower() and name.lower().endswith(SUFFIXES)]
    candidates += [
        f"{directory}/{name}"
        for directory in DIRECTORIES
        for name in tree.names(directory)
        if name.lower().endswith(SUFFIXES)
    ]
    ranked = sorted((rank, path) for path in candidates if (rank := _rank(path)) is not None and tree.is_file(path))
    if not ranked:
        return
    _, path = ranked[0]
    if path.endswith(".in"):
        yield Hint(
            f"{path} lists what the app needs; compile it, and commit the result",
            (
                "pip install pip-tools",
                f"pip-compile --output-file={REQUIREMENTS_TXT} {quote(path)}",
                f"git add {REQUIREMENTS_TXT}",
            ),
        )
    elif path != REQUIREMENTS_TXT:
        yield Hint(
            f"{path} lists what the app needs; include it in a {REQUIREMENTS_TXT} in the root",
            (f"echo {quote(f'-r {path}')} > {REQUIREMENTS_TXT}", f"git add {REQUIREMENTS_TXT}"),
            include=path,
        )


def _rank(path: str) -> tuple[int, int, int] | None:
    """How well a requirements file fits production, the least number best; None where it does not."""
    words = _extra_words(path.rpartition("/")[2])
    if words & NOT_DEPLOYED:
        return None
    if words & set(PRODUCTION):
        use = 0
    elif not words or words & set(SHARED):
        use = 1
    else:
        return None
    return (use, SUFFIXES.index("." + path.rpartition(".")[2].lower()), path.count("/"))


def _without_lock(tree: Tree) -> Iterator[Hint]:
    if tree.is_file("pdm.lock"):
        command = f"pdm export --prod --without-hashes -o {REQUIREMENTS_TXT}"
        yield Hint("Heroku does not support PDM; export what it locked", (command, f"git add {REQUIREMENTS_TXT}"))
    elif tree.is_file("pyproject.toml"):
        yield from _pyproject(tree)
    elif tree.is_file("setup.cfg"):
        yield Hint("To install the project itself", (f"echo '--editable .' > {REQUIREMENTS_TXT}",))
    for name in ("environment.yml", "environment.yaml"):
        if tree.is_file(name):
            yield Hint(f"Heroku does not support Conda; list what the app needs from PyPI in {REQUIREMENTS_TXT}")


def _pyproject(tree: Tree) -> Iterator[Hint]:
    """How to lock a project; nothing where pyproject.toml only configures tools."""
    from pydeploy_lint.files.formats.documents import read_toml
    from pydeploy_lint.files.source import FileProblem

    try:
        source = tree.source("pyproject.toml")
        document = read_toml(source) if source else None
    except FileProblem:
        return
    if document is None:
        return
    if isinstance(document.get("tool", "poetry", "dependencies"), dict):
        lock, tool = "poetry.lock", "poetry"
    elif document.get("project", "dependencies") is not None or document.get("project", "dynamic") is not None:
        lock, tool = "uv.lock", "uv"
        if isinstance(document.get("tool", "poetry"), dict):
            lock, tool = "poetry.lock", "poetry"
    else:
        return
    why = "Heroku does not install from pyproject.toml without a lock file; lock the project, and commit the lock"
    yield Hint(why, (f"{tool} lock", f"git add {lock}"))
