"""The places in which buildpacks are declared: one small reader for each kind, and a fixed list of paths to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pydeploy_lint.text import FileProblem, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.buildpacks.declaration import BuildpackList
    from pydeploy_lint.documents import Document
    from pydeploy_lint.tree import Tree


class Files(Protocol):
    """What the readers need of an app."""

    tree: Tree

    def source(self, path: str) -> Source | None:
        """The text of a file."""

    def document(self, path: str) -> Document | None:
        """A file of data."""

    def note(self, problem: FileProblem) -> None:
        """Report a file that cannot be read; the other places are read all the same."""


def find_lists(files: Files, listing: Source | None) -> list[BuildpackList]:
    """Every list of buildpacks that an app has, of at least one buildpack; first the one that is in force, if given.

    Args:
        files: the app.
        listing: the output of `heroku buildpacks`.
    """
    readers = (_listing(listing), _app_json(files), _buildpacks_file(files))
    return [found for reader in readers for found in _with_notes(reader, files) if found.entries]


def _with_notes(reader: Iterator[BuildpackList], files: Files) -> Iterator[BuildpackList]:
    try:
        yield from reader
    except FileProblem as problem:
        files.note(problem)


def _listing(listing: Source | None) -> Iterator[BuildpackList]:
    if listing:
        from pydeploy_lint.buildpacks.listing import read_listing

        yield from read_listing(listing)


def _app_json(files: Files) -> Iterator[BuildpackList]:
    if document := files.document("app.json"):
        from pydeploy_lint.buildpacks.places.app_json import read_app_json

        yield from read_app_json(document)


def _buildpacks_file(files: Files) -> Iterator[BuildpackList]:
    if source := files.source(".buildpacks"):
        from pydeploy_lint.buildpacks.places.buildpacks_file import read_buildpacks_file

        yield from read_buildpacks_file(source)
