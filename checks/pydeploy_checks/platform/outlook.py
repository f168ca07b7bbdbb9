"""Until when the app can be deployed as it is."""

from collections.abc import Iterator

from pydeploy_lint.plugin import DEV_CENTER, App, Change, Example, Problem, Severity, check

APP = {"requirements.txt": ""}
ENDS = {
    Change.SERIES_REMOVED: "Heroku removes Python {subject}",
    Change.STACK_BUILDS_BLOCKED: "Heroku blocks builds on {subject}",
}
"""What ends an app's deploys for good; the changes before that are warnings of other checks."""


@check("stops-deploying", severity=Severity.WARNING, url=DEV_CENTER + "python-support#supported-python-versions")
def stops_deploying(app: App) -> Iterator[Problem]:
    """The app will stop to deploy on a day that is announced.

    An app that nobody changes stops to deploy when Heroku removes its Python series, or blocks builds on its stack.
    With `--until DATE` the first such day up to that date is reported.

    Only what Heroku has announced is known; a series is usually announced a year before it is removed.

    ## How to fix

    Upgrade before that day.
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
                f"deploys stop on {event.date}: {what}",
                at,
                help=f"Upgrade before that day. Announced by: {event.source}",
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
