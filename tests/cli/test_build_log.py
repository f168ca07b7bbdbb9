"""--build-log: what a build printed, explained and compared with the files."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import jsonschema
import pytest

import pydeploy_lint.report.buildlog.json as buildlog_json
from tests.buildlog.logs import (
    BEGINNING,
    BUILT,
    CACHED,
    CRASHED,
    END_OF_LIFE,
    INSTALLATION,
    PG_CONFIG,
    PIP_FAILED,
    PUSH_FAILED,
)
from tests.cli.apps import CLEAN, NO_VERSION, Lint, app

OLD = {"requirements.txt": "", "runtime.txt": "python-3.9\n"}
SCHEMA = json.loads(Path(buildlog_json.__file__).with_name("buildlog.schema.json").read_bytes())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def log(text: str | bytes) -> str:
    Path("build.log").write_bytes(text if isinstance(text, bytes) else text.encode())
    return "build.log"


@pytest.fixture
def standard_input(monkeypatch: pytest.MonkeyPatch) -> io.BytesIO:
    stream = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=stream))
    return stream


def test_the_whole_explanation(lint: Lint) -> None:
    app("shop", OLD)

    status, out, error = lint("--build-log", log(BEGINNING + END_OF_LIFE + PUSH_FAILED), "shop")
    explanation, _, compared = out.partition("The files in shop still say this:\n\n")

    assert (status, error) == (1, "")
    assert (
        explanation
        == """\
build.log: 14 lines

    buildpacks  heroku/python
    stack       heroku-24
    python      3.9 from runtime.txt
    failed at   choosing the Python release

build.log:8: stop[requested-python-end-of-life] The requested Python has reached its end of life

    Error: The requested Python version has reached end-of-life.

    Upstream no longer maintains the series that the app asks for, and this release of the buildpack no longer \
installs it. The app was built with an older release, or was never built.

    Test with a newer series, then name it:
        echo 3.14 > .python-version
    Packages of that time may not work with a new Python: upgrade them first.
    https://pydeploy-lint.readthedocs.io/en/latest/errors/requested-python-end-of-life/

