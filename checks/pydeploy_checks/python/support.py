"""Whether Heroku supports the Python version that is asked for."""

from collections.abc import Iterator

from pydeploy_checks.python.choice import recommended_series
from pydeploy_checks.python.fixes import name_series, upgrade
from pydeploy_lint.plugin import (
    DEFAULT_ORIGIN,
    DEV_CENTER,
    OFFICIAL,
    PIPFILE_LOCK,
    PYTHON_VERSION,
    RUNTIME_TXT,
    App,
    Example,
    Problem,
    Severity,
    Status,
    Step,
    VersionRequest,
    check,
    series_key,
)

URL = DEV_CENTER + "python-support#supported-python-versions"
APP = {"requirements.txt": ""}


def _requested(app: App, *statuses: Status) -> VersionRequest | None:
    """The request, where the build says one of these of its series."""
    request = app.python.request
    return request if request and app.policy.status(request.series) in statuses else None


def _upgrade(app: App, request: VersionRequest) -> str:
    """How to ask for a newer Python, with which the app's lock and pins work as far as is known."""
    series = recommended_series(app)
    if request.origin == PIPFILE_LOCK:
        return (
            f"Set python_version to {series} under [requires] in the Pipfile, test with it, and lock:\n    pipenv lock"
        )
    if request.origin != RUNTIME_TXT:
        file = request.origin if app.python.is_asked else PYTHON_VERSION
        return f"Test with a newer version, then set it in {file}:\n    {series}"
    if app.policy.rules.reads_python_version_file:
        return (
            "Test with a newer version, then set it in .python-version, which replaces runtime.txt:\n"
            f"    echo {series} > .python-version\n    git rm runtime.txt"
        )
    return f"Test with a newer version, then set it in runtime.txt:\n    python-{app.policy.latest_patches[series]}"


LATEST_BUILDPACK = (
    f"If Heroku supports that version, check that the app uses the latest buildpack, {OFFICIAL}:\n    heroku buildpacks"
)
"""The advice of Heroku's support article (2024-11-06) on "Requested runtime is not available for this stack"."""


def _probably_removed(app: App) -> Iterator[Problem]:
    """A series that Heroku should have removed by now, in the January after upstream's end; nobody announced it."""
    request = app.python.request
    if request and request.origin != DEFAULT_ORIGIN and app.policy.may_be_removed_by_now(request.series):
        yield Problem(
            f"Python {request.series} has reached its end of life ({app.policy.upstream_end(request.series)}); "
            f"Heroku probably rejects it since {app.policy.expected_removal(request.series)}, in the January after its "
            f"end, but pydeploy-lint cannot know: {_age(app)}",
            app.python.request_at,
            help=_upgrade(app, request),
            fix=upgrade(app, request),
            severity=Severity.WARNING,
            failure_reason="python-version::eol",
            certain=False,
        )


def _age(app: App) -> str:
    return f"its platform data of {app.policy.data_until} is {app.policy.age_days} days old"


@check("unsupported-runtime", severity=Severity.ERROR, url=URL)
def unsupported_runtime(app: App) -> Iterator[Problem]:
    """The Python version has reached its end of life, so Heroku rejects the push.

    Heroku removes a series a few weeks after upstream stops maintaining it.

    ## How to fix

    Upgrade to a supported series, ideally the newest your dependencies support.
    """
    request = _requested(app, Status.END_OF_LIFE)
    if request is None:
        yield from _probably_removed(app)
    else:
        end = app.policy.upstream_end(request.series)
        since = f" ({end})" if end else ""
        yield Problem(
            f"Python {request.series} has reached its end of life{since}; Heroku rejects it, "
            f"and supports {next(iter(app.policy.latest_patches))} and later",
            app.python.request_at,
            help=_upgrade(app, request),
            fix=upgrade(app, request),
            failure_reason="python-version::eol",
        )


unsupported_runtime.examples(
    bad=[Example({**APP, ".python-version": "3.8\n"}, at=(".python-version:1:1-1:4",))],
    good=[
        Example({**APP, ".python-version": "3.13\n"}),
        Example({**APP, ".python-version": "3.9\n"}, options={"as-of": "2025-06-01"}),
    ],
)


