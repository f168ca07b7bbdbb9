"""Until when the app can be deployed without changes."""

from collections.abc import Iterator

from pydeploy_lint.plugin import DEV_CENTER, App, Change, Example, Problem, Severity, check

APP = {"requirements.txt": ""}
ENDS = {
    Change.SERIES_REMOVED: "Python {subject} is removed",
    Change.STACK_BUILDS_BLOCKED: "builds on {subject} are blocked",
}
"""What ends an app's deploys for good; the changes before that are warnings of other checks."""


@check("stops-deploying", severity=Severity.WARNING, url=DEV_CENTER + "python-support#supported-python-versions")
def stops_deploying(app: App) -> Iterator[Problem]:
    """The app will stop deploying on an announced date.

    An app that nobody changes can no longer be deployed once Heroku removes its Python series or blocks builds on its
    stack. With `--until DATE` the first such date up to DATE is reported.

    Only what Heroku has announced is known; it usually announces the removal of a series a year ahead.

    ## How to fix

    Upgrade before that date.
    """
    until, request = app.options.until, app.python.request
    if until is None:
        return
    subjects = {app.policy.stack, request.series if request else ""}
    for event in app.policy.announced():
        if event.change in ENDS and event.subject in subjects and event.date <= until:
            what = ENDS[event.change].format(subject=event.subject)
            at = app.python.request_at if event.change is Change.SERIES_REMOVED else app.declared.stack_at
            yield Problem(
                f"from {event.date} Heroku rejects deploys: {what}",
                at,
                help=f"Upgrade before that date. Announced by: {event.source}",
            )
            return


stops_deploying.examples(
    bad=[
        Example(
            {**APP, ".python-version": "3.10\n"},
            at=(".python-version:1:1-1:5",),
            options={"as-of": "2026-08-18", "until": "2027-12-31"},
        )
    ],
    good=[
        Example({**APP, ".python-version": "3.13\n"}, options={"as-of": "2026-08-18", "until": "2027-12-31"}),
        Example({**APP, ".python-version": "3.10\n"}, options={"as-of": "2026-08-18", "until": "2026-12-31"}),
    ],
)
