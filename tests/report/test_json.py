from __future__ import annotations

import json
from pathlib import Path

import jsonschema
from hypothesis import given

import pydeploy_lint.report.json
from pydeploy_lint.engine.result import Report
from pydeploy_lint.finding import Edit, Fix
from pydeploy_lint.report.formats import render
from tests.report.samples import ANSWERED_APP, REJECTED_APP, app, finding, report, reports

SCHEMA = json.loads(Path(pydeploy_lint.report.json.__file__).with_name("report.schema.json").read_bytes())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_the_whole_document() -> None:
    assert render("json", report(REJECTED_APP)) == (
        """\
{
  "schema_version": 1,
  "tool": {
    "name": "pydeploy-lint",
    "version": "1.2.3"
  },
  "policy": {
    "as_of": "2026-08-01",
    "buildpack": "v351",
    "stack": "heroku-24",
    "data_until": "2026-08-18",
    "age_days": 0
  },
  "apps": [
    {
      "path": ".",
      "rev": null,
      "policy": {
        "as_of": "2026-08-01",
        "buildpack": "v351",
        "stack": "heroku-24",
        "data_until": "2026-08-18",
        "age_days": 0
      },
      "build": {
        "failure_reason": "python-version::eol",
        "package_manager": "pip",
        "python_version_requested": "3.7",
        "python_version_origin": "runtime.txt",
        "python_version": null,
        "install_command": null,
        "addons": [],
        "warnings": [
          "missing-python-version"
        ],
        "starts": true,
        "certain": true,
        "may_differ": [],
        "built_by": "heroku/python"
      },
      "current": null,
      "deploys_until": null,
      "findings": [
        {
          "check": "missing-python-version",
          "severity": "warning",
          "certain": true,
          "message": "Heroku takes its default version.",
          "help": "",
          "path": ".python-version",
          "line": null,
          "column": null,
          "end_line": null,
          "end_column": null,
          "failure_reason": null,
          "url": "",
          "fix": null,
          "fixes": []
        },
        {
          "check": "unsupported-runtime",
          "severity": "error",
          "certain": true,
          "message": "Python 3.7 reached its end of life, and Heroku rejects it.",
          "help": "Ask for a newer version, and try the app with it:\\n    echo 3.14 > .python-version",
          "path": "runtime.txt",
          "line": 1,
          "column": 8,
          "end_line": 1,
          "end_column": 11,
          "failure_reason": "python-version::eol",
          "url": "https://devcenter.heroku.com/articles/python-support#supported-runtimes",
          "fix": {
            "description": "Ask for Python 3.14 in .python-version",
            "safe": false,
            "edits": [
              {
                "path": "runtime.txt",
                "line": null,
                "column": null,
                "end_line": null,
                "end_column": null,
                "text": null,
                "rename_to": ".python-version"
              },
              {
                "path": "runtime.txt",
                "line": 1,
                "column": 1,
                "end_line": 1,
                "end_column": 11,
                "text": "3.14",
                "rename_to": null
              }
            ],
            "commands": []
          },
          "fixes": [
            {
              "description": "Ask for Python 3.14 in .python-version",
              "safe": false,
              "edits": [
                {
                  "path": "runtime.txt",
                  "line": null,
                  "column": null,
                  "end_line": null,
                  "end_column": null,
                  "text": null,
                  "rename_to": ".python-version"
                },
                {
                  "path": "runtime.txt",
                  "line": 1,
                  "column": 1,
                  "end_line": 1,
                  "end_column": 11,
                  "text": "3.14",
                  "rename_to": null
                }
              ],
              "commands": []
            }
          ]
        }
      ],
      "suppressed": []
    }
  ],
  "errors": [],
  "totals": {
    "apps": 1,
    "verdicts": {
      "builds": 0,
      "does-not-start": 0,
      "rejected": 1,
      "undecided": 0,
      "no-python-app": 0,
      "not-judged": 0
    },
    "checks": [
      {
        "check": "missing-python-version",
        "apps": 1,
        "findings": 1
      },
      {
        "check": "unsupported-runtime",
        "apps": 1,
        "findings": 1
      }
    ],
    "deploys_stop": []
  }
}
"""
    )


def test_a_way_without_edits_is_only_among_all_ways() -> None:
    first, second = Fix.by_hand("Lock again", "uv lock"), Fix("Delete it", (Edit.delete("uv.lock"),), safe=False)
    lacking = finding(fix=first)._replace(alternatives=(second,))
    [shown] = json.loads(render("json", report(app(lacking))))["apps"][0]["findings"]
    assert shown["fix"] is None
    assert [(fix["description"], len(fix["edits"]), fix["commands"]) for fix in shown["fixes"]] == [
        ("Lock again", 0, ["uv lock"]),
        ("Delete it", 1, []),
    ]


def test_what_is_suppressed() -> None:
    (document,) = json.loads(render("json", report(ANSWERED_APP)))["apps"]
    assert [finding["check"] for finding in document["findings"]] == ["missing-python-version"]
    assert document["build"]["failure_reason"] == "python-version::eol"
    assert [finding.pop("suppression") for finding in document["suppressed"]] == [
        {
            "kind": "comment",
            "reason": "Moves to 3.14\nin May",
            "until": None,
            "path": "runtime.txt",
            "line": 1,
        },
        {"kind": "baseline", "reason": "known in v1", "until": None, "path": None, "line": None},
        {
            "kind": "configuration",
            "reason": "None of ours.",
            "until": "2026-12-31",
            "path": "pyproject.toml",
            "line": 7,
        },
    ]
    (_, reported) = json.loads(render("json", report(REJECTED_APP)))["apps"][0]["findings"]
    assert document["suppressed"][0] == reported


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_notices_a_stretch_without_end() -> None:
    document = json.loads(render("json", report(REJECTED_APP)))
    document["apps"][0]["findings"][1]["end_line"] = None
    assert not VALIDATOR.is_valid(document)


@given(reports)
def test_every_report_keeps_to_the_schema(any_report: Report) -> None:
    VALIDATOR.validate(json.loads(render("json", any_report)))


def test_a_report_of_no_app() -> None:
    assert json.loads(render("json", report()))["apps"] == []
