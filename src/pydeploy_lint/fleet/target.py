"""An app to be judged, as a reference that costs nothing: its files are opened when its turn comes."""

from __future__ import annotations

from typing import NamedTuple


class Target(NamedTuple):
    """Where an app is."""

    path: str
    """Its directory, a repository or a bundle, as it was given."""
    rev: str | None = None
    """The git revision to read; None: the one of the command line, or else the working tree."""
    directory: str = ""
    """Where the app is below the path; empty: there."""
    heroku_app: str | None = None
    """The name of the app on Heroku, to ask for its buildpacks and stack; None: not to ask."""
    may_be_none: bool = False
    """Whether what is no Python app is only counted, as nobody said that it is one."""

    given: str = ""
    """The path as the user gave it, where that is another one; empty: it is the same."""

    @property
    def label(self) -> str:
        """The path of the app in reports."""
        path = self.given or self.path
        return f"{path.rstrip('/')}/{self.directory}" if self.directory else path
