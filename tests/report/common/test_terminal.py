from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.report.common.terminal import Terminal, width

LINK = "\x1b]8;;https://a.example/#b\x1b\\abc\x1b]8;;\x1b\\"


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environ", "terminal"),
    [
        (io.StringIO(), {}, None),
        (io.StringIO(), {"COLUMNS": "100", "TERM": "xterm"}, None),
        (io.StringIO(), {"FORCE_COLOR": "1"}, Terminal(80, colour=True)),
        (io.StringIO(), {"CLICOLOR_FORCE": "1"}, Terminal(80, colour=True)),
        (io.StringIO(), {"CLICOLOR_FORCE": "0"}, None),
        (io.StringIO(), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, None),
        (Screen(), {}, Terminal(80, colour=True, links=True)),
        (Screen(), {"COLUMNS": "100", "TERM": "xterm"}, Terminal(100, colour=True, links=True)),
        (Screen(), {"COLUMNS": "0"}, Terminal(80, colour=True, links=True)),
        (Screen(), {"COLUMNS": "wide"}, Terminal(80, colour=True, links=True)),
        (Screen(), {"NO_COLOR": ""}, Terminal(80, colour=True, links=True)),
        (Screen(), {"NO_COLOR": "1"}, Terminal(80, colour=False)),
        (Screen(), {"TERM": "linux"}, Terminal(80, colour=True)),
        (Screen(), {"TERM": "dumb"}, Terminal(80, colour=False)),
        (Screen(), {"TERM": "dumb", "FORCE_COLOR": "1"}, Terminal(80, colour=True)),
        (Screen(), {"NO_COLOR": "1", "FORCE_COLOR": "1"}, Terminal(80, colour=False)),
    ],
)
def test_detection(stream: io.StringIO, environ: dict[str, str], terminal: Terminal | None) -> None:
    assert Terminal.detect(stream, environ) == terminal


@pytest.mark.parametrize(
    ("stream", "environ", "colour", "terminal"),
    [
        (io.StringIO(), {"NO_COLOR": "1"}, True, Terminal(80, colour=True)),
        (io.StringIO(), {"FORCE_COLOR": "1"}, False, None),
        (Screen(), {"NO_COLOR": "1"}, True, Terminal(80, colour=True, links=True)),
        (Screen(), {"FORCE_COLOR": "1"}, False, Terminal(80, colour=False)),
    ],
)
def test_the_user_overrules_the_environment(
    stream: io.StringIO, environ: dict[str, str], colour: bool, terminal: Terminal | None
) -> None:
    assert Terminal.detect(stream, environ, colour) == terminal


@pytest.mark.parametrize(
    ("text", "columns"),
    [("abc", 3), ("é", 1), ("e\u0301", 1), ("日本", 4), ("\x1b[1;31mred\x1b[0m", 3), (LINK, 3), ("ﾊﾟ", 2)],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


def test_paint() -> None:
    assert Terminal(80, colour=True).paint("no", "1;31") == "\x1b[1;31mno\x1b[0m"
    assert Terminal(80, colour=False).paint("no", "1;31") == "no"


def test_links() -> None:
    terminal = Terminal(80, colour=True, links=True)
    assert terminal.link("abc", "https://a.example/#b") == LINK
    assert Terminal(80, colour=True).link("abc", "https://a.example/#b") == "abc"
    for address in ("", "javascript:x", "https://a b", "https://a\x1b\\", "https://\xe4"):
        assert terminal.link("abc", address) == "abc"


def test_wrap_counts_columns_not_characters() -> None:
    words = ["\x1b[1mone\x1b[0m", "two", "日本語", "four", "unbreakable-word"]
    assert Terminal(10, colour=True).wrap(words, "> ", "  ") == [
        "> \x1b[1mone\x1b[0m two",
        "  日本語",
        "  four",
        "  unbreakable-word",
    ]


@given(st.lists(st.text("ab日", min_size=1), min_size=1), st.integers(1, 30))
def test_wrapped_lines_fit_and_keep_every_word(words: list[str], columns: int) -> None:
    lines = Terminal(columns, colour=False).wrap(words, "", "  ")
    assert [word for line in lines for word in line.split()] == words
    assert all(width(line) <= columns or len(line.split()) == 1 for line in lines)
