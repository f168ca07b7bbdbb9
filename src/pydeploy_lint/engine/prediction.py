"""What Heroku's build would do: the steps in their order, and the first finding at which it stops.

Nothing is decided here. A check that mirrors a stop of the build carries the reason; the prediction is the first of
these in the order of the build.
Source: ``bin/compile`` of the classic Python buildpack, v351 (2026-08-18).
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from pydeploy_lint.engine.result import BuildPrediction
from pydeploy_lint.files.source import FileProblem
from pydeploy_lint.finding import Severity

if TYPE_CHECKING:
    from pydeploy_lint.facts.app import App
    from pydeploy_lint.finding import Finding

T = TypeVar("T")


class Step(enum.IntEnum):
    """The steps of a build, in order."""

    DETECTION = enum.auto()
    STACK = enum.auto()
    PRE_COMPILE = enum.auto()
    PYTHON_DIRECTORY = enum.auto()
    PACKAGE_MANAGER = enum.auto()
    VIRTUAL_ENVIRONMENT = enum.auto()
    VERSION_REQUEST = enum.auto()
    RESOLUTION = enum.auto()
    VERSION_FILE = enum.auto()
    VERSION_WARNINGS = enum.auto()
    DOWNLOAD = enum.auto()
    INSTALLATION = enum.auto()
    NLTK = enum.auto()
    COLLECTSTATIC = enum.auto()
    POST_COMPILE = enum.auto()


NO_APP = "detect"
"""The reason with which the build refuses what is no Python app."""
STOPS: dict[str, Step] = {
    NO_APP: Step.DETECTION,
    "checks::stack::eol": Step.STACK,
    "checks::stack::unknown": Step.STACK,
    "checks::duplicate-python-buildpack": Step.STACK,
    "checks::existing-python-dir": Step.PYTHON_DIRECTORY,
    "package-manager::pipenv-missing-lockfile": Step.PACKAGE_MANAGER,
    "package-manager::multiple-found": Step.PACKAGE_MANAGER,
    "package-manager::setup-py-only": Step.PACKAGE_MANAGER,
    "package-manager::none-found": Step.PACKAGE_MANAGER,
    "checks::existing-venv-dir": Step.VIRTUAL_ENVIRONMENT,
    "runtime-txt::invalid-version": Step.VERSION_REQUEST,
    "python-version-file::misspelled": Step.VERSION_REQUEST,
    "python-version-file::invalid-encoding": Step.VERSION_REQUEST,
    "python-version-file::invalid-version": Step.VERSION_REQUEST,
    "python-version-file::no-version": Step.VERSION_REQUEST,
    "python-version-file::multiple-versions": Step.VERSION_REQUEST,
    "pipfile-lock::invalid-json": Step.VERSION_REQUEST,
    "pipfile-lock::invalid-version": Step.VERSION_REQUEST,
    "python-version::eol": Step.RESOLUTION,
    "python-version::unknown-major": Step.RESOLUTION,
    "python-version-file::not-found": Step.VERSION_FILE,
    "runtime-txt::not-supported": Step.VERSION_FILE,
    "python-version::unknown-patch": Step.DOWNLOAD,
    "install-dependencies::pip": Step.INSTALLATION,
    "install-dependencies::pipenv": Step.INSTALLATION,
    "install-dependencies::poetry": Step.INSTALLATION,
    "install-dependencies::uv": Step.INSTALLATION,
    "nltk-downloader": Step.NLTK,
    "collectstatic-syntax-error": Step.COLLECTSTATIC,
    "collectstatic-improper-configuration": Step.COLLECTSTATIC,
    "collectstatic-fancy-references": Step.COLLECTSTATIC,
    "collectstatic-missing-file": Step.COLLECTSTATIC,
    "collectstatic-other": Step.COLLECTSTATIC,
}
"""Every reason with which the build stops that can be told from the files, in order, and the step it stops at."""

OUT_OF_REACH = (
    "hooks::pre_compile",
    "install-python",
    "install-package-manager::pip",
    "install-package-manager::pipenv",
    "install-package-manager::poetry",
    "install-package-manager::uv",
    "hooks::post_compile",
    "build-data::data-file-deleted",
    "internal-error::abort",
    "internal-error::bundled-pip-not-found",
    "internal-error::unhandled",
)
"""The other reasons of v351, which depend on the network, on the platform or on a program of the app."""

WARNINGS: dict[str, Step] = {
    "heroku-python-directory": Step.PYTHON_DIRECTORY,
    # The releases that only warned, v305 to v323, looked for it before the package manager.
    "committed-venv": Step.PYTHON_DIRECTORY,
    "conflicting-package-managers": Step.PACKAGE_MANAGER,
    "pipfile-without-lock": Step.PACKAGE_MANAGER,
    "setup-py-only": Step.PACKAGE_MANAGER,
    "missing-python-version": Step.VERSION_FILE,
    "runtime-txt-deprecated": Step.VERSION_FILE,
    "deprecated-runtime": Step.VERSION_WARNINGS,
    "outdated-patch": Step.VERSION_WARNINGS,
}
"""Every check whose warning the build prints too, in some release, and the step that prints it."""

_ORDER = {reason: number for number, reason in enumerate(STOPS)}


def first_stop(findings: Iterable[Finding]) -> str | None:
    """The reason with which the build stops first; None where it does not stop."""
    reasons = {finding.failure_reason for finding in findings if finding.failure_reason}
    return min(reasons, key=_ORDER.__getitem__, default=None)


def predict(app: App, findings: Iterable[Finding]) -> BuildPrediction:
    """What the build would do, given everything that the checks found, before any filter.

    What depends on a file that cannot be read is None.
    """
    findings = list(findings)
    reason = first_stop(findings)
    stops = [finding.severity for finding in findings if finding.failure_reason]
    reached = STOPS[reason] if reason else max(Step) + 1
    request = _fact(lambda: app.python.request) if reached > Step.VERSION_REQUEST else None
    manager = app.managers.chosen if reached > Step.PACKAGE_MANAGER else None
    return BuildPrediction(
        failure_reason=reason,
        package_manager=manager,
        python_version_requested=request and request.version,
        python_version_origin=request and request.origin,
        python_version=_fact(lambda: app.python.version) if reached > Step.RESOLUTION else None,
        install_command=app.managers.install_command if reached >= Step.INSTALLATION else None,
        addons=() if reason else _addons(app),
        warnings=tuple(
            sorted(
                {finding.check for finding in findings if finding.build_warning and WARNINGS[finding.check] < reached}
            )
        ),
        certain=not stops or max(stops) is Severity.ERROR,
    )


def _addons(app: App) -> tuple[str, ...]:
    provisioning = _fact(lambda: app.packages.database_provisioning)
    return provisioning.addons if provisioning else ()


def _fact(read: Callable[[], T]) -> T | None:
    try:
        return read()
    except FileProblem:
        return None