"""
    )
    assert compared.startswith(
        "shop/runtime.txt:1:1: error[unsupported-runtime] Python 3.9 has reached its end of life"
    )
    assert "    1 | python-3.9\n      | ^^^^^^^^^^\n\n    Test with a newer version" in compared
    assert compared.endswith(
        "\n\npydeploy-lint finds 1 other problem in the files: pydeploy-lint shop\n\n"
        "The deploy failed while choosing the Python release (python-version::eol)\n"
    )


def test_only_the_first_cause_is_explained_in_full(lint: Lint) -> None:
    app("shop", CLEAN)
    _, out, _ = lint("--build-log", log(BEGINNING + INSTALLATION + PG_CONFIG + PIP_FAILED + PUSH_FAILED), "shop")

    assert out.count("https://pydeploy-lint.readthedocs.io/en/latest/errors/") == 1
    assert "build.log:14: cause[wheel-not-built] A package could not be compiled\n\n    ERROR: Failed to build" in out
    assert "The build used 3.12 from .python-version as Python, and the files now lead to 3.14 from .python" in out
    assert "The files in shop no longer say this: they have changed since" in out
    assert out.endswith("The deploy failed while installing the dependencies (install-dependencies::pip)\n")


def test_a_line_for_each_thing(lint: Lint) -> None:
    app("shop", OLD)
    text = BEGINNING + END_OF_LIFE + PUSH_FAILED

    assert lint("--build-log", log(text), "shop", "--format", "concise")[1].splitlines() == [
        "build.log:8: stop[requested-python-end-of-life] The requested Python has reached its end of life",
        "shop/runtime.txt:1:1: error[unsupported-runtime] Python 3.9 has reached its end of life (2025-10-31); "
        "Heroku rejects it, and supports 3.10 and later",
        "The deploy failed while choosing the Python release (python-version::eol)",
    ]


@pytest.mark.parametrize(
    ("text", "status", "verdict"),
    [
        (BEGINNING + INSTALLATION + BUILT, 0, "The build succeeded"),
        (BEGINNING + INSTALLATION, 0, "The log does not say how the build ended: the last step in it is installing"),
        (CRASHED, 1, "The app was built, and has errors while it runs"),
        (
            BEGINNING + PUSH_FAILED,
            1,
            "The deploy failed; the last step in the log is detecting the app's language. Why",
        ),
        ("hello\n", 3, "There is no Heroku build in this log that pydeploy-lint can recognise"),
        (b"", 3, "There is no Heroku build"),
    ],
)
def test_status_and_verdict(lint: Lint, text: str | bytes, status: int, verdict: str) -> None:
    app("shop", CLEAN)
    result, out, _ = lint("--build-log", log(text), "shop")
    assert (result, out.splitlines()[-1][: len(verdict)]) == (status, verdict)


def test_the_log_settles_the_python_of_the_last_build(lint: Lint) -> None:
    app("shop", NO_VERSION)
    text = BEGINNING + CACHED + INSTALLATION.split("\n", 1)[1] + PIP_FAILED

    document = json.loads(lint("--build-log", log(text), "shop", "--format", "json")[1])
    assert document["log"]["last_python"] == "3.11"
    assert document["comparison"]["differences"] == []


def test_the_configuration_may_choose_a_line_for_each_thing(lint: Lint) -> None:
    app("shop", {**OLD, ".pydeploy-lint.toml": 'format = "concise"\n'})
    out = lint("--build-log", log(BEGINNING + END_OF_LIFE + PUSH_FAILED), "shop")[1]
    assert out.startswith("build.log:8: stop[requested-python-end-of-life] ")


def test_a_log_without_an_app_is_explained_all_the_same(lint: Lint) -> None:
    status, out, _ = lint("--build-log", log(BEGINNING + END_OF_LIFE + PUSH_FAILED))
    assert status == 1
    assert "There is no Python app at . with which the log could be compared" in out


def test_standard_input_is_read(lint: Lint, standard_input: io.BytesIO) -> None:
    standard_input.write((BEGINNING + END_OF_LIFE).encode("utf-16"))
    standard_input.seek(0)
    assert lint("--build-log", "-")[1].startswith("<stdin>: 8 lines\n")


@pytest.mark.parametrize(
    "text",
    [
        BEGINNING + END_OF_LIFE + PUSH_FAILED,
        BEGINNING + INSTALLATION + PG_CONFIG + PIP_FAILED + PUSH_FAILED,
        BEGINNING + INSTALLATION + "ERROR: strange\n" + PUSH_FAILED,
        BEGINNING + INSTALLATION + BUILT + CRASHED,
        "hello\n",
    ],
)
@pytest.mark.parametrize("files", [CLEAN, OLD, {}])
def test_the_document_is_as_its_schema_says(lint: Lint, text: str, files: dict[str, str]) -> None:
    app("shop", files)
    document = json.loads(lint("--build-log", log(text), "shop", "--format", "json")[1])
    VALIDATOR.validate(document)
    for part, described in (
        (document, SCHEMA),
        (document["log"], SCHEMA["$defs"]["log"]),
        (document["comparison"], SCHEMA["$defs"]["comparison"]),
        *((line, SCHEMA["$defs"]["line"]) for line in document["log"]["causes"]),
    ):
        assert part.keys() == described["properties"].keys()


def test_what_a_log_says_moves_no_terminal_and_no_runner(lint: Lint) -> None:
    app("shop", CLEAN)
    line = "NameError: name 'x' is not defined\n::error::\u202e ##[group] \x1b]0;t\x07\x1b[2J\x85ERROR: \u200b\n"
    for options in ((), ("--format", "concise"), ("--format", "json")):
        out = lint("--build-log", log(f"{line}fatal: ##[error]\u202e::set-output\n"), "shop", *options)[1]
        assert not set(out) & {"\x1b", "\x07", "\u202e", "\u200b", "\x85"}
        assert "##[" not in out
        assert [each for each in out.splitlines() if each.lstrip().startswith("::")] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--build-log", "none.log"], "--build-log: none.log cannot be read: No such file or directory"),
        (["--build-log", "."], "--build-log: . cannot be read: Is a directory"),
        (["--build-log", ""], "--build-log: must not be empty"),
        (["--build-log", "x", "--fix"], "--build-log: explains a log; leave out --fix"),
        (["--build-log", "x", "--baseline-rev", "HEAD"], "--build-log: explains a log; leave out --baseline-rev"),
        (
            ["--build-log", "x", "--format", "sarif"],
            "--build-log: prints full, concise or json; leave out --format sarif",
        ),
        (["--build-log", "x", "a", "b"], "--build-log: a log is about one app; leave out b"),
        (
            ["--build-log", "-", "--buildpacks", "-"],
            "--build-log: only one of --build-log and --buildpacks can be read from standard input",
        ),
        (["--list-checks", "--build-log", "x"], "--list-checks: prints documentation, not a report; leave out --build"),
    ],
)
def test_wrong_usage_is_explained(lint: Lint, arguments: list[str], message: str) -> None:
    status, out, error = lint(*arguments)
    assert (status, out) == (2, "")
    assert message in error
