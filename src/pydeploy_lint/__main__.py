"""Runs the command line, as ``pydeploy-lint`` or ``python -m pydeploy_lint``."""

from __future__ import annotations

import contextlib
import os
import sys


def main() -> int:
    """Run the command line of this process; returns the exit status."""
    with contextlib.suppress(OSError):  # Of a directory that was deleted nothing can be imported.
        sys.path[:] = installed(sys.path, os.getcwd())
    if sys.argv[1:] == ["--version"]:
        from pydeploy_lint.cli.about.version import print_version

        return print_version()
    from pydeploy_lint.cli import main as cli

    return cli.main()


def installed(path: list[str], directory: str) -> list[str]:
    """An import path without what is in the working directory: nothing of an app is ever imported.

    ``python -m`` puts the directory itself there, and an empty or relative part of ``PYTHONPATH`` one that an app may
    hold. Both stand before the standard library. What stands after it was installed, and may be anywhere, and so may
    the environment that this interpreter belongs to.

    Args:
        path: the import path.
        directory: the working directory.
    """
    library = os.path.dirname(os.__file__)
    before = path.index(library) if library in path else len(path)
    environments = tuple(_prefix(prefix) for prefix in (sys.prefix, sys.base_prefix))
    here = _prefix(directory)

    def is_of_the_app(entry: str) -> bool:
        place = _prefix(os.path.join(directory, entry))
        is_below = place == here or (place.startswith(here) and os.path.dirname(directory) != directory)
        return is_below and not place.startswith(environments)

    return [entry for number, entry in enumerate(path) if number >= before or not is_of_the_app(entry)]


def _prefix(directory: str) -> str:
    """What every path in a directory begins with."""
    return os.path.join(os.path.realpath(directory), "")


if __name__ == "__main__":
    sys.exit(main())
