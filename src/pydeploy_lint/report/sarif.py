"""SARIF 2.1.0, for GitHub's code scanning and other readers of the standard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import attr
import sarif_om as om

from pydeploy_lint.engine.suppress.model import Origin
from pydeploy_lint.finding import Finding, Fix, Related, Severity, Span
from pydeploy_lint.report.common.commands import help_from
from pydeploy_lint.report.common.concealed import shown_edits
from pydeploy_lint.report.common.document import Document
from pydeploy_lint.report.common.fingerprint import Fingerprints
from pydeploy_lint.report.common.json_pieces import Items, member
from pydeploy_lint.report.common.neutral import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.engine.check import Check
    from pydeploy_lint.engine.result import AppReport, Notification, Unjudged
    from pydeploy_lint.engine.suppress.model import Suppression
    from pydeploy_lint.report.common.document import Closing, Head
    from pydeploy_lint.report.common.paths import Where
    from pydeploy_lint.report.common.terminal import Terminal

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
INFORMATION = "https://devcenter.heroku.com/articles/python-support"
"""What the checks are about; validators want a page, and the project has none of its own yet."""
ROOT = "%SRCROOT%"
FINGERPRINT = "pydeployLint/v1"
"""Not ``primaryLocationLineHash``: GitHub computes that one itself, and complains of one that differs."""
LONGEST_DESCRIPTION = 1024
CATEGORY = "pydeploy-lint/"
"""By which GitHub tells analyses apart: of two logs with the same one, the later replaces the other."""
MOST_RESULTS = 5000
"""GitHub leaves out the results of a run after these. Source: GitHub's documentation, "SARIF support for code
scanning", 2026-11."""
RANK_OF_DOUBT = 50.0
"""SARIF's rank goes from 0 to 100; where it is missing, the finding is certain."""
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
PROBLEM_SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}


def document(head: Head, terminal: Terminal | None) -> Document:
    """The report as a SARIF log with one run; equal reports give equal bytes."""
    return _Sarif(head, terminal)


class _Sarif(Document):
    def __init__(self, head: Head, terminal: Terminal | None) -> None:
        super().__init__(head, terminal)
        self._checks = [head.checks[name] for name in sorted(head.checks)]
        self._rules = {check.name: index for index, check in enumerate(self._checks)}
        self._fingerprints = Fingerprints(head.paths)
        self._results = Items(4)
        self._configuration = [_notification(notification, head.paths.of(".")) for notification in head.notifications]
        self._execution: list[om.Notification] = []
        self._number = 0

    def begin(self) -> str:
        """The schema and the version, where readers look for them, and what is known before the results."""
        part = f"part-{self.head.part}/" if self.head.part > 1 else ""
        run = om.Run(
            tool=om.Tool(
                driver=om.ToolComponent(
                    name="pydeploy-lint",
                    information_uri=INFORMATION,
                    version=self.head.version,
                    semantic_version=self.head.version,
                    rules=[_rule(check) for check in self._checks],
                )
            ),
            automation_details=om.RunAutomationDetails(id=CATEGORY + part),
            column_kind="unicodeCodePoints",
            original_uri_base_ids={
                ROOT: om.ArtifactLocation(description=om.Message(text="The root of the repository."))
            },
        )
        members = ",\n".join(member(name, value, 3) for name, value in _members(run))
        top = ",\n".join([member("$schema", SCHEMA, 1), member("version", "2.1.0", 1)])
        return f'{{\n{top},\n  "runs": [\n    {{\n{members},\n      "results": ['

    def app(self, app: AppReport) -> str:
        """See `Document.app`."""
        where = self.head.paths.of(app.path)
        self._execution += [_notification(notification, where) for notification in app.notifications]
        results = [self._results.add(_serialised(result)) for result in self._results_of(app, where)]
        self._number += len(results)
        return "".join(results)

    def unjudged(self, unjudged: Unjudged) -> str:
        """See `Document.unjudged`."""
        self._configuration.append(_notification(unjudged.why, self.head.paths.of(".")))
        return ""

    def end(self, _closing: Closing) -> Iterator[str]:
        """How the run went, without its time, so that equal runs give equal logs."""
        failed = any(notification.level == "error" for notification in (*self._configuration, *self._execution))
        invocation = om.Invocation(
            execution_successful=not failed,
            tool_configuration_notifications=self._configuration or None,
            tool_execution_notifications=self._execution or None,
        )
        yield self._results.end()
        yield ",\n" + member("invocations", [_serialised(invocation)], 3) + "\n    }\n  ]\n}\n"

    @property
    def is_full(self) -> bool:
        """See `Document.is_full`."""
        return self._number >= MOST_RESULTS

    def _results_of(self, app: AppReport, where: Where) -> Iterator[om.Result]:
        for finding, suppression, fingerprint in self._fingerprints.of(app):
            yield om.Result(
                rule_id=finding.check,
                rule_index=self._rules[finding.check],
                level=LEVELS[finding.severity],
                rank=None if finding.certain else RANK_OF_DOUBT,
                properties=None if finding.certain else {"certain": False},
                message=om.Message(text=_message(finding, where)),
                locations=[_location(finding.at, where)],
                related_locations=[_related(*each, where) for each in enumerate(finding.related, 1)] or None,
                partial_fingerprints={FINGERPRINT: fingerprint},
                fixes=_fixes(finding, where),
                # The standard wants the list in all results or in none.
                suppressions=[_suppression(suppression, where)] if suppression else [],
            )


