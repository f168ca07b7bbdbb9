"""The release of the Python buildpack to which an app is pinned, where its declarations tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.facts.buildpacks.declaration import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydeploy_lint.facts.buildpacks.declaration import BuildpackList

DECISIVE = (Place.LISTING, Place.APP_JSON, Place.TERRAFORM)
"""The places that say with what an app is built; scripts may not have been run, and other files are not read."""


def pinned_release(lists: Iterable[BuildpackList]) -> str | None:
    """The release with which the app is built, such as ``v267``; None where it is not pinned to one that exists.

    The printed list of `heroku buildpacks` goes before what files say, and the first list that names Python counts.
    """
    decisive = [found for found in lists if found.place in DECISIVE]
    live = [found for found in decisive if found.place.is_live]
    for found in live or decisive:
        for entry in found.entries:
            if entry.reference.is_python:
                reference = entry.reference
                return reference.release if reference.is_official_python and reference.has_plausible_tag else None
    return None
