"""The answer to the question: would Heroku build this app?"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from pydeploy_lint.facts.python.version import CACHED_ORIGIN, DEFAULT_ORIGIN
from pydeploy_lint.finding import Severity
from pydeploy_lint.heroku.policy import MANAGER_TITLES
from pydeploy_lint.heroku.steps import STOPS

if TYPE_CHECKING:
    import datetime

    from pydeploy_lint.engine.result import AppReport, BuildPrediction
    from pydeploy_lint.facts.ending import Ending


class Verdict(enum.Enum):
    """The answer in a word."""

    BUILDS = enum.auto()
    FAILS = enum.auto()
    """It builds, and does not start."""
    DOUBTFUL = enum.auto()
    """It builds, but with an error; or whether it builds depends on what happened after the data's last day."""
    REJECTED = enum.auto()


OTHERWISE = {
    "container": (
        Verdict.BUILDS,
        "Heroku builds a container image of this app, without heroku/python, so there is no build to predict",
    ),
    "cloud-native": (
        Verdict.DOUBTFUL,
        "Heroku builds this app with the Cloud Native Buildpack for Python, which pydeploy-lint does not predict",
    ),
    "other-buildpacks": (Verdict.REJECTED, "Heroku would build this app without Python"),
    "undecided": (Verdict.DOUBTFUL, "pydeploy-lint cannot tell which directory of this repository Heroku builds"),
}
"""The answer where heroku/python does not build the app, or does so in an unknown directory."""


def summary(app: AppReport) -> tuple[Verdict, str]:
    """The answer, and the sentence that gives it first, then the number of findings by severity."""
    counts = _counts(app)
    colon_counts = f": {counts}" if counts else ""
    reason = app.build.failure_reason
    if reason is not None and not app.build.certain:
        return Verdict.DOUBTFUL, f"Heroku may reject this push{_while(reason)}{colon_counts} ({reason}){_age(app)}"
    if reason is not None:
        return Verdict.REJECTED, f"Heroku would reject this push{_while(reason)}{colon_counts} ({reason})"
    if app.build.built_by in OTHERWISE:
        verdict, sentence = OTHERWISE[app.build.built_by]
        return verdict, f"{sentence}{colon_counts}"
    return _without_reason(app, colon_counts)


def _while(reason: str) -> str:
    """At which step the build stops."""
    return f" while {STOPS[reason].doing}" if reason in STOPS else ""


def _without_reason(app: AppReport, counts: str) -> tuple[Verdict, str]:
    """The answer where no reason of the buildpack is known with which it would stop."""
    if app.build.starts is None:
        return Verdict.REJECTED, f"Heroku would reject this push{counts}"
    would = f"Heroku {_would(app)} build this app{_with_python(app.build)}{_using(app.build)}"
    if not app.build.starts:
        return Verdict.FAILS, f"{would}, but it does not start{counts}{_age(app)}"
    if any(finding.severity is Severity.ERROR for finding in app.findings):
        return Verdict.DOUBTFUL, f"{would}, but it may fail{counts}{_age(app)}"
    return Verdict.BUILDS, would + counts + _age(app)


def _would(app: AppReport) -> str:
    """Whether it would for sure: not with a series or a stack that came after the end of the data."""
    return "would probably" if "failure_reason" in app.build.may_differ else "would"


def _age(app: AppReport) -> str:
    """How old the data is, where the verdict depends on it."""
    if not app.build.may_differ:
        return ""
    return f"; judged by platform data of {app.policy.data_until}, {_days(app.policy.age_days)} old"


def _days(number: int) -> str:
    return f"{number} day{'s' * (number != 1)}"


def comparison(app: AppReport) -> str | None:
    """What would become of an app that is pinned to a release, if it were not; None where it is not pinned."""
    current = app.current
    if current is None:
        return None
    reason = current.build.failure_reason
    would = f"reject it ({reason})" if reason else f"build it{_with_python(current.build)}{_using(current.build)}"
    changes = [
        f"{verb} {', '.join(sorted(checks))}"
        for verb, checks in (("no longer report", current.disappear), ("report", current.appear))
        if checks
    ]
    effect = f", and pydeploy-lint would {' and '.join(changes)}" if changes else ""
    return f"Judged by {app.policy.buildpack}, which the app pins. Today's {current.buildpack} would {would}{effect}"


def outlook(app: AppReport) -> str | None:
    """The answer to the question until when Heroku deploys the app as it is; None where nobody asked."""
    until = app.until
    if until is None:
        return None
    if until.isoformat() < app.policy.as_of:
        return f"There is nothing to look ahead to: {until} is before {app.policy.as_of}, the date judged by"
    if app.build.failure_reason is not None and app.build.certain:
        return f"Heroku stops deploying this app before {until}: it would reject it on {app.policy.as_of} already"
    if app.build.built_by != "heroku/python":
        return f"Whether Heroku deploys this app until {until} is unknown, as heroku/python does not build it"
    return _known_end(app.ending, until)


def _known_end(ending: Ending | None, until: datetime.date) -> str:
    if ending is None:
        return f"No date up to {until} is known on which Heroku stops deploying this app"
    if ending.date > until:
        expected = ", expected and not announced" if ending.expected else ""
        return f"Heroku deploys this app beyond {until}: up to {ending.date}{expected}, when {ending.reason}"
    if ending.expected:
        return f"From {ending.date} Heroku probably rejects this app (expected, not announced): {ending.reason}"
    return f"From {ending.date} Heroku rejects this app: {ending.reason}"


def fixable(app: AppReport) -> str | None:
    """How many findings have a fix, as a sentence; None where none has, or there are no files to change."""
    fixes = [each.fix for each in app.findings if each.fix and each.fix.is_automatic and app.rev is None]
    safe = sum(fix.safe for fix in fixes)
    counts = [
        f"{count} with {options}"
        for count, options in ((safe, "--fix"), (len(fixes) - safe, "--fix --unsafe-fixes"))
        if count
    ]
    return f"Can be fixed: {', '.join(counts)}" if counts else None


def _counts(app: AppReport) -> str:
    severities = [finding.severity for finding in app.findings]
    counts = {severity.label: severities.count(severity) for severity in sorted(Severity, reverse=True)}
    numbers = [f"{count} {label}{'s' * (count > 1)}" for label, count in counts.items() if count]
    return ", ".join([*numbers, *([f"{len(app.suppressed)} suppressed"] if app.suppressed else [])])


def _with_python(build: BuildPrediction) -> str:
    if build.python_version is None:
        return ""
    newer = " or newer" if "python_version" in build.may_differ else ""
    if build.python_version_origin == DEFAULT_ORIGIN:
        return f" with its default Python {build.python_version}{newer}"
    if build.python_version_origin == CACHED_ORIGIN:
        return f" with Python {build.python_version}{newer}, as in the last build"
    return f" with Python {build.python_version}{newer} from {build.python_version_origin}"


def _using(build: BuildPrediction) -> str:
    return "" if build.package_manager is None else f", using {MANAGER_TITLES[build.package_manager]}"
