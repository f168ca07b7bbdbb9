"""The form of ``compatibility.json``: each row says what it is about, where that is known from, and since when."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

import pytest
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from pydeploy_lint.facts.packages import compatibility
from pydeploy_lint.facts.packages.compatibility import Certainty, ConflictPhase

DATA: dict[str, Any] = compatibility._data()
ROWS: list[dict[str, Any]] = DATA["rows"]
KEYS = {
    "distributions", "affected", "python", "phase", "consequence", "with_newest", "needs", "beside", "managers",
    "stacks", "works_from", "instead", "source", "date", "certainty", "code", "measured",
}  # fmt: skip
REQUIRED = {"distributions", "affected", "python", "phase", "consequence", "source", "date", "certainty"}
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def row_id(row: dict[str, Any]) -> str:
    return f"{row['distributions'][0]}{row['affected']}-{row['phase']}-{'-'.join(row.get('needs', ()))}{row['python']}"


@pytest.mark.parametrize("row", ROWS, ids=row_id)
def test_row(row: dict[str, Any]) -> None:
    assert row.keys() >= REQUIRED
    assert row.keys() <= KEYS
    assert all(NAME.fullmatch(name) for name in [*row["distributions"], *row.get("needs", ()), *row.get("beside", ())])
    companions = {**row.get("needs", {}), **row.get("beside", {})}
    for specifier in [row["affected"], row["python"], *companions.values()]:
        SpecifierSet(specifier)
    ConflictPhase(row["phase"])
    assert datetime.date.fromisoformat(row["date"]) >= datetime.date(2026, 11, 1)
    assert row["source"] == "measured" or row["source"].startswith("https://")
    assert row["consequence"][0].islower()
    assert not row["consequence"].endswith(".")
    if "works_from" in row:
        assert not SpecifierSet(row["affected"], prereleases=True).contains(row["works_from"])


@pytest.mark.parametrize("row", ROWS, ids=row_id)
def test_measured_rows_have_their_measurements(row: dict[str, Any]) -> None:
    measured = row.get("measured", [])
    assert (Certainty(row["certainty"]) is Certainty.MEASURED) <= bool(measured)
    assert (row["source"] == "measured") <= bool(measured)
    for each in measured:
        assert each.keys() <= {"python", "install", "before", "result", "why"}
        assert each["result"] in ("works", "install-fails", "import-fails")
        assert Version(each["python"]) in SpecifierSet(row["python"] or ">=3")
    if measured:
        assert any(each["result"] != "works" for each in measured)
        assert isinstance(row["code"], str)


@pytest.mark.parametrize("row", [row for row in ROWS if "measured" in row], ids=row_id)
def test_rows_agree_with_their_measurements(row: dict[str, Any]) -> None:
    for each in row["measured"]:
        pins = {
            re.sub(r"[-_.]+", "-", parsed.name).lower(): str(parsed.specifier)
            for parsed in map(Requirement, [*each["install"], *filter(None, [each.get("before")])])
        }
        beside = compatibility.Companions(pins, complete=True)
        found = {
            conflict.consequence
            for name in row["distributions"]
            if name in pins
            for conflict in compatibility.conflicts(name, pins[name], each["python"], "uv", companions=beside)
            if conflict.certainty.fails
        }
        if each["result"] == "works":
            assert row["consequence"] not in found


def test_no_row_has_the_name_of_a_host_or_a_path_of_a_machine() -> None:
    text = json.dumps(DATA)
    assert "pypi.org" not in text
    assert "pythonhosted" not in text
    assert not re.search(r"/(?:tmp|root|home|work)/", text)


@pytest.mark.parametrize("name", sorted(DATA["compiled"]))
def test_compiled(name: str) -> None:
    entry = DATA["compiled"][name]
    assert NAME.fullmatch(name)
    assert entry["first_wheel"]
    firsts = [Version(version) for version in entry["first_wheel"].values()]
    assert firsts == sorted(firsts)
    assert set(entry["first_wheel"]) <= set(DATA["series"])
    assert not (entry.get("wheels_only") and "from_source" in entry)
    for series, trials in entry.get("from_source", {}).items():
        datetime.date.fromisoformat(trials["date"])
        for outcome in trials.keys() - {"date"}:
            assert outcome in ("works", "fails", "unknown")
            assert all(Version(version) < Version(entry["first_wheel"][series]) for version in trials[outcome])


def test_instead_can_be_installed_or_is_plain_text() -> None:
    for row in ROWS:
        if "instead" in row and " " not in row["instead"] and not row["instead"].startswith("buildpack:"):
            try:
                Requirement(row["instead"])
            except InvalidRequirement:
                pytest.fail(row["instead"])
