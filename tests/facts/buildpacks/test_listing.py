from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.facts.buildpacks.listing import read_listing
from pydeploy_lint.files.source import FileProblem, Source


def read(text: str) -> list[tuple[str | None, list[tuple[str, str]]]]:
    """App, and text and place of each of its buildpacks."""
    return [
        (found.app, [(entry.reference.text, str(entry.at)) for entry in found.entries])
        for found in read_listing(Source("list.txt", text.encode()))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=== my-app Buildpack URL\nheroku/python\n", [("my-app", [("heroku/python", "list.txt:2:1")])]),
        ("=== my-app Buildpack URL\r\n\r\nheroku/python\r\n", [("my-app", [("heroku/python", "list.txt:3:1")])]),
        ("=== ⬢ my-app Buildpack URL\n\nheroku/python", [("my-app", [("heroku/python", "list.txt:3:1")])]),
        ("=== Buildpack URL\nheroku/python\n", [(None, [("heroku/python", "list.txt:2:1")])]),
        (
            "=== my-app Buildpack URLs\n1. heroku/nodejs\n2. heroku/python\n",
            [("my-app", [("heroku/nodejs", "list.txt:2:4"), ("heroku/python", "list.txt:3:4")])],
        ),
        (
            "=== a Buildpack URL\nx/y\n\n=== b Buildpack URL\nheroku/python\n",
            [("a", [("x/y", "list.txt:2:1")]), ("b", [("heroku/python", "list.txt:5:1")])],
        ),
        ("my-app has no Buildpack URL set.\n", [("my-app", [])]),
        ("\x1b[1m=== \x1b[35mmy-app\x1b[0m Buildpack URL\x1b[0m\nx/y\n", [("my-app", [("x/y", "list.txt:2:1")])]),
        ("=====> my-app buildpack urls\n       heroku/python\n", [("my-app", [("heroku/python", "list.txt:2:8")])]),
        ("", []),
    ],
)
def test_what_heroku_prints(text: str, expected: list[object]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("heroku/python\n", "list.txt:1:1"),
        ("=== a Buildpack URL\n  not one word\n", "list.txt:2:3"),
        (" ›   Error: Couldn't find that app.\n", "list.txt:1:2"),
    ],
)
def test_what_is_no_listing_is_a_problem_with_a_place(text: str, place: str) -> None:
    with pytest.raises(FileProblem, match="not the output of") as raised:
        read(text)
    assert raised.value.invalid
    assert str(raised.value.at) == place


@given(st.lists(st.sampled_from(["=== a Buildpack URL", "x/y", "1. x/y", "", "junk line", "\x1b[", "=== "])))
def test_any_text_is_read_or_refused(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        found = read(text)
    except FileProblem:
        return
    assert sum(len(entries) for _, entries in found) == sum("x/y" in line for line in lines)
