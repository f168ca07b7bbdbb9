"""What a report says of many apps: totals, a row for each app, a comparison with an older report."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given

from pydeploy_lint.engine.result import AppReport, Notification, Unjudged
from pydeploy_lint.facts.ending import Ending
from pydeploy_lint.finding import Severity, Span
from pydeploy_lint.report.common.comparison import NoReport, read_old
from pydeploy_lint.report.common.document import Closing, Head
from pydeploy_lint.report.common.row import Row
from pydeploy_lint.report.formats import open_document, render
from tests.report.samples import BUILDS, CHECKS, END_OF_LIFE, NO_VERSION, REJECTED_APP, app, finding, report, reports

ENDING = Ending(datetime.date(2027, 1, 6), "Python 3.10 is removed", "the changelog", False, Span(".python-version"))
EXPECTED = ENDING._replace(date=datetime.date(2029, 5, 1), reason="builds on heroku-24 are blocked", expected=True)
NO_APP = BUILDS._replace(failure_reason="detect", python_version=None, package_manager=None, starts=None)
APPS = (
    app(path="clean")._replace(ending=EXPECTED),
    app(NO_VERSION, path="soon", rev="v1")._replace(ending=ENDING),
    REJECTED_APP._replace(path="old"),
    app(path="dead", build=BUILDS._replace(starts=False)),
    app(path="open", build=BUILDS._replace(failure_reason="checks::stack::unknown", certain=False)),
    app(path="docs", build=NO_APP)._replace(skipped=True),
)
GONE = Unjudged("gone", Notification(Severity.ERROR, "gone does not exist"))
REPORT = report(*APPS)._replace(unjudged=(GONE,))


def compared(name: str, *apps: AppReport, old: str) -> str:
    """A report in a format that is compared with an older one."""
    closing = Closing(read_old("old.json", old))
    document = open_document(name, Head("1.2.3", CHECKS, several=True))
    for each in apps:
        closing.add(each)
    return "".join([document.begin(), *map(document.app, apps), *document.end(closing)])


# --- Totals


def test_the_last_line_says_what_becomes_of_all_apps() -> None:
    assert render("text", REPORT).splitlines()[-1] == (
        "7 apps: 2 build, 1 does not start, 1 is rejected, 1 is undecided, 1 is no Python app, 1 could not be judged"
    )


def test_many_apps_have_tables_too() -> None:
    lines = render("concise", report(*APPS, *APPS)).splitlines()
    start = lines.index("12 apps: 4 build, 2 do not start, 2 are rejected, 2 are undecided, 2 are no Python apps")
    assert lines[start + 1 :] == [
        "",
        "  apps  findings  check",
        "     4         4  missing-python-version",
        "     2         2  unsupported-runtime",
        "",
        "  apps  can no longer be deployed from",
        "     2  2027-01-06: Python 3.10 is removed",
        "     2  2029-05-01: builds on heroku-24 are blocked, as expected and not announced",
    ]


def test_all_reasons_why_an_app_is_not_judged_are_of_one_app() -> None:
    both = (GONE, GONE._replace(why=Notification(Severity.ERROR, "more")), GONE._replace(path="other"))
    result = report(app())._replace(unjudged=both)
    assert render("text", result).splitlines()[-1] == "3 apps: 1 builds, 2 could not be judged"


def test_only_totals_can_be_read() -> None:
    document = open_document("text", Head("1.2.3", CHECKS, only_totals=True))
    closing = Closing()
    closing.add(REJECTED_APP)
    assert "".join([document.begin(), document.app(REJECTED_APP), *document.end(closing)]) == (
        "1 app: 1 is rejected\n"
        "\n"
        "  apps  findings  check\n"
        "     1         1  missing-python-version\n"
        "     1         1  unsupported-runtime\n"
    )


def test_totals_are_data() -> None:
    assert json.loads(render("json", REPORT))["totals"] == {
        "apps": 7,
        "verdicts": {
            "builds": 2,
            "does-not-start": 1,
            "rejected": 1,
            "undecided": 1,
            "no-python-app": 1,
            "not-judged": 1,
        },
        "checks": [
            {"check": "missing-python-version", "apps": 2, "findings": 2},
            {"check": "unsupported-runtime", "apps": 1, "findings": 1},
        ],
        "deploys_stop": [
            {"date": "2027-01-06", "reason": "Python 3.10 is removed", "expected": False, "apps": 1},
            {"date": "2029-05-01", "reason": "builds on heroku-24 are blocked", "expected": True, "apps": 1},
        ],
    }


# --- A row for each app


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_row_has_what_a_table_needs() -> None:
    found = rows(render("csv", REPORT))
    assert list(found[0]) == list(Row._fields)
    assert {name: value for name, value in found[2].items() if value} == {
        "path": "old",
        "verdict": "rejected",
        "step": "resolution",
        "reason": "python-version::eol",
        "python": "3.7",
        "python_origin": "runtime.txt",
        "package_manager": "pip",
        "stack": "heroku-24",
        "buildpack": "v351",
        "errors": "1",
        "warnings": "1",
        "notes": "0",
        "suppressed": "0",
    }
    assert [(row["path"], row["revision"], row["verdict"], row["deploys_until"]) for row in found] == [
        ("clean", "", "builds", "2029-05-01"),
        ("soon", "v1", "builds", "2027-01-06"),
        ("old", "", "rejected", ""),
        ("dead", "", "does-not-start", ""),
        ("open", "", "undecided", ""),
        ("docs", "", "no-python-app", ""),
        ("gone", "", "not-judged", ""),
    ]
    assert found[-1]["reason"] == "gone does not exist"
    assert [row["deploys_until_is"] for row in found[:3]] == ["expected", "announced", ""]


@pytest.mark.parametrize("path", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)"])
def test_no_spreadsheet_computes_a_path(path: str) -> None:
    (row,) = rows(render("csv", report(app(path=path))))
    assert row["path"] == f"'{path}"


@given(reports)
def test_every_row_has_all_cells_and_is_one_line(any_report: Any) -> None:
    text = render("csv", any_report)
    assert text.count("\n") == 1 + len(any_report.apps)
    assert all(None not in row and None not in row.values() for row in rows(text))


# --- JSON Lines


def test_every_line_is_an_object() -> None:
    lines = [json.loads(line) for line in render("jsonl", REPORT).splitlines()]
    document = json.loads(render("json", REPORT))
    head: Mapping[str, object] = {"schema_version": 1, "tool": {"name": "pydeploy-lint", "version": "1.2.3"}}
    (gone,) = document["notifications"]
    assert (gone["app"], gone["message"]) == ("gone", "gone does not exist")
    assert lines == [
        *({**head, "kind": "app", **each} for each in document["apps"]),
        {**head, "kind": "notification", **gone},
        {**head, "kind": "totals", **document["totals"]},
    ]


# --- Markdown


def test_markdown_has_totals_and_rows_before_the_apps() -> None:
    text = render("markdown", report(*APPS[1:3], APPS[5])._replace(unjudged=(GONE,)))
    overview, *apps = text.split("\n### ")
    assert [app.split("\n")[0] for app in apps] == ["soon at v1", "old"]
    assert (
        overview
        == """\
