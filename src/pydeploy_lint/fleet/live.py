"""Asks Heroku how an app is set up there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.heroku import api

if TYPE_CHECKING:
    from pydeploy_lint.settings.options import Options


def live_options(name: str, options: Options) -> Options:
    """The options with what Heroku says of an app.

    Raises:
        HerokuApiError: the app cannot be read, or is built without the Python buildpack.
    """
    app = api.read_app(name)
    if not app.stack.startswith("heroku-"):
        raise api.HerokuApiError(f"it is on the stack {app.stack}, which builds without heroku/python")
    return options.replaced(
        buildpacks=app.listing,
        stack=app.stack,
        region=app.region,
        config_vars=app.config_vars,
        addons=app.addons,
        account_created=app.account_created or options.app.account_created,
    )
