"""What the user says about an app that its files do not say."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pydeploy_lint.files.source import Source


class AppOptions(NamedTuple):
    """What an app is judged by, beside its files."""

    as_of: datetime.date
    """The date to judge by."""
    until: datetime.date | None = None
    """Look ahead to this date for the day from which the app can no longer be deployed."""
    buildpack: str | None = None
    """The release of the buildpack to judge by, whatever the date."""
    stack: str | None = None
    """None: the one that app.json names, or the platform's default."""
    region: str | None = None
    """Where the app runs, such as ``eu``, if Heroku was asked."""
    config_vars: frozenset[str] | None = None
    """The names of the config vars that are set on Heroku, if it was asked; ``app.json`` sets no other then."""
    addons: tuple[str, ...] | None = None
    """The services of the app's add-ons, such as ``heroku-postgresql``, if Heroku was asked."""
    last_python: str | None = None
    """The Python of the app's last build, such as ``3.12`` or ``3.12.4``; None: unknown, or there was none."""
    account_created: datetime.date | None = None
    """When the Heroku account was created."""
    buildpacks: Source | None = None
    """The printed output of ``heroku buildpacks``."""
    ask_uv: bool = False
    """Whether an installed uv may check a uv.lock."""
