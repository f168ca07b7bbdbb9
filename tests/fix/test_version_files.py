"""Fixes of version files in every combination: what was built is built the same, and nothing new is wrong."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pydeploy_lint.testing import options_of, write_tree
from tests.fix.fixing import fix, lint

OPTIONS = options_of({"as-of": "2026-08-18"})
AFTER_THE_STOP = {"deprecated-runtime", "outdated-patch", "python-version-pinned"}
"""What is said of a version as soon as the build can read it."""

Content = dict[str, bytes]


def fixed(files: dict[str, bytes], root: Path, *, unsafe: bool = False) -> Content:
    """The version files after the fixes."""
    write_tree(root, {"requirements.txt": "", **files})
    fix(root, OPTIONS, unsafe=unsafe)
    return {path.name: path.read_bytes() for path in root.iterdir() if path.name != "requirements.txt"}


UTF16 = "3.13\r\n".encode("utf-16")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({".python-version": b'"3.13"\n'}, {".python-version": b"3.13\n"}),
        ({".python-version": b"# ours\r\npython-3.13\r\n"}, {".python-version": b"# ours\r\n3.13\r\n"}),
        ({".python-version": b"# a\r\n'3.13'\n\r\n# b"}, {".python-version": b"# a\r\n3.13\n\r\n# b"}),
        ({".python-version": b"3.13  # why\n"}, {".python-version": b"3.13\n"}),
        ({".python-version": "3.13\u200b".encode()}, {".python-version": b"3.13"}),
        ({".python-version": b"\xef\xbb\xbf# a\r\n3.13\n"}, {".python-version": b"# a\r\n3.13\n"}),
        ({".python-version": UTF16}, {".python-version": b"3.13\r\n"}),
        ({".python-version": b"# caf\xe9\nv3.13\xa0\n"}, {".python-version": b"# caf\xe9\n3.13\n"}),
        ({".python-version": b"3.13\n\n3.13\n"}, {".python-version": b"3.13\n\n"}),
        ({".python_version": b"# a\n3.13\n"}, {".python-version": b"# a\n3.13\n"}),
        ({".python_version": b"# a\nv3.13"}, {".python-version": b"# a\n3.13"}),
        ({".python_version": b"3.13\n", ".python-version": b"3.13\n"}, {".python-version": b"3.13\n"}),
        ({".python_version": b"3.13\n", ".python-version": b"v3.13\n"}, {".python-version": b"3.13\n"}),
        ({"runtime.txt": b"python-3.13\r\n"}, {".python-version": b"3.13\n"}),
        ({"runtime.txt": b"3.13"}, {".python-version": b"3.13\n"}),
        ({"runtime.txt": b"\xef\xbb\xbfpython-3.13"}, {".python-version": b"3.13\n"}),
        ({"runtime.txt": b"python-3.13\n", ".python-version": b"# a\n3.13\n"}, {".python-version": b"# a\n3.13\n"}),
        ({"runtime.txt": b"python-3.13\n", ".python-version": b"# a\n'3.13'\n"}, {".python-version": b"# a\n3.13\n"}),
        ({"runtime.txt": b"python-3.13\n", ".python-version": b"# a"}, {".python-version": b"# a\n3.13\n"}),
        ({"runtime.txt": b"python-3.13\n", ".python-version": b""}, {".python-version": b"3.13\n"}),
        ({"runtime.txt": b"python-3.13\n", ".python_version": b"3.13\n"}, {".python-version": b"3.13\n"}),
        ({"runtime.txt": b"python-3.8\n"}, {".python-version": b"3.8\n"}),
    ],
)
def test_what_is_plain_is_fixed(before: Content, after: Content, tmp_path: Path) -> None:
    assert fixed(before, tmp_path) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {".python-version": b"3.14\n"}),
        ({".python-version": b"pypy3.10\n"}, {".python-version": b"3.14\n"}),
        ({".python-version": b">=3.12\n"}, {".python-version": b"3.12\n"}),
        ({".python-version": b"# ours\r\n>=3.9,<3.12\r\n"}, {".python-version": b"# ours\r\n3.11\r\n"}),
        ({".python-version": b"3.13\nlatest\n"}, {".python-version": b"3.13\n"}),
        ({".python-version": b"latest\n3.13\n"}, {".python-version": b"3.13\n"}),
        ({".python-version": "3.13\n3.12\n".encode("utf-16")}, None),
        ({".python-version": b"v3.8\n"}, {".python-version": b"3.14\n"}),
        ({".python-version": b"v3.14.99\n"}, {".python-version": b"3.14\n"}),
        ({".python-version": b"3.13\n3.12\n"}, {".python-version": b"3.13\n"}),
        ({".python-version": b"# none\r\n"}, {".python-version": b"# none\r\n3.14\r\n"}),
        ({".python-version": b"3.14.1\n"}, {".python-version": b"3.14\n"}),
        ({".python_version": b"3.12\n", ".python-version": b"3.13\n"}, {".python-version": b"3.13\n"}),
        ({".python_version": b"3.12\n", ".python-version": b"?\n"}, {".python-version": b"3.14\n"}),
        ({".python_version": b"?\n"}, {".python-version": b"3.14\n"}),
        ({".python_version": b"3.8\n", ".python-version": b"3.8\n"}, {".python-version": b"3.14\n"}),
        ({"runtime.txt": b"python-3.13\n", ".python-version": b"3.12\n"}, {".python-version": b"3.13\n"}),
        ({"runtime.txt": b"python-3.13\n", ".python-version": b"?\n"}, {".python-version": b"3.13\n"}),
        ({"runtime.txt": b"nothing\n"}, {".python-version": b"3.14\n"}),
        ({"runtime.txt": b"python-3.99\n", ".python-version": b"3.13\n"}, {".python-version": b"3.14\n"}),
    ],
)
def test_what_is_in_doubt_is_only_suggested(before: Content, after: Content | None, tmp_path: Path) -> None:
    assert fixed(before, tmp_path) == before
    assert fixed({}, tmp_path, unsafe=True) == (before if after is None else after)


WORKFLOW = "jobs:\n  test:\n    strategy:\n      matrix:\n        python-version: [{}]\n"


@pytest.mark.parametrize(
    ("files", "described"),
    [
        ({"pyproject.toml": '[project]\nrequires-python = ">=3.11"\n'}, ["3.14, Heroku's default"]),
        (
            {"pyproject.toml": '[project]\nrequires-python = ">=3.11,<3.13"\n'},
            ["3.12, the newest that works with the app"],
        ),
        (
            {"pyproject.toml": '[tool.poetry.dependencies]\npython = "~3.11"\n'},
            ["3.11, the newest that works with the app"],
        ),
        ({"pyproject.toml": '[project]\nrequires-python = "<3"\n'}, []),
        ({"pyproject.toml": '[project]\nrequires-python = "three"\n'}, []),
        ({"pyproject.toml": "[project\n"}, []),
        ({"uv.lock": 'version = 1\nrequires-python = "==3.12.*"\n'}, ["3.12, the newest that works with the app"]),
        ({"poetry.lock": '[metadata]\npython-versions = "^3.10"\n'}, ["3.14, Heroku's default"]),
        ({"requirements.txt": "psycopg2-binary==2.9.9\n"}, ["3.12, the newest that works with the app"]),
        (
            {"requirements.txt": "", "Dockerfile": "FROM python:3.12-slim\n"},
            ["3.12, as the Dockerfile is made for Python 3.12", "3.14, Heroku's default"],
        ),
        ({"requirements.txt": "", "Dockerfile": "FROM python:3.8\n"}, ["3.14, Heroku's default"]),
        ({"requirements.txt": "", ".tool-versions": "python 3.14.2\n"}, ["3.14, as asdf installs Python 3.14"]),
        (
            {"requirements.txt": "", "mise.toml": '[tools]\npython = "3.13"\n'},
            ["3.13, as mise installs Python 3.13", "3.14, Heroku's default"],
        ),
        (
            {"requirements.txt": "", ".github/workflows/ci.yml": WORKFLOW.format('"3.11", "3.12", "3.13"')},
            ["3.13, as the GitHub workflows set up Python 3.13", "3.14, Heroku's default"],
        ),
        (
            {
                "requirements.txt": "",
                "Dockerfile": "FROM python:3.12\n",
                ".github/workflows/ci.yml": WORKFLOW.format('"3.12", "3.13"'),
            },
            ["3.12, as the GitHub workflows set up Python 3.12", "3.14, Heroku's default"],
        ),
        (
            {"requirements.txt": "psycopg2-binary==2.9.9\n", "Dockerfile": "FROM python:3.13\n"},
            ["3.12, the newest that works with the app"],
        ),
    ],
)
def test_the_missing_version_is_one_that_the_app_works_with(
    files: dict[str, str], described: list[str], tmp_path: Path
) -> None:
    write_tree(tmp_path, files if "pyproject.toml" not in files else {**files, "requirements.txt": ""})
    [finding] = [finding for finding in lint(tmp_path, OPTIONS).findings if finding.check == "missing-python-version"]
    wanted = [f"Set {each.replace(',', ' in .python-version,', 1)}" for each in described]
    assert [fix.description for fix in finding.fixes] == wanted
    assert not any(fix.safe for fix in finding.fixes)
    assert [edit.text for fix in finding.fixes for edit in fix.edits] == [
        f"{each.partition(',')[0]}\n" for each in described
    ]


versions = st.sampled_from(
    [
        *(b"3.13\n", b"3.12\n", b"python-3.13\n", b"python-3.12", b'"3.13"\n', b"v3.12 # why\r\n", b"3.8\n", b"3.99\n"),
        *(
            b"3.13.1\n",
            b"python-3.13.1\n",
            b"v3.13.99\n",
            b"pypy3.10\n",
            b"",
            b"# none\n",
            b"3.13\n3.13\n",
            b"3.13\r\n3.12\r\n",
        ),
        *(
            b"\xef\xbb\xbf3.13\n",
            UTF16,
            "# a\n3.12".encode("utf-16-be"),
            b"3.13\xa0\n",
            b"\xff\xfe\xff",
            b"python-3.8\n",
        ),
    ]
)
apps = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(["runtime.txt", ".python-version", ".python_version", "python-version"], versions),
        "uv.lock": st.just(b"version = 1\n"),
    },
)


@settings(max_examples=50)
@given(apps)
def test_safe_fixes_keep_what_is_built_and_unmask_nothing(files: Content) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write_tree(root, files if "uv.lock" in files else {"requirements.txt": "", **files})
        before = lint(root, OPTIONS)
        fix(root, OPTIONS)
        after = lint(root, OPTIONS)
        assert fix(root, OPTIONS) == []
        told = {finding.check for finding in before.findings}
        assert {finding.check for finding in after.findings if finding.failure_reason} <= told
        assert {finding.check for finding in after.findings} <= told | AFTER_THE_STOP
        if before.build.failure_reason is None:
            assert after.build.python_version == before.build.python_version
        assert not [finding for finding in after.findings if finding.fix and finding.fix.safe]


@settings(max_examples=50)
@given(apps)
def test_suggestions_come_to_an_end(files: Content) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write_tree(root, files if "uv.lock" in files else {"requirements.txt": "", **files})
        fix(root, OPTIONS, unsafe=True)
        assert fix(root, OPTIONS, unsafe=True) == []
        assert not [finding for finding in lint(root, OPTIONS).findings if finding.fix]


fragments = st.sampled_from(
    [
        b"3.13",
        b"3.12.1",
        b"\n",
        b"\r\n",
        b"\xff\xfe",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"\0",
        b"# a",
        b'"',
        b"python-",
        b"\xc2\xa0",
        b"\xa0",
    ]
)
any_file = st.lists(fragments, max_size=8).map(b"".join)


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(["runtime.txt", ".python-version", ".python_version"]), any_file))
def test_no_bytes_are_too_odd(files: Content) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write_tree(root, {"requirements.txt": "", **files})
        fix(root, OPTIONS, unsafe=True)
        report = lint(root, OPTIONS)
        assert report.notifications == ()
        assert not [finding for finding in report.findings if finding.fix]
