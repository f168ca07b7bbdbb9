"""Which pydeploy-lint this is; imports next to nothing."""

from __future__ import annotations

from pydeploy_lint import __version__
from pydeploy_lint.heroku.history import History


def version_text() -> str:
    """The version, and how new the data is by which it judges."""
    history = History.load()
    return f"pydeploy-lint {__version__}, data of {history.until} (buildpack {history.release_on(history.until)})"
