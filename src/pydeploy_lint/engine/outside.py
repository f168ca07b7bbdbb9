"""Which findings are about an app that heroku/python does not build, or may not build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.facts.buildpacks.route import BuiltBy
from pydeploy_lint.finding import Severity
from pydeploy_lint.heroku.steps import NO_APP

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydeploy_lint.engine.result import BuildPrediction
    from pydeploy_lint.facts.app import App
    from pydeploy_lint.finding import Finding

DECLARATIONS = "buildpacks"
"""The family of checks that judge what the repository declares, wherever the app is in it."""
ANNOUNCEMENTS = frozenset({"container-build", "cloud-native-build", "buildpack-root", "no-python-buildpack"})
"""The checks that say what builds the app; they hold whatever does."""
STILL_JUDGED = {
    BuiltBy.CONTAINER: frozenset({"app-json"}),
    # The router, the dynos and Django are the same; how the packages get there is not.
    BuiltBy.CLOUD_NATIVE: frozenset({"app-json", "django", "procfile"}),
    BuiltBy.UNDECIDED: frozenset({"app-json", DECLARATIONS}),
}
"""The families that are about the app even if heroku/python does not build it; all of them where it does."""


def concerning(
    app: App, build: BuildPrediction, findings: Iterable[Finding], families: Mapping[str, str]
) -> list[Finding]:
    """The findings that hold for an app, given what builds it.

    Args:
        app: the app.
        build: the prediction.
        findings: everything that the checks found.
        families: the family of each check.
    """
    if build.failure_reason == NO_APP:
        # What is no Python app has no other problems.
        return [finding for finding in findings if finding.failure_reason == NO_APP]
    route = app.declared.route
    kept = STILL_JUDGED.get(route.built_by)
    if kept is not None:
        findings = [each for each in findings if each.check in ANNOUNCEMENTS or families.get(each.check) in kept]
        doubted = route.built_by is BuiltBy.CLOUD_NATIVE
    else:
        doubted = not route.certain
        if route.unknown:
            findings = [each for each in findings if families.get(each.check) != "procfile"]
    return [_doubtful(finding) if doubted else finding for finding in findings]


def _doubtful(finding: Finding) -> Finding:
    """A finding of which nobody knows whether it is about the app: it blocks no push."""
    return finding._replace(severity=min(finding.severity, Severity.WARNING), certain=False)
