"""Upstream's dates are brought up to date from python.org's release cycle, of which this writes a small one."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
import stale_facts
from data_files import DATA
from update_upstream import CycleError, released_series, updated

TEXT = (DATA / "platform.json").read_text(encoding="utf-8")
KNOWN: dict[str, dict[str, str]] = json.loads(TEXT)["upstream"]["series"]
NEWEST = list(KNOWN)[-1]
NEXT = f"3.{int(NEWEST.split('.')[1]) + 1}"
TODAY = datetime.date(2040, 1, 2)


def cycle(**changes: dict[str, str]) -> dict[str, Any]:
    series = {
        "3.3": {"first_release": "2012-09-29", "end_of_life": "2017-09-29", "status": "end-of-life"},
        **{
            name: {"first_release": dates["released"], "end_of_life": dates["end"], "status": "any"}
            for name, dates in KNOWN.items()
        },
    }
    return {**series, **changes}


def test_nothing_new_changes_nothing() -> None:
    assert updated(TEXT, cycle(), TODAY) == TEXT


def test_a_new_series_and_a_new_end_are_two_lines() -> None:
    new = {"first_release": "2039-10-01", "end_of_life": "2044-10"}
    ended = {"first_release": KNOWN[NEWEST]["released"], "end_of_life": "2031-10-31"}
    made = updated(TEXT, cycle(**{NEXT: new, NEWEST: ended}), TODAY)
    upstream = json.loads(made)["upstream"]
    assert upstream["series"] == {
        **KNOWN,
        NEWEST: {**KNOWN[NEWEST], "end": "2031-10-31"},
        NEXT: {"released": "2039-10-01", "end": "2044-10"},
    }
    assert upstream["date"] == "2040-01-02"
    assert len(set(made.splitlines()) - set(TEXT.splitlines())) == 3  # with the date
    assert {**json.loads(made), "upstream": None} == {**json.loads(TEXT), "upstream": None}


def test_a_series_that_is_only_planned_is_left_out() -> None:
    planned = {"first_release": "2040-10-03", "end_of_life": "2045-10"}
    assert NEXT not in released_series(cycle(**{NEXT: planned}), "2.7", TODAY)
    assert NEXT in released_series(cycle(**{NEXT: planned}), "2.7", datetime.date(2040, 10, 3))


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ([], "expected an object"),
        ({}, "found none"),
        ({"3.99": "soon"}, "found none"),
        ({"3.14": {"first_release": "2025-10", "end_of_life": "2030-10"}}, r"^3\.14: expected first_release"),
        ({"3.14": {"first_release": "2025-10-07"}}, r"^3\.14: expected first_release and end_of_life"),
        ({"3.14": {"first_release": "2025-10-07", "end_of_life": "2030-10"}}, r"^expected the series 2\.7, "),
    ],
)
def test_another_form_stops_it(document: object, complaint: str) -> None:
    with pytest.raises(CycleError, match=complaint):
        updated(TEXT, document, TODAY)


def test_facts_that_nobody_looked_at_are_listed() -> None:
    looked_at = [
        {"what": "stacks", "date": "2039-12-01", "source": "a page"},
        {"what": "plans", "date": "2039-06-01", "source": "another page"},
    ]
    assert stale_facts.due(looked_at, TODAY, 90) == ["- [ ] plans: last compared on 2039-06-01 with another page"]
    shipped = json.loads(TEXT)["looked_at"]
    assert len(stale_facts.due(shipped, TODAY, 90)) == len(shipped) == 3
