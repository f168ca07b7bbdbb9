"""How far a build came, with what, and why it failed."""

from __future__ import annotations

import time

import pytest

from pydeploy_lint.buildlog.log import BuildLog, Outcome
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
    read,
)


def names(log: BuildLog) -> list[str]:
    return [each.error.id for each in log.explained]


def test_a_failed_installation_is_explained_by_what_the_package_says() -> None:
    log = read(BEGINNING + INSTALLATION + PG_CONFIG + PIP_FAILED + PUSH_FAILED)

    assert (log.outcome, log.step, log.reason) == (Outcome.FAILED, "INSTALLATION", "install-dependencies::pip")
    assert names(log) == ["pg-config-missing", "wheel-not-built", "pip-could-not-install-dependencies"]
    assert (log.causes[0].line, log.causes[0].text) == (13, "Error: pg_config executable not found.")
    assert log.unknown == ()


def test_the_facts_are_those_that_the_build_prints() -> None:
    facts = read(BEGINNING + INSTALLATION).facts

    assert (facts.stack, facts.buildpacks, facts.release) == ("heroku-24", ("heroku/python",), None)
    assert (facts.python_requested, facts.python_origin, facts.python) == ("3.12", ".python-version", "3.12.11")
    assert (facts.cache, facts.manager, facts.manager_version) == ("restored", "pip", "25.1.1")
    assert facts.command == "pip install -r requirements.txt"


def test_a_list_of_buildpacks_may_name_the_release() -> None:
    text = """\
-----> Using buildpacks:
       1. heroku/nodejs
       2. https://github.com/heroku/heroku-buildpack-python#v310
"""
    facts = read(text).facts
    assert facts.buildpacks == ("heroku/nodejs", "https://github.com/heroku/heroku-buildpack-python#v310")
    assert facts.release == "v310"


def test_the_reasons_for_a_discarded_cache_are_read() -> None:
    text = """\
-----> Discarding cache since:
       - The Python version has changed from 3.11.4 to 3.12.11
       - The contents of requirements.txt changed
-----> Installing Python 3.12.11
"""
    facts = read(BEGINNING + text).facts
    assert facts.cache == "discarded"
    assert facts.discarded == (
        "The Python version has changed from 3.11.4 to 3.12.11",
        "The contents of requirements.txt changed",
    )


def test_a_stop_of_the_buildpack_names_its_reason_and_its_step() -> None:
    log = read(BEGINNING + END_OF_LIFE + PUSH_FAILED)
    assert (log.reason, log.step, names(log)) == (
        "python-version::eol",
        "RESOLUTION",
        ["requested-python-end-of-life"],
    )


def test_the_last_build_of_a_log_counts() -> None:
    log = read(BEGINNING + END_OF_LIFE + PUSH_FAILED + BEGINNING + INSTALLATION + BUILT)
    assert (log.builds, log.outcome, log.facts.python) == (2, Outcome.BUILT, "3.12.11")
    assert log.explained == ()


def test_what_failed_and_did_not_stop_the_build_is_forgotten() -> None:
    log = read(BEGINNING + INSTALLATION + PG_CONFIG + BUILT)
    assert (log.outcome, log.causes, log.unknown) == (Outcome.BUILT, (), ())


def test_the_exception_of_collectstatic_decides_the_reason() -> None:
    traceback = """\
-----> $ python manage.py collectstatic --noinput
       Traceback (most recent call last):
       django.core.exceptions.ImproperlyConfigured: The SECRET_KEY setting must not be empty.
 !     Error: Unable to generate Django static files.
"""
    log = read(BEGINNING + INSTALLATION + traceback + PUSH_FAILED)
    assert (log.step, log.reason) == ("COLLECTSTATIC", "collectstatic-improper-configuration")
    assert names(log) == ["secret-key-empty", "static-files-not-generated"]


def test_two_texts_about_the_same_requirement_are_one_cause() -> None:
    text = """\
       ERROR: Could not find a version that satisfies the requirement flask==99 (from -r a.txt (line 2)) (from versions)
       ERROR: No matching distribution found for flask==99 (from -r a.txt (line 2))
"""
    log = read(BEGINNING + INSTALLATION + text + PIP_FAILED)
    assert [(each.error.id, each.parts) for each in log.causes] == [
        ("no-matching-distribution", {"requirement": "flask==99"})
    ]


def test_a_module_is_missing_in_the_step_in_which_it_is_missing() -> None:
    line = "ModuleNotFoundError: No module named 'numpy'\n"
    in_build = read(BEGINNING + INSTALLATION + line + PIP_FAILED)
    in_app = read("2026-05-01T10:00:01.000000+00:00 app[web.1]: " + line)
    assert (names(in_build)[0], names(in_app)[0]) == ("module-not-found-in-build", "module-not-found")
    assert in_app.causes[0].reason is None


