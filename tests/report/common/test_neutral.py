from __future__ import annotations

import html
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.engine.result import Report
from pydeploy_lint.report import formats
from pydeploy_lint.report.common.neutral import inert, inert_markup, json_text, markdown, visible
from pydeploy_lint.report.common.terminal import STYLE, Terminal
from tests.report.samples import hostile, reports


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Python 3.14, naïve, 日本", "Python 3.14, naïve, 日本"),
        ("\x1b[31mred", "<U+001B>[31mred"),
        ("a\nb\tc\x7f\x9b", "a<U+000A>b<U+0009>c<U+007F><U+009B>"),
        ("\u202etxt.exe\u200b\ufeff", "<U+202E>txt.exe<U+200B><U+FEFF>"),
        ("dja\u00adngo\u00a0", "dja<U+00AD>ngo<U+00A0>"),
        ("\udcff\U000e0041", "<U+DCFF><U+E0041>"),
    ],
)
def test_what_cannot_be_seen_is_spelled_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("line", "harmless"),
    [
        ("::error::no", ": :error::no"),
        (" \t ::add-mask::3", " \t : :add-mask::3"),
        ("::::", ": :::"),
        ("say ##[group] and ###[error]", "say # #[group] and ## #[error]"),
        ("python-version::eol ## [a]", "python-version::eol ## [a]"),
    ],
)
def test_workflow_commands_are_disarmed(line: str, harmless: str) -> None:
    assert inert(line) == harmless


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("app/settings.py:99:1: a-b.c (x, y)", "app/settings.py:99:1: a-b.c (x, y)"),
        ("<b> `a` *b* SECRET_KEY [x](y) a|b ~c~ $d$ &lt; \\", None),
        ("https://a.example www.a.example", "https&#58;//a.example www&#46;a.example"),
        ("@me, a@b.example #12 :+1:", "&#64;<!-- -->me, a&#64;<!-- -->b.example &#35;<!-- -->12 &#58;<!-- -->+1:"),
        ("::error::", "&#58;&#58;<!-- -->error::"),
        ("1. a", "1&#46; a"),
        ("- a", "&#45; a"),
        (" .python-version ", ".python-version"),
    ],
)
def test_text_is_no_markdown(text: str, shown: str | None) -> None:
    document = markdown(text)
    assert shown is None or document == shown
    assert html.unescape(document.replace("<!-- -->", "")) == visible(text).strip()


@given(hostile)
def test_markup_loses_nothing_when_disarmed(text: str) -> None:
    assert html.unescape(inert_markup(html.escape(text))) == html.unescape(html.escape(text))


@given(hostile)
def test_visible_text_is_one_line_of_printable_characters(text: str) -> None:
    shown = visible(text)
    assert {unicodedata.category(character) for character in shown}.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})
    assert visible(shown) == shown


@given(st.recursive(hostile, lambda inner: st.lists(inner) | st.dictionaries(hostile, inner)))
def test_json_is_plain_ascii_and_loses_no_character_but_surrogates(document: object) -> None:
    text = json_text(document)
    assert set(text) <= {"\n", *map(chr, range(0x20, 0x7F))}
    assert "##[" not in text
    spelled_out = json.dumps(document, ensure_ascii=False)
    for character in set(spelled_out):
        if "\ud800" <= character <= "\udfff":
            spelled_out = spelled_out.replace(character, visible(character))
    assert json.loads(text) == json.loads(spelled_out)


@pytest.mark.parametrize("name", sorted(formats.FORMATS.keys() - {"github"}))
@given(report=reports)
def test_a_runner_finds_no_command_in_what_people_and_programs_read(name: str, report: Report) -> None:
    for line in formats.render(name, report).split("\n"):
        assert not line.lstrip().startswith("::")
        assert "##[" not in line


@given(report=reports)
def test_annotations_are_the_only_commands_and_each_is_one_line(report: Report) -> None:
    lines = formats.render("github", report).split("\n")
    assert lines.pop() == ""
    assert len(lines) == len(report.notifications) + sum(len(app.findings) + len(app.unreported) for app in report.apps)
    for line in lines:
        assert line.startswith(("::error ", "::warning ", "::notice "))
        assert "##[" not in line
        assert line.isprintable()


@given(reports, st.integers(1, 100), st.booleans(), st.booleans())
def test_a_terminal_obeys_nothing_but_our_own_styles(report: Report, columns: int, colour: bool, links: bool) -> None:
    text = formats.render("text", report, Terminal(columns, colour, links))
    if not (colour or links):
        assert "\x1b" not in text
    assert STYLE.sub("", text).replace("\n", "").isprintable()
