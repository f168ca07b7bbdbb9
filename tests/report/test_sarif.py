from __future__ import annotations

import json
from typing import Any

import pytest

from pydeploy_lint.engine.check import check
from pydeploy_lint.engine.result import AppReport, Notification, Report
from pydeploy_lint.finding import Edit, Fix, Related, Severity, Span
from pydeploy_lint.report.formats import render
from tests.report.samples import (
    ANSWERED_APP,
    END_OF_LIFE,
    NO_VERSION,
    REJECTED_APP,
    URL,
    app,
    finding,
    missing_python_version,
    report,
)


def run_of(result: Report) -> dict[str, Any]:
    log = json.loads(render("sarif", result))
    assert list(log) == ["$schema", "version", "runs"]
    assert (log["$schema"], log["version"]) == ("https://json.schemastore.org/sarif-2.1.0.json", "2.1.0")
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def fingerprints(*apps: AppReport) -> list[str]:
    results = run_of(report(*apps))["results"]
    return [fingerprint for result in results for fingerprint in result["partialFingerprints"].values()]


def test_results() -> None:
    run = run_of(report(REJECTED_APP._replace(path="my web")))
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["automationDetails"] == {"id": "pydeploy-lint/"}
    assert list(run["originalUriBaseIds"]) == ["%SRCROOT%"]
    no_version, end_of_life = run["results"]
    assert list(no_version.pop("partialFingerprints")) == ["pydeployLint/v1"]
    assert no_version == {
        "ruleId": "missing-python-version",
        "ruleIndex": 0,
        "kind": "fail",
        "level": "warning",
        "message": {"text": "Heroku takes its default version."},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "my%20web/.python-version", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1},
                }
            }
        ],
        "suppressions": [],
    }
    assert end_of_life["ruleIndex"] == 1
    assert end_of_life["level"] == "error"
    assert end_of_life["message"]["text"] == (
        "Python 3.7 reached its end of life, and Heroku rejects it.\n\n"
        "Ask for a newer version, and try the app with it:\n    (cd 'my web' && echo 3.14 > .python-version)"
    )
    assert end_of_life["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 1,
        "startColumn": 8,
        "endLine": 1,
        "endColumn": 11,
    }


def test_the_level_is_written_even_where_it_is_the_default_of_the_standard() -> None:
    (result,) = run_of(report(app(finding(severity=Severity.WARNING))))["results"]
    assert result["level"] == "warning"


def test_rules() -> None:
    driver = run_of(report())["tool"]["driver"]
    assert (driver["name"], driver["version"], driver["semanticVersion"]) == ("pydeploy-lint", "1.2.3", "1.2.3")
    assert [rule["id"] for rule in driver["rules"]] == ["missing-python-version", "unsupported-runtime"]
    assert driver["rules"][1] == {
        "id": "unsupported-runtime",
        "shortDescription": {"text": "The Python version is past its end of life."},
        "fullDescription": {"text": "The Python version is past its end of life.\n\nHeroku rejects the push."},
        "help": {
            "text": f"The Python version is past its end of life.\n\nHeroku rejects the push.\n\n{URL}",
            "markdown": f"The Python version is past its end of life.\n\nHeroku rejects the push.\n\n<{URL}>",
        },
        "helpUri": URL,
        "defaultConfiguration": {"enabled": True, "level": "error"},
        "properties": {"problem.severity": "error", "tags": ["heroku", "samples"]},
    }


def test_long_descriptions_are_shortened() -> None:
    def wordy(_app: object) -> tuple[()]:
        return ()

    wordy.__doc__ = "Title.\n\n" + "word " * 300
    wordy_check = check("wordy", severity=Severity.NOTE)(wordy)
    (rule,) = run_of(report()._replace(checks={"wordy": wordy_check}))["tool"]["driver"]["rules"]
    assert rule["fullDescription"]["text"].endswith("word word...")
    assert len(rule["fullDescription"]["text"]) <= 1024
    assert len(rule["help"]["text"]) > 1024
    assert rule["properties"]["problem.severity"] == "recommendation"


def test_fingerprints_survive_a_moved_and_reindented_line() -> None:
    moved = END_OF_LIFE._replace(at=Span("runtime.txt", 9, 12, 9, 15), source_line="    python-3.7")
    assert fingerprints(app(moved)) == fingerprints(app(END_OF_LIFE))