def test_a_release_command_fails_after_the_build() -> None:
    text = """\
remote: Running release command...
remote:
remote: django.db.utils.OperationalError: no such table: shop_item
remote: Waiting for release.... failed.
"""
    log = read(BEGINNING + INSTALLATION + BUILT + text)
    assert (log.outcome, log.step, log.reason) == (Outcome.FAILED, "RELEASE", None)
    assert names(log) == ["database-table-missing", "release-command-failed"]


def test_a_crash_of_the_app_is_explained_by_its_traceback_before_the_codes() -> None:
    log = read(CRASHED)
    assert (log.outcome, log.step) == (Outcome.RUN_ERRORS, "RUN")
    assert [(each.error.id, each.times) for each in log.explained] == [
        ("module-not-found", 1),
        ("h10", 2),
        ("r14", 1),
    ]


def test_a_log_of_the_app_tells_of_builds_too() -> None:
    text = """\
2026-05-01T10:00:00.000000+00:00 app[api]: Build started by user ann@mail.example
2026-05-01T10:00:09.000000+00:00 app[api]: Build failed -- check your build output: https://x.example
2026-05-01T10:01:00.000000+00:00 app[api]: Build started by user ann@mail.example
2026-05-01T10:01:30.000000+00:00 app[api]: Build succeeded
"""
    log = read(text)
    assert (log.builds, log.outcome) == (2, Outcome.BUILT)


def test_a_general_line_is_used_only_where_no_other_says_more() -> None:
    log = read(BEGINNING + PUSH_FAILED)
    assert names(log) == ["push-rejected"]
    assert not log.is_explained


def test_lines_that_look_like_errors_are_listed_where_they_are_unknown() -> None:
    strange = "".join(f"       ERROR: strange {number}\n" for number in range(9))
    log = read(BEGINNING + INSTALLATION + strange + PUSH_FAILED)
    assert [(each.line, each.text) for each in log.unknown] == [
        (11 + number, f"ERROR: strange {number}") for number in range(4, 9)
    ]


def test_the_failure_of_another_buildpack_is_not_taken_for_one_of_python() -> None:
    for language in ("Node.js", "Python Poetry"):
        log = read(f"{BEGINNING} !     Push rejected, failed to compile {language} app.\n")
        assert names(log) == ["other-buildpack-failed"]
        assert (log.explained[0].parts, log.reason) == ({"language": language}, None)


@pytest.mark.parametrize("text", ["", "hello\n", "Collecting flask\n", b"\0\xff\xfe\r\n" * 100, "ERROR: what?\n"])
def test_what_is_no_log_of_a_build_is_unknown(text: str | bytes) -> None:
    log = read(text)
    assert (log.outcome, log.builds, log.step, log.explained) == (Outcome.UNKNOWN, 0, None, ())


def test_a_log_that_ends_early_is_unfinished() -> None:
    log = read(BEGINNING + INSTALLATION)
    assert (log.outcome, log.step, log.explained) == (Outcome.UNFINISHED, "INSTALLATION", ())


@pytest.mark.parametrize(
    ("text", "version"),
    [
        (BEGINNING + INSTALLATION + BUILT, "3.12.11"),
        (BEGINNING + CACHED + PUSH_FAILED, "3.11"),
        (BEGINNING + INSTALLATION + PIP_FAILED, "3.12.11"),
        (BEGINNING + "-----> Installing Python 3.14.2\n" + PIP_FAILED, None),
        (BEGINNING + END_OF_LIFE, None),
    ],
    ids=["built", "cached", "cached install", "first build", "rejected"],
)
def test_the_python_that_the_next_build_keeps(text: str, version: str | None) -> None:
    assert read(text).last_python == version


@pytest.mark.parametrize(
    "line", ["[" * 1999, ": " * 999, "a." * 999 + "!", "ERROR: " * 285, "Package 'a" * 199, " " * 1999]
)
def test_no_line_takes_long(line: str) -> None:
    start = time.process_time()
    read((line + "\n") * 200)
    assert time.process_time() - start < 5


def test_a_log_without_its_beginning_is_explained_by_its_cause() -> None:
    log = read("Your Pipfile.lock (dafbfb) is out of date. Expected: (73f868).\n" + PUSH_FAILED)
    assert (log.outcome, log.step, names(log)) == (Outcome.FAILED, "INSTALLATION", ["pipenv-lock-out-of-date"])


def test_the_tests_that_ran_before_the_deploy_do_not_explain_it() -> None:
    text = "ImportError: No module named 'six'\n" + INSTALLATION + PG_CONFIG + PIP_FAILED
    assert [each.error.id for each in read(text).causes] == ["pg-config-missing", "wheel-not-built"]
