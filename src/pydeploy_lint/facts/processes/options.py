"""Which options the servers' command lines know, over the versions in ``options.json``."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from pydeploy_lint.files.package_data import load_json

_ABBREVIATED = frozenset({"daphne", "gunicorn", "hypercorn", "waitress-serve"})
"""The servers whose parsers, argparse and getopt, take the beginning of an option for it."""
_OF_GROUP = {"flask": ("--app", "-A", "--env-file", "-e", "--debug", "--no-debug", "--version")}
"""Options that come before the subcommand."""


class KnownOptions(NamedTuple):
    """The options of one server in all versions that were asked."""

    names: frozenset[str]
    abbreviated: bool
    versions: tuple[str, ...]
    """The oldest and the newest version."""

    def has(self, name: str) -> bool:
        """Whether some version takes an option for one of its own."""
        if name in self.names:
            return True
        return self.abbreviated and name.startswith("--") and any(each.startswith(name) for each in self.names)


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = load_json(__file__, "options.json")
    return data


@cache
def known_options(server: str) -> KnownOptions | None:
    """The options of a server; None for one whose options are not known.

    Args:
        server: the name of its program.
    """
    entry = _data()["servers"].get(server)
    if entry is None:
        return None
    names = {*entry["values"], *entry["flags"], *_OF_GROUP.get(server, ())}
    return KnownOptions(frozenset(names), server in _ABBREVIATED, (entry["versions"][0], entry["versions"][-1]))