def test_fingerprints_tell_findings_apart() -> None:
    findings = (
        END_OF_LIFE,
        END_OF_LIFE._replace(at=Span("runtime.txt", 2, 8, 2, 11)),
        END_OF_LIFE._replace(source_line="python-3.6"),
        END_OF_LIFE._replace(check=missing_python_version.name),
        END_OF_LIFE._replace(at=Span("other.txt", 1, 8, 1, 11)),
    )
    assert len({*fingerprints(app(*findings), app(END_OF_LIFE, path="web"))}) == 6


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b/c#d?.txt", "a%20b/c%23d%3F.txt"),
        ("./a/../100%.txt", "100%25.txt"),
        ("naïve", "na%C3%AFve"),
        ("\udcff", "%ED%B3%BF"),
    ],
)
def test_uris_are_relative_and_percent_encoded(path: str, uri: str) -> None:
    (result,) = run_of(report(app(NO_VERSION._replace(at=Span(path)))))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_related_locations() -> None:
    related = (Related(Span("Pipfile"), "stands for\x1b Pipenv"), Related(Span("uv.lock", 1, 2, 3, 4), "another"))
    (result,) = run_of(report(app(finding()._replace(related=related), path="api")))["results"]
    assert [(each["id"], each["message"]["text"]) for each in result["relatedLocations"]] == [
        (1, "stands for<U+001B> Pipenv"),
        (2, "another"),
    ]
    assert result["relatedLocations"][1]["physicalLocation"] == {
        "artifactLocation": {"uri": "api/uv.lock", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 1, "startColumn": 2, "endLine": 3, "endColumn": 4},
    }


def test_fix() -> None:
    edits = (
        Edit(Span("runtime.txt", 1, 8, 1, 11), "3.14"),
        Edit(Span("a b", 3, 1, 4, 1), ""),
        Edit(Span("runtime.txt", 2, 1, 2, 1), "\n"),
    )
    (result,) = run_of(report(app(finding(fix=Fix("Ask for 3.14", edits)))))["results"]
    (fix,) = result["fixes"]
    assert fix["description"] == {"text": "Ask for 3.14"}
    assert [change["artifactLocation"]["uri"] for change in fix["artifactChanges"]] == ["runtime.txt", "a%20b"]
    assert fix["artifactChanges"][1]["replacements"] == [
        {
            "deletedRegion": {"startLine": 3, "startColumn": 1, "endLine": 4, "endColumn": 1},
            "insertedContent": {"text": ""},
        }
    ]
    assert [each["insertedContent"]["text"] for each in fix["artifactChanges"][0]["replacements"]] == ["3.14", "\n"]


@pytest.mark.parametrize(
    "edit",
    [Edit(Span("a"), "new"), Edit(Span("a")), Edit(Span("a"), rename_to="b")],
    ids=["create", "delete", "rename"],
)
def test_a_fix_of_whole_files_is_left_out(edit: Edit) -> None:
    edits = (Edit(Span("runtime.txt", 1, 8, 1, 11), "3.14"), edit)
    (result,) = run_of(report(app(finding(fix=Fix("Do it", edits)))))["results"]
    assert "fixes" not in result


def test_suppressions() -> None:
    def place(path: str, line: int, end_column: int) -> dict[str, object]:
        artifact = {"uri": path, "uriBaseId": "%SRCROOT%"}
        region = {"startLine": line, "startColumn": 1, "endLine": line, "endColumn": end_column}
        return {"physicalLocation": {"artifactLocation": artifact, "region": region}}

    results = run_of(report(ANSWERED_APP._replace(path="web")))["results"]
    lines = [result["locations"][0]["physicalLocation"]["region"]["startLine"] for result in results]
    assert list(zip(lines, (result["suppressions"] for result in results), strict=True)) == [
        (1, []),
        (
            1,
            [
                {
                    "kind": "inSource",
                    "justification": "Moves to 3.14<U+000A>in May",
                    "location": place("web/runtime.txt", 1, 40),
                }
            ],
        ),
        (2, [{"kind": "external", "justification": "known in v1"}]),
        (
            3,
            [
                {
                    "kind": "external",
                    "justification": "None of ours.",
                    "location": place("web/pyproject.toml", 7, 9),
                }
            ],
        ),
    ]


def test_a_finding_has_the_same_fingerprint_whether_it_is_suppressed_or_not() -> None:
    assert fingerprints(ANSWERED_APP) == fingerprints(app(*ANSWERED_APP.all_findings))


def test_notifications() -> None:
    unread = Notification(Severity.WARNING, "Pipfile is not a\nfile", Span("Pipfile"))
    failed = Notification(Severity.ERROR, "plug-in acme could not be loaded")
    (invocation,) = run_of(report(app(notifications=(unread,)), notifications=(failed,)))["invocations"]
    assert invocation == {
        "executionSuccessful": False,
        "toolConfigurationNotifications": [
            {"level": "error", "message": {"text": "plug-in acme could not be loaded"}},
        ],
        "toolExecutionNotifications": [
            {
                "level": "warning",
                "message": {"text": "Pipfile is not a<U+000A>file"},
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": {"uri": "Pipfile", "uriBaseId": "%SRCROOT%"},
                            "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1},
                        }
                    }
                ],
            }
        ],
    }


def test_an_unreadable_file_is_no_failure_of_the_run() -> None:
    unread = Notification(Severity.WARNING, "Pipfile is not a file", Span("Pipfile"))
    (invocation,) = run_of(report(app(notifications=(unread,))))["invocations"]
    assert invocation["executionSuccessful"] is True


def test_no_findings_are_an_empty_list() -> None:
    assert run_of(report(app()))["results"] == []
