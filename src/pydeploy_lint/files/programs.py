"""Finds the few programs that are run: never in the working directory, where an app may hold one of the same name."""

from __future__ import annotations

import os


def search_path() -> str:
    """The directories of ``PATH`` that are the same wherever one is; an empty or relative one would be the app's."""
    return os.pathsep.join(filter(os.path.isabs, os.environ.get("PATH", os.defpath).split(os.pathsep)))


def find_program(name: str) -> str | None:
    """The full path of a program; None where it is not installed."""
    suffixes = os.environ.get("PATHEXT", "").split(os.pathsep) if os.name == "nt" else [""]
    for directory in filter(None, search_path().split(os.pathsep)):
        for suffix in suffixes:
            path = os.path.join(directory, name + suffix)
            if os.path.isfile(path) and os.access(path, os.X_OK):
                return path
    return None
