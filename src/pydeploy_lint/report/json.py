"""The format for programs: one JSON document, described by ``report.schema.json`` beside this file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.report.common.concealed import shown_edits
from pydeploy_lint.report.common.document import Document
from pydeploy_lint.report.common.json_pieces import Items, member

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.engine.result import AppReport, Current, Notification, PolicyUsed, Unjudged
    from pydeploy_lint.engine.suppress.model import Suppression
    from pydeploy_lint.facts.ending import Ending
    from pydeploy_lint.finding import Finding, Fix
    from pydeploy_lint.report.common.document import Closing, Head
    from pydeploy_lint.report.common.paths import RepositoryPaths, Where
    from pydeploy_lint.report.common.terminal import Terminal

SCHEMA_VERSION = 1
"""Keys are only ever added within a version."""


def document(head: Head, terminal: Terminal | None) -> Document:
    """The report as a JSON document; equal reports give equal bytes."""
    return _Json(head, terminal)


class _Json(Document):
    def __init__(self, head: Head, terminal: Terminal | None) -> None:
        super().__init__(head, terminal)
        self._apps = Items(2)
        self._begun = False
        self._notifications = [notification_object(each, head.paths.of(".")) for each in head.notifications]

    def app(self, app: AppReport) -> str:
        """See `Document.app`; the first app's policy stands before all of them."""
        return self._beginning(app.policy) + self._apps.add(app_object(app, self.head.paths))

    def unjudged(self, unjudged: Unjudged) -> str:
        """See `Document.unjudged`."""
        self._notifications.append(unjudged_object(unjudged, self.head.paths))
        return ""

    def end(self, closing: Closing) -> Iterator[str]:
        """See `Document.end`."""
        members = {"notifications": self._notifications, "totals": closing.totals.as_object()}
        if closing.comparison:
            members["comparison"] = closing.comparison.as_object()
        yield self._beginning(None) + self._apps.end()
        yield "".join(f",\n{member(name, value, 1)}" for name, value in members.items()) + "\n}\n"

    def _beginning(self, policy: PolicyUsed | None) -> str:
        if self._begun:
            return ""
        self._begun = True
        members = [
            member("schema_version", SCHEMA_VERSION, 1),
            member("tool", {"name": "pydeploy-lint", "version": self.head.version}, 1),
            member("policy", policy and policy._asdict(), 1),
        ]
        return "{\n" + ",\n".join(members) + ',\n  "apps": ['


def app_object(app: AppReport, paths: RepositoryPaths) -> dict[str, object]:
    """What is reported of an app."""
    return {
        "path": app.path,
        "repository_path": paths.of(app.path)("."),
        "rev": app.rev,
        "policy": app.policy._asdict(),
        "build": app.build._asdict(),
        "current": app.current and _current(app.current),
        "deploys_until": app.ending and _ending(app.ending),
        "findings": [finding_object(finding) for finding in app.findings],
        "notifications": [notification_object(each, lambda path: path) for each in app.notifications],
        "suppressed": [
            {**finding_object(each.finding), "suppression": _suppression(each.by)} for each in app.suppressed
        ],
    }


def unjudged_object(unjudged: Unjudged, paths: RepositoryPaths) -> dict[str, object]:
    """Why an app could not be judged."""
    return {"app": unjudged.path, **notification_object(unjudged.why, paths.of("."))}


def notification_object(notification: Notification, where: Where) -> dict[str, object]:
    """Something that kept a question from being decided.

    Args:
        notification: what.
        where: the path of its file, as the reader needs it.
    """
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


def finding_object(finding: Finding) -> dict[str, object]:
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
