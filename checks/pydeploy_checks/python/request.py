"""Which Python version is asked for, and whether it gets security updates."""

from collections.abc import Iterator

from pydeploy_checks.locks import lock_again
from pydeploy_checks.python.choice import recommended_series, series_elsewhere, series_of_last_build
from pydeploy_checks.python.fixes import name_series, override_lock, suggested_version, ways_to_ask
from pydeploy_lint.plugin import (
    CACHED_ORIGIN,
    DEV_CENTER,
    PIPFILE_LOCK,
    PYTHON_VERSION,
    App,
    Example,
    Mode,
    Problem,
    Severity,
    Span,
    Step,
    check,
    series_key,
)

URL = DEV_CENTER + "python-runtimes"
APP = {"requirements.txt": ""}


@check("missing-python-version", severity=Severity.WARNING, url=URL, warned_at=Step.VERSION_FILE)
def missing_python_version(app: App) -> Iterator[Problem]:
    """No file says which Python version the app needs.

    Heroku then uses its default for a new app, and keeps that series until the build cache is cleared: two
    deploys of the same code can run different versions. It warns in every build. With uv it rejects the push.

    ## How to fix

    Add a file named `.python-version` to the root of the app, with the series as its only line, such as `3.13`. An app
    that is live already runs on the series of its last build, which the build's log names; ask for that, or test
    another one first. Where a workflow, `tox.ini`, a `Dockerfile`, `.tool-versions` or `mise.toml` names a series, the
    fix proposes that one.
    """
    mode = app.policy.rules.about_missing_version(app.managers.chosen)
    if app.python.is_asked or _lock_would_decide(app):
        return
    ways = ways_to_ask(app)
    if mode is Mode.ERROR:
        message = "there is no .python-version, which is required for apps that use uv; Heroku rejects the push"
    elif app.python.origin == CACHED_ORIGIN and app.python.request:
        message = (
            f"there is no .python-version; Heroku keeps the Python of the last build, {app.python.request.version}, "
            f"until its build cache is cleared, and then uses its default, Python {_default(app)}"
        )
    else:
        message = (
            "there is no .python-version; Heroku uses its default, "
            f"Python {_default(app)}, and later builds keep the version of the first build"
        )
    problem = Problem(
        message + app.build.unless_generated,
        Span(PYTHON_VERSION),
        help=_advice(app),
        severity=Severity.WARNING if app.build.generators else None,
        fix=ways[0] if ways else None,
        alternatives=tuple(ways[1:]),
    )
    yield mode.judge(problem, "python-version-file::not-found")


def _advice(app: App) -> str:
    lead = "Set the series that the app needs"
    if last := series_of_last_build(app):
        series = last
        lead += f"; with {last}, nothing changes"
    elif elsewhere := series_elsewhere(app):
        series, reason = elsewhere
        lead += f", such as {series}, as {reason}"
    else:
        series = recommended_series(app)
        lead += "; if it was deployed before, that in the log of its last build"
    return f"{lead}:\n    echo {series} > {PYTHON_VERSION}"


def _default(app: App) -> str:
    """The default series; where the data is too old to know, also those that it may be by now."""
    likely, *others = app.policy.default_candidates
    return f"{likely} (or by now {' or '.join(others)})" if others else f"{likely} today"


def _lock_would_decide(app: App) -> bool:
    """Whether Pipfile.lock names the version, and only the choice between package managers is open."""
    if app.managers.chosen is not None or PIPFILE_LOCK not in app.managers.files.values():
        return False
    document = app.files.noted_document(PIPFILE_LOCK)
    return bool(document and document.get("_meta", "requires"))


missing_python_version.examples(
    bad=[
        Example(APP, at=(".python-version",)),
        Example({"uv.lock": "version = 1\n"}, at=(".python-version",)),
    ],
    good=[Example({**APP, ".python-version": "3.13\n"})],
)


@check("python-version-pinned", severity=Severity.NOTE, url=URL)
def python_version_pinned(app: App) -> Iterator[Problem]:
    """An exact patch release is asked for, so security updates do not arrive.

    With `3.13`, every build uses the newest patch of the series. With `3.13.2`, builds keep that patch until
    somebody changes the file.

    ## How to fix

    Leave out the last number.
    """
    request = app.python.request
    if request and request.pinned and app.python.is_asked and app.python.version and not _newer_patch(app):
        yield Problem(
            f"Python {request.version} is an exact patch release, so security updates do not arrive",
            app.python.request_at,
            help=f"Ask for the series:\n    {request.series}",
            fix=name_series(app),
        )


