"""Runs the command line, as ``pydeploy-lint`` or ``python -m pydeploy_lint``."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line of this process; returns the exit status."""
    if sys.argv[1:] == ["--version"]:
        from pydeploy_lint.cli.version import print_version

        return print_version()
    from pydeploy_lint.cli import main as cli

    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
