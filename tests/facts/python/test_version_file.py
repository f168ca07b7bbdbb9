"""How the build reads ``.python-version`` and ``runtime.txt``, line by line and byte by byte."""

import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pydeploy_lint.facts.python.version_file import (
    SPACE,
    read_python_version_file,
    read_runtime_txt,
    unreadable_encoding,
)
from pydeploy_lint.files.source import Source
from pydeploy_lint.heroku.policy import Policy
from pydeploy_lint.heroku.steps import STOPS
from pydeploy_lint.testing import place

TODAY = datetime.date(2026, 8, 18)
V351 = Policy(TODAY, release="v351")
V280 = Policy(TODAY, release="v280")
V300 = Policy(TODAY, release="v300")
V317, V318, V319 = (Policy(TODAY, release=release) for release in ("v317", "v318", "v319"))

SERIES = [
    (b"3.13", "3.13"),
    (b"\n\t 3.13 \r\n\n", "3.13"),
    (b"# ours\n3.13.2\n  # really\n", "3.13.2"),
    ("\u3000\u20283.13\u2003".encode(), "3.13"),
    (b"0.0", "0.0"),
]
REFUSED = [
    (b"", "no-version", None),
    (b"\n# 3.13\n", "no-version", None),
    (b"3.13\n3.12\n", "multiple-versions", None),
    (b"3.13\npypy3.10\n", "invalid-version", None),
    (b"3", "invalid-version", None),
    (b"3.013", "invalid-version", None),
    (b"3.13.2.1", "invalid-version", None),
    (b"3.13 # ours", "invalid-version", None),
    (b"3.13\r3.12\r", "invalid-version", None),
    ("3.13\u00a0".encode(), "invalid-version", None),
    ("3.13\u200b".encode(), "invalid-version", None),
    ("\u0663.\u0661".encode(), "invalid-version", None),
    (b"3.13\0", "invalid-version", None),
    (b"\xef\xbb\xbf", "invalid-version", None),
    (b"\xef\xbb\xbf3.13", "invalid-encoding", "UTF-8 with a byte order mark"),
    (b"\xef\xbb\xbf3.13\0", "invalid-version", None),
    ("3.13\n".encode("utf-16"), "invalid-encoding", "UTF-16"),
    ("3.13\n".encode("utf-16-be"), "invalid-version", None),
    (b"\xfe\xff" + "3.13\n".encode("utf-16-be"), "invalid-encoding", "UTF-16"),
    ("3.13\n".encode("utf-32"), "invalid-encoding", "UTF-32"),
    ("3.13\x01".encode("utf-16"), "invalid-version", None),
    (b"3.13\xe9", "invalid-encoding", "ISO-8859"),
    (b"3.13\x93", "invalid-version", None),
    (b"3.13\x85", "invalid-version", None),
    (b"+/v8-3.13", "invalid-encoding", "UTF-7"),
    (b"\xe9", "invalid-version", None),
    ("é3.13".encode() + b"\xc3", "invalid-version", None),
]


@pytest.mark.parametrize(("data", "version"), SERIES)
def test_an_accepted_python_version(data: bytes, version: str) -> None:
    file = read_python_version_file(Source(".python-version", data), V351)

    assert (file.failure_reason, file.accepted and file.accepted.version) == (None, version)


@pytest.mark.parametrize(("data", "reason", "encoding"), REFUSED)
def test_a_refused_python_version(data: bytes, reason: str, encoding: str | None) -> None:
    file = read_python_version_file(Source(".python-version", data), V351)

    assert (file.failure_reason, file.encoding) == (f"python-version-file::{reason}", encoding)
    assert file.accepted is None


