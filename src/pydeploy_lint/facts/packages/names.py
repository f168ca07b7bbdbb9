"""Names that stand in many requirements files and that pip cannot install on Heroku; the data is in ``names.json``."""

from functools import cache
from typing import NamedTuple

from pydeploy_lint.files.data import aging_data


class Uninstallable(NamedTuple):
    """Names in canonical form, by the reason for which there is nothing to install."""

    windows_only: frozenset[str]
    """No wheel for Linux, and no source distribution that can be built there (WMI and pypiwin32 require pywin32)."""
    linux_distribution: frozenset[str]
    """Not on the index. ``pip freeze`` lists them with the Python of Debian or Ubuntu; pkg-resources is a bug there."""
    standard_library: frozenset[str]
    """Not on the index, unlike asyncio, typing and others of which it has installable namesakes."""


@cache
def uninstallable() -> Uninstallable:
    """The names that this version of pydeploy-lint knows."""
    data = aging_data.load("names.json")
    return Uninstallable(*(frozenset(data[field]) for field in Uninstallable._fields))
