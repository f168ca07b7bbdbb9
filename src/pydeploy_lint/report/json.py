"""The format for programs: one JSON document, described by ``report.schema.json`` beside this file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.report.common.concealed import shown_edits
from pydeploy_lint.report.common.neutral import json_text
from pydeploy_lint.report.common.paths import RepositoryPaths

if TYPE_CHECKING:
    from pydeploy_lint.engine.result import AppReport, Current, Notification, Report
    from pydeploy_lint.engine.suppress.model import Suppression
    from pydeploy_lint.facts.ending import Ending
    from pydeploy_lint.finding import Finding, Fix
    from pydeploy_lint.report.common.paths import Where
    from pydeploy_lint.report.common.terminal import Terminal

SCHEMA_VERSION = 1
"""Keys are only ever added within a version."""


def render(report: Report, _terminal: Terminal | None) -> str:
    """The report as a JSON document; equal reports give equal bytes."""
    return json_text(document(report))


def document(report: Report) -> dict[str, object]:
    """The report as a value that can be written as JSON."""
    paths = RepositoryPaths(app.path for app in report.apps)
    here = paths.of(".")
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "pydeploy-lint", "version": report.version},
        "policy": report.policy and report.policy._asdict(),
        "notifications": [_notification(each, here) for each in report.notifications],
        "apps": [_app(app, paths.of(app.path)(".")) for app in report.apps],
    }


def _app(app: AppReport, repository_path: str) -> dict[str, object]:
    return {
        "path": app.path,
        "repository_path": repository_path,
        "rev": app.rev,
        "policy": app.policy._asdict(),
        "build": app.build._asdict(),
        "current": app.current and _current(app.current),
        "deploys_until": app.ending and _ending(app.ending),
        "findings": [finding_document(finding) for finding in app.findings],
        "notifications": [_notification(each, lambda path: path) for each in app.notifications],
        "suppressed": [
            {**finding_document(each.finding), "suppression": _suppression(each.by)} for each in app.suppressed
        ],
    }


def _notification(notification: Notification, where: Where) -> dict[str, object]:
    at = notification.at
    return {
        "severity": notification.severity.label,
        "message": notification.message,
        "path": at and where(at.path),
        "line": at and at.line,
        "column": at and at.column,
    }


def _current(current: Current) -> dict[str, object]:
    return {
        "buildpack": current.buildpack,
        "build": current.build._asdict(),
        "appear": sorted(current.appear),
        "disappear": sorted(current.disappear),
    }


def _ending(ending: Ending) -> dict[str, object]:
    return {
        "date": ending.date.isoformat(),
        "reason": ending.reason,
        "source": ending.source,
        "expected": ending.expected,
    }


def _suppression(suppression: Suppression) -> dict[str, object]:
    return {
        "kind": suppression.origin.value,
        "reason": suppression.reason,
        "until": suppression.until and suppression.until.isoformat(),
        "path": suppression.at and suppression.at.path,
        "line": suppression.at and suppression.at.line,
    }


def finding_document(finding: Finding) -> dict[str, object]:
    """A finding as an object."""
    return {
        "check": finding.check,
        "severity": finding.severity.label,
        "certain": finding.certain,
        "message": finding.message,
        "help": finding.help,
        **finding.at._asdict(),
        "related": [{"message": each.message, **each.at._asdict()} for each in finding.related],
        "failure_reason": finding.failure_reason,
        "url": finding.url,
        "fix": _fix(finding.fix) if finding.fix and finding.fix.is_automatic else None,
        "fixes": [_fix(fix) for fix in finding.fixes],
    }


def _fix(fix: Fix) -> dict[str, object]:
    edits = [{**edit.span._asdict(), "text": edit.text, "rename_to": edit.rename_to} for edit in shown_edits(fix)]
    return {"description": fix.description, "safe": fix.safe, "edits": edits, "commands": list(fix.commands)}
