"""Lines as the build printed them, whatever stands around them in a log."""

from __future__ import annotations

import pytest

from pydeploy_lint.buildlog.clean import LONGEST, clean

TEXT = "Error: Unable to read .python-version."


@pytest.mark.parametrize(
    "raw",
    [
        f" !     {TEXT}",
        f"remote:  !     {TEXT}        ",
        f"remote: \x1b[1;31m !     {TEXT}\x1b[0m\x1b[K",
        f"2026-05-01T10:00:00.1234567Z remote:  !     {TEXT}",
        f"\ufeff2026-05-01T10:00:00.1234567Z remote:  !     {TEXT}",
        f"[2026-05-01 10:00:00 +0000] remote:  !     {TEXT}",
        f"[10:00:00] remote:  !     {TEXT}",
        f"deploy\tPush to Heroku\t2026-05-01T10:00:00.1234567Z remote:  !     {TEXT}",
        f"> remote:  !     {TEXT}",
        f"12 remote:  !     {TEXT}",
        f"#14 7.381 {TEXT}",
        f"##[error]remote:  !     {TEXT}",
        f"section_start:1:build\r\x1b[0Kremote:  !     {TEXT}\r",
        f"\x1b]8;;https://link.example\x07{TEXT}\x1b]8;;\x07",
        f"  │   {TEXT}",
        f'<font color="#06989A">2026-05-01T10:00:00+00:00</font> <b>{TEXT}</b>',
    ],
)
def test_what_was_added_on_the_way_is_removed(raw: str) -> None:
    assert clean(7, raw) == (7, TEXT, None)


@pytest.mark.parametrize(
    ("raw", "process"),
    [
        (f"2026-05-01T10:00:00.123456+00:00 app[web.1]: {TEXT}", "web.1"),
        (f"2026-05-01T10:00:00+00:00 heroku[router]: {TEXT}", "router"),
        (f"heroku/release.1234: {TEXT}", "release.1234"),
    ],
)
def test_the_process_that_says_it_is_known(raw: str, process: str) -> None:
    assert clean(1, raw) == (1, TEXT, process)


def test_what_a_page_writes_otherwise_is_read() -> None:
    raw = "&gt; ModuleNotFoundError: No module named &apos;flask&apos;"
    assert clean(1, raw).text == "ModuleNotFoundError: No module named 'flask'"


@pytest.mark.parametrize(
    "text", ["a < b and c > d", 'File "<frozen importlib._bootstrap>", line 994', "AT&T", "<lambda>"]
)
def test_what_is_no_markup_stays(text: str) -> None:
    assert clean(1, text).text == text


def test_gits_own_mark_stays() -> None:
    line = " ! [remote rejected] main -> main (pre-receive hook declined)"
    assert clean(1, line).text == line.strip()


@pytest.mark.parametrize("raw", ["", "remote:", "remote: ", "\x1b[K", "\r", " !     "])
def test_an_empty_line_stays_empty(raw: str) -> None:
    assert clean(1, raw).text == ""


def test_the_end_of_a_very_long_line_is_not_read() -> None:
    assert clean(1, "x" * 10_000_000).text == "x" * LONGEST


def test_many_prefixes_end_somewhere() -> None:
    assert clean(1, "remote: " * 20 + "end").text.startswith("remote:")
