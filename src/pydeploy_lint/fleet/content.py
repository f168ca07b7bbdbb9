"""What tells that an app has not changed since it was judged: its commit, or what is in its files."""

from __future__ import annotations

import os
import stat
from hashlib import sha256
from typing import TYPE_CHECKING

from pydeploy_lint.files.repository.git import Git, is_bare_repository
from pydeploy_lint.files.repository.talk import GitError
from pydeploy_lint.files.tree import repository_root
from pydeploy_lint.fleet.bundle import is_bundle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.fleet.target import Target
    from pydeploy_lint.settings.options import Options

MOST_FILES, MOST_BYTES = 1_000, 4_000_000
"""Outside of git, a larger directory is judged again: to read it all would take longer."""
OF_REPOSITORY = ("config", "info/exclude", "info/attributes")
"""The files of a repository that say, beside what is committed, what git would push and how."""


def content_of(target: Target, options: Options) -> str | None:
    """A text that is another one when what is read of an app changes; None where nothing tells that for less.

    Args:
        target: the app.
        options: what counts for all apps.
    """
    if target.heroku_app is not None or options.app.ask_uv:
        return None  # What Heroku and uv say changes without the app's files.
    try:
        return _content(target, options)
    except (OSError, GitError, ValueError):
        return None  # Whoever judges it says what is wrong.


def _content(target: Target, options: Options) -> str | None:
    path, rev = target.path, target.rev or options.rev
    if is_bundle(path):
        with open(path, "rb") as file:
            return f"bundle {_digest(iter(lambda: file.read(1 << 20), b''))}"
    if rev is None and is_bare_repository(path):
        rev = "HEAD"
    if rev is not None:
        return f"commit {Git(path).commit(rev)}"
    if options.staged:
        return None
    directory = os.path.join(path, target.directory)
    repository = repository_root(directory)
    return _of_working_tree(directory, repository) if repository else _of_files(directory)


def _of_working_tree(directory: str, repository: str) -> str | None:
    """Of a checkout in which nothing is changed, added or ignored: the commit says what is in its files."""
    git = Git(directory)
    if git.run("status", "--porcelain", "-z", "--ignored", "--untracked-files=normal"):
        return None
    about = os.path.join(repository, ".git")
    if not os.path.isdir(about):
        return None  # Of a linked working tree the settings are elsewhere.
    settings = _digest(_read(os.path.join(about, name)) for name in OF_REPOSITORY)
    return f"checkout {git.commit('HEAD')} {settings}"


def _of_files(directory: str) -> str | None:
    digests: list[str] = []
    size = 0
    for path in _files(directory):
        found = os.lstat(path)
        size += found.st_size
        if not stat.S_ISREG(found.st_mode) or len(digests) == MOST_FILES or size > MOST_BYTES:
            return None
        place = os.path.relpath(path, directory)
        digests.append(f"{place}\0{found.st_mode}\0{_digest([_read(path)])}")
    return f"files {_digest(each.encode('utf-8', 'surrogateescape') for each in sorted(digests))}"


def _files(directory: str) -> Iterator[str]:
    """Everything below a directory that is no directory, and the directories in which there is nothing."""
    with os.scandir(directory) as entries:
        found = list(entries)
    if not found:
        yield directory
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path)
        else:
            yield entry.path


def _read(path: str) -> bytes:
    """What is in a file; nothing where there is none."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""


def _digest(parts: Iterator[bytes] | list[bytes]) -> str:
    digest = sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()
