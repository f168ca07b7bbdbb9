"""The answer to the question: would Heroku build this app?"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from pydeploy_lint.finding import Severity

if TYPE_CHECKING:
    from pydeploy_lint.finding import Finding
    from pydeploy_lint.report import AppReport, BuildPrediction, PolicyUsed

PACKAGE_MANAGERS = {"pip": "pip", "pipenv": "Pipenv", "poetry": "Poetry", "uv": "uv"}


class Verdict(enum.Enum):
    """The answer in a word."""

    BUILDS = enum.auto()
    DOUBTFUL = enum.auto()
    """It builds, but with an error; or whether it builds depends on what happened after the data's last day."""
    REJECTED = enum.auto()


def summary(app: AppReport, policy: PolicyUsed) -> tuple[Verdict, str]:
    """The answer, and the sentence that gives it first, then the number of findings by severity."""
    counts = _counts(app.findings)
    colon_counts = f": {counts}" if counts else ""
    reason = app.build.failure_reason
    if reason is not None and _may_be_outdated(app, policy):
        return Verdict.DOUBTFUL, (
            f"Heroku may reject this push{colon_counts} ({reason}); "
            f"what pydeploy-lint knows of Heroku ends on {policy.data_until}"
        )
    if reason is not None:
        return Verdict.REJECTED, f"Heroku would reject this push{colon_counts} ({reason})"
    would = f"Heroku would build this app{_with_python(app.build)}{_using(app.build)}"
    if any(finding.severity is Severity.ERROR for finding in app.findings):
        return Verdict.DOUBTFUL, f"{would}, but it may not run{colon_counts}"
    return Verdict.BUILDS, would + colon_counts


def _may_be_outdated(app: AppReport, policy: PolicyUsed) -> bool:
    """Whether every stop is only a warning, as the checks say where a newer release may have changed the answer."""
    stops = [finding for finding in app.findings if finding.failure_reason is not None]
    return policy.as_of > policy.data_until and bool(stops) and all(f.severity < Severity.ERROR for f in stops)


def _counts(findings: tuple[Finding, ...]) -> str:
    severities = [finding.severity for finding in findings]
    counts = {severity.label: severities.count(severity) for severity in sorted(Severity, reverse=True)}
    return ", ".join(f"{count} {label}{'s' * (count > 1)}" for label, count in counts.items() if count)


def _with_python(build: BuildPrediction) -> str:
    if build.python_version is None:
        return ""
    if build.python_version_origin == "default":
        return f" with its default Python {build.python_version}"
    return f" with Python {build.python_version} from {build.python_version_origin}"


def _using(build: BuildPrediction) -> str:
    return "" if build.package_manager is None else f", using {PACKAGE_MANAGERS[build.package_manager]}"
