"""Which pydeploy-lint this is; imports next to nothing."""

from __future__ import annotations

import datetime

from pydeploy_lint import __version__
from pydeploy_lint.cli.streams import OutputError, complain, open_closed, write
from pydeploy_lint.files.data import aging_data
from pydeploy_lint.heroku.history import History


def version_text(today: datetime.date | None = None) -> str:
    """The version, and how new and how old the data is by which it judges.

    Args:
        today: default: the real one.
    """
    history = History.load()
    age = ((today or datetime.date.today()) - history.until).days
    old = f", {age} day{'s' * (age != 1)} old" if age > 0 else ""
    newest = f"data of {history.until} (buildpack {history.release_on(history.until)}){old}"
    copy = aging_data.current()
    place = "" if copy.directory == aging_data.SHIPPED else f" in {copy.directory}"
    return f"pydeploy-lint {__version__}, {newest}; {aging_data.DISTRIBUTION} {copy.version}{place}"


def print_version() -> int:
    """Print it; returns the exit status."""
    open_closed()
    try:
        write(f"{version_text()}\n")
    except OutputError as error:
        complain([str(error)])
        return 2
    return 0
