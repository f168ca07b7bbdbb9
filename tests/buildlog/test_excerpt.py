"""What is read of a log, whatever its size and encoding."""

from __future__ import annotations

import io

import pytest

from pydeploy_lint.buildlog import excerpt
from pydeploy_lint.buildlog.excerpt import Excerpt, read_excerpt


def lines(data: bytes) -> list[tuple[int, str]]:
    return list(read_excerpt(io.BytesIO(data)).lines())


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excerpt, "CHUNK", 10)


def test_a_small_log_is_read_whole() -> None:
    assert lines(b"one\ntwo") == [(1, "one"), (2, "two")]


@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbfone\ntwo", "\ufeffone\ntwo".encode("utf-16-le"), "\ufeffone\ntwo".encode("utf-16-be")]
)
def test_the_mark_at_its_start_says_how_it_is_encoded(data: bytes) -> None:
    assert lines(data) == [(1, "one"), (2, "two")]


def test_what_is_no_text_becomes_a_replacement() -> None:
    assert lines(b"\xff\x00\xfe\n\xc3") == [(1, "\ufffd\0\ufffd"), (2, "\ufffd")]


@pytest.mark.usefixtures("small_chunks")
def test_the_middle_of_a_large_log_is_left_out_and_the_numbers_stay_right() -> None:
    numbered = [f"{number:04}" for number in range(1, 21)]
    data = "\n".join(numbered).encode()
    read = read_excerpt(io.BytesIO(data))

    assert read.left_out == 60
    assert list(read.lines()) == [(number, f"{number:04}") for number in (1, 2, 16, 17, 18, 19, 20)]


@pytest.mark.usefixtures("small_chunks")
def test_a_log_that_just_fits_is_read_whole() -> None:
    data = b"12345\n" * 6
    assert read_excerpt(io.BytesIO(data)) == Excerpt(data.decode(), "", 2, 0)


@pytest.mark.usefixtures("small_chunks")
def test_a_large_log_without_line_ends_has_no_whole_line() -> None:
    assert lines(b"x" * 1000) == []
