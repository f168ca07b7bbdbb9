"""The data by which logs are read: each text is recognised, explained, and about things that exist."""

from __future__ import annotations

import datetime
import re
from string import Formatter

import pytest

from pydeploy_lint.buildlog.texts import PLACEHOLDER, STEPS, ErrorText, Kind, filled, load
from pydeploy_lint.engine.registry import load_built_in
from pydeploy_lint.heroku.history import History
from pydeploy_lint.heroku.steps import OUT_OF_REACH, STOPS, Step
from tests.test_wording import BANNED

TEXTS = load()
IDS = [error.id for error in TEXTS.errors]
RELEASES = {release for release, _ in History.load().releases}


def test_names_are_unique_and_make_good_addresses() -> None:
    assert len(set(IDS)) == len(IDS)
    assert [name for name in IDS if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []


@pytest.mark.parametrize("error", TEXTS.errors, ids=IDS)
def test_the_example_of_a_text_is_recognised_as_that_text(error: ErrorText) -> None:
    if error.code:
        assert TEXTS.by_code[error.code] is error
        return
    same_kind = [each for each in TEXTS.errors if set(each.steps) & set(error.steps) or not each.steps]
    assert next(each for each in same_kind if each.match(error.text) is not None) is error
    assert TEXTS.any_of_them.match(error.text)


@pytest.mark.parametrize("error", TEXTS.errors, ids=IDS)
def test_an_explanation_is_whole(error: ErrorText) -> None:
    shown = [filled(text, error.example) for text in (error.what, error.fix)]
    assert [text for text in shown if not text or PLACEHOLDER.search(text)] == []
    assert "{" not in error.title
    assert datetime.date.fromisoformat(error.date) <= datetime.date(2026, 12, 31)
    assert error.source


@pytest.mark.parametrize("error", TEXTS.errors, ids=IDS)
def test_a_text_is_about_checks_steps_and_releases_that_exist(error: ErrorText) -> None:
    assert set(error.checks) <= load_built_in().checks.keys()
    assert set(error.steps) <= STEPS.keys()
    assert {error.since, error.until} - {None} <= RELEASES
    assert error.reason in {*STOPS, *OUT_OF_REACH, None}


@pytest.mark.parametrize("reason", [*STOPS, *OUT_OF_REACH])
def test_every_failure_reason_is_explained(reason: str) -> None:
    found = TEXTS.of_reason(reason)
    assert found
    if reason in STOPS:
        assert any(not error.steps or STOPS[reason].name in error.steps for error in found)


def test_the_steps_of_the_build_are_those_of_the_prediction() -> None:
    assert [step for step in STEPS if step in Step.__members__] == list(Step.__members__)


def test_a_mark_says_what_the_reader_of_logs_understands() -> None:
    for mark in TEXTS.marks:
        assert mark.step is None or mark.step in STEPS
        assert all(isinstance(value, str) for _, value in mark.facts)


def test_a_code_is_no_line_of_its_own() -> None:
    codes = [error for error in TEXTS.errors if error.kind is Kind.CODE]
    assert {error.code for error in codes} == set(TEXTS.by_code)
    assert [error for error in codes if error.pattern] == []


def test_what_a_log_says_is_quoted_for_the_shell_in_commands() -> None:
    text = "The file {path} is missing:\n    git add {path}"
    assert filled(text, {"path": "a b;c"}) == "The file a b;c is missing:\n    git add 'a b;c'"


def test_braces_are_only_used_for_parts_of_the_line() -> None:
    for error in TEXTS.errors:
        for text in (error.what, error.fix):
            assert all(not spec and not conversion for _, _, spec, conversion in Formatter().parse(text))


@pytest.mark.parametrize("error", TEXTS.errors, ids=IDS)
def test_explanations_are_in_plain_english(error: ErrorText) -> None:
    said = f"{error.title}\n{error.what}\n{error.fix}"
    assert [pattern for pattern in BANNED if re.search(pattern, said, re.IGNORECASE)] == []
    assert not error.title.endswith(".")
    assert [line for line in error.fix.split("\n") if line.startswith(" ") and not line.startswith("    ")] == []