## pydeploy-lint

- error: gone does not exist

**4 apps: 1 builds, 1 is rejected, 1 is no Python app, 1 could not be judged**

| app | verdict | reason | Python | manager | stack | deploys until | errors | warnings |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| soon | builds |  | 3&#46;14.7 | uv | heroku-24 | 2027-01-06 | 0 | 1 |
| old | rejected | python-version::eol | 3&#46;7 | pip | heroku-24 |  | 1 | 1 |
| gone | not-judged | gone does not exist |  |  |  |  |  |  |

| check | apps | findings |
| --- | --- | --- |
| missing-python-version | 2 | 2 |
| unsupported-runtime | 1 | 1 |

| no longer deployed from | why | apps |
| --- | --- | --- |
| 2027-01-06 | Python 3.10 is removed | 1 |
"""
    )


@pytest.mark.parametrize(
    ("path", "cell"), [("a|b", "a&#124;b"), ("a`b``c", "a&#96;b&#96;&#96;c"), ("[x](y)", "&#91;x&#93;(y)")]
)
def test_a_path_is_no_markdown(path: str, cell: str) -> None:
    assert f"\n| {cell} | builds |" in render("markdown", report(app(path=path), app()))


# --- A comparison


def test_what_is_new_solved_and_unchanged() -> None:
    old = render("json", report(REJECTED_APP._replace(path="web"), app(NO_VERSION, path="left")))
    now = (
        app(NO_VERSION, finding("New.", Span("Procfile", 3, 1, 3, 2)), path="web"),
        app(END_OF_LIFE._replace(at=Span("runtime.txt", 9, 1, 9, 2)), path="api"),
    )
    text = compared("text", *now, old=old)
    assert text.splitlines()[-4:] == [
        "Compared with old.json: 2 new, 1 solved, 1 unchanged; 1 app not in it; 1 app only in it",
        "+ web: Procfile: [unsupported-runtime] New.",
        "+ api: runtime.txt: [unsupported-runtime] Python 3.7 reached its end of life, and Heroku rejects it.",
        "- web: runtime.txt: [unsupported-runtime] Python 3.7 reached its end of life, and Heroku rejects it.",
    ]
    document = json.loads(compared("json", *now, old=old))["comparison"]
    assert [document[name] for name in ("new", "solved", "unchanged", "new_apps", "gone_apps")] == [2, 1, 1, 1, 1]
    assert document["new_findings"][0] == {
        "app": "web",
        "check": "unsupported-runtime",
        "path": "Procfile",
        "message": "New.",
    }
    assert "&#43; web: Procfile: &#91;unsupported-runtime&#93; New.\n" in compared("markdown", *now, old=old)
    (line,) = [each for each in compared("jsonl", *now, old=old).splitlines() if '"comparison"' in each]
    assert json.loads(line)["with"] == "old.json"


def test_a_finding_that_moved_is_the_same_and_equal_ones_are_counted() -> None:
    first, second = (END_OF_LIFE._replace(at=Span("runtime.txt", line, 1, line, 2)) for line in (1, 2))
    old = render("jsonl", report(app(first, second)))
    assert "0 new, 0 solved, 2 unchanged" in compared("text", app(second, first), old=old)
    assert "0 new, 1 solved, 1 unchanged" in compared("text", app(second), old=old)


def test_numbers_that_change_with_the_days_make_no_finding_a_new_one() -> None:
    one, other = (finding(message=f"Pinned to a patch that is {number} days old") for number in (9, 30))
    old = render("json", report(app(one, finding(message="Gone"))))
    assert "0 new, 1 solved, 1 unchanged" in compared("text", app(other), old=old)
    assert "1 new, 1 solved, 1 unchanged" in compared("text", app(other, other), old=old)


def test_the_list_of_changes_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pydeploy_lint.report.common.comparison.LONGEST", 3)
    found = [finding(f"Number {number}.") for number in range(5)]
    text = compared("text", app(*found[:2]), app(*found, path="b"), old=render("json", report()))
    assert text.splitlines()[-5:] == [
        "Compared with old.json: 7 new, 0 solved, 0 unchanged; 2 apps not in it",
        "+ .: runtime.txt: [unsupported-runtime] Number 0.",
        "+ .: runtime.txt: [unsupported-runtime] Number 1.",
        "+ b: runtime.txt: [unsupported-runtime] Number 0.",
        "+ and 4 more",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"schema_version": 2, "apps": []}',
        '{"apps": []}',
        '{"schema_version": 1, "apps": [{"path": "a"}]}',
        '{"schema_version": 1, "apps": [{"path": "a", "findings": [{"check": 1, "path": "", "message": ""}]}]}',
        '{"schema_version": 1, "kind": "app", "path": "a", "findings": []}\nnonsense\n',
        "[" * 100_000,
    ],
)
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(NoReport):
        read_old("old.json", text)
