"""The page about several apps: an overview, a table, a drawing, and folded details."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import date

import pytest

from pydeploy_lint.engine.result import Notification, Report, Unjudged
from pydeploy_lint.facts.ending import Ending
from pydeploy_lint.finding import Severity, Span
from pydeploy_lint.report.formats import render
from pydeploy_lint.report.html.page import IN_MEMORY
from tests.report.html.test_page import Page
from tests.report.samples import REJECTED_APP, app, finding, report

END = Ending(date(2027, 10, 1), "Python 3.10 is removed", "the pattern", expected=True, at=Span("runtime.txt"))
GONE = Unjudged("gone", Notification(Severity.ERROR, "gone does not exist"))
WEB = REJECTED_APP._replace(path="web")
API = app(finding(), path="services/api", rev="main")._replace(ending=END)


def page(result: Report) -> Page:
    return Page(render("html", result))


def cells(text: str) -> list[list[str]]:
    (table,) = re.findall(r'<table id="table">(.*?)</table>', text, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", table)
    return [[re.sub("<.*?>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


def test_the_overview_comes_before_the_details() -> None:
    document = page(report(WEB, API)._replace(unjudged=(GONE,)))
    assert [text for level, text in document.headings if level == "h2"] == [
        "When deploys stop",
        "What is found",
        "The apps",
        "What went wrong",
        "Details",
        "web",
        "services/api at main",
    ]
    assert document.all("title")[0] == "Would Heroku build these apps? - pydeploy-lint"
    assert "3 apps: 1 is rejected, 1 is undecided, 1 could not be judged." in document.all("p")


def test_the_table_has_a_row_for_each_app() -> None:
    head, *rows = cells(render("html", report(WEB, API)._replace(unjudged=(GONE,))))
    assert head[:3] == ["App", "Verdict", "Reason"]
    assert [(row[0], row[1], row[2], row[6]) for row in rows] == [
        ("web", "rejected", "python-version::eol", ""),
        ("services/api at main", "undecided", "", "2027-10-01"),
        ("gone", "not-judged", "gone does not exist", ""),
    ]


def test_details_are_folded_and_linked() -> None:
    document = page(report(WEB, API))
    names = [each["id"] for each in document.attributes("details")]
    assert all("open" not in each for each in document.attributes("details"))
    assert [each["href"] for each in document.attributes("a") if str(each["href"]).startswith("#app")] == [
        f"#{name}" for name in names
    ]


def test_anchors_do_not_depend_on_the_other_apps() -> None:
    (_, one) = page(report(WEB, API)).attributes("details")
    (other, _) = page(report(API, app(path="new"))).attributes("details")
    assert one["id"] == other["id"]
    assert str(one["id"]).startswith("app-services-api-")
    names = [
        each["id"] for each in page(report(app(path="a b"), app(path="a-b"), app(path="a/b"))).attributes("details")
    ]
    assert len(set(names)) == 3


def test_what_is_no_app_has_no_details() -> None:
    document = page(report(WEB, app(path="docs")._replace(skipped=True)))
    assert len(document.attributes("details")) == 1


def test_the_drawing_is_to_scale() -> None:
    text = render(
        "html", report(API, app(path="b")._replace(ending=END._replace(date=date(2028, 1, 1), expected=False)))
    )
    years = {year: float(x) for x, year in re.findall(r'<text x="([\d.]+)%" y="\d+" class="year">(\d+)</text>', text)}
    ends = [float(x) for x in re.findall(r'<line x1="([\d.]+)%"[^>]*class="end"', text)][:2]
    assert years.keys() >= {"2026", "2027", "2028"}
    assert ends[1] == pytest.approx(years["2028"], abs=0.02)
    assert (ends[0] - years["2027"]) / (years["2028"] - years["2027"]) == pytest.approx(273 / 365, abs=0.002)
    assert "Python 3.10 is removed (expected, not announced)" in Page(text).all("td")
    assert f"as of {API.policy.as_of}" in text


def test_the_last_year_of_all() -> None:
    last = END._replace(date=date(9999, 12, 31))
    policy = API.policy._replace(as_of="9999-12-31")
    assert "as of 9999-12-31" in render("html", report(WEB._replace(policy=policy), API._replace(ending=last)))


def test_only_this_script_may_run() -> None:
    text = render("html", report(WEB, API))
    (script,) = re.findall("<script>(.*?)</script>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="(.*?)"', text)
    assert f"script-src &#x27;sha256-{digest}&#x27;;" in policy
    assert "default-src &#x27;none&#x27;;" in policy
    assert "innerHTML" not in script
    assert "fetch" not in script


def test_without_the_script_nothing_is_shown_that_does_not_work() -> None:
    document = page(report(WEB, API))
    (controls,) = [each for each in document.attributes("p") if each.get("id") == "controls"]
    assert "hidden" in controls
    assert "button" not in {tag for tag, _ in document.elements}


def test_many_details_wait_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = render("html", report(WEB, API))
    monkeypatch.setattr("pydeploy_lint.report.html.page.IN_MEMORY", 10)
    monkeypatch.setattr("pydeploy_lint.report.html.page.PIECE", 7)
    assert IN_MEMORY > 10
    assert render("html", report(WEB, API)) == whole
