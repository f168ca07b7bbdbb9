from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
from hypothesis import given

import pydeploy_lint.report.json
from pydeploy_lint.api import judge
from pydeploy_lint.engine.registry import load_built_in
from pydeploy_lint.engine.result import Report
from pydeploy_lint.facts.options import AppOptions
from pydeploy_lint.files.deployed import open_tree
from pydeploy_lint.finding import Edit, Fix
from pydeploy_lint.report.formats import render
from pydeploy_lint.report.json import SCHEMA_VERSION
from pydeploy_lint.settings.options import Options
from pydeploy_lint.testing import write_tree
from tests.report.samples import ANSWERED_APP, REJECTED_APP, app, finding, report, reports

SCHEMA = json.loads(Path(pydeploy_lint.report.json.__file__).with_name("report.schema.json").read_bytes())
PIN = '{"buildpacks": [{"url": "https://github.com/heroku/heroku-buildpack-python#v330"}]}'
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
      "repository_path": ".",
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
          "related": [],
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
          "related": [],
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
      "notifications": [],
      "suppressed": []
    }
  ],
  "notifications": [],
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


def undescribed(value: object, schema: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """The keys of a document of which its schema says nothing."""
    while "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    if isinstance(value, list):
        for each in value:
            yield from undescribed(each, schema.get("items", {}), f"{at}[]")
    elif isinstance(value, dict):
        properties = _properties(schema)
        for key, each in value.items():
            if not properties.get(key, {}).get("description") and "$ref" not in properties.get(key, {}):
                yield f"{at}.{key}"
            yield from undescribed(each, properties.get(key, {}), f"{at}.{key}")


def _properties(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that a schema says of the keys of an object, wherever it says it."""
    while "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    parts = [*schema.get("allOf", ()), *schema.get("anyOf", ()), *([schema["else"]] if "else" in schema else ())]
    return {key: each for part in parts for key, each in _properties(part).items()} | dict(schema.get("properties", {}))


@given(reports)
def test_every_key_is_described(any_report: Report) -> None:
    assert not list(undescribed(json.loads(render("json", any_report)), SCHEMA))


def test_every_key_of_a_live_report_is_described(tmp_path: Path) -> None:
    files = {"requirements.txt": "", ".python-version": "3.11\n", "pyproject.toml": "[tool\n", "app.json": PIN}
    write_tree(tmp_path, files)
    judged = judge(open_tree(str(tmp_path)), Options(AppOptions(date(2026, 8, 20))), load_built_in())
    document = json.loads(render("json", report(judged.complete)))
    (app,) = document["apps"]
    assert (app["deploys_until"]["date"], app["current"]["buildpack"]) == ("2029-05-01", "v351")
    assert app["notifications"] == [
        {
            "severity": "warning",
            "message": "pyproject.toml is not valid TOML in line 1: expected ']' at the end of a table declaration",
            "path": "pyproject.toml",
            "line": 1,
            "column": 6,
        }
    ]
    VALIDATOR.validate(document)
    assert not list(undescribed(document, SCHEMA))


def test_what_is_not_described_is_noticed() -> None:
    document = json.loads(render("json", report(REJECTED_APP)))
    document["apps"][0]["findings"][1]["fix"]["edits"][0]["more"] = 1
    document["more"] = [1]
    assert list(undescribed(document, SCHEMA)) == [".apps[].findings[].fix.edits[].more", ".more"]


def test_it_is_published_under_its_name() -> None:
    assert SCHEMA["$id"].endswith(f"/report-{SCHEMA_VERSION}.schema.json")
    assert SCHEMA["properties"]["schema_version"]["const"] == SCHEMA_VERSION


@given(reports)
def test_every_report_keeps_to_the_schema(any_report: Report) -> None:
    VALIDATOR.validate(json.loads(render("json", any_report)))


def test_a_report_of_no_app() -> None:
    assert json.loads(render("json", report()))["apps"] == []
