"""Reads git's bundles: a repository, or a part of one, in a file."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from pydeploy_lint.files.repository.git import Git
from pydeploy_lint.files.repository.talk import GitError

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNATURES = (b"# v2 git bundle\n", b"# v3 git bundle\n")
"""Source: git's documentation of the format, "gitformat-bundle"."""


def is_bundle(path: str) -> bool:
    """Whether a file is a bundle."""
    try:
        with open(path, "rb") as file:
            return file.read(len(SIGNATURES[0])) in SIGNATURES
    except OSError:
        return False


@contextlib.contextmanager
def unpacked(path: str, rev: str | None) -> Iterator[tuple[str, str]]:
    """A bare repository with the content of a bundle, which is there for as long as it is used, and its commit.

    Args:
        path: the bundle.
        rev: a branch or a tag in it, or a commit; None: ``HEAD``, or the only branch.

    Raises:
        GitError: the bundle is damaged, needs commits that it does not have, or has no such revision.
    """
    import tempfile

    with tempfile.TemporaryDirectory(prefix="pydeploy-lint-") as directory:
        git = Git(directory)
        git.run("init", "--quiet", "--bare", "--template=")
        heads = git.run("bundle", "unbundle", os.path.abspath(path)).decode("utf-8", "surrogateescape")
        commits = {name: commit for commit, _, name in (line.partition(" ") for line in heads.splitlines())}
        yield directory, _commit(git, commits, rev)


def _commit(git: Git, commits: dict[str, str], rev: str | None) -> str:
    if rev is None:
        branches = [name for name in commits if name.startswith("refs/heads/")]
        name = "HEAD" if "HEAD" in commits else branches[0] if len(branches) == 1 else None
        if name is None:
            raise GitError(f"the bundle has no HEAD: name one of {', '.join(commits)} with rev=")
        return git.commit(commits[name])
    for name in (rev, f"refs/heads/{rev}", f"refs/tags/{rev}", f"refs/{rev}"):
        if name in commits:
            return git.commit(commits[name])
    return git.commit(rev)