python_version_pinned.examples(
    bad=[
        Example({**APP, ".python-version": "3.14.7\n"}, at=(".python-version:1:1-1:7",), options={"buildpack": "v351"})
    ],
    good=[Example({**APP, ".python-version": "3.14\n"})],
)


def _newer_patch(app: App) -> str | None:
    """The newest patch of the series, where an older one is asked for."""
    request = app.python.request
    if request is None or app.python.version is None:
        return None
    latest = app.policy.latest_patches[request.series]
    return latest if series_key(request.version) < series_key(latest) and request.pinned else None


@check("outdated-patch", severity=Severity.WARNING, url=URL, warned_at=Step.VERSION_WARNINGS)
def outdated_patch(app: App) -> Iterator[Problem]:
    """An outdated patch release is asked for.

    The newer one has security fixes that the app lacks. Heroku warns in every build.

    ## How to fix

    Ask for the series, such as `3.13`: every build then uses its newest patch.
    """
    request, latest = app.python.request, _newer_patch(app)
    if request and latest:
        yield Problem(
            f"Python {request.version} is outdated: {latest} is available",
            app.python.request_at,
            help=f"Ask for the series, and every build uses its newest patch:\n    {request.series}",
            build_warning=True,
            fix=name_series(app),
        )


outdated_patch.examples(
    bad=[Example({**APP, ".python-version": "3.13.1\n"}, at=(".python-version:1:1-1:7",))],
    good=[Example({**APP, ".python-version": "3.13\n"})],
)


@check("pipfile-lock-version", severity=Severity.ERROR, url=URL)
def pipfile_lock_version(app: App) -> Iterator[Problem]:
    """The Python version in `Pipfile.lock` cannot be read.

    Without a `.python-version`, Heroku reads the version from `_meta.requires` in `Pipfile.lock`. It must be of the
    form `3.13` or `3.13.2`; a wildcard or a range, which Pipenv itself accepts in some places, is rejected.

    ## How to fix

    Add a `.python-version`, which takes precedence over `Pipfile.lock`; or correct `[requires]` in the `Pipfile` and
    run `pipenv lock`.
    """
    request = app.python.lock_request
    if request is None or request.failure_reason is None or app.python.origin != PIPFILE_LOCK:
        return
    if request.failure_reason == "pipfile-lock::invalid-json":
        message = "Pipfile.lock is not valid JSON, or not of the form that Pipenv writes; Heroku cannot read it"
    elif request.field is None:
        message = "Pipfile.lock is empty, or contains more than one document; Heroku cannot read it"
    else:
        message = (
            f"{request.found!r} in Pipfile.lock is not a Python version of the form '3.13'; Heroku rejects the push"
        )
    problem = Problem(
        message,
        app.python.request_at,
        help=_relock(app, request.found),
        failure_reason=request.failure_reason,
    )
    yield problem.with_fixes(override_lock(app, request.found), lock_again("pipenv"))


def _relock(app: App, found: str | None) -> str:
    if not found:
        return "Lock again:\n    pipenv lock"
    series = suggested_version(app, found)
    return f"Set python_version to {series} under [requires] in the Pipfile, and lock again:\n    pipenv lock"


pipfile_lock_version.examples(
    bad=[
        Example({"Pipfile.lock": '{"_meta": {"requires": {"python_version": "3.x"}}}'}, at=("Pipfile.lock:1:43-1:48",)),
        Example(
            {"Pipfile.lock": '{"_meta": {"requires": {"python_version": "3.13.*"}}}'}, at=("Pipfile.lock:1:43-1:51",)
        ),
        Example({"Pipfile.lock": '{"_meta": {"requires": []}}'}, at=("Pipfile.lock",)),
        Example({"Pipfile.lock": '{"_meta": }'}, at=("Pipfile.lock:1:11-1:12",)),
    ],
    good=[Example({"Pipfile.lock": '{"_meta": {"requires": {"python_version": "3.13"}}}'})],
)
