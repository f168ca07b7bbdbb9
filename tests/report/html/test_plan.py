from __future__ import annotations

from pydeploy_lint.finding import Span
from pydeploy_lint.report.html.plan import plan_sections
from pydeploy_lint.report.plan.plan import Line, Section


def test_a_section_lists_its_lines_with_their_places() -> None:
    steps = (Line("detected", "<Python>", Span("Procfile")), Line("stop", "too old", Span("a", 2, 1, 2, 3), stops=True))

    assert plan_sections([Section("What the build does", steps)]).splitlines() == [
        "<section>",
        "<h3>What the build does</h3>",
        '<dl class="facts plan">',
        "<div><dt>detected</dt><dd>&lt;Python&gt;</dd></div>",
        '<div class="stops"><dt>stop</dt><dd>too old<span class="quiet"> a:2:1</span></dd></div>',
        "</dl>",
        "</section>",
    ]


def test_no_section_is_nothing() -> None:
    assert plan_sections([]) == ""
