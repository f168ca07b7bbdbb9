"""Which apps the command line asks for: paths, patterns, lists, what is found below directories, and a part of that."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from pydeploy_lint.cli.options.arguments import UsageError
from pydeploy_lint.cli.streams import inform
from pydeploy_lint.fleet.target import Target

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

WILDCARDS = frozenset("*?[")


def find_targets(arguments: argparse.Namespace) -> list[Target]:
    """The apps to be judged, each once and none of them opened yet.

    Raises:
        UsageError: a list cannot be read.
    """
    targets = [*_of_paths(arguments), *_of_lists(getattr(arguments, "from"))]
    unique = _distinct(targets)
    if arguments.shard is None:
        return unique
    number, count = arguments.shard
    return unique[number - 1 :: count]


def _distinct(targets: Iterable[Target]) -> list[Target]:
    """The apps without other names of the same ones, which would be reported, and fixed, twice."""
    distinct: dict[Target, Target] = {}
    for target in targets:
        distinct.setdefault(target._replace(path=os.path.realpath(target.path), may_be_none=False), target)
    return list(distinct.values())


def _of_paths(arguments: argparse.Namespace) -> Iterator[Target]:
    for given in arguments.paths:
        for path in _matching(given):
            if arguments.discover and os.path.isdir(path):
                yield from _discovered(path)
            else:
                yield Target(path)


def _matching(path: str) -> list[str]:
    """The directories and bundles that a pattern matches, such as one that the shell has not expanded."""
    if not WILDCARDS & set(path) or os.path.exists(path):
        return [path]
    from glob import glob

    from pydeploy_lint.fleet.bundle import is_bundle

    found = sorted(each for each in glob(path, recursive=True) if os.path.isdir(each) or is_bundle(each))
    # What matches nothing is told where it would be judged, and costs no other app.
    return found or [path]


def _discovered(path: str) -> list[Target]:
    from pydeploy_lint.fleet.discover import MOST_DIRECTORIES, discover

    found = discover(path)
    if not found.is_complete:
        inform([f"warning: {path} has more than {MOST_DIRECTORIES:,} directories: apps in the others are not judged"])
    return found.targets


def _of_lists(paths: list[str]) -> Iterator[Target]:
    if not paths:
        return
    from pydeploy_lint.fleet.lists import ListError, targets_in

    for path in paths:
        try:
            yield from targets_in(_read(path), "<stdin>" if path == "-" else path)
        except ListError as error:
            raise UsageError(*(f"--from: {message}" for message in error.args)) from error
        except OSError as error:
            raise UsageError(f"--from: {path} cannot be read: {error.strerror}") from error
        except ValueError as error:
            raise UsageError(f"--from: {path} cannot be read: it is no text in UTF-8") from error


def _read(path: str) -> str:
    if path == "-":
        return sys.stdin.buffer.read().decode("utf-8-sig", "surrogateescape")
    with open(path, encoding="utf-8-sig", errors="surrogateescape") as file:
        return file.read()