@pytest.mark.parametrize(
    ("data", "policy", "reason"),
    [
        (b"3.13\npypy\n", V300, "multiple-versions"),
        ("3.13".encode("utf-16"), V300, "invalid-version"),
        (b"3.\x0013", V300, "invalid-version"),
        (b"3.\x0013", V280, ""),
        (b"3.13\r\n", Policy(TODAY, release="v283"), "invalid-version"),
        # Before v318 the lines are counted first, whatever is in them; from v318 on each is looked at before that.
        ("3.13\n3.12\n".encode("utf-16"), V280, "multiple-versions"),
        ("3.13\n3.12\n".encode("utf-16"), V300, "multiple-versions"),
        ("3.13\n3.12\n".encode("utf-16"), V317, "multiple-versions"),
        ("3.13\n3.12\n".encode("utf-16"), V318, "invalid-encoding"),
        (b"3.13\npypy\n", V317, "multiple-versions"),
        (b"3.13\npypy\n", V318, "invalid-version"),
        (b"3.13\n3.12\n", V318, "multiple-versions"),
        # v318 alone calls what is binary an encoding.
        ("3.13\n3.12\n".encode("utf-16-le"), V317, "multiple-versions"),
        ("3.13\n3.12\n".encode("utf-16-le"), V318, "invalid-encoding"),
        ("3.13\n3.12\n".encode("utf-16-le"), V319, "invalid-version"),
        (b"x\x01", V318, "invalid-encoding"),
        (b"x", V318, "invalid-encoding"),
        (b"x", V319, "invalid-version"),
        (b"x\n", V318, "invalid-version"),
        (b"3.13\0\n", V318, ""),
        (b"3.13\0\n", V319, "invalid-version"),
        # v316 and v317 trim only white space of ASCII.
        ("3.13\u2003\n".encode(), Policy(TODAY, release="v315"), ""),
        ("3.13\u2003\n".encode(), V317, "invalid-version"),
        ("3.13\n\u2003\n".encode(), V317, "multiple-versions"),
        ("3.13\u2003\n".encode(), V318, ""),
    ],
)
def test_older_releases_read_otherwise(data: bytes, policy: Policy, reason: str) -> None:
    file = read_python_version_file(Source(".python-version", data), policy)

    assert file.failure_reason == (f"python-version-file::{reason}" if reason else None)


@pytest.mark.parametrize(
    ("data", "policy", "version"),
    [
        (b"python-3.13\n", V351, "3.13"),
        (b"# ours\n python-3.13.2\r\n", V351, "3.13.2"),
        (b"# ours\npython-3.13\n", V300, None),
        (b"3.13\n", V351, None),
        (b"python-3.13\npython-3.12\n", V351, None),
        (b"python-3.13 # ours\n", V351, None),
        (b"", V351, None),
        (b"\xef\xbb\xbfpython-3.13\n", V351, None),
        ("python-3.13".encode("utf-16"), V351, None),
        (b"python-3.13\n", Policy(TODAY, release="v260"), None),
    ],
)
def test_runtime_txt(data: bytes, policy: Policy, version: str | None) -> None:
    file = read_runtime_txt(Source("runtime.txt", data), policy)

    assert (file.accepted and file.accepted.version) == version
    assert file.failure_reason == (None if version else "runtime-txt::invalid-version")


@pytest.mark.parametrize(
    ("data", "at"),
    [
        (b"# ours\n  3.13  \n", ".python-version:2:3-2:7"),
        (b"\xef\xbb\xbf3.13\n", ".python-version:1:1-1:5"),
        ("# ☃\n☃ 3.13".encode(), ".python-version:2:1-2:7"),
        ("3.13\n".encode("utf-16"), ".python-version:1:1-1:5"),
    ],
)
def test_a_line_knows_its_place(data: bytes, at: str) -> None:
    file = read_python_version_file(Source(".python-version", data), V351)

    assert place(file.lines[0].at) == at


@given(st.binary(max_size=60))
@example(b"\xff\xfe\x00\xd8\n\x00")
@example(b"\xef\xbb\xbf\n\xef\xbb\xbf")
def test_every_file_has_one_verdict(data: bytes) -> None:
    for policy in (V351, V300, V280):
        file = read_python_version_file(Source(".python-version", data), policy)
        runtime = read_runtime_txt(Source("runtime.txt", data), policy)

        for read in (file, runtime):
            assert (read.accepted is None) == (read.failure_reason is not None)
            assert read.failure_reason is None or read.failure_reason in STOPS
            for line in (*read.lines, *filter(None, [read.accepted])):
                assert line.text == line.text.strip(SPACE)
                assert line.at.line is not None
                assert read.source.line(line.at.line)[: (line.at.end_column or 1) - 1] is not None


@given(st.binary(max_size=200))
def test_an_encoding_is_named_or_none(data: bytes) -> None:
    assert unreadable_encoding(data) in {
        None,
        "UTF-7",
        "UTF-8 with a byte order mark",
        "UTF-16",
        "UTF-32",
        "ISO-8859",
    }


@given(st.text(max_size=60))
def test_utf_8_is_no_wrong_encoding(text: str) -> None:
    if not text.startswith(("\ufeff", "+/v")):
        assert unreadable_encoding(text.encode("utf-8", "ignore")) is None
