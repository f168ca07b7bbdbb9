"""The steps of the build, up to the one at which it stops."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydeploy_lint.facts.buildpacks.route import BuiltBy
from pydeploy_lint.facts.packages.installed.install_set import Installed
from pydeploy_lint.facts.python.version import CACHED_ORIGIN, DEFAULT_ORIGIN
from pydeploy_lint.finding import Severity, Span
from pydeploy_lint.heroku.policy import MANAGER_TITLES
from pydeploy_lint.heroku.steps import STOPS, Step
from pydeploy_lint.report.plan.plan import Line

if TYPE_CHECKING:
    from pydeploy_lint.engine.result import AppReport
    from pydeploy_lint.facts.app import App


DETECTED = "-----> Python app detected"
"""The first line that the buildpack prints."""
MISSING_TAG = "buildpack-missing-tag"
ANNOUNCED_BY = {
    BuiltBy.CONTAINER: "container-build",
    BuiltBy.CLOUD_NATIVE: "cloud-native-build",
    BuiltBy.OTHER_BUILDPACKS: "no-python-buildpack",
    BuiltBy.UNDECIDED: "buildpack-root",
}
"""The check whose finding says what builds the app in place of heroku/python."""


def lines(app: App, report: AppReport) -> Iterator[Line]:
    """The build, step by step."""
    reason = report.build.failure_reason
    announced = None if reason else ANNOUNCED_BY.get(app.declared.route.built_by)
    if announced:
        stops = app.declared.route.built_by is BuiltBy.OTHER_BUILDPACKS
        yield from _told(report, announced, "build", stops=stops)
        return
    absent = list(_told(report, MISSING_TAG, "stop", stops=True))
    if absent:
        yield from absent
        return
    stop = STOPS[reason] if reason else None
    for step, line in _steps(app, report):
        if stop is not None and step >= stop:
            break
        yield line
    if reason:
        finding = next(finding for finding in report.all_findings if finding.failure_reason == reason)
        yield Line("stop", f"{finding.message} ({reason})", finding.at, stops=True)


def _told(report: AppReport, check: str, label: str, *, stops: bool) -> Iterator[Line]:
    """What a check says of the build, in its own words."""
    for finding in report.all_findings:
        if finding.check == check and (not stops or finding.severity is Severity.ERROR):
            yield Line(label, finding.message, finding.at, stops=stops)


def _steps(app: App, report: AppReport) -> Iterator[tuple[Step, Line]]:
    """Every step that has something to say, in order; what is behind the stop must not be asked for."""
    policy = app.policy
    release = f"heroku/python {policy.release} of {policy.release_date}"
    known = "" if policy.pinned else f", judged on {policy.as_of} with data up to {policy.data_until}"
    if app.build.detected:
        yield Step.DETECTION, Line("detected", DETECTED)
    yield Step.DETECTION, Line("buildpack", f"{release}{known}")
    yield from _root(app)
    region = f", in the region {app.options.region}" if app.options.region else ""
    yield Step.STACK, Line("stack", policy.stack + region, app.declared.stack_at if app.declared.stack else None)
    yield from _hook(app, Step.PRE_COMPILE, "it can create or delete any file that the steps below look for")
    manager = report.build.package_manager
    if manager:
        file = app.managers.files.get(manager, "setup.py")
        yield Step.PACKAGE_MANAGER, Line("manager", f"{MANAGER_TITLES[manager]}, because there is a {file}", Span(file))
    yield from _python(app, report)
    if report.build.install_command:
        yield Step.INSTALLATION, Line("install", report.build.install_command)
    if app.lock.uv_answer and app.lock.uv_answer.fresh:
        yield Step.INSTALLATION, Line("lock", "up to date, says uv, which was asked", Span("uv.lock"))
    yield from _optional(app)
    yield from _hook(app, Step.POST_COMPILE, "the last step of the build")
    whose = f"an account from before {policy.database_for_accounts_before}"
    for addon in report.build.addons:
        yield Step.POST_COMPILE, Line("add-on", f"{addon}, on the first deploy of {whose}")


def _root(app: App) -> Iterator[tuple[Step, Line]]:
    """What a buildpack before this one does to the build directory."""
    route = app.declared.route
    if route.root and route.move:
        setting = route.move.setting
        text = f"{route.root}, which {route.move.entry.reference.shown} makes the root, as {setting.name} says"
        yield Step.STACK, Line("directory", text)
    if route.procfile:
        yield Step.STACK, Line("Procfile", f"{route.procfile}, which a buildpack makes the Procfile")


def _hook(app: App, step: Step, what: str) -> Iterator[tuple[Step, Line]]:
    path = f"bin/{step.name.lower()}"
    if app.files.tree.is_file(path):
        yield step, Line("hook", f"{path}: {what}", Span(path))


def _python(app: App, report: AppReport) -> Iterator[tuple[Step, Line]]:
    build = report.build
    if build.python_version_requested is None:
        return
    if build.python_version_origin == DEFAULT_ORIGIN:
        text = f"{build.python_version}, the default for a new app; one that was built before stays with its series"
    elif build.python_version_origin == CACHED_ORIGIN:
        text = f"{build.python_version}, the newest of {build.python_version_requested}, as in the last build"
    elif build.python_version == build.python_version_requested:
        text = f"{build.python_version}, exactly, from {build.python_version_origin}"
    else:
        newest = "the newest known" if "python_version" in build.may_differ else "the newest"
        asked = f"{build.python_version_requested} from {build.python_version_origin}"
        text = f"{build.python_version}, {newest} of {asked}"
    yield Step.RESOLUTION, Line("python", text, app.python.request_at)


def _optional(app: App) -> Iterator[tuple[Step, Line]]:
    """What happens only if some distribution is installed."""
    installed = app.packages.install_set
    if installed is None:
        return
    nltk = installed.query("nltk").installed
    if nltk is Installed.YES or (nltk is Installed.UNKNOWN and app.files.tree.is_file("nltk.txt")):
        data = (
            "downloads what nltk.txt lists" if app.files.tree.is_file("nltk.txt") else "no data: there is no nltk.txt"
        )
        yield Step.NLTK, Line("nltk", f"{data}{_if(nltk, 'NLTK')}", Span("nltk.txt"))
    django = installed.query("django")
    manage_py = app.build.manage_py
    if manage_py and django.installed is not Installed.NO and "collectstatic" in app.policy.rules.steps:
        if app.build.skips_collectstatic:
            text = f"skipped: {app.build.skips_collectstatic}"
        else:
            text = f"python {manage_py} collectstatic --noinput{_if(django.installed, 'Django')}"
        yield Step.COLLECTSTATIC, Line("static files", text, Span(manage_py))


def _if(installed: Installed, what: str) -> str:
    return f", if {what} is installed, which the files do not tell" if installed is Installed.UNKNOWN else ""
