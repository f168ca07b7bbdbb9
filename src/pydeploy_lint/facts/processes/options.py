"""Which options the servers' command lines know, over the versions in ``options.json``."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from pydeploy_lint.files.data.package_data import load_json

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

    def meant_by(self, name: str) -> list[str]:
        """The options for which some version takes a word: itself, or those that it begins.

        None: the server does not know it. Several: it does not know which, and stops.
        """
        if name in self.names:
            return [name]
        if not self.abbreviated or not name.startswith("--"):
            return []
        return sorted(each for each in self.names if each.startswith(name))


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