@check("deprecated-runtime", severity=Severity.WARNING, url=URL, warned_at=Step.VERSION_WARNINGS)
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
        if request.origin != DEFAULT_ORIGIN:
            yield from _probably_deprecated(app, request)
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
        fix=upgrade(app, request),
        build_warning=warns,
    )


def _probably_deprecated(app: App, request: VersionRequest) -> Iterator[Problem]:
    """A series that upstream no longer maintains, of which the data is too old to know when Heroku removes it."""
    end, removal = app.policy.upstream_end(request.series), app.policy.expected_removal(request.series)
    ended = end is not None and end[:7] < app.policy.as_of.isoformat()[:7]
    if ended and removal and removal > app.policy.as_of and app.policy.data_may_be_stale:
        yield Problem(
            f"Python {request.series} has reached its end of life ({end}); Heroku will probably reject it from "
            f"{removal} on, as it removes a series in the January after its end",
            app.python.request_at,
            help=_upgrade(app, request),
            fix=upgrade(app, request),
            certain=False,
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
    pydeploy-lint knows the releases of the buildpack up to the date that `--version` prints. A series that may have
    come out since is only noted: Heroku most likely supports it today.

    ## How to fix

    If the series exists, check that the app uses the latest buildpack, `heroku/python`: a pinned release or a fork does
    not know newer series. Otherwise ask for a series that Heroku supports, or update pydeploy-lint.
    """
    request = _requested(app, Status.UNKNOWN)
    if request is None:
        return
    newest = list(app.policy.latest_patches)[-1]
    if app.policy.may_be_supported_by_now(request.series):
        yield Problem(
            f"Heroku probably supports Python {request.series} by now, but pydeploy-lint knows no series after "
            f"{newest}; {_age(app)}",
            app.python.request_at,
            help=f"Update pydeploy-lint, or ask for a series that is surely supported:\n    {newest}",
            severity=Severity.NOTE,
            certain=False,
        )
        return
    yield Problem(
        f"Python {request.series} is unknown to Heroku, which rejects it; the newest series is {newest}",
        app.python.request_at,
        help=f"{_upgrade(app, request)}\n{LATEST_BUILDPACK}",
        fix=upgrade(app, request),
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

    Heroku downloads exactly the patch that is asked for, and rejects the push if its storage does not have it. All
    releases of the buildpack share that storage; the newest patch that is known here is the one that the series
    stands for. A patch that upstream may have released since is only noted.

    ## How to fix

    Leave out the last number, and every build takes the newest patch of the series.
    """
    request = app.python.request
    if request is None or app.python.version is None or not request.pinned:
        return
    latest = app.policy.newest_patch_known(request.series)
    if latest is None or series_key(request.version) <= series_key(latest):
        return
    is_new = app.policy.patch_is_new(request.version)
    known = f"{latest}, the newest patch release known on {app.policy.facts_until}"
    yield Problem(
        f"Python {request.version} is newer than {known}; Heroku builds it if upstream has released it since"
        if is_new
        else f"Python {request.version} is newer than {known}; Heroku rejects a patch release that it does not have",
        app.python.request_at,
        help=f"Ask for the series:\n    {request.series}",
        fix=name_series(app),
        severity=Severity.NOTE if is_new else None,
        certain=False,
    )


unavailable_patch.examples(
    bad=[Example({**APP, ".python-version": "3.13.999\n"}, at=(".python-version:1:1-1:9",))],
    good=[Example({**APP, ".python-version": "3.13\n"})],
)


@check("runtime-not-on-stack", severity=Severity.ERROR, url=URL)
def runtime_not_on_stack(app: App) -> Iterator[Problem]:
    """The Python version is not built for the app's stack.

    Heroku compiles each series for the stacks of its time. On a newer stack the build ends with "Requested runtime is
    not available for this stack".

    ## How to fix

    Check that the app uses the latest buildpack, `heroku/python`: a pinned release or a fork does not know newer
    versions. If the version is too old for the stack, ask for a newer series.
    """
    request = app.python.request
    if request and app.python.version and request.origin != DEFAULT_ORIGIN and not app.policy.on_stack(request.series):
        yield Problem(
            f"Python {request.series} is not available on {app.policy.stack}; Heroku rejects the push",
            app.python.request_at,
            help=f"{_upgrade(app, request)}\n{LATEST_BUILDPACK}",
            fix=upgrade(app, request),
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
