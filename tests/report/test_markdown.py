from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from pydeploy_lint.engine.result import Notification
from pydeploy_lint.finding import Related, Severity, Span
from pydeploy_lint.report import markdown
from pydeploy_lint.report.common.neutral import visible
from pydeploy_lint.report.formats import render
from tests.report.samples import (
    ANSWERED_APP,
    END_OF_LIFE,
    REJECTED_APP,
    URL,
    app,
    finding,
    hostile,
    report,
    reports,
)

if TYPE_CHECKING:
    from pydeploy_lint.engine.result import Report

PARSER = MarkdownIt("commonmark").enable("table")
OUR_TAGS = {"h2", "h3", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "a", "pre", "code"} | {
    "details",
    "summary",
}


def test_the_table_and_how_to_fix_it() -> None:
    assert render("markdown", report(REJECTED_APP)) == (
        "## pydeploy-lint\n"
        "\n"
        "**Heroku would reject this push while choosing the Python release: "
        "1 error, 1 warning (python-version::eol)**\n"
        "\n"
        "Can be fixed: 1 with --fix --unsafe-fixes\n"
        "\n"
        "| | where | what |\n"
        "|---|---|---|\n"
        "| error | runtime.txt:1:8 | Python 3.7 reached its end of life, and Heroku rejects it. "
        f"([unsupported-runtime]({URL})) |\n"
        "| warning | .python-version | Heroku takes its default version. (missing-python-version) |\n"
        "\n"
        "<details><summary>How to fix it</summary>\n"
        "\n"
        "**unsupported-runtime** in runtime.txt:1:8\n"
        "\n"
        "Ask for a newer version, and try the app with it:\n"
        "\n"
        "```\n"
        "echo 3.14 > .python-version\n"
        "```\n"
        "\n"
        "</details>\n"
        "\n"
    )


def test_the_same_help_is_given_once() -> None:
    twice = [END_OF_LIFE, END_OF_LIFE._replace(at=Span("api/runtime.txt"))]
    text = render("markdown", report(app(*twice)))
    assert "**unsupported-runtime** in runtime.txt:1:8, api/runtime.txt\n" in text
    assert text.count("echo 3.14") == 1


def test_other_places_and_doubts_are_in_the_table() -> None:
    doubtful = finding("Two.", Span("Pipfile"))._replace(
        certain=False, related=(Related(Span("uv.lock", 3, 1, 3, 9), "for uv"), Related(Span("a|b"), "too"))
    )
    row = f"| error | web/Pipfile | may apply: Two. ([unsupported-runtime]({URL}))<br>"
    assert f"{row}web/uv.lock:3:1: for uv<br>web/a&#124;b: too |\n" in render(
        "markdown", report(app(doubtful, path="web"))
    )


def test_commands_work_where_the_user_stands() -> None:
    text = render("markdown", report(app(finding(help="Lock again:\n    uv lock"), path="api")))
    assert "\n```\n(cd api && uv lock)\n```\n" in text


def test_several_apps_have_headings_and_notifications_are_listed() -> None:
    unread = Notification(Severity.WARNING, "is not a *file*", Span("Pipfile"))
    failed = Notification(Severity.ERROR, "a_b does not exist")
    text = render("markdown", report(app(path="a_b"), app(notifications=(unread,)), notifications=(failed,)))
    assert text.startswith("## pydeploy-lint\n\n- error: a&#95;b does not exist\n\n**2 apps: 2 build**\n\n| app |")
    assert "\n\n### a&#95;b\n\n**Heroku would build" in text
    assert text.endswith("\n\n- warning: Pipfile: is not a &#42;file&#42;\n\n")


def test_what_is_suppressed_is_shown_on_demand() -> None:
    shown = report(ANSWERED_APP)._replace(show_suppressed=True)
    assert render("markdown", shown).count("| suppressed error | runtime.txt:") == 3
    assert "| suppressed" not in render("markdown", report(ANSWERED_APP))


@pytest.mark.parametrize("size", [1, 100, 5_000])
def test_it_stays_below_what_github_takes(size: int) -> None:
    many = report(*[app(*[finding("日本" * size, help="    `" + "x" * size)] * 300, path=f"app{n}") for n in range(50)])
    text = render("markdown", many)
    assert len(text.encode()) < 1_024 * 1_000
    assert text.endswith(f"\n\n{markdown.CUT}")
    assert text.count(markdown.FOLD) == text.count(markdown.UNFOLD)


def test_that_it_is_cut_is_not_folded_away() -> None:
    many = [finding(help=f"Do {number}:\n    {'x' * 1_000}") for number in range(1_000)]
    text = render("markdown", report(app(*many)))
    assert text.endswith(f"\n{markdown.UNFOLD}{markdown.CUT}")


def test_a_cut_report_ends_with_whole_rows() -> None:
    text = render("markdown", report(app(*[finding("x" * 1_000)] * 2_000)))
    *_, row, empty, cut, end = text.split("\n")
    assert row.endswith(" |")
    assert (empty, cut, end) == ("", markdown.CUT.strip(), "")


@given(hostile)
def test_a_code_block_ends_where_the_code_does(text: str) -> None:
    lines = [f"```{text}", "````", text]
    shown = render("markdown", report(app(finding(help="\n".join(f"    {visible(line)}" for line in lines)))))
    blocks = [token for token in PARSER.parse(shown) if token.type == "fence"]
    assert [block.content.count("\n") for block in blocks] == [3]


@given(reports)
def test_nothing_from_the_app_is_markup(report: Report) -> None:
    shown = PARSER.render(render("markdown", report))
    assert set(re.findall(r"</?(\w+)", shown)) - {"br"} <= OUR_TAGS
    assert set(re.findall(r'href="([^"]*)"', shown)) <= {URL}
