"""The shipped history is consistent in every release."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.heroku.history import History, UnknownRelease
from pydeploy_lint.heroku.policy import series_key
from pydeploy_lint.heroku.rules import Mode

HISTORY = History.load()
RELEASES = [name for name, _ in HISTORY.releases]
CONDITIONS = (
    "multiple_package_managers",
    "pipfile_without_lock",
    "setup_py_only",
    "existing_venv",
    "existing_python_dir",
    "duplicate_python_buildpack",
    "runtime_txt",
    "missing_version",
)


def state(release: str) -> dict[str, Any]:
    return HISTORY.state(release)


def test_when_a_part_of_the_state_was_set_and_deleted() -> None:
    assert HISTORY.first_set("deprecated/3.9") == datetime.date(2025, 1, 8)
    assert HISTORY.last_deleted("deprecated/3.9") == datetime.date(2026, 1, 7)
    assert HISTORY.first_set("deprecated/3.14") is None
    assert HISTORY.last_deleted("deprecated/3.14") is None


def test_releases_follow_each_other_without_a_gap() -> None:
    assert [f"v{number}" for number in range(150, 150 + len(RELEASES))] == RELEASES
    assert [date for _, date in HISTORY.releases] == sorted(date for _, date in HISTORY.releases)


@pytest.mark.parametrize("release", RELEASES)
def test_every_state_is_complete(release: str) -> None:
    now = state(release)
    assert now.keys() == state("v150").keys()
    series = now["latest_patch"]
    assert all(patch.startswith(f"{name}.") for name, patch in series.items())
    assert now["default_python"] in series
    assert now["deprecated"].keys() <= series.keys()
    assert now["series_not_on_stack"].keys() <= series.keys()
    assert not set(now["stacks"]) & set(now["stacks_end_of_life"])
    assert {now[condition] for condition in CONDITIONS} <= {mode.value for mode in Mode}
    managers = [manager for manager, _ in now["package_managers"]]
    assert managers == list(dict.fromkeys(managers))
    assert now["install_commands"].keys() == set(managers)
    assert {manager for manager, version in now["tools"].items() if version} == set(managers)


@pytest.mark.parametrize("release", RELEASES[1:])
def test_no_patch_goes_back(release: str) -> None:
    before, now = state(f"v{int(release[1:]) - 1}")["latest_patch"], state(release)["latest_patch"]
    assert all(series_key(before[series]) <= series_key(now[series]) for series in before.keys() & now.keys())


@pytest.mark.parametrize(
    ("date", "release"),
    [
        ("1999-01-01", "v150"),
        ("2019-03-13", "v150"),
        ("2024-10-31", "v263"),
        ("2024-11-05", "v263"),
        ("2024-11-06", "v265"),  # v264 came out on the same day
        ("2024-11-07", "v265"),
        ("2024-11-08", "v266"),
        ("2025-05-06", "v284"),
        ("2026-08-17", "v350"),
        ("2026-08-18", "v351"),
        ("2099-12-31", RELEASES[-1]),
    ],
)
def test_release_in_force(date: str, release: str) -> None:
    assert HISTORY.release_on(datetime.date.fromisoformat(date)) == release


@given(st.dates(datetime.date(2019, 3, 13), datetime.date(2030, 1, 1)))
def test_release_in_force_is_the_newest_one_so_far(date: datetime.date) -> None:
    assert HISTORY.release_on(date) == [name for name, day in HISTORY.releases if day <= date][-1]


@pytest.mark.parametrize("release", ["v149", "v9999", "351", "main", ""])
def test_unknown_release(release: str) -> None:
    newest = [*RELEASES, *(each.name for each in HISTORY.partial)][-1]
    with pytest.raises(UnknownRelease, match=rf"^unknown buildpack release '{release}': known are v150 to {newest}$"):
        HISTORY.state(release)
    assert not HISTORY.knows(release)
    assert HISTORY.date_of(release) is None


def test_a_state_is_made_once() -> None:
    assert History.load() is History.load()
    assert HISTORY.state("v351") is HISTORY.state("v351")


def test_stacks_of_all_times() -> None:
    assert HISTORY.stacks == [
        "cedar-14",
        "heroku-16",
        "heroku-18",
        "heroku-20",
        "heroku-22",
        "heroku-24",
        "heroku-26",
    ]


GAPS = History(
    {
        "base": {"release": "v1", "date": "2020-01-01", "state": {"latest_patch": {"3.8": "3.8.1"}, "stacks": ["a"]}},
        "events": [{"release": "v2", "date": "2020-02-01", "set": {"latest_patch/3.8": "3.8.2"}}],
        "partial": [
            {"release": "v2", "by": "2020-02-02", "source": "a page that is no longer needed"},
            {"release": "v3", "by": "2020-03-01", "source": "page"},
            {"release": "v4", "date": "2020-03-01", "set": {"latest_patch/3.9": "3.9.0"}, "source": "page"},
            {"release": "v5", "by": "2020-04-01", "source": "page"},
        ],
    }
)


def test_what_is_partly_known_follows_what_is_known_in_full() -> None:
    assert [name for name, _ in GAPS.releases] == ["v1", "v2"]
    assert GAPS.until == datetime.date(2020, 2, 1)
    assert [(each.name, each.exact) for each in GAPS.partial] == [("v3", False), ("v4", True), ("v5", False)]
    assert [GAPS.is_partial(name) for name in ("v1", "v2", "v3", "v4", "v5")] == [False, False, True, True, True]
    assert all(GAPS.knows(name) for name in ("v1", "v2", "v3", "v4", "v5"))


def test_the_state_of_a_partly_known_release_is_what_is_known_of_it() -> None:
    states = {name: GAPS.state(name)["latest_patch"] for name in ("v2", "v3", "v4", "v5")}
    old, new = {"3.8": "3.8.2"}, {"3.8": "3.8.2", "3.9": "3.9.0"}
    assert states == {"v2": old, "v3": old, "v4": new, "v5": new}
    assert GAPS.first_with_series("3.9") == "v4"


@pytest.mark.parametrize(
    ("date", "full", "newest", "facts_until"),
    [
        ("2020-01-31", "v1", "v1", "2020-01-31"),
        ("2020-02-29", "v2", "v2", "2020-02-01"),
        ("2020-03-01", "v2", "v4", "2020-03-01"),
        ("2020-03-31", "v2", "v4", "2020-03-01"),
        ("2020-04-01", "v2", "v5", "2020-03-01"),
    ],
)
def test_what_is_known_on_a_day(date: str, full: str, newest: str, facts_until: str) -> None:
    day = datetime.date.fromisoformat(date)
    assert GAPS.release_on(day) == full
    assert GAPS.newest_on(day) == newest
    assert GAPS.facts_until(day) == datetime.date.fromisoformat(facts_until)


def test_the_shipped_gaps_follow_the_releases_and_have_a_source() -> None:
    names = [*RELEASES, *(each.name for each in HISTORY.partial)]
    assert names == [f"v{number}" for number in range(150, 150 + len(names))]
    dates = [HISTORY.until, *(each.date for each in HISTORY.partial)]
    assert dates == sorted(dates)
    assert all(each.source.startswith("https://") for each in HISTORY.partial)
