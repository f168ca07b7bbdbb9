"""Until when the app can be deployed without changes."""

from collections.abc import Iterator

from pydeploy_lint.plugin import DEV_CENTER, App, Example, Problem, Severity, check

APP = {"requirements.txt": ""}


@check("stops-deploying", severity=Severity.WARNING, url=DEV_CENTER + "python-support#supported-python-versions")
def stops_deploying(app: App) -> Iterator[Problem]:
    """The app will stop deploying on an announced date.

    An app that nobody changes can no longer be deployed once Heroku removes its Python series or blocks builds on its
    stack. With `--until DATE` the first such date up to DATE is reported.

    Heroku usually announces the removal of a series a year ahead. Before that, a note gives the date that follows from
    earlier removals: the first Wednesday after the New Year that follows upstream's end. The same goes for builds on a
    stack, which end on the day after its end of life.

    ## How to fix

    Upgrade before that date.
    """
    until, ending = app.options.until, app.ending if app.options.until else None
    if until is None or ending is None or ending.date > until:
        return
    if ending.expected:
        message = f"from {ending.date} Heroku probably rejects deploys (not announced yet): {ending.reason}"
        why = f"Expected from {ending.source}"
    else:
        message, why = f"from {ending.date} Heroku rejects deploys: {ending.reason}", f"Announced by: {ending.source}"
    yield Problem(
        message,
        ending.at,
        help=f"Upgrade before that date. {why}",
        severity=Severity.NOTE if ending.expected else None,
        certain=not ending.expected,
    )


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
