"""Whether Heroku supports the Python version that is asked for."""

from collections.abc import Iterator

from pydeploy_checks.python.fixes import name_series
from pydeploy_lint.plugin import (
    DEFAULT_ORIGIN,
    DEV_CENTER,
    PIPFILE_LOCK,
    RUNTIME_TXT,
    App,
    Example,
    Problem,
    Severity,
    Status,
    VersionRequest,
    check,
)

URL = DEV_CENTER + "python-support#supported-python-versions"
APP = {"requirements.txt": ""}


def _requested(app: App, *statuses: Status) -> VersionRequest | None:
    """The request, where the build says one of these of its series."""
    request = app.python.request
    return request if request and app.policy.status(request.series) in statuses else None


def _upgrade(app: App, request: VersionRequest) -> str:
    if request.origin == PIPFILE_LOCK:
        return (
            f"Change python_version under [requires] in the Pipfile to {app.policy.default_series}, say, and lock:\n"
            "    pipenv lock"
        )
    value = f"python-{app.policy.default_series}" if request.origin == RUNTIME_TXT else app.policy.default_series
    return f"Test with a newer version, then set it in {request.origin}:\n    {value}"


@check("unsupported-runtime", severity=Severity.ERROR, url=URL)
def unsupported_runtime(app: App) -> Iterator[Problem]:
    """The Python version has reached its end of life, so Heroku rejects the push.

    Heroku removes a series a few weeks after upstream stops maintaining it.

    ## How to fix

    Upgrade to a supported series, ideally the newest your dependencies support.
    """
    request = _requested(app, Status.END_OF_LIFE)
    if request:
        end = app.policy.upstream_end(request.series)
        since = f" ({end})" if end else ""
        yield Problem(
            f"Python {request.series} has reached its end of life{since}; Heroku rejects it, "
            f"and supports {next(iter(app.policy.latest_patches))} and later",
            app.python.request_at,
            help=_upgrade(app, request),
            failure_reason="python-version::eol",
        )


unsupported_runtime.examples(
    bad=[Example({**APP, ".python-version": "3.8\n"}, at=(".python-version:1:1-1:4",))],
    good=[
        Example({**APP, ".python-version": "3.13\n"}),
        Example({**APP, ".python-version": "3.9\n"}, options={"as-of": "2025-06-01"}),
    ],
)


@check("deprecated-runtime", severity=Severity.WARNING, url=URL)
def deprecated_runtime(app: App) -> Iterator[Problem]:
    """The Python version is deprecated, and Heroku will soon reject it.

    Upstream no longer maintains the series, or will stop within months. Heroku builds with it until the announced date,
    and warns at every build.

    ## How to fix

    Upgrade to a supported series before that date.
    """
    request = _requested(app, Status.DEPRECATED, Status.SUPPORTED)
    if request is None:
        return
    warns = app.policy.status(request.series) is Status.DEPRECATED
    documented = app.policy.documented(request.series)
    if not warns and documented.status is not Status.DEPRECATED:
        return
    removal = app.policy.removal(request.series)
    removed = (removal and removal.removed) or documented.until
    when = f"; Heroku rejects it from {removed} on" if removed else ""
    end = (removal and removal.upstream_end) or app.policy.upstream_end(request.series)
    upstream = f" (upstream support ends {end})" if end else ""
    yield Problem(
        f"Python {request.series} is deprecated{upstream}{when}",
        app.python.request_at,
        help=_upgrade(app, request),
        build_warning=warns,
    )


deprecated_runtime.examples(
    bad=[
        Example({**APP, ".python-version": "3.10\n"}, at=(".python-version:1:1-1:5",), options={"as-of": "2026-08-18"})
    ],
    good=[Example({**APP, ".python-version": "3.13\n"}, options={"as-of": "2026-08-18"})],
)


