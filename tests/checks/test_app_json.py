"""The checks of app.json: place, severity, words, and fixes that make the file right."""

from __future__ import annotations

import json
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydeploy_checks.app_json import MOST, addon_plan_retired, app_json_invalid, dyno_size_retired
from pydeploy_checks.files.unreadable import invalid_file

from pydeploy_lint.files.source import Source
from pydeploy_lint.finding import Finding, Severity
from pydeploy_lint.testing import lint_files, place

CHECKS = (app_json_invalid, addon_plan_retired, dyno_size_retired)


def findings(text: str | bytes) -> tuple[Finding, ...]:
    files: dict[str, str | bytes] = {"requirements.txt": "", "app.json": text}
    return lint_files(files, CHECKS)


def said(text: str) -> list[tuple[str, str, str]]:
    return [(place(found.at), found.severity.label, found.message) for found in findings(text)]


def fixed(text: str) -> str:
    edits = [(edit.span, edit.text or "") for found in findings(text) if found.fix for edit in found.fix.edits]
    return Source("app.json", text.encode()).edited(edits).decode()


def test_a_mistake_stands_where_it_is_made() -> None:
    text = textwrap.dedent("""\
        {
          "description": "für ☕",
          "env": {"ЗНАК": 7, "PORT": {"value": "1", "requird": false}},
          "success-url": "/",
          "version": 3,
          "environments": {"staging": {}},
          "buildpacks": [{"uri": "heroku/python"}]
        }
        """)
    fail = "with this app.json, Heroku Buttons and review apps fail"

    assert said(text) == [
        ("app.json:3:19-3:20", "warning", f"`env.ЗНАК` must be a string or an object, not 7; {fail}"),
        (
            "app.json:3:45-3:54",
            "warning",
            "Heroku does not know `env.PORT.requird` in app.json, and ignores it; did you mean `required`?",
        ),
        (
            "app.json:4:3-4:16",
            "warning",
            "Heroku does not know `success-url` in app.json, and ignores it; did you mean `success_url`?",
        ),
        ("app.json:5:3-5:12", "note", "Heroku does not know `version` in app.json, and ignores it"),
        ("app.json:6:20-6:29", "warning", f"`environments.staging` must be test or review; {fail}"),
        ("app.json:7:18-7:42", "warning", f"`buildpacks[0]` has no `url`; {fail}"),
        ("app.json:7:19-7:24", "note", "Heroku does not know `buildpacks[0].uri` in app.json, and ignores it"),
    ]


def test_the_way_out_has_an_example() -> None:
    (found,) = findings('{"formation": [{"process": "web"}]}')

    assert found.help == (
        'It may be:\n    {"web": {"quantity": 1, "size": "basic"}}\n'
        "An app that exists is not affected: Heroku reads app.json only when it creates one."
    )


def test_a_file_that_is_no_object() -> None:
    assert said("[]") == [
        (
            "app.json",
            "warning",
            "app.json must be an object, not a list; with this app.json, Heroku Buttons and review apps fail",
        )
    ]


def test_what_is_no_json_is_said_once() -> None:
    found = lint_files({"requirements.txt": "", "app.json": '{"env": }'}, [*CHECKS, invalid_file])

    assert [(finding.check, place(finding.at)) for finding in found] == [("invalid-file", "app.json:1:9-1:10")]


def test_an_app_without_the_file() -> None:
    assert lint_files({"requirements.txt": ""}, CHECKS) == ()


def test_plans_of_new_apps_and_of_review_apps() -> None:
    text = (
        '{"addons": ["heroku-postgresql:mini", "mongolab"],'
        ' "environments": {"review": {"addons": [{"plan": "heroku-redis:hobby-dev"}, "mongolab"]}}}'
    )
    other = "review apps and Heroku CI get the plan that the provider of the add-on has chosen for them"
    fail = "with this app.json, Heroku Buttons and review apps fail"

    assert said(text) == [
        (
            "app.json:1:13-1:37",
            "warning",
            "the add-on plan heroku-postgresql:mini was retired on 2024-05-22; with this app.json, Heroku Buttons fail",
        ),
        ("app.json:1:39-1:49", "warning", f"the add-on mongolab was retired on 2020-11-10; {fail}"),
        (
            "app.json:1:100-1:124",
            "note",
            f"the add-on plan heroku-redis:hobby-dev was retired on 2022-11-28; {other}",
        ),
        ("app.json:1:127-1:137", "warning", f"the add-on mongolab was retired on 2020-11-10; {fail}"),
    ]


def test_sizes() -> None:
    assert said('{"scripts": {"postdeploy": {"command": "x", "size": "hobby"}}}') == [
        (
            "app.json:1:53-1:60",
            "warning",
            "the dyno size hobby was retired on 2022-11-28; with this app.json, Heroku Buttons and review apps fail",
        )
    ]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ('{"env": {"A": 8000, "B": {"value": true}}}', '{"env": {"A": "8000", "B": {"value": "true"}}}'),
        ('{"name": 1e3}', '{"name": "1000.0"}'),
        ('{"addons": ["heroku-postgresql:basic -v 15"]}', '{"addons": ["heroku-postgresql:essential-1 -v 15"]}'),
        ('{"addons": [{"plan": "heroku\\u002dredis:hobby-dev"}]}', '{"addons": [{"plan": "heroku-redis:mini"}]}'),
        ('{"formation": {"web": {"size": "FREE"}}}', '{"formation": {"web": {"size": "eco"}}}'),
    ],
)
def test_fixes(text: str, right: str) -> None:
    assert all(found.fix and not found.fix.safe for found in findings(text))
    assert fixed(text) == right
    assert findings(right) == ()


@pytest.mark.parametrize(
    "text", ['{"env": {"A": null}}', '{"env": {"A": []}}', '{"keywords": 1}', '{"addons": ["mongolab"]}']
)
def test_what_has_no_fix(text: str) -> None:
    assert [found.fix for found in findings(text)] == [None]


def test_without_a_place_there_is_no_fix() -> None:
    """JSON's parser reads ``1e+5``, and the grammar that knows the places does not."""
    found = findings('{"x": 1e+5, "name": 1, "formation": {"web": {"size": "free"}}}')

    assert [(finding.check, place(finding.at), finding.fix) for finding in found] == [
        ("app-json-invalid", "app.json", None),
        ("app-json-invalid", "app.json", None),
        ("dyno-size-retired", "app.json", None),
    ]


def test_names_of_any_length_and_kind_are_shown_shortly() -> None:
    (found,) = findings(json.dumps({"env": {"A\n" * 100_000: 1}}))

    assert len(found.message) < 200


def test_of_very_many_mistakes_some_are_reported() -> None:
    size = 20_000
    text = json.dumps({"env": {f"É{number}": number for number in range(size)}, "addons": ["mongolab"] * size})

    assert [found.check for found in findings(text)].count("app-json-invalid") == MOST
    assert [found.check for found in findings(text)].count("addon-plan-retired") == MOST


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(
            st.sampled_from(["addons", "plan", "formation", "size", "environments", "test", "é\n"]), inside
        )
    ),
    max_leaves=10,
)


@given(JSON)
def test_any_json_has_findings_inside_the_file(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1)

    for found in findings(text):
        assert found.at.path == "app.json"
        assert found.severity in {Severity.NOTE, Severity.WARNING}
        assert (found.at.line is None) == (not isinstance(value, dict))
        assert (found.at.end_line or 1) <= text.count("\n") + 1
