"""Asks Heroku how an app is set up there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.heroku.api import HerokuApiError, read_app

if TYPE_CHECKING:
    from pydeploy_lint.settings.options import Options


def live_options(name: str, options: Options) -> Options:
    """The options with the buildpacks, the stack and the region of an app on Heroku.

    Raises:
        HerokuApiError: the app cannot be read, or is built without the Python buildpack.
    """
    app = read_app(name)
    if not app.stack.startswith("heroku-"):
        raise HerokuApiError(f"it is on the stack {app.stack}, which builds without heroku/python")
    return options.replaced(buildpacks=app.listing, stack=app.stack, region=app.region)
