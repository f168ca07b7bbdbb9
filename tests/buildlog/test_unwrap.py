"""Logs that were copied from the window of a terminal, which has broken their lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.buildlog.log import Outcome
from pydeploy_lint.buildlog.unwrap import unwrap
from tests.buildlog.logs import read

START = "2026-05-01T10:00:00.000000+00:00 app[web.1]: "
WHOLE = [
    f"{START}[2026-05-01 10:00:00 +0000] [4] [INFO] Starting gunicorn 23.0.0, with some words more",
    f"{START}Traceback (most recent call last):",
    f'{START}File "/app/.heroku/python/lib/python3.13/site-packages/gunicorn/arbiter.py", line 608, in spawn_worker',
    f"{START}ModuleNotFoundError: No module named 'a_module_with_a_long_name'",
    f"{START}[2026-05-01 10:00:01 +0000] [4] [ERROR] Reason: Worker failed to boot, which is a pity",
    "2026-05-01T10:00:02.000000+00:00 heroku[web.1]: State changed from starting to crashed",
    '2026-05-01T10:00:03.000000+00:00 heroku[router]: at=error code=H10 desc="App crashed" method=GET path="/" dyno=',
]


def wrapped(lines: list[str], width: int, *, strips: bool = False) -> list[str]:
    pieces = [line[start : start + width] for line in lines for start in range(0, len(line), width)]
    return [piece.rstrip() for piece in pieces] if strips else pieces


def texts(lines: list[str]) -> list[str]:
    return [text for _, text in unwrap(enumerate(lines, 1))]


@pytest.mark.parametrize("width", [72, 80, 81, 90, 100])
@pytest.mark.parametrize("strips", [False, True])
def test_broken_lines_are_put_together(width: int, strips: bool) -> None:
    assert texts(wrapped(WHOLE, width, strips=strips)) == WHOLE


@pytest.mark.parametrize("width", [80, 120])
def test_the_reason_is_found_at_the_line_where_it_begins(width: int) -> None:
    lines = wrapped(WHOLE, width)
    log = read("\r\n".join(lines))
    assert log.outcome is Outcome.RUN_ERRORS
    assert [each.error.id for each in log.causes] == ["module-not-found"]
    assert lines[log.causes[0].line - 1].startswith(f"{START}ModuleNotFoundError")
    assert [each.error.id for each in log.codes] == ["h10"]
    assert log.lines == len(lines)


def test_lines_that_are_not_broken_stay() -> None:
    log = [f"{START}Traceback (most recent call last):", "", "  what the app printed", f"{START}done", "no time"] * 3
    assert texts(log) == log


def test_a_log_with_a_longer_line_was_not_broken() -> None:
    lines = [*wrapped(WHOLE, 80), "x" * 81]
    assert texts(lines) == lines


@given(st.lists(st.text(st.characters(exclude_characters="\r\n"), max_size=90), max_size=30))
def test_no_text_is_lost(lines: list[str]) -> None:
    together = "".join(texts(lines))
    assert together.replace(" ", "") == "".join(lines).replace(" ", "")
