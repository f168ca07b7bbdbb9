"""A setting is added where it belongs, and nothing else changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.facts.django import rewrite
from pydeploy_lint.facts.django.rewrite import MAX_LINE, add_setting, where_added
from pydeploy_lint.files.source import Source
from pydeploy_lint.finding import Edit

NEW = 'STATIC_ROOT = f"{BASE_DIR}/staticfiles"'


def added(text: str) -> str:
    source = Source("settings.py", text.encode())
    edit = add_setting(source, "STATIC_ROOT", 'f"{BASE_DIR}/staticfiles"', after="STATIC_URL", needs="BASE_DIR")
    assert isinstance(edit, Edit)
    assert edit.text is not None
    at = source.offset(edit.span.line or 1, edit.span.column or 1)
    assert edit.span[1:3] == edit.span[3:5]
    return text[:at] + edit.text + text[at:]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (
            "BASE_DIR = 1\nSTATIC_URL = '/s/'  # ours\n\n# end\n",
            f"BASE_DIR = 1\nSTATIC_URL = '/s/'  # ours\n{NEW}\n\n# end\n",
        ),
        (
            "BASE_DIR = 1\r\nSTATIC_URL = '/s/'\r\nDEBUG = True\r\n",
            f"BASE_DIR = 1\r\nSTATIC_URL = '/s/'\r\n{NEW}\r\nDEBUG = True\r\n",
        ),
        (
            "BASE_DIR = 1\nSTATIC_URL = '/s/'; X = 1\n\nif X:\n    Y = 1\n",
            f"BASE_DIR = 1\nSTATIC_URL = '/s/'; X = 1\n{NEW}\n\nif X:\n    Y = 1\n",
        ),
        # What it needs comes later, or the setting to which it belongs is not at the top: the end.
        ("STATIC_URL = '/s/'\nBASE_DIR = 1\n", f"STATIC_URL = '/s/'\nBASE_DIR = 1\n{NEW}\n"),
        ("BASE_DIR = 1\nif X:\n    STATIC_URL = '/s/'\n", f"BASE_DIR = 1\nif X:\n    STATIC_URL = '/s/'\n{NEW}\n"),
        ("BASE_DIR = 1\nSTATIC_URL = '/s/'", f"BASE_DIR = 1\nSTATIC_URL = '/s/'\n{NEW}"),
        ("BASE_DIR = (\n", f"BASE_DIR = (\n{NEW}\n"),
        ("", f"{NEW}\n"),
        (f"BASE_DIR = '{'x' * MAX_LINE}'\nSTATIC_URL = 1\nX = 1\n", None),
    ],
)
def test_a_place(text: str, result: str | None) -> None:
    assert added(text) == (result or f"{text}{NEW}\n")


LINES = st.sampled_from(
    [
        "BASE_DIR = 1",
        "STATIC_URL = '/s/'",
        "# note",
        "",
        "X = {\n  1: 2,\n}",
        "def f():\n    return 1",
        "if X:\n    Y = 1",
    ]
)


@given(st.lists(LINES), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_only_one_line_is_added(lines: list[str], line_end: str, ends: bool) -> None:
    text = ("\n".join(lines) + ("\n" if ends else "")).replace("\n", line_end)

    result = added(text)

    assert [line for line in result.splitlines() if line == NEW] == [NEW]
    assert [line for line in result.splitlines() if line and line != NEW] == [x for x in text.splitlines() if x]


def test_without_libcst_the_end_is_the_place_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "BASE_DIR = 1\nSTATIC_URL = '/s/'\nX = 1\n"
    assert (where_added(), added(text)) == ("", f"BASE_DIR = 1\nSTATIC_URL = '/s/'\n{NEW}\nX = 1\n")
    monkeypatch.setattr(rewrite, "find_spec", lambda _: None)
    assert where_added() == ", at its end, as LibCST, which finds a better place, is not installed"
    assert added(text) == f"{text}{NEW}\n"
