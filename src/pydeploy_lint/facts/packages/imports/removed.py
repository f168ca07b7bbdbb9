"""Modules, classes and functions that later releases of a package no longer have.

The data is in ``removed_names.json``, kept by hand; ``tools/measure_removed_names.py`` tries each name with a release
before and one after.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from pydeploy_lint.files.data import aging_data


class Removal(NamedTuple):
    """A name that a package had until some release."""

    name: str
    """With its module, such as ``django.conf.urls.url``."""
    distribution: str
    """In canonical form."""
    version: str
    """The first release without it."""
    instead: str
    """What does the same in later releases, here or in another package; empty where nothing does."""
    source: str


def removal_of(name: str) -> Removal | None:
    """How a name ended that is imported from a package; None where no release is known to lack it.

    Args:
        name: the full name of a module, or of something in one; it is gone with the module that it was in.
    """
    parts = name.split(".")
    names = (".".join(parts[:length]) for length in range(len(parts), 1, -1))
    return next(filter(None, map(_removals().get, names)), None)


@cache
def _removals() -> dict[str, Removal]:
    packages: dict[str, Any] = aging_data.load("removed_names.json")["packages"]
    return {
        name: Removal(name, distribution, version, instead, entry["source"])
        for distribution, entry in packages.items()
        for version, removed in entry["removed"].items()
        for name, instead in removed["names"].items()
    }