def _rule(check: Check) -> om.ReportingDescriptor:
    return om.ReportingDescriptor(
        id=check.name,
        short_description=om.MultiformatMessageString(text=_shortened(check.title)),
        full_description=om.MultiformatMessageString(text=_shortened(check.documentation)),
        help=om.MultiformatMessageString(
            text="\n\n".join(filter(None, (check.documentation, check.page))),
            markdown="\n\n".join(filter(None, (check.documentation, check.page and f"<{check.page}>"))),
        ),
        help_uri=check.page or None,
        default_configuration=om.ReportingConfiguration(level=LEVELS[check.severity]),
        properties={"problem.severity": PROBLEM_SEVERITIES[check.severity], "tags": ["heroku", check.family]},
    )


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_DESCRIPTION else text[: LONGEST_DESCRIPTION - 3].rsplit(maxsplit=1)[0] + "..."


def _suppression(suppression: Suppression, where: Where) -> om.Suppression:
    return om.Suppression(
        kind="inSource" if suppression.origin is Origin.COMMENT else "external",
        justification=visible(suppression.reason) or None,
        location=_location(suppression.at, where) if suppression.at else None,
    )


def _message(finding: Finding, where: Where) -> str:
    lines = [finding.message, *(["", *help_from(where("."), finding.help).splitlines()] if finding.help else [])]
    return "\n".join(visible(line) for line in lines)


def _location(at: Span, where: Where) -> om.Location:
    return om.Location(
        physical_location=om.PhysicalLocation(artifact_location=_artifact(at.path, where), region=_region(at))
    )


def _related(number: int, related: Related, where: Where) -> om.Location:
    location = _location(related.at, where)
    location.id = number
    location.message = om.Message(text=visible(related.message))
    return location


def _artifact(path: str, where: Where) -> om.ArtifactLocation:
    return om.ArtifactLocation(uri=quote(where(path), errors="surrogatepass"), uri_base_id=ROOT)


def _region(at: Span) -> om.Region:
    """The start of the file where it is the file that matters, even a missing one: GitHub insists on a region."""
    _, line, column, end_line, end_column = at if at.line is not None else Span(at.path, 1, 1, 1, 1)
    return om.Region(start_line=line, start_column=column, end_line=end_line, end_column=end_column)


def _fixes(finding: Finding, where: Where) -> list[om.Fix] | None:
    """The fixes whose edits replace text; SARIF has no words for creating, moving and deleting files."""
    possible = [fix for fix in finding.fixes if shown_edits(fix) and all(edit.is_textual for edit in fix.edits)]
    return [_fix(fix, where) for fix in possible] or None


def _fix(fix: Fix, where: Where) -> om.Fix:
    replacements: dict[str, list[om.Replacement]] = {}
    for edit in fix.edits:
        replacements.setdefault(edit.span.path, []).append(
            om.Replacement(deleted_region=_region(edit.span), inserted_content=om.ArtifactContent(text=edit.text))
        )
    changes = [
        om.ArtifactChange(artifact_location=_artifact(path, where), replacements=each)
        for path, each in replacements.items()
    ]
    return om.Fix(description=om.Message(text=visible(fix.description)), artifact_changes=changes)


def _notification(notification: Notification, where: Where) -> om.Notification:
    return om.Notification(
        message=om.Message(text=visible(notification.message)),
        level=LEVELS[notification.severity],
        locations=[_location(notification.at, where)] if notification.at else None,
    )


def _serialised(value: object) -> object:
    """What JSON can hold of sarif-om's objects; its own companion drops values that equal a default, such as levels."""
    if isinstance(value, (list, tuple)):
        return [_serialised(item) for item in value]
    if isinstance(value, dict):
        return {key: _serialised(item) for key, item in value.items()}
    kind = type(value)
    if not attr.has(kind):
        return value
    return dict(_members(value))


def _members(value: Any) -> Iterator[tuple[str, object]]:
    """The properties of one of sarif-om's objects; SARIF's -1 stands for the absence of a number."""
    for field in attr.fields(type(value)):
        item = getattr(value, field.name)
        if item is not None and item != -1:
            yield field.metadata["schema_property_name"], _serialised(item)
