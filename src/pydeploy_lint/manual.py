"""The manual page of a check: as data for programs, and in Markdown for editors and agents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydeploy_lint.report.common.neutral import json_text
from pydeploy_lint.report.json import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydeploy_lint.engine.check import Check, Example


def page_document(check: Check) -> str:
    """The manual page of a check as a JSON document."""
    return json_text({"schema_version": SCHEMA_VERSION, "check": page(check)})


def page(check: Check) -> dict[str, object]:
    """The manual page of a check as a value that can be written as JSON."""
    return {
        **_facts(check),
        "documentation": check.documentation,
        "examples": {
            "reported": [{**_example(example), "at": list(example.at)} for example in check.bad],
            "not_reported": [_example(example) for example in check.good],
        },
    }


def list_document(checks: Iterable[Check]) -> str:
    """The list of checks as a JSON document, family by family."""
    return json_text({"schema_version": SCHEMA_VERSION, "checks": [_facts(check) for check in in_order(checks)]})


def markdown(check: Check) -> str:
    """The manual page of a check in Markdown, without its examples."""
    title, _, body = check.documentation.partition("\n")
    more = f"\n\n[More]({check.page})" if check.page else ""
    return f"**{check.name}**: {title}\n\n{body.strip()}{more}"


def in_order(checks: Iterable[Check]) -> list[Check]:
    """Checks family by family, each of these in alphabetical order."""
    return sorted(checks, key=lambda check: (check.family, check.name))


def fix_of(check: Check) -> str:
    """The kind of fix that a check offers for one of its examples at least: ``safe``, ``unsafe`` or none.

    A check of a plug-in that fails on its own example offers none.
    """
    from pydeploy_lint.testing import findings_of

    try:
        found = [finding.fix for example in check.bad for finding in findings_of(check, example)]
    except Exception:
        if check.is_plug_in:
            return ""
        raise
    fixes = [fix for fix in found if fix and fix.is_automatic]
    if not fixes:
        return ""
    return "safe" if any(fix.safe for fix in fixes) else "unsafe"


def _facts(check: Check) -> dict[str, object]:
    return {
        "name": check.name,
        "family": check.family,
        "severity": check.severity.label,
        "fix": fix_of(check) or None,
        "since": check.since,
        "title": check.title,
        "url": check.url or None,
    }


def _example(example: Example) -> dict[str, object]:
    files = {path: readable(content) for path, content in example.files.items()}
    return {"files": files, "options": {name: str(value) for name, value in example.options.items()}}


def readable(content: str | bytes) -> str:
    """What is in a file of an example, for people: bytes that are no text as Python writes them."""
    text = content if isinstance(content, str) else content.decode("utf-8", "backslashreplace")
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", lambda match: f"\\x{ord(match[0]):02x}", text)
