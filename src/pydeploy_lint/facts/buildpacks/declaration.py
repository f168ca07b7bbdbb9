"""What is said about an app's buildpacks: ordered lists, each from one place."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pydeploy_lint.facts.buildpacks.reference import BuildpackReference
    from pydeploy_lint.finding import Span


class Place(enum.Enum):
    """A kind of place in which buildpacks are declared."""

    LISTING = "the printed list of `heroku buildpacks`"
    APP_JSON = "`app.json`"
    APP_JSON_ENVIRONMENT = "`environments` of `app.json`"
    BUILDPACKS_FILE = "`.buildpacks`"
    PROJECT_TOML = "`project.toml`"
    TERRAFORM = "a Terraform configuration"
    HEROKU_COMMAND = "a command of Heroku's command line"
    DOKKU_COMMAND = "a command of Dokku"
    ENV_FILE = "a file of environment variables"
    CONFIG_VAR = "the config var `BUILDPACK_URL`"

    @property
    def is_live(self) -> bool:
        """Whether it says what the app is built with now, rather than what somebody once asked for."""
        return self is Place.LISTING

    @property
    def heroku_reads(self) -> bool:
        """Whether Heroku's classic build acts on it; other platforms may read the rest."""
        return self not in (Place.BUILDPACKS_FILE, Place.PROJECT_TOML, Place.DOKKU_COMMAND, Place.ENV_FILE)

    @property
    def is_data_file(self) -> bool:
        """Whether a reference in it can be replaced without a look at what surrounds it."""
        return self in (
            Place.APP_JSON,
            Place.APP_JSON_ENVIRONMENT,
            Place.BUILDPACKS_FILE,
            Place.PROJECT_TOML,
            Place.TERRAFORM,
        )


class BuildpackEntry(NamedTuple):
    """One buildpack of a list."""

    reference: BuildpackReference
    at: Span
    """The text of the reference, without quotation marks."""


class BuildpackList(NamedTuple):
    """The buildpacks that one place asks for, in the order in which they run."""

    place: Place
    entries: tuple[BuildpackEntry, ...]
    app: str | None = None
    """The name of the app, where the place tells."""
    complete: bool = True
    """Whether the app has no others: commands may add to a list that they do not show."""
