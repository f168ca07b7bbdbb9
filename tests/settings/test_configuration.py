"""Tests of the configuration: where it is read, what it may hold, how errors are placed, what its schema says."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st
from validate_pyproject.api import Validator
from validate_pyproject.error_reporting import ValidationError

import pydeploy_lint
from pydeploy_lint.engine.suppress.model import Origin, Suppression
from pydeploy_lint.facts.options import AppOptions
from pydeploy_lint.files.tree import WorkingTree
from pydeploy_lint.finding import Severity, Span
from pydeploy_lint.settings.configuration import ConfigurationError, read_settings
from pydeploy_lint.settings.layers import read_configuration
from pydeploy_lint.settings.options import SETTINGS, Options, definitions, schema

NAMES = definitions(dict.fromkeys(["unsupported-runtime", "stale-lockfile"]), dict.fromkeys(["runtime", "lockfiles"]))
EVERYTHING = """\
select = ["runtime", "stale-lockfile"]
ignore = ["unsupported-runtime"]
fail-on = "error"
format = "concise"
app = "shop"
as-of = 2024-11-06
until = 2027-02-01
buildpack = "v264"
stack = "heroku-22"
last-python = "python-3.12.4"
account-created = "2023-01-31"

[severity]
stale-lockfile = "note"

