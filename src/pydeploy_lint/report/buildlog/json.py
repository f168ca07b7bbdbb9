"""The explanation of a log as a JSON document; ``buildlog.schema.json`` says what each key means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.report.common.neutral import json_text
from pydeploy_lint.report.json import SCHEMA_VERSION, finding_object

if TYPE_CHECKING:
    from pydeploy_lint.buildlog.comparison import Comparison
    from pydeploy_lint.buildlog.log import BuildLog, Sighting


def render(log: BuildLog, comparison: Comparison, version: str) -> str:
    """The explanation as JSON; equal logs and files give equal bytes.

    Args:
        log: what is known of the log.
        comparison: how the files stand to it.
        version: of pydeploy-lint.
    """
    return json_text(
        {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": "pydeploy-lint", "version": version},
            "log": _log(log),
            "comparison": _comparison(comparison),
        }
    )


def _log(log: BuildLog) -> dict[str, object]:
    return {
        "path": log.path,
        "lines": log.lines,
        "bytes_left_out": log.left_out,
        "builds": log.builds,
        "outcome": log.outcome.value,
        "step": log.step,
        "failure_reason": log.reason,
        "buildpack": log.facts.release,
        **log.facts._asdict(),
        "last_python": log.last_python,
        "stop": log.stop and _sighting(log.stop),
        "causes": [_sighting(each) for each in log.causes],
        "codes": [_sighting(each) for each in log.codes],
        "warnings": [_sighting(each) for each in log.warnings],
        "unknown": [each._asdict() for each in log.unknown],
    }


def _sighting(each: Sighting) -> dict[str, object]:
    return {
        "id": each.error.id,
        "title": each.error.title,
        "line": each.line,
        "text": each.text,
        "times": each.times,
        "step": each.step,
        "failure_reason": each.reason,
        "checks": each.error.checks,
        "what": each.what,
        "help": each.fix,
        "url": each.error.url,
    }


def _comparison(comparison: Comparison) -> dict[str, object]:
    return {
        "path": comparison.path,
        "state": comparison.state.value,
        "differences": [each._asdict() for each in comparison.differences],
        "findings": [finding_object(each) for each in comparison.findings],
        "others": comparison.others,
    }
