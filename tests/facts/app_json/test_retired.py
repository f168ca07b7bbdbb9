"""What Heroku has retired: the data, and where an app.json asks for it."""

from __future__ import annotations

import datetime
import json

import pytest

from pydeploy_lint.facts.app_json.retired import retired_plans, retired_sizes
from pydeploy_lint.files.data import aging_data
from pydeploy_lint.files.formats.documents import Document, read_json
from pydeploy_lint.files.source import Source

TODAY = datetime.date(2026, 11, 23)


def document(value: object) -> Document:
    return read_json(Source("app.json", json.dumps(value).encode()))


def plans(value: object, date: datetime.date = TODAY) -> list[tuple[str, str, str | None]]:
    return [("/".join(map(str, use.keys)), use.name, use.replaced) for use in retired_plans(document(value), date)]


def sizes(value: object, date: datetime.date = TODAY) -> list[tuple[str, str | None]]:
    return [("/".join(map(str, use.keys)), use.replaced) for use in retired_sizes(document(value), date)]


@pytest.mark.parametrize("kind", ["addon_plans", "dyno_sizes"])
def test_data(kind: str) -> None:
    entries = aging_data.load("retired.json")[kind]
    names = [entry["name"] for entry in entries]

    assert len(set(names)) == len(names)
    for entry in entries:
        assert entry["name"] == entry["name"].lower()
        assert datetime.date.fromisoformat(entry["date"]) < TODAY
        assert entry.get("replacement") not in names
        assert entry["source"].startswith("https://")


@pytest.mark.parametrize(
    ("addon", "found"),
    [
        ("heroku-postgresql:mini", [("addons/0", "heroku-postgresql:mini", "heroku-postgresql:essential-0")]),
        ("Heroku-PostgreSQL:Mini", [("addons/0", "Heroku-PostgreSQL:Mini", "heroku-postgresql:essential-0")]),
        (
            "heroku-postgresql:basic --version=15",
            [("addons/0", "heroku-postgresql:basic", "heroku-postgresql:essential-1 --version=15")],
        ),
        ({"plan": "heroku-redis:hobby-dev"}, [("addons/0/plan", "heroku-redis:hobby-dev", "heroku-redis:mini")]),
        (" heroku-redis:hobby-dev\t", [("addons/0", "heroku-redis:hobby-dev", "heroku-redis:mini")]),
        ("mongolab", [("addons/0", "mongolab", None)]),
        ("mongolab:sandbox", [("addons/0", "mongolab:sandbox", None)]),
        ("heroku-postgresql", []),
        ("heroku-postgresql:mini-2", []),
        ("heroku-redis:mini", []),
        ("mongolab-two:free", []),
        ("", []),
        (" ", []),
        (7, []),
        ({"plan": None}, []),
    ],
)
def test_plans(addon: object, found: object) -> None:
    assert plans({"addons": [addon]}) == found


def test_sizes() -> None:
    manifest = {
        "formation": {"web": {"size": "Free"}, "worker": {"size": "hobby"}, "clock": {"size": "eco"}, "x": 1},
        "scripts": {"postdeploy": {"command": "x", "size": "free"}, "pr-predestroy": "free"},
    }

    assert sizes(manifest) == [
        ("formation/web/size", "eco"),
        ("formation/worker/size", "basic"),
        ("scripts/postdeploy/size", "eco"),
    ]


def test_environments_are_looked_into() -> None:
    manifest = {"addons": ["heroku-postgresql:mini"], "formation": {"web": {"size": "free"}}}
    whole = document({"environments": {"test": manifest, "review": manifest, "staging": manifest}})

    uses = [*retired_plans(whole, TODAY), *retired_sizes(whole, TODAY)]

    assert [use.keys[:2] for use in uses] == [("environments", "test"), ("environments", "review")] * 2
    assert all(use.is_ephemeral for use in uses)


def test_nothing_is_gone_before_its_day() -> None:
    manifest = {"addons": ["heroku-postgresql:hobby-dev"], "formation": {"web": {"size": "free"}}}

    day = datetime.date(2022, 11, 28)
    assert len(plans(manifest, day)) == len(sizes(manifest, day)) == 1
    assert plans(manifest, day - datetime.timedelta(1)) == []
    assert sizes(manifest, day - datetime.timedelta(1)) == []


@pytest.mark.parametrize("value", [[], None, {"addons": 1, "formation": [1], "scripts": "x", "environments": []}])
def test_what_is_not_of_the_right_form_is_passed_over(value: object) -> None:
    assert plans(value) == []
    assert sizes(value) == []