[[suppress]]
check = "stale-lockfile"
path = "uv.lock"
reason = "made by a job"
until = 2027-01-31
"""
READ = {
    "select": ("runtime", "stale-lockfile"),
    "ignore": ("unsupported-runtime",),
    "fail_on": Severity.ERROR,
    "format": "concise",
    "heroku_app": "shop",
    "as_of": datetime.date(2024, 11, 6),
    "until": datetime.date(2027, 2, 1),
    "buildpack": "v264",
    "stack": "heroku-22",
    "last_python": "3.12.4",
    "account_created": datetime.date(2023, 1, 31),
    "severity": {"stale-lockfile": Severity.NOTE},
    "suppress": (
        Suppression(
            Origin.CONFIGURATION,
            ("stale-lockfile",),
            "made by a job",
            Span(".pydeploy-lint.toml", 16, 1, 16, 13),
            path="uv.lock",
            until=datetime.date(2027, 1, 31),
        ),
    ),
}


def read(root: Path, **files: str) -> dict[str, Any]:
    for name, text in files.items():
        (root / {"own": ".pydeploy-lint.toml", "shared": "pyproject.toml"}[name]).write_text(text, encoding="utf-8")
    return dict(read_configuration(WorkingTree(str(root)), NAMES).values)


def errors(root: Path, **files: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read(root, **files)
    return [f"{problem.at}: {problem.message}" for problem in caught.value.problems]


def test_every_setting_is_read_from_the_file_of_its_own(tmp_path: Path) -> None:
    assert read(tmp_path, own=EVERYTHING) == READ
    assert {setting.field for setting in SETTINGS} == set(READ)


def test_every_setting_is_read_from_pyproject_toml(tmp_path: Path) -> None:
    table = EVERYTHING.replace("[severity]", "[tool.pydeploy-lint.severity]")
    table = table.replace("[[suppress]]", "[[tool.pydeploy-lint.suppress]]")
    settings = read(tmp_path, shared=f"[project]\nname = 'app'\n[tool.pydeploy-lint]\n{table}")
    (suppression,) = settings.pop("suppress")
    assert suppression.at == Span("pyproject.toml", 19, 1, 19, 32)
    assert settings == {key: value for key, value in READ.items() if key != "suppress"}


def test_the_fields_are_those_of_the_options(tmp_path: Path) -> None:
    options = Options(AppOptions(datetime.date(2026, 1, 1))).replaced(**read(tmp_path, own=EVERYTHING))
    assert options.reporting.fail_on is Severity.ERROR


def test_the_file_of_its_own_wins_as_a_whole(tmp_path: Path) -> None:
    shared = '[tool.pydeploy-lint]\nstack = "heroku-22"\nfail-on = "nonsense"\n'
    assert read(tmp_path, own='fail-on = "note"\n', shared=shared) == {"fail_on": Severity.NOTE}


@pytest.mark.parametrize(
    "text", ["", "[tool.other]\nkey = 1\n", "[tool]\n", "tool = 'pydeploy-lint'\n", "# pydeploy-lint\n", "not TOML"]
)
def test_a_pyproject_toml_without_settings_sets_nothing(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, shared=text) == {}


def test_no_file_sets_nothing(tmp_path: Path) -> None:
    assert read(tmp_path) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('fail-of = "note"', "1:1: fail-of: unknown setting 'fail-of': did you mean 'fail-on'?"),
        ('\nfail_on = "note"', "2:1: fail_on: unknown setting 'fail_on': did you mean 'fail-on'?"),
        ("fail-on = 'warn'", "1:11: fail-on: unknown severity 'warn': did you mean 'warning'?"),
        ("fail-on = 'bad'", "1:11: fail-on: unknown severity 'bad': use error, warning, note, never"),
        ("fail-on = 2", "1:11: fail-on: unknown severity 2: use error, warning, note, never"),
        ("select = 'runtime'", "1:10: select: must be an array, not 'runtime'"),
        (
            "select = ['runtime', 'stale-lockfiles']",
            "1:22: select[1]: unknown check or family 'stale-lockfiles': did you mean 'stale-lockfile'?",
        ),
        (
            "ignore = [true]",
            "1:11: ignore[0]: unknown check or family true: use " + ", ".join(NAMES["check-or-family"]["enum"]),
        ),
        (
            '[[suppress]]\ncheck = "stale-lockfil"\nreason = "x"',
            "2:9: suppress[0].check: unknown check or family 'stale-lockfil': did you mean 'stale-lockfile'?",
        ),
        ('[[suppress]]\ncheck = "stale-lockfile"', "1:1: suppress[0]: has no reason"),
        ('[[suppress]]\nreason = "no"', "1:1: suppress[0]: has no check"),
        ('[[suppress]]\ncheck = "runtime"\nreason = " "', "3:10: suppress[0].reason: must not be empty"),
        (
            '[[suppress]]\ncheck = "runtime"\nreason = "x"\nuntil = "soon"',
            "4:9: suppress[0].until: 'soon' is not a date, such as 2024-11-06",
        ),
        (
            '[[suppress]]\ncheck = "runtime"\nreason = "x"\nuntill = ""',
            "4:1: suppress[0].untill: unknown key 'untill': did you mean 'until'?",
        ),
        (
            '[[suppress]]\ncheck = "runtime"\nreason = "x"\npath = "!"',
            "1:3: suppress: '!' is no pattern for paths, such as requirements/*.txt",
        ),
        ('[suppress]\ncheck = "runtime"', "1:1: suppress: must be an array, not a table"),
        ("as-of = 2024", "1:9: as-of: 2024 is not a date, such as 2024-11-06"),
        ("as-of = '20241106'", "1:9: as-of: '20241106' is not a date, such as 2024-11-06"),
        ("as-of = 2024-11-06T10:00:00", "1:9: as-of: 2024-11-06 10:00:00 is not a date, such as 2024-11-06"),
        ("account-created = '2023-02-30'", "1:19: account-created: '2023-02-30' is not a date, such as 2024-11-06"),
        ("stack = 24", "1:9: stack: must be a string, not 24"),
        ("severity = 'note'", "1:12: severity: must be a table, not 'note'"),
        (
            "[severity]\nstale-lock-file = 'note'",
            "2:1: severity.stale-lock-file: unknown check 'stale-lock-file': did you mean 'stale-lockfile'?",
        ),
        (
            "[severity]\nruntime = 'note'",
            "2:1: severity.runtime: unknown check 'runtime': use stale-lockfile, unsupported-runtime",
        ),
        (
            "severity.stale-lockfile = 'notes'",
            "1:27: severity.stale-lockfile: unknown severity 'notes': did you mean 'note'?",
        ),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(tmp_path: Path, text: str, message: str) -> None:
    assert errors(tmp_path, own=text) == [f".pydeploy-lint.toml:{message}"]


def test_a_wrong_key_in_pyproject_toml_has_its_place_there(tmp_path: Path) -> None:
    assert errors(tmp_path, shared='[project]\nname = "app"\n\n[tool.pydeploy-lint]\nstak = "heroku-24"\n') == [
        "pyproject.toml:5:1: stak: unknown setting 'stak': did you mean 'stack'?"
    ]


def test_an_unknown_release_or_stack_names_the_known_ones(tmp_path: Path) -> None:
    release, stack = errors(tmp_path, own='buildpack = "v0"\nstack = "heroku-25"\n')
    assert release.startswith(".pydeploy-lint.toml:1:13: buildpack: unknown buildpack release 'v0': known are v")
    assert stack.startswith(".pydeploy-lint.toml:2:9: stack: unknown stack 'heroku-25': known are ")
    assert "heroku-24" in stack


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    assert len(errors(tmp_path, own="fail-on = 1\nselect = 2\nnonsense = 3\n")) == 3


def test_long_values_and_many_mistakes_are_cut(tmp_path: Path) -> None:
    wrong = errors(tmp_path, own=f"select = {['x' * 10_000] * 100}\n")
    assert len(wrong) == 20
    assert wrong[0] == f".pydeploy-lint.toml:1:11: select[0]: unknown check or family '{'x' * 59}…: use " + ", ".join(
        NAMES["check-or-family"]["enum"]
    )


def test_a_file_of_its_own_that_is_no_toml_is_an_error(tmp_path: Path) -> None:
    (message,) = errors(tmp_path, own='stack = "heroku-24"\nfail-on\n')
    assert message.startswith(".pydeploy-lint.toml:2:")
    assert "TOML" in message


def test_a_table_that_is_no_table_is_an_error(tmp_path: Path) -> None:
    assert errors(tmp_path, shared="tool.pydeploy-lint = 1\n") == ["pyproject.toml:1:22: must be a table, not 1"]


SETTING_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.dates() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=4,
)


@given(
    st.dictionaries(
        st.sampled_from([setting.name for setting in SETTINGS]) | st.text(max_size=9), SETTING_VALUES, max_size=5
    )
)
def test_each_setting_is_either_read_or_refused(settings: dict[str, object]) -> None:
    values, wrong = read_settings(settings, NAMES)
    fields = {setting.name: setting.field for setting in SETTINGS}
    assert values.keys() == {fields[name] for name in settings.keys() - {mistake.keys[0] for mistake in wrong}}


def test_the_shipped_schema_is_the_table() -> None:
    path = Path(pydeploy_lint.__file__).with_name("settings") / "configuration.schema.json"
    assert json.loads(path.read_text(encoding="utf-8")) == schema(), "run tools/generate.py"


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator()


def test_validate_pyproject_accepts_every_setting(validator: Validator) -> None:
    validator({"tool": {"pydeploy-lint": tomli.loads(EVERYTHING)}})


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("stak = 'heroku-24'", "tool.pydeploy-lint"),
        ("fail-on = 'warn'", "tool.pydeploy-lint.fail-on"),
        ("as-of = 2024", "tool.pydeploy-lint.as-of"),
        ("as-of = 'today'", "tool.pydeploy-lint.as-of"),
        ("severity.unsupported-runtime = 'bad'", "tool.pydeploy-lint.severity.unsupported-runtime"),
    ],
)
def test_validate_pyproject_refuses_what_is_wrong(validator: Validator, text: str, place: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(f"`{place}` must")):
        validator({"tool": {"pydeploy-lint": tomli.loads(text)}})