@check("unknown-runtime", severity=Severity.ERROR, url=URL)
def unknown_runtime(app: App) -> Iterator[Problem]:
    """The Python version is newer than any that Heroku knows.

    Heroku adds a new series within days of its upstream release, and rejects a series that it does not know.
    pydeploy-lint knows the releases of the buildpack up to the date that `--version` prints. For a series that
    may have come out since, this is a warning: Heroku may well support it today.

    ## How to fix

    Ask for a series that Heroku supports, or update pydeploy-lint.
    """
    request = _requested(app, Status.UNKNOWN)
    if request is None:
        return
    newest = list(app.policy.latest_patches)[-1]
    if app.policy.may_be_supported_by_now(request.series):
        age = (app.policy.as_of - app.policy.data_until).days
        message = (
            f"Python {request.series} is unknown to this data, which ended {age} days ago, on {app.policy.data_until}; "
            f"the newest series up to then is {newest}"
        )
        help_text = f"Update pydeploy-lint, or ask for a series that is surely supported:\n    {newest}"
    else:
        message = f"Python {request.series} is unknown to Heroku, which rejects it; the newest series is {newest}"
        help_text = _upgrade(app, request)
    yield Problem(
        message,
        app.python.request_at,
        help=help_text,
        severity=Severity.WARNING if app.policy.may_be_supported_by_now(request.series) else None,
        failure_reason="python-version::unknown-major",
    )


unknown_runtime.examples(
    bad=[
        Example({**APP, ".python-version": "3.99\n"}, at=(".python-version:1:1-1:5",)),
        Example({**APP, ".python-version": "3.15\n"}, at=(".python-version:1:1-1:5",), options={"buildpack": "v351"}),
    ],
    good=[Example({**APP, ".python-version": "3.13\n"})],
)


@check("unavailable-patch", severity=Severity.WARNING, url=URL)
def unavailable_patch(app: App) -> Iterator[Problem]:
    """The patch release is newer than any that Heroku had when pydeploy-lint was made.

    Heroku downloads exactly this patch, and rejects the push if it does not have it. Which patches it has changes
    between releases of the buildpack; the newest that is known here is the one that the series gives.

    ## How to fix

    Leave out the last number, and every build takes the newest patch of the series.
    """
    request = app.python.request
    if request is None or app.python.version is None or not request.pinned:
        return
    latest = app.policy.latest_patches[request.series]
    patch, newest = int(request.version.split(".")[2]), int(latest.split(".")[2])
    if patch > newest:
        yield Problem(
            f"Python {request.version} is newer than {latest}, the newest patch release known on "
            f"{min(app.policy.data_until, app.policy.as_of)}; Heroku rejects a patch release that it does not have",
            app.python.request_at,
            help=f"Ask for the series:\n    {request.series}",
            fix=name_series(app),
        )


unavailable_patch.examples(
    bad=[Example({**APP, ".python-version": "3.13.999\n"}, at=(".python-version:1:1-1:9",))],
    good=[Example({**APP, ".python-version": "3.13\n"})],
)


@check("runtime-not-on-stack", severity=Severity.ERROR, url=URL)
def runtime_not_on_stack(app: App) -> Iterator[Problem]:
    """The Python version is not built for the app's stack.

    A series is compiled for each stack. Old series are not compiled for new stacks; the build fails when it does
    not find the archive.

    ## How to fix

    Ask for a newer series, or build on an older stack.
    """
    request = app.python.request
    if request and app.python.version and request.origin != DEFAULT_ORIGIN and not app.policy.on_stack(request.series):
        yield Problem(
            f"Python {request.series} is not available on {app.policy.stack}",
            app.python.request_at,
            help=_upgrade(app, request),
            failure_reason="python-version::unknown-patch",
        )


runtime_not_on_stack.examples(
    bad=[
        Example(
            {**APP, ".python-version": "3.8\n"},
            at=(".python-version:1:1-1:4",),
            options={"as-of": "2024-11-06", "stack": "heroku-24"},
        )
    ],
    good=[Example({**APP, ".python-version": "3.12\n"}, options={"as-of": "2024-11-06", "stack": "heroku-24"})],
)
