from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.engine.result import Life, Notification, Report
from pydeploy_lint.finding import Severity, Span
from pydeploy_lint.report.formats import render
from tests.report.samples import (
    ANSWERED_APP,
    BUILDS,
    END_OF_LIFE,
    NO_VERSION,
    REJECTED_APP,
    URL,
    app,
    finding,
    hostile,
    missing_python_version,
    report,
    reports,
)

VOID = {"meta", "link", "col", "br", "hr", "img", "input"}
HEADING = re.compile(r"h[1-6]")
LIVES = (
    Life("Python 3.9", True, "2020-10-06", "2025-01-08", "2025-10-31", "2026-01-07"),
    Life("heroku-24", False, "2024-04-26", None, "2029-04", None),
)


class Page(HTMLParser):
    """A page that was read: elements with their attributes, the headings, the text of each kind of element."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.comments: list[str] = []
        self._open: list[str] = []
        self.feed(document)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)
            self.texts.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Give a text to the newest element of each kind that is open."""
        for tag in set(self._open):
            at = max(number for number, (name, _) in enumerate(self.texts) if name == tag)
            self.texts[at] = (tag, self.texts[at][1] + data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def all(self, tag: str) -> list[str]:
        return [text for name, text in self.texts if name == tag]

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def headings(self) -> list[tuple[str, str]]:
        return [(tag, text) for tag, text in self.texts if HEADING.fullmatch(tag)]


def page(result: Report) -> Page:
    return Page(render("html", result))


def with_timeline(*lives: Life) -> Report:
    return report(app()._replace(timeline=lives))


def facts(result: Report) -> dict[str, str]:
    document = page(result)
    return dict(zip(document.all("dt"), document.all("dd"), strict=True))


# --- What it says


def test_the_verdict_comes_first_then_the_findings_by_file_the_worst_first() -> None:
    document = page(report(REJECTED_APP._replace(path="web", timeline=LIVES)))
    assert document.headings == [
        ("h1", "Would Heroku build this app?"),
        ("h2", "web"),
        ("h3", "Findings"),
        ("h4", "runtime.txt"),
        ("h5", "Python 3.7 reached its end of life, and Heroku rejects it."),
        ("h4", ".python-version"),
        ("h5", "Heroku takes its default version."),
        ("h3", "What the build does"),
        ("h3", "How long Heroku supports it"),
    ]
    sentence = (
        "Heroku would reject this push while choosing the Python release: 1 error, 1 warning (python-version::eol)"
    )
    assert document.all("p")[:2] == ["pydeploy-lint 1.2.3", f"No {sentence}"]
    assert document.all("title")[0] == "Would Heroku build this app? No - pydeploy-lint"


def test_a_finding_has_its_line_the_way_out_the_fix_and_a_link() -> None:
    document = page(report(app(END_OF_LIFE)))
    (article,) = document.all("article")
    assert " ".join(article.split()) == (
        "Python 3.7 reached its end of life, and Heroku rejects it. "
        "✕error line 1, column 8 unsupported-runtime stops the build: python-version::eol "
        "1python-3.7 "
        "Ask for a newer version, and try the app with it: echo 3.14 > .python-version "
        "pydeploy-lint --fix --unsafe-fixes does it, to be looked over: Ask for Python 3.14 in .python-version "
        f"More: {URL}"
    )
    assert document.all("mark") == ["3.7"]
    assert {"href": URL} in document.attributes("a")


def test_a_whole_file_has_no_line_and_severity_is_told_in_words() -> None:
    (article,) = page(report(app(NO_VERSION._replace(build_warning=True)))).all("article")
    assert " ".join(article.split()) == (
        "Heroku takes its default version. !warning whole file missing-python-version the build warns, too"
    )


def test_what_the_build_does() -> None:
    known = BUILDS._replace(addons=("heroku-postgresql",), warnings=("outdated-patch",))
    assert facts(report(app(build=known))) == {
        "Python": "3.14.7 asked for in .python-version",
        "Package manager": "uv",
        "Installs with": "uv sync --locked --no-default-groups",
        "Add-ons": "heroku-postgresql",
        "Build warnings": "outdated-patch",
        "Stack": "heroku-24",
        "Judged by": "heroku/python v351, as of 2026-08-01",
    }
    default = BUILDS._replace(python_version_origin="default")
    assert facts(report(app(build=default)))["Python"] == "3.14.7 by default"
    assert facts(report(REJECTED_APP))["Stops with"] == "python-version::eol"
    doubtful = REJECTED_APP.build._replace(certain=False)
    assert facts(report(app(build=doubtful)))["May stop with"] == "python-version::eol"


def test_notifications_and_what_is_suppressed() -> None:
    unread = Notification(Severity.WARNING, "Pipfile is not a file", Span("Pipfile"))
    failed = Notification(Severity.ERROR, "plug-in acme could not be loaded")
    document = page(report(app(notifications=(unread,), path="web"), notifications=(failed,)))
    assert ("h2", "What went wrong") in document.headings
    assert ("h3", "What could not be decided") in document.headings
    items = document.all("li")
    assert "✕error plug-in acme could not be loaded" in items
    assert "!warning web/Pipfile: Pipfile is not a file" in items
    kept_back = report(ANSWERED_APP)
    assert ("h3", "Suppressed") not in page(kept_back).headings
    shown = page(kept_back._replace(show_suppressed=True))
    assert ("h3", "Suppressed") in shown.headings
    assert (
        "✕error unsupported-runtime runtime.txt:3:8: Python 3.7 reached its end of life, and Heroku rejects it. "
        "Suppressed: None of ours."
    ) in shown.all("li")


def test_nothing_found_and_nothing_judged() -> None:
    assert "Nothing was found." in page(report(app())).all("p")
    assert page(report()).all("h1") == ["Would Heroku build this app?"]


def test_a_link_is_only_made_of_a_web_address() -> None:
    script = finding()._replace(url="javascript:alert(1)")
    document = page(report(app(script)))
    assert "More: javascript:alert(1)" in document.all("p")
    assert all(str(each["href"]).startswith(("https://", "#")) for each in document.attributes("a"))


# --- The timeline


def test_the_timeline_is_to_scale() -> None:
    (life, _) = LIVES
    document = page(with_timeline(life))
    rects = [each for each in document.attributes("rect") if each.get("x")]
    assert [each["class"] for each in rects] == ["supported", "deprecated", "unmaintained"]
    # From 2020 to 2027, 2,557 days on 98 per cent of the width.
    days = [(279, 1555), (1834, 296), (2130, 68)]
    for rect, (begin, length) in zip(rects, days, strict=True):
        assert float(str(rect["x"]).rstrip("%")) == pytest.approx(1 + 98 * begin / 2557, abs=0.006)
        assert float(str(rect["width"]).rstrip("%")) == pytest.approx(98 * length / 2557, abs=0.006)
    (judged,) = [each for each in document.attributes("text") if each.get("text-anchor")]
    assert float(str(judged["x"]).rstrip("%")) == pytest.approx(1 + 98 * 2404 / 2557, abs=0.006)
    assert "as of 2026-08-01" in document.all("text")


def test_the_table_tells_the_same() -> None:
    document = page(with_timeline(*LIVES))
    assert [row.split("\n") for row in document.all("tbody")] == [
        [
            "",
            "Python 3.9 this app2020-10-062025-01-082025-10-312026-01-07",
            "heroku-24 the default2024-04-26not announced2029-04not announced",
            "",
        ]
    ]
    unknown = LIVES[0]._replace(since=None)
    assert "not recorded" in page(with_timeline(unknown)).all("td")


@pytest.mark.parametrize(
    ("life", "states"),
    [
        # Deprecated only after its end: what matters more is shown.
        (Life("a", True, "2020-01-01", "2022-08-17", "2021-03-18", "2022-09-26"), ["supported", "unmaintained"]),
        # No date of removal: up to the judged day, then nobody knows.
        (Life("a", True, "2020-01-01", None, "2025-12", None), ["supported", "unmaintained"]),
        (Life("a", True, "2020-01-01", None, "2030-12", None), ["supported"]),
        (Life("a", True, None, None, None, "2021-01-01"), ["supported"]),
        (Life("a", True, None, "2019-05-01", None, "2021-01-01"), ["supported", "deprecated"]),
        # Removed before upstream's end.
        (Life("a", True, "2020-01-01", "2024-01-01", "2026-01", "2025-01-01"), ["supported", "deprecated"]),
    ],
)
def test_what_a_bar_shows(life: Life, states: list[str]) -> None:
    document = page(with_timeline(life))
    assert [each["class"] for each in document.attributes("rect") if each.get("x")] == states


# --- What it is


def test_the_page_asks_for_nothing_and_allows_nothing() -> None:
    text = render("html", report(REJECTED_APP._replace(timeline=LIVES)))
    document = Page(text)
    (style,) = re.findall("<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert {"http-equiv": "Content-Security-Policy", "content": policy} in document.attributes("meta")
    assert {"script", "link", "img", "iframe", "form", "base", "object"}.isdisjoint(tag for tag, _ in document.elements)
    assert re.findall(r"url\((.*?)\)", style) == ["#deprecated", "#unmaintained"]
    assert "@import" not in style
    for _, attributes in document.elements:
        assert {"style", "src", "srcset"}.isdisjoint(attributes)
        assert not any(name.startswith("on") for name in attributes)


def test_landmarks_language_and_names() -> None:
    document = page(report(REJECTED_APP, app(path="web")._replace(timeline=LIVES)))
    assert document.attributes("html") == [{"lang": "en"}]
    tags = [tag for tag, _ in document.elements]
    assert [tag for tag in tags if tag in {"header", "main", "footer"}] == ["header", "main", "footer"]
    ids = [attributes["id"] for _, attributes in document.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in document.elements:
        assert set((attributes.get("aria-labelledby") or "").split()) <= set(ids)
        target = attributes.get("href") or ""
        assert not target.startswith("#") or target[1:] in ids
    names = [each["aria-labelledby"] for each in document.attributes("section") if "aria-labelledby" in each]
    assert len(names) == 4
    assert len(names) == len(set(names))
    for drawing in document.attributes("svg"):
        assert drawing.get("role") == "img" or "aria-hidden" in drawing or drawing["width"] == "28"
    assert all("scope" in each for each in document.attributes("th"))


def test_headings_leave_no_level_out() -> None:
    levels = [int(tag[1]) for tag, _ in page(report(REJECTED_APP, ANSWERED_APP)).headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(deeper <= level + 1 for level, deeper in pairwise(levels))


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_sufficient_in_light_and_dark_and_print() -> None:
    """WCAG 2.2 AA: 4.5 for text, 3 for what a drawing shows."""
    text = render("html", report())
    palettes = [
        {
            name: colour if len(colour) == 7 else "#" + "".join(digit * 2 for digit in colour[1:])
            for name, colour in re.findall(r"--([\w-]+): (#[0-9a-f]+);", root)
        }
        for root in re.findall(r":root \{(.*?)\}", text, re.DOTALL)
    ]
    assert len(palettes) == 3
    for palette in palettes:
        pairs = [(on, ink) for on in ("page", "card", "sunken") for ink in ("text", "quiet")]
        pairs += [(on, ink) for on in ("page", "card") for ink in ("link", "red", "amber", "blue", "green")]
        pairs += [(f"{ink}-tint", each) for ink in ("red", "amber", "green") for each in (ink, "text", "quiet")]
        pairs += [("mark", "text")]
        assert [pair for pair in pairs if contrast(*(palette[name] for name in pair)) < 4.5] == []
        assert contrast(palette["card"], palette["bar"]) >= 3


@given(reports, st.booleans())
def test_no_markup_of_an_app_survives(any_report: Report, show_suppressed: bool) -> None:
    text = render("html", any_report._replace(show_suppressed=show_suppressed))
    document = Page(text)
    assert document.comments == []
    assert text == render("html", any_report._replace(show_suppressed=show_suppressed))
    assert len(document.all("article")) == sum(len(each.findings) for each in any_report.apps)
    assert all(line.isprintable() for line in text.split("\n"))


markup = st.lists(
    st.sampled_from(
        ["<script>", "</script>", "<b x=", "'", '"', ">", "</pre>", "<!--", "-->", "&lt;", "&#60;", "]]>", "</title>"]
    )
    | hostile
).map("".join)


@given(markup)
def test_text_stays_text_wherever_it_stands(text: str) -> None:
    """Compare with a page of the same shape: no element and no attribute is different, but for the text."""

    def shape(text: str) -> list[tuple[str, list[str]]]:
        at = Span(text, 1, 1, 1, 4)
        line = "".join(text.splitlines())
        one = finding(text, at, check=missing_python_version, help=line + "\n    " + line, source_line="abc " + text)
        build = BUILDS._replace(python_version_origin=text, install_command=text)
        result = app(one, path=text.replace("\0", ""), rev=text, build=build)
        whole = report(result, notifications=(Notification(Severity.ERROR, text, at),))
        return [(tag, list(attributes)) for tag, attributes in page(whole).elements]

    assert shape(f"x{text}") == shape("x")
