"""Finds the apps below a directory: clones, mirrors, bundles, and the apps of a repository that has several."""

from __future__ import annotations

import os
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.files.names import APP_JSON, PROCFILE
from pydeploy_lint.files.repository.git import Git, is_bare_repository
from pydeploy_lint.files.repository.talk import GitError
from pydeploy_lint.files.tree import repository_root
from pydeploy_lint.fleet.target import Target
from pydeploy_lint.heroku.history import History

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DEEPEST = 6
"""Directories below the one that is searched."""
MOST_DIRECTORIES = 200_000
"""More are not looked at."""
NEVER = {"node_modules", "__pycache__", "site-packages"}
BUNDLE = ".bundle"
"""How the names of git's bundles usually end."""


class Discovery(NamedTuple):
    """What was found below a directory."""

    targets: list[Target]
    """In the order of their paths."""
    is_complete: bool
    """Whether everything was looked at: not where there is too much."""


def discover(top: str, *, most: int = MOST_DIRECTORIES) -> Discovery:
    """Find the apps below a directory, and in it.

    An app is the first directory on the way down that Heroku takes for a Python app, and each one below it that has a
    ``Procfile`` or an ``app.json`` of its own. Every bare repository and every bundle counts, too. What git ignores,
    hidden directories, virtual environments and ``node_modules`` are left out, and links are not followed.

    Args:
        top: where to look.
        most: how many directories to look at.
    """
    detect = _files_of_apps()
    found: list[Target] = []
    waiting = deque([(top, 0, False)])
    looked_at = 0
    while waiting and looked_at < most:
        path, depth, below_app = waiting.popleft()
        looked_at += 1
        if is_bare_repository(path):
            found.append(Target(path, may_be_none=True))
            continue
        entries = _entries(path)
        names = {entry.name for entry in entries}
        if "pyvenv.cfg" in names:
            continue
        is_app = bool(names & detect) and (not below_app or bool(names & {PROCFILE, APP_JSON}))
        if is_app:
            found.append(Target(path, may_be_none=True))
        found += [Target(_below(path, name), may_be_none=True) for name in names if name.endswith(BUNDLE)]
        if depth < DEEPEST:
            waiting += [
                (_below(path, entry.name), depth + 1, below_app or is_app)
                for entry in entries
                if not entry.name.startswith(".") and entry.name not in NEVER and _is_directory(entry)
            ]
    found.sort(key=lambda target: target.path.split(os.sep))
    return Discovery(_not_ignored(found), not waiting)


def _files_of_apps() -> set[str]:
    """The names by which any release of the buildpack takes a directory for a Python app."""
    history = History.load()
    return {name.rstrip("/") for name in history.state(history.release_on(history.until))["detect"]}


def _below(path: str, name: str) -> str:
    return name if path == os.curdir else os.path.join(path, name)


def _entries(path: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _not_ignored(targets: Iterable[Target]) -> list[Target]:
    """The apps without those that git ignores, for which each repository is asked once."""
    by_repository: dict[str, list[Target]] = {}
    for target in targets:
        root = repository_root(target.path)
        if root and root != os.path.realpath(target.path):
            by_repository.setdefault(root, []).append(target)
    ignored = {target for root, below in by_repository.items() for target in _ignored(root, below)}
    return [target for target in targets if target not in ignored]


def _ignored(root: str, targets: Sequence[Target]) -> list[Target]:
    paths = {os.fsencode(os.path.realpath(target.path)): target for target in targets}
    try:
        output = Git(root).run("check-ignore", "-z", "--stdin", given=b"".join(path + b"\0" for path in paths))
    except GitError:  # Git says so too if it ignores none of them.
        return []
    return [paths[path] for path in output.split(b"\0") if path in paths]
