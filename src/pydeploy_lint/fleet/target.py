"""An app to be judged, as a reference that costs nothing: its files are opened when its turn comes."""

from __future__ import annotations

from typing import NamedTuple


class Target(NamedTuple):
    """Where an app is."""

    path: str
    """Its directory, as it was given."""

    @property
    def label(self) -> str:
        """The path of the app in reports."""
        return self.path
