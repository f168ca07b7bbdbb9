"""When something that stops Python is met: in the build, when the app starts, or with the first request."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.plugin import APP_JSON, App, Installed

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Django, Phase

OTHER = "collectstatic-other"
NO_START = "the app does not start"
REJECTED = "collectstatic fails, and Heroku rejects the push"


class Stop(NamedTuple):
    """What becomes of an app in which Python raises an exception."""

    consequence: str
    """A clause such as ``the app does not start``."""
    reason: str | None = None
    """The reason with which the build stops."""
    is_certain: bool = True
    condition: str = ""
    """A clause that says when it does not happen."""

    def follows(self, *conditions: str) -> str:
        """The end of a message: a colon or ``; unless``, further conditions, and the consequence."""
        unless = " or ".join(filter(None, (*conditions, self.condition)))
        return f"; unless {unless}, {self.consequence}" if unless else f": {self.consequence}"


def runs_collectstatic(app: App, django: Django) -> bool:
    """Whether the build surely runs collectstatic with the settings that are known."""
    return may_run_collectstatic(app) and django.build_settings is not None


def may_run_collectstatic(app: App) -> bool:
    """Whether the build surely runs collectstatic, with whatever settings."""
    document = app.files.document(APP_JSON)
    return (
        app.build.skips_collectstatic is None
        and (document is None or document.get("env", "DISABLE_COLLECTSTATIC") is None)
        and "collectstatic" in app.policy.rules.steps
        and app.packages.install_set is not None
        and app.packages.install_set.provides_module("django").installed is Installed.YES
    )


def reason_at(app: App, phase: Phase, reason: str = OTHER) -> Stop:
    """What becomes of an app in which Python raises an exception at some point.

    Args:
        app: the app.
        phase: the point.
        reason: with which the build stops if that is during collectstatic.
    """
    from pydeploy_lint.plugin import Phase

    others = "the config var DJANGO_SETTINGS_MODULE names other settings"
    if app.django is not None and app.django.may_use_others and phase is not Phase.PERHAPS_BUILD:
        found = Stop(REJECTED, reason) if phase is Phase.BUILD and may_run_collectstatic(app) else Stop(NO_START)
        return found._replace(is_certain=False, condition=others)
    if phase is Phase.REQUEST:
        return Stop("every request is answered with an error page")
    if phase is Phase.BOOT or not may_run_collectstatic(app):
        return Stop(NO_START, is_certain=phase is not Phase.PERHAPS_BUILD)
    if phase is Phase.PERHAPS_BUILD:
        assert app.django is not None
        condition = f"the config var DJANGO_SETTINGS_MODULE names other settings than {app.django.manage_py}"
        return Stop(REJECTED, reason, is_certain=False, condition=condition)
    return Stop(REJECTED, reason)
