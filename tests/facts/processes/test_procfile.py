"""The Procfile reader: which lines count, their places, and what is passed over."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.facts.processes.procfile import MAX_LINES, Procfile, read_procfile
from pydeploy_lint.files.source import Source
from pydeploy_lint.testing import place

CLASSIC = re.compile(r"[ \t\f\v]*([a-zA-Z0-9_-]+):?[ \t\f\v]+(.*)")
"""The expression of Heroku's classic build, for one line."""


def read(text: str | bytes) -> Procfile:
    return read_procfile(Source("Procfile", text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("web: gunicorn app:app\n", [("web", "gunicorn app:app", True, "Procfile:1:6-1:22")]),
        ("web: a", [("web", "a", True, "Procfile:1:6-1:7")]),
        ("# c\r\n\r\n  my-web_1:\ta  b \r\n", [("my-web_1", "a  b", True, "Procfile:3:13-3:17")]),
        ("web a", [("web", "a", False, "Procfile:1:5-1:6")]),
        ("web : a", [("web", ": a", False, "Procfile:1:5-1:8")]),
        ("web: a # b", [("web", "a # b", True, "Procfile:1:6-1:11")]),
        ("wéb: a\nwörker: b\nweb: ü\n", [("web", "ü", True, "Procfile:3:6-3:7")]),
        ("", []),
    ],
)
def test_entries(text: str, expected: list[tuple[str, str, bool, str]]) -> None:
    found = [(entry.name, entry.command, entry.colon, place(entry.command_at)) for entry in read(text).entries]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "why", "name", "at"),
    [
        ("web:gunicorn a\n", "has no space after the colon", "web", "Procfile:1:1-1:15"),
        ("  web:a", "has no space after the colon", "web", "Procfile:1:3-1:8"),
        ("web:  \n", "has no command after the colon", None, "Procfile:1:1-1:5"),
        ("<<<<<<< HEAD\n", "is left from a merge conflict", None, "Procfile:1:1-1:13"),
        ("é: a\n", "does not begin with a process type and a colon", None, "Procfile:1:1-1:5"),
        ("web\n", "does not begin with a process type and a colon", None, "Procfile:1:1-1:4"),
    ],
)
def test_ignored(text: str, why: str, name: str | None, at: str) -> None:
    procfile = read(text)
    assert procfile.entries == ()
    assert [(line.why, line.name, place(line.at)) for line in procfile.ignored] == [(why, name, at)]


def test_the_last_of_a_name_counts() -> None:
    procfile = read("web: a\nrelease: b\nweb: c\nweb: d\n")
    assert {name: entry.command for name, entry in procfile.process_types.items()} == {"web": "d", "release": "b"}
    assert [(entry.line, winner.line) for entry, winner in procfile.overridden] == [(1, 4), (3, 4)]


@pytest.mark.parametrize(
    ("data", "unreadable"),
    [
        (b"web: a\n", None),
        (b"\xef\xbb\xbfweb: a\n", "UTF-8 with a byte order mark"),
        ("web: a\r\n".encode("utf-16"), "UTF-16"),
        ("\ufeffweb: a\n".encode("utf-16-be"), "UTF-16"),
        ("web: a\n".encode("utf-32"), "UTF-32"),
    ],
)
def test_encodings_are_read_and_told(data: bytes, unreadable: str | None) -> None:
    procfile = read(data)
    assert [(entry.name, entry.command) for entry in procfile.entries] == [("web", "a")]
    assert procfile.unreadable == unreadable


def test_a_very_long_file_is_read_up_to_a_limit() -> None:
    assert len(read("web: a\n" * (MAX_LINES + 1)).entries) == MAX_LINES


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    procfile = read(data)
    assert len(procfile.entries) + len(procfile.ignored) <= procfile.source.line_count


@given(st.text("web:# \t-_a\u00e9\\", max_size=20))
def test_entries_are_those_of_the_classic_expression(line: str) -> None:
    match = CLASSIC.match(line)
    expected = [(match[1], match[2].rstrip())] if match and match[2].strip() else []
    assert [(entry.name, entry.command) for entry in read(line).entries] == expected


@given(
    st.lists(st.sampled_from(["web: gunicorn a", "x y", "  w:  b c  ", "# c", ""]), max_size=6),
    st.sampled_from(["\n", "\r\n"]),
)
def test_places_hold_what_they_name(lines: list[str], end: str) -> None:
    procfile = read(end.join(lines))
    text = procfile.source.text
    for entry in procfile.entries:
        assert text[entry.start :].startswith(entry.command)
        assert entry.command_at == procfile.source.span(entry.start, entry.start + len(entry.command))
        assert entry.name_at.line == entry.line
